"""Ways in which one name is spelled by others. Pure; names are folded (see domain.titles.names)."""

import re
from collections.abc import Iterator
from functools import lru_cache

from domain.titles.names import fold

# Articles that catalogues drop, or put behind the name.
_ARTICLES = ("the", "a", "an", "der", "die", "das", "le", "la", "les", "el", "los", "las", "il")
_ROMAN = {
    "ii": "2", "iii": "3", "iv": "4", "v": "5", "vi": "6", "vii": "7", "viii": "8", "ix": "9",
    "x": "10", "xi": "11", "xii": "12", "xiii": "13",
}  # fmt: skip
_DIGITS = {number: roman for roman, number in _ROMAN.items()}
# What sets a subtitle apart, in a name as it is written.
_SUBTITLE = re.compile(r"\s*[:(\[]\s*|\s+[-\u2013\u2014|]\s+|\s+or\s+(?=the\b|\()", re.IGNORECASE)


def variants(key: str) -> Iterator[str]:
    """Other spellings of a folded name, to look it up by; the name itself is not among them."""
    first, _, rest = key.partition(" ")
    bare = rest if first in _ARTICLES and rest else key
    bases = [key, bare, f"the {bare}", f"a {bare}"] if bare else [key]
    seen = {key}
    for base in bases:
        words = base.split()
        for each in (
            base,
            " ".join(_ROMAN.get(word, word) for word in words),
            " ".join(_DIGITS.get(word, word) for word in words),
            " ".join(word for word in words if word != "and"),
        ):
            if each and each not in seen:
                seen.add(each)
                yield each


@lru_cache(100_000)
def loose(key: str) -> str:
    """What all spellings of a folded name share: no article, no "and", no spaces, digits."""
    words = key.split()
    if len(words) > 1 and words[0] in _ARTICLES:
        words = words[1:]
    return "".join(_ROMAN.get(word, word) for word in words if word != "and")


def main_part(name: str) -> str | None:
    """The folded name without its subtitle ("Birdman" of "Birdman: Or …"); None without one."""
    head, *rest = _SUBTITLE.split(name, maxsplit=1)
    key = fold(head) if rest else ""
    return key or None
