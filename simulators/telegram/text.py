"""Text with formatting: what is left of it, its entities, and what can't be parsed.

Offsets and lengths of entities count UTF-16 code units; those in refusals count bytes.
"""

import re
from dataclasses import dataclass
from typing import Any

from simulators.telegram.refusals import bad

Entity = dict[str, Any]

_TAGS = {
    "b": "bold", "strong": "bold", "i": "italic", "em": "italic", "u": "underline",
    "ins": "underline", "s": "strikethrough", "strike": "strikethrough", "del": "strikethrough",
    "span": "spoiler", "tg-spoiler": "spoiler", "a": "text_link", "code": "code", "pre": "pre",
    "blockquote": "blockquote", "tg-emoji": "custom_emoji",
}  # fmt: skip
_NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
_ENTITY = re.compile(r"&(?:#(\d{1,7})|#x([0-9a-fA-F]{1,6})|([a-zA-Z]+));")
_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9-]*)((?:\s+[^<>]*)?)>")
_ATTRIBUTE = re.compile(r"""([a-zA-Z-]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+)))?""")
_COMMAND = re.compile(r"(?:^|(?<=\s))/[A-Za-z0-9_]{1,32}(?:@[A-Za-z0-9_]+)?")
_RESERVED = "_*[]()~`>#+-=|{}.!"


def units(text: str) -> int:
    """How long a text is, as Telegram counts."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def commands(text: str) -> list[Entity]:
    """The commands in what somebody has written."""
    return [
        {
            "offset": units(text[: found.start()]),
            "length": units(found[0]),
            "type": "bot_command",
        }
        for found in _COMMAND.finditer(text)
    ]


def formatted(text: str, mode: str) -> tuple[str, list[Entity]]:
    """The text as it is shown, with its entities. Raises Refused where it can't be parsed."""
    known = mode.lower()
    if known == "html":
        return _html(text)
    if known == "markdownv2":
        return _markdown(text)
    if known in ("", "none", "markdown"):
        return text, []
    raise bad("unsupported parse_mode")


def _unparsed(why: str) -> Exception:
    return bad(f"can't parse entities: {why}")


def _byte(text: str, place: int) -> int:
    return len(text[:place].encode(errors="replace"))


@dataclass(slots=True)
class _Open:
    tag: str
    offset: int
    entity: Entity


def _html(text: str) -> tuple[str, list[Entity]]:
    shown: list[str] = []
    length = place = 0
    opened: list[_Open] = []
    entities: list[Entity] = []
    while place < len(text):
        letter = text[place]
        if letter == "&" and (found := _ENTITY.match(text, place)) and (plain := _plain(found)):
            shown.append(plain)
            length += units(plain)
            place = found.end()
        elif letter == "<":
            found = _TAG.match(text, place)
            if found is None:
                wrong = re.match(r"</?([^\s<>]*)", text[place:])
                name = wrong[1].lower() if wrong else ""
                raise _unparsed(
                    f'Unsupported start tag "{name}" at byte offset {_byte(text, place)}'
                )
            tag = found[2].lower()
            if found[1]:
                _close(tag, opened, entities, length, _byte(text, place))
            else:
                opened.append(_Open(tag, length, _entity(tag, found[3], _byte(text, place))))
            place = found.end()
        else:
            shown.append(letter)
            length += units(letter)
            place += 1
    if opened:
        raise _unparsed(f'Can\'t find end tag corresponding to start tag "{opened[-1].tag}"')
    entities.sort(key=lambda each: (each["offset"], -each["length"]))
    return "".join(shown), entities


def _plain(found: re.Match[str]) -> str | None:
    if found[3]:
        return _NAMED.get(found[3])  # others stay as they are written
    code = int(found[1]) if found[1] else int(found[2], 16)
    surrogate = 0xD800 <= code <= 0xDFFF
    return chr(code) if 0 < code <= 0x10FFFF and not surrogate else None


