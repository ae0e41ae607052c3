"""Letterboxd's export: a ZIP whose tables tell the same films several times, or one of them.

Each film is told by the table that knows most: the review before the diary, the diary before the
list of what was watched, whose days are those on which somebody ticked them off. Half stars count
double; a heart without stars is an 8.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

from domain.imports.formats import cells, dates, tables
from domain.imports.formats.parts import Part
from domain.imports.formats.shapes import Files, Shape
from domain.imports.formats.tables import Row
from domain.imports.values import Line, Passed, Reading, What

SOURCE = "letterboxd"
LABEL = "Letterboxd's export (ZIP, or one of its tables)"

LIKED = 8
COLUMNS = frozenset({"name", "year", "letterboxd uri"})
_ASIDE = {"deleted", "orphaned", "lists"}
Key = tuple[str, str]


def role(shape: Shape) -> str | None:
    """By its columns; those who share them by what the export calls them."""
    columns, base = shape.columns, shape.part.base
    if not columns >= COLUMNS or _ASIDE & {*shape.part.folders}:
        return None
    if "likes" in shape.part.folders:
        return "likes"
    if "review" in columns:
        return "reviews"
    if "watched date" in columns:
        return "diary"
    if "rating" in columns:
        return "ratings"
    if "watchlist" in base:
        return "watchlist"
    return "watched" if "watched" in base else None


@dataclass(slots=True)
class _Seen:
    """What has been told already, by name and year."""

    reviewed: set[tuple[str, str, str]] = field(default_factory=set)
    watched: set[Key] = field(default_factory=set)
    rated: set[Key] = field(default_factory=set)
    stars: dict[Key, Line] = field(default_factory=dict)


def lines(files: Files) -> Iterator[Line | Passed]:
    """Watches, ratings and wishes, each once."""
    seen = _Seen()
    for part in files.of("ratings"):
        yield from _ratings(part, seen)
    for part in files.of("reviews"):
        yield from _diary(part, seen)
    for part in files.of("diary"):
        yield from _diary(part, seen)
    yield from seen.stars.values()
    for part in files.of("watched"):
        for row in _films(part):
            if isinstance(row, Passed) or _key(row) not in seen.watched:
                yield row if isinstance(row, Passed) else _line(row, What.WATCH, row.get("date"))
    for part in files.of("likes"):
        for row in _films(part):
            if isinstance(row, Passed) or _key(row) not in seen.rated:
                yield (
                    row
                    if isinstance(row, Passed)
                    else _line(row, What.RATING, row.get("date"), score=LIKED)
                )
    for part in files.of("watchlist"):
        for row in _films(part):
            yield row if isinstance(row, Passed) else _line(row, What.WISH, row.get("date"))


def _films(part: Part) -> Iterator[Row | Passed]:
    for row in tables.rows(part, "name", "year"):
        if isinstance(row, Row) and row.name("name") is None:
            yield Passed(row.n, "the name is missing")
        else:
            yield row


def _ratings(part: Part, seen: _Seen) -> Iterator[Line | Passed]:
    for row in _films(part):
        if isinstance(row, Passed):
            yield row
        elif (score := cells.score(row.get("rating"), 2)) is None:
            yield Passed(row.n, f"the rating {cells.shown(row.get('rating'))} is not 0.5 to 5")
        else:
            seen.rated.add(_key(row))
            yield _line(row, What.RATING, row.get("date"), score=score)


def _diary(part: Part, seen: _Seen) -> Iterator[Line | Passed]:
    """Reviews and entries of the diary. The last stars of a film are told when all are read."""
    for row in _films(part):
        if isinstance(row, Passed):
            yield row
            continue
        key, day = _key(row), row.get("watched date", "date")
        told = (*key, day) in seen.reviewed
        note = cells.text(row.get("review"))
        if note:
            seen.reviewed.add((*key, day))
        seen.watched.add(key)
        if not told:
            yield _line(row, What.WATCH, day, note=note)
        score = cells.score(row.get("rating"), 2)
        if score is not None and (key in seen.stars or key not in seen.rated):
            seen.rated.add(key)
            rated = _line(row, What.RATING, day, score=score)
            seen.stars[key] = _later(seen.stars.get(key), rated)


def _later(one: Line | None, other: Line) -> Line:
    if one is None or one.at is None or (other.at is not None and other.at >= one.at):
        return other
    return one


def _key(row: Row) -> Key:
    return row.get("name").casefold(), row.get("year")


def _line(
    row: Row, what: What, day: str, *, score: int | None = None, note: str | None = None
) -> Line:
    reading = Reading(row.name("name") or "", "film", cells.year(row.get("year")))
    at, dated = dates.when(day)
    return Line(row.n, what, (reading,), at=at, dated=dated, score=score, note=note)
