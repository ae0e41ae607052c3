"""What can be read out of a prompt: titles it speaks of, ids, numbers, and orders within titles."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

_MOST_READ = 200_000
_NUMBER = re.compile(r"(?<![\w.])-?\d+(?:\.\d+)?(?![\w.])")
_NAMES = ("title", "name")
_ORDER = re.compile(
    r"\b(ignore|disregard|forget|instead|say|write|reply|respond|output|print|reveal|visit|click|"
    r"you must|you are now|system prompt)\b|https?://",
    re.IGNORECASE,
)
_LINE = re.compile(r"^[\s\-*•\d.)]*(?:title|name)\s*[:=]\s*(.+)$", re.IGNORECASE | re.MULTILINE)
_QUOTED = re.compile(r"[“\"«]([^“”\"«»\n]{2,200})[”\"»]")


@dataclass(frozen=True, slots=True)
class Message:
    """One of a conversation."""

    role: str
    content: str


class Prompt:
    """A conversation, of which what people say counts, and most of all what they said last."""

    def __init__(self, messages: list[Message], schema: Any = None) -> None:
        self.messages = messages
        self.schema = schema

    @cached_property
    def last(self) -> str:
        """What was said last."""
        said = [each.content for each in self.messages if each.role == "user"]
        return said[-1][:_MOST_READ] if said else ""

    @cached_property
    def whole(self) -> str:
        """Everything."""
        return "\n".join(each.content for each in self.messages)[:_MOST_READ]

    @cached_property
    def objects(self) -> list[dict[str, Any]]:
        """The JSON objects that stand in it, those within others too."""
        return list(_objects(list(_values(self.whole))))

    @cached_property
    def titles(self) -> list[str]:
        """What it speaks of: names in its JSON, in lines such as `Title: x`, else in quotes."""
        named = [
            each[key]
            for each in self.objects
            for key in _NAMES
            if isinstance(each.get(key), str) and each[key].strip()
        ]
        named = named or _LINE.findall(self.whole) or _QUOTED.findall(self.last)
        return list(dict.fromkeys(each.strip() for each in named))

    @cached_property
    def numbers(self) -> list[float]:
        """The numbers that people said last."""
        return [float(each) for each in _NUMBER.findall(self.last)]

    @cached_property
    def order(self) -> str | None:
        """An order that stands where there should be a title or an overview, if there is one."""
        texts = [
            value for each in self.objects for value in each.values() if isinstance(value, str)
        ]
        for text in [*self.titles, *texts, *self.last.splitlines()]:
            if _ORDER.search(text):
                return text.strip()
        return None

    def of(self, key: str) -> list[Any]:
        """What the objects have under a key, once each, in order."""
        found = [each[key] for each in self.objects if isinstance(each.get(key), str | int)]
        return list(dict.fromkeys(found))

    def place(self, text: str) -> int | None:
        """Where a word stands, in what was said last or else anywhere; None for nowhere."""
        wanted = re.compile(rf"(?<!\w){re.escape(text)}(?!\w)", re.IGNORECASE)
        for where, offset in ((self.last, 0), (self.whole, len(self.last))):
            if found := wanted.search(where):
                return found.start() + offset
        return None


def _values(text: str) -> Iterator[Any]:
    decoder, place = json.JSONDecoder(), 0
    while found := re.compile(r"[\[{]").search(text, place):
        try:
            value, place = decoder.raw_decode(text, found.start())
        except (ValueError, RecursionError):
            place = found.start() + 1
        else:
            yield value


def _objects(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        if "$defs" in value or "properties" in value:
            return  # a schema that the prompt repeats speaks of nothing
        yield value
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    for each in inner:
        yield from _objects(each)
