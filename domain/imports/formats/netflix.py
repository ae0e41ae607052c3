"""Netflix's viewing history: a table of Title and Date, in whatever way a country writes days.

The file is read twice: once to learn in which order its days are written, and once for its lines.
"""

from collections.abc import Iterator
from datetime import date, timedelta

from domain.imports.formats import cells, dates, tables
from domain.imports.formats.day_order import Ballot, read
from domain.imports.formats.netflix_titles import readings
from domain.imports.formats.shapes import Files, Shape
from domain.imports.values import Line, Passed, What

SOURCE = "netflix"
LABEL = "Netflix's viewing history (CSV)"

_TITLES = ("title", "titel", "titre", "título", "titulo", "titolo", "tytuł", "başlık", "название")
_DATES = ("date", "datum", "fecha", "data", "dato", "tarih", "дата", "päivämäärä", "dátum")
_FIRST_STREAM = date(2007, 1, 1)


def role(shape: Shape) -> str | None:
    """A table of two columns, a title and a day."""
    two = len(shape.columns) == 2
    return "history" if two and shape.columns & {*_TITLES} and shape.columns & {*_DATES} else None


def lines(files: Files) -> Iterator[Line | Passed]:
    """Watches, each with the readings of its title."""
    for part in files.of("history"):
        ballot = Ballot(_FIRST_STREAM, (files.now + timedelta(days=1)).date())
        for row in tables.rows(part, _TITLES, _DATES):
            if isinstance(row, tables.Row):
                ballot.count(row.get(*_DATES))
        order, remark = ballot.decide()
        if remark:
            files.remarks.append(remark)
        for row in tables.rows(part, _TITLES, _DATES):
            if isinstance(row, Passed):
                yield row
                continue
            title = row.name(*_TITLES)
            if title is None:
                yield Passed(row.n, "the title is missing")
                continue
            cell = row.get(*_DATES)
            day = read(cell, order)
            if day is None:
                yield Passed(row.n, f"{cells.shown(cell)} is not a day")
                continue
            at, dated = dates.on(day)
            yield Line(row.n, What.WATCH, readings(title), at=at, dated=dated)