def _entity(tag: str, rest: str, at: int) -> Entity:
    given = {
        found[1].lower(): found[2] or found[3] or found[4] or ""
        for found in _ATTRIBUTE.finditer(rest)
    }
    if tag not in _TAGS or (tag == "span" and given.get("class") != "tg-spoiler"):
        if tag == "span":
            raise _unparsed(f'Tag "span" must have class "tg-spoiler" at byte offset {at}')
        raise _unparsed(f'Unsupported start tag "{tag}" at byte offset {at}')
    entity: Entity = {"type": _TAGS[tag]}
    if tag == "a":
        entity["url"] = _ENTITY.sub(lambda found: _plain(found) or found[0], given.get("href", ""))
    elif tag == "tg-emoji":
        entity["custom_emoji_id"] = given.get("emoji-id", "")
    elif tag == "blockquote" and "expandable" in given:
        entity["type"] = "expandable_blockquote"
    elif tag == "code" and given.get("class", "").startswith("language-"):
        entity["language"] = given["class"].removeprefix("language-")
    return entity


def _close(tag: str, opened: list[_Open], entities: list[Entity], length: int, at: int) -> None:
    if not opened:
        raise _unparsed(f"Unexpected end tag at byte offset {at}")
    last = opened.pop()
    if last.tag != tag:
        raise _unparsed(
            f'Unmatched end tag at byte offset {at}, expected "</{last.tag}>", found "</{tag}>"'
        )
    if length > last.offset and (last.tag != "a" or last.entity["url"]):
        entities.append({"offset": last.offset, "length": length - last.offset, **last.entity})


_MARKS = (
    ("```", "pre"), ("`", "code"), ("__", "underline"), ("||", "spoiler"), ("*", "bold"),
    ("_", "italic"), ("~", "strikethrough"),
)  # fmt: skip
_LINK = re.compile(r"\]\(((?:\\.|[^)\\])*)\)")


def _markdown(text: str) -> tuple[str, list[Entity]]:
    shown: list[str] = []
    length = place = 0
    opened: list[_Open] = []
    entities: list[Entity] = []
    while place < len(text):
        letter = text[place]
        inside = opened[-1].tag if opened else ""
        if letter == "\\" and place + 1 < len(text) and ord(text[place + 1]) < 127:
            shown.append(text[place + 1])
            length += 1
            place += 2
            continue
        # Within code there is nothing but its end.
        marks = [m for m in _MARKS if m[0] == inside] if inside in ("`", "```") else _MARKS
        mark = next((each for each in marks if text.startswith(each[0], place)), None)
        link = _LINK.match(text, place) if inside == "[" else None
        if mark is not None:
            if mark[0] == inside:
                _end(opened, entities, length)
            else:
                opened.append(_Open(mark[0], length, {"type": mark[1]}))
            place += len(mark[0])
        elif letter == "[" and inside not in ("`", "```"):
            opened.append(_Open("[", length, {"type": "text_link"}))
            place += 1
        elif link is not None:
            opened[-1].entity["url"] = re.sub(r"\\(.)", r"\1", link[1])
            _end(opened, entities, length)
            place = link.end()
        elif letter in _RESERVED and inside not in ("`", "```"):
            if letter == ">" and (place == 0 or text[place - 1] == "\n"):
                place += 1
                continue
            raise _unparsed(
                f"Character '{letter}' is reserved and must be escaped with the preceding '\\'"
            )
        else:
            shown.append(letter)
            length += units(letter)
            place += 1
    if opened:
        kind = opened[-1].entity["type"].title().replace("_", "")
        raise _unparsed(f"Can't find end of {kind} entity at byte offset {opened[-1].offset}")
    entities.sort(key=lambda each: (each["offset"], -each["length"]))
    return "".join(shown), entities


def _end(opened: list[_Open], entities: list[Entity], length: int) -> None:
    last = opened.pop()
    if length > last.offset:
        entities.append({"offset": last.offset, "length": length - last.offset, **last.entity})
