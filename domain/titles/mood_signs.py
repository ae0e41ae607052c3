"""Finding the signs of `mood_words.py` in a text, fast: a few set and dictionary lookups.

All forms of all words are spelled out once, when this module is imported, so that reading a text
needs neither stemming nor a large regular expression.
"""

import re
from collections import defaultdict
from collections.abc import Iterator

from domain.titles.mood_words import SIGNS

_WORD = re.compile(r"[\w|]+")  # a bar between spaces is a word too: it separates keywords


def split(words: str) -> tuple[str, ...]:
    """The signs in one cell of the tables."""
    return tuple(sign for part in words.replace("\n", ",").split(",") if (sign := part.strip()))


def signs(text: str) -> set[str]:
    """The signs in a text, by the spelling of the tables; any string is accepted.

    Several keywords may be one text with " | " between them: no phrase spans the bar.
    """
    words: list[str] = _WORD.findall(text.lower())
    present = set(words)
    found = {_WORDS[word] for word in present & _WORDS.keys()}
    flat = ""
    for first in present & _PHRASES.keys():
        flat = flat or f" {' '.join(words)} "
        for phrase, sign in _PHRASES[first]:
            if phrase in flat:
                found.add(sign)
    # Two passes, since the phrases come in no particular order: "war" and "world war" both give way
    # to "world war ii", so that three words are not three signs.
    for sign in found & INSIDE.keys():
        found -= INSIDE[sign]
    return found


def forms(sign: str) -> Iterator[str]:
    """A sign with its last word as it is and in the other forms it may take in a sentence.

    "stalk" gives stalks, stalked, stalking and stalker; "race" gives raced and racing; "spy" gives
    spies and spied. Forms that don't exist cost nothing, and are never met. Words of three letters
    only get an s: "cop" is not in "coping", nor "dog" in "dogged".
    """
    stem = sign.removesuffix("e")
    yield from (sign, f"{sign}s", f"{sign}es")
    if sign.endswith("y"):
        yield from (f"{sign[:-1]}ies", f"{sign[:-1]}ied")
    if len(sign) > 3:
        yield from (f"{stem}{end}" for end in ("ed", "ing", "ings", "er", "ers"))


def _inside(phrase: str) -> frozenset[str]:
    words = f" {phrase} "
    return frozenset(sign for sign in ALL if sign != phrase and f" {sign} " in words)


def _spell_out() -> tuple[dict[str, str], dict[str, list[tuple[str, str]]]]:
    words: dict[str, str] = {}
    phrases: defaultdict[str, list[tuple[str, str]]] = defaultdict(list)
    for sign in ALL:
        for form in forms(sign):
            first, *rest = form.split()
            if rest:
                phrases[first].append((f" {form} ", sign))
            else:
                # A word listed by itself is its own sign ("killer"), not a form of another.
                words[form] = sign if form == sign else words.get(form, sign)
    return words, dict(phrases)


ALL = sorted({sign for row in SIGNS.values() for cell in row for sign in split(cell)})
INSIDE = {phrase: inner for phrase in ALL if " " in phrase and (inner := _inside(phrase))}
"""The signs that other signs contain: "love" is inside "love story" and counts with it."""
_WORDS, _PHRASES = _spell_out()
