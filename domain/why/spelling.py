"""A line taken apart: words, numbers, places for names, marks. Pure."""

import re
from dataclasses import dataclass


def word_set(text: str) -> frozenset[str]:
    """The words of a text, for the lists that are written as one."""
    return frozenset(text.split())


_WORD = r"[A-Za-zÀ-ÖØ-öø-ÿ]+(?:['’](?:[A-Za-z]+|(?<=s['’])(?![\w'’])))?"
_TOKEN = re.compile(
    r"(?P<name>\{(?P<place>[A-Z]+(?:_\d)?)\}(?:['’]s)?(?!\w))"
    r"|(?P<number>[0-9]+(?:,[0-9]{3})*(?:\.[0-9]+)?)"
    rf"|(?P<word>{_WORD}(?:-{_WORD})*)"
    r"|(?P<mark>[,:;.!–—-])|(?P<quote>[\"“”'‘’])|(?P<space>\x20)|(?P<brace>[{}])|(?P<odd>.)",
    re.DOTALL,
)

_SMALL = str.split(
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen "
    "sixteen seventeen eighteen nineteen"
)
_TENS = str.split("twenty thirty forty fifty sixty seventy eighty ninety")
_UNITS = {word: value for value, word in enumerate(_SMALL)} | {
    word: 10 * value for value, word in enumerate(_TENS, 2)
}
_SCALES = {"hundred": 100, "thousand": 1_000, "million": 1_000_000}
NUMBER_WORDS = frozenset(_UNITS) | frozenset(_SCALES)


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of a line. kind: name, number, word, mark, quote, brace or odd.

    low: what it says, in lower case and with a plain apostrophe (of a name: its place, "TITLE");
    start, end: where it stands, in characters; glued: whether nothing divides it from the one
    before.
    """

    kind: str
    text: str
    low: str
    start: int
    end: int
    glued: bool


def tokens(line: str) -> list[Token]:
    """The pieces of a line in order, without the single spaces between them.

    A hyphenated word is one piece ("slow-burning"), unless it counts something ("two-hour").
    """
    found: list[Token] = []
    end = -1
    for match in _TOKEN.finditer(line):
        kind = match.lastgroup if match["name"] is None else "name"
        if kind == "space":
            if end != match.start() and match.start():  # two in a row
                found.append(Token("odd", " ", " ", match.start(), match.end(), True))
            continue
        text = match[0]
        low = match["place"] or text.lower().replace("’", "'")
        if kind == "word" and "-" in low and not NUMBER_WORDS.isdisjoint(low.split("-")):
            place = match.start()
            for part in re.finditer(r"[^-]+|-", text):
                piece, begin = part[0], place + part.start()
                sort = "mark" if piece == "-" else "word"
                glued = begin == end
                end = place + part.end()
                found.append(Token(sort, piece, piece.lower(), begin, end, glued))
            continue
        found.append(
            Token(kind or "odd", text, low, match.start(), match.end(), match.start() == end)
        )
        end = match.end()
    return found


def number_at(line: list[Token], at: int) -> tuple[float, int] | None:
    """The number that begins at a piece, in digits or in words, and the place behind it."""
    if at >= len(line):
        return None
    first = line[at]
    if first.kind == "number":
        value, at = float(first.text.replace(",", "")), at + 1
        while at < len(line) and line[at].low in ("thousand", "million"):
            value, at = value * _SCALES[line[at].low], at + 1
        return value, at
    if first.low not in NUMBER_WORDS:
        return None
    value = part = 0
    while at < len(line):
        word = line[at].low
        if word in _UNITS:
            part += _UNITS[word]
        elif word == "hundred":
            part = max(part, 1) * 100
        elif word in _SCALES:
            value, part = value + max(part, 1) * _SCALES[word], 0
        elif not (
            (word == "-" or (word == "and" and line[at - 1].low in _SCALES))
            and at + 1 < len(line)
            and line[at + 1].low in _UNITS
        ):
            break
        at += 1
    return float(value + part), at
