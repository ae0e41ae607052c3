"""Entries of a JSON file, one after the other, so that the whole never has to be in memory."""

import io
import json
import re
from collections.abc import Iterator
from typing import Any

from domain.imports import limits
from domain.imports.errors import DamagedExport
from domain.imports.formats import texts
from domain.imports.formats.parts import Part

_SPACE = re.compile(r"[ \t\r\n]*")
_CHUNK = 1 << 18
_DECODE = json.JSONDecoder().raw_decode


def elements(part: Part) -> Iterator[tuple[str | None, Any]]:
    """Each entry of a list, with None; of an object each member's entries, with its name.

    A member that is no list is an entry itself. Raises DamagedExport and TooLarge.
    """
    with texts.open_text(part) as handle:
        document = _Document(part.name, handle)
        if document.next() == "[":
            for entry in document.items():
                yield None, entry
        elif document.next() == "{":
            yield from document.members()
        else:
            raise document.wrong()
        if document.next():
            raise document.wrong()


def lines(part: Part) -> Iterator[tuple[int, Any]]:
    """The values of a file of JSON lines with the lines they are on; None for what is no JSON."""
    with texts.open_text(part) as handle:
        n = 0
        while line := handle.readline(limits.LINE_LENGTH + 1):
            n += 1
            limits.check_rows(n)
            if len(line) > limits.LINE_LENGTH:
                raise DamagedExport(f"{part.name[:100]}: its line {n:,} never ends.")
            if line.strip():
                yield n, value(line)


def value(line: str) -> Any:
    """What a line of JSON says; None for what is no JSON."""
    try:
        return json.loads(line)
    except (ValueError, RecursionError):
        return None


class _Document:
    """A text, and how far it has been understood."""

    def __init__(self, name: str, handle: io.TextIOBase) -> None:
        self._name, self._handle = name, handle
        self._text, self._at, self._count = "", 0, 0

    def wrong(self) -> DamagedExport:
        """What to say when it is no JSON from here on."""
        return DamagedExport(
            f"{self._name[:100]} is not whole: what comes after its entry {self._count:,} is not"
            " JSON. Download it again."
        )

    def next(self) -> str:
        """The next character that is no space; '' at the end."""
        while True:
            found = _SPACE.match(self._text, self._at)
            self._at = found.end() if found else self._at
            if self._at < len(self._text):
                return self._text[self._at]
            if not self._more():
                return ""

    def items(self) -> Iterator[Any]:
        """The entries of the list that starts here."""
        self._take("[")
        if self.next() == "]":
            self._at += 1
            return
        while True:
            self._count += 1
            limits.check_rows(self._count)
            yield self._value()
            if self.next() == "]":
                self._at += 1
                return
            self._take(",")

    def members(self) -> Iterator[tuple[str, Any]]:
        """The members of the object that starts here, lists entry by entry."""
        self._take("{")
        if self.next() == "}":
            self._at += 1
            return
        while True:
            name = self._value() if self.next() == '"' else None
            if not isinstance(name, str):
                raise self.wrong()
            self._take(":")
            if self.next() == "[":
                for entry in self.items():
                    yield name, entry
            else:
                self._count += 1
                limits.check_rows(self._count)
                yield name, self._value()
            if self.next() == "}":
                self._at += 1
                return
            self._take(",")

    def _take(self, character: str) -> None:
        if self.next() != character:
            raise self.wrong()
        self._at += 1

    def _value(self) -> Any:
        self.next()
        while True:
            try:
                value, end = _DECODE(self._text, self._at)
                # A number at the end of what is there may go on behind it.
                if end < len(self._text) or not self._more():
                    self._at = end
                    return value
            except RecursionError as problem:
                raise self.wrong() from problem
            except ValueError as problem:
                if len(self._text) - self._at > limits.ENTRY_LENGTH or not self._more():
                    raise self.wrong() from problem

    def _more(self) -> bool:
        rest = self._text[self._at :]
        more = self._handle.read(max(_CHUNK, len(rest)))
        self._text, self._at = rest + more, 0
        return bool(more)
