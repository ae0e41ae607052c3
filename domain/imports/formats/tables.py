"""Rows of a CSV file as people's programs write them, counted as a spreadsheet counts them.

The header is row 1. What separates cells is found out from it; columns are known by their names,
in any order and writing: 'Date Rated' is 'date_rated'.
"""

import csv
import io
import re
from collections import deque
from collections.abc import Iterator

from domain.imports import limits
from domain.imports.errors import DamagedExport, TooLarge
from domain.imports.formats import cells, texts
from domain.imports.formats.parts import Part
from domain.imports.values import Passed

_SEPARATORS = ",;\t"
_SEPARATOR_LINE = re.compile(r'"?sep=([,;\t|])"?\s*', re.I)  # Excel's own first line
_BRACKETS = re.compile(r"\s*\([^()]*\)$")
_BETWEEN = re.compile(r"[\s_\-]+")
_TORN = 1_000  # rows of a file in which a quotation mark may be missing
_SHOWN = 20
_UNCLOSED = "a quotation mark in it is never closed"


class Row:
    """One row. Its cells are asked for by the names of their columns."""

    __slots__ = ("_cells", "_index", "n")

    def __init__(self, n: int, index: dict[str, int], found: list[str]) -> None:
        self.n, self._index, self._cells = n, index, found

    def __contains__(self, column: str) -> bool:
        return column in self._index

    def raw(self, column: str) -> str | None:
        """A cell as it is; None where there is no such column."""
        at = self._index.get(column)
        return None if at is None else self._cells[at]

    def get(self, *columns: str) -> str:
        """The first of these cells that has something in it, without space around it; or ''."""
        for column in columns:
            at = self._index.get(column)
            if at is not None and (found := self._cells[at].strip()):
                return found
        return ""

    def name(self, *columns: str) -> str | None:
        """The same as a title."""
        return cells.name(self.get(*columns))


def column(header: str) -> str:
    """What a column is called, however its name is written."""
    plain = _BRACKETS.sub("", cells.text(header) or "")
    return _BETWEEN.sub(" ", plain.casefold()).strip()


def columns(part: Part) -> tuple[str, ...]:
    """What a file's columns are called; () for one that is no table."""
    with texts.open_text(part) as handle:
        try:
            return _Reader(part.name, handle).header
        except DamagedExport:
            return ()


def rows(part: Part, *needed: str | tuple[str, ...]) -> Iterator[Row | Passed]:
    """Its rows, in their order; those that cannot be taken apart as Passed.

    needed: columns that must be there, or several of which one must. Raises DamagedExport where
    one is not, and TooLarge.
    """
    with texts.open_text(part) as handle:
        reader = _Reader(part.name, handle)
        reader.need(needed)
        yield from reader


class _Lines:
    """Lines for csv.reader, which can be given back when a record took too many of them."""

    def __init__(self, name: str, handle: io.TextIOBase) -> None:
        self._name, self._handle, self._count = name, handle, 0
        self._back: deque[str] = deque()
        self.taken: list[str] = []

    def __iter__(self) -> "_Lines":
        return self

    def __next__(self) -> str:
        if self._back:
            line = self._back.popleft()
        else:
            line = self._handle.readline(limits.LINE_LENGTH + 1)
            self._count += 1
            if len(line) > limits.LINE_LENGTH:
                raise DamagedExport(
                    f"{self._name[:100]} is not a table: its line {self._count:,} never ends."
                )
            if self._count > limits.ROWS:
                limits.check_rows(self._count)
        if not line:
            raise StopIteration
        self.taken.append(line)
        return line

    def give_back(self) -> None:
        """All lines of this record but its first."""
        self._back.extendleft(reversed(self.taken[1:]))


class _Reader:
    def __init__(self, name: str, handle: io.TextIOBase) -> None:
        self._name = name
        self._lines = _Lines(name, handle)
        self._n, self._torn = 0, 0
        self.header = self._header()
        self._index: dict[str, int] = {}
        for at, each in enumerate(self.header):
            self._index.setdefault(each, at)  # of two columns of one name the first is meant

    def _header(self) -> tuple[str, ...]:
        self._separator = ""
        for line in self._lines:
            self._n += 1
            if found := _SEPARATOR_LINE.fullmatch(line):
                self._separator = found[1]
            elif line.strip():
                break
        else:
            line = ""
        if not self._separator:
            self._separator = max(_SEPARATORS, key=lambda each: len(_split(line, each)))
        self._cells = csv.reader(self._lines, delimiter=self._separator)
        found = _split(line, self._separator)
        if len(found) > limits.COLUMNS:
            raise DamagedExport(f"{self._name[:100]} has {len(found):,} columns, as no export has.")
        return tuple(column(each) for each in found)

    def need(self, needed: tuple[str | tuple[str, ...], ...]) -> None:
        """Raise DamagedExport unless all columns are there."""
        wanted = [(each,) if isinstance(each, str) else each for each in needed]
        missing = [each[0] for each in wanted if not self._index.keys() & set(each)]
        if missing:
            found = ", ".join(self.header[:_SHOWN])[:300] or "nothing"
            raise DamagedExport(
                f"{self._name[:100]} has no column {', '.join(map(repr, missing))}. Its first line"
                f" should name the columns; it has: {found}."
            )

    def __iter__(self) -> Iterator[Row | Passed]:
        width, taken = len(self.header), self._lines.taken
        longest = limits.CELL_LENGTH
        while True:
            taken.clear()
            try:
                found = next(self._cells)
            except StopIteration:
                return
            except csv.Error:  # a cell longer than csv takes
                found = None
            self._n += 1
            if found is None or (len(taken) > 1 and self._is_torn(found)):
                yield self._tear()
                continue
            if len(found) != width:
                if not any(found):
                    continue
                if len(found) < width or any(found[width:]):
                    yield self._misfit(len(found))
                    continue
            simple = len(taken) == 1 and len(taken[0]) <= longest
            if not simple and len(max(found, key=len)) > longest:
                yield Passed(self._n, f"one of its cells has more than {longest:,} characters")
                continue
            yield Row(self._n, self._index, found)

    def _misfit(self, count: int) -> Passed:
        if count < len(self.header) and self._lines.taken[0].count('"') % 2:
            return Passed(self._n, _UNCLOSED)
        return Passed(self._n, f"it has {count} cells where the header has {len(self.header)}")

    def _is_torn(self, found: list[str]) -> bool:
        """Whether a record over several lines is rather one whose quotation mark is missing."""
        if len(found) != len(self.header):
            return True
        try:
            # Strictly, nothing may come between a quotation mark that ends a cell and the next.
            next(csv.reader(self._lines.taken, delimiter=self._separator, strict=True))
        except csv.Error:
            return True
        return False

    def _tear(self) -> Passed:
        self._torn += 1
        if self._torn > _TORN:
            raise TooLarge(
                f"{self._name[:100]} lacks quotation marks in more than {_TORN:,} rows. Export it"
                " again, without a detour through another program."
            )
        self._lines.give_back()
        return Passed(self._n, _UNCLOSED)


def _split(line: str, separator: str) -> list[str]:
    try:
        return next(csv.reader([line], delimiter=separator), [])
    except csv.Error:
        return []
