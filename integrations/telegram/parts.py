"""A message in parts that are short enough, each with all its tags closed. Pure."""

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

LONGEST = 4096
"""UTF-16 code units of a message, counted without its tags."""

_ATOM = re.compile(r"<(?P<end>/?)(?P<tag>[a-zA-Z][\w-]*)(?:\s[^<>]*)?>|&#?\w{1,20};|.", re.S)
_KNOWN = frozenset({"&lt;", "&gt;", "&amp;", "&quot;"})


class _Atom(NamedTuple):
    """What is never torn apart: a tag (0 units long), an entity, or a character.

    tag: the name of a tag that opens, '/' and the name of one that closes, or ''.
    """

    text: str
    units: int
    tag: str = ""

    @property
    def blank(self) -> bool:
        return bool(self.tag) or self.text.isspace()


def split(html: str, most: int = LONGEST) -> list[str]:
    """The parts of a message in Telegram's HTML, none with more than `most` units (32 at least).

    They end where a line does, or if a line alone is too long, where a word does, or else within
    it. What stands in several parts is formatted in each. Parts that would show nothing are left
    out.
    """
    atoms = list(_atoms(html.encode(errors="replace").decode()))
    parts: list[str] = []
    opened: list[_Atom] = []
    start = 0
    while start < len(atoms):
        end = _end(atoms, start, most)
        before, opened = opened, _opened(opened, atoms[start:end])
        if not all(each.blank for each in atoms[start:end]):
            inner = "".join(each.text for each in (*before, *atoms[start:end]))
            parts.append(inner.strip() + "".join(f"</{each.tag}>" for each in reversed(opened)))
        start = end
    return parts


def _atoms(html: str) -> Iterator[_Atom]:
    for found in _ATOM.finditer(html):
        text = found[0]
        if found["tag"]:
            yield _Atom(text, 0, found["end"] + found["tag"].lower())
        else:
            shown = "&" if text in _KNOWN else text  # others may stay as they are written
            yield _Atom(text, len(shown.encode("utf-16-le")) // 2)


def _end(atoms: list[_Atom], start: int, most: int) -> int:
    """Where the part that begins at `start` ends: behind as much as there is room for."""
    room, line, word = most, 0, 0
    for place in range(start, len(atoms)):
        atom = atoms[place]
        if atom.units > room:
            if atom.text == "\n":
                return place
            return line or (place if atom.text.isspace() else word or place)
        room -= atom.units
        if atom.text == "\n":
            line = place + 1
        elif atom.text.isspace():
            word = place + 1
    return len(atoms)


def _opened(before: list[_Atom], atoms: Iterable[_Atom]) -> list[_Atom]:
    """The tags that are open behind some atoms, the outermost first."""
    opened = list(before)
    for atom in atoms:
        if atom.tag and not atom.tag.startswith("/"):
            opened.append(atom)
        elif atom.tag and opened and opened[-1].tag == atom.tag[1:]:
            opened.pop()
    return opened
