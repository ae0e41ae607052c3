"""What Netflix hands out on request: who watched what and for how long, ratings, and the list.

Thumbs are told as scores: two thumbs up 10, one up 8, down 3; the stars of old times count double.
"""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from domain.imports.formats import cells, dates, tables
from domain.imports.formats.netflix_titles import readings
from domain.imports.formats.shapes import Files, Shape
from domain.imports.formats.tables import Row
from domain.imports.values import Line, Passed, Reading, What

SOURCE = "netflix_gdpr"
LABEL = "what Netflix hands out on request (ZIP with CONTENT_INTERACTION/ViewingActivity.csv)"

SHORTEST = timedelta(minutes=3)
SAME_WATCH = timedelta(days=1)  # who goes on with a film the next morning has watched it once
_MOST_PEOPLE = 50
_DURATION = re.compile(r"(\d{1,4}):([0-5]\d)(?::([0-5]\d))?")
_THUMBS = {1: 3, 2: 8, 3: 10}
_TITLE = ("title name", "title")
_PERSON = "profile name"


def role(shape: Shape) -> str | None:
    """Its tables all have a profile's name."""
    columns = shape.columns
    if _PERSON not in columns:
        return None
    if {"title", "start time", "duration"} <= columns:
        return "viewing"
    if columns & {"thumbs value", "star value"} and columns & {*_TITLE}:
        return "ratings"
    if columns & {"utc title add date", "title add date"} and columns & {*_TITLE}:
        return "list"
    return None


def people(files: Files) -> tuple[str, ...]:
    """The profiles that the export speaks of."""
    found: dict[str, None] = {}
    for role_of in ("viewing", "ratings", "list"):
        for part in files.of(role_of):
            for row in tables.rows(part, _PERSON):
                if isinstance(row, Row) and (person := row.name(_PERSON)):
                    found[person] = None
                    if len(found) >= _MOST_PEOPLE:
                        return tuple(found)
    return tuple(found)


def lines(files: Files) -> Iterator[Line | Passed]:
    """Watches, ratings and wishes, of one profile or of all."""
    for part in files.of("viewing"):
        last: dict[tuple[str, str], datetime] = {}
        for row in tables.rows(part, _PERSON, "title", "start time", "duration"):
            if _is_meant(row, files):
                yield row if isinstance(row, Passed) else _watch(row, last)
    for part in files.of("ratings"):
        for row in tables.rows(part, _PERSON, _TITLE):
            if _is_meant(row, files):
                yield row if isinstance(row, Passed) else _rating(row)
    for part in files.of("list"):
        for row in tables.rows(part, _PERSON, _TITLE):
            if _is_meant(row, files):
                yield row if isinstance(row, Passed) else _wish(row)


def _is_meant(row: Row | Passed, files: Files) -> bool:
    return isinstance(row, Passed) or files.person in (None, row.name(_PERSON))


def _watch(row: Row, last: dict[tuple[str, str], datetime]) -> Line | Passed:
    title = row.name("title")
    if title is None:
        return Passed(row.n, "the title is missing")
    if kind := row.name("supplemental video type"):
        return Passed(row.n, f"it is no film and no episode but {cells.shown(kind)}")
    if "user action: none" in row.get("attributes").casefold():
        return Passed(row.n, "it played by itself, and nobody did anything")
    duration = row.get("duration")
    found = _DURATION.fullmatch(duration)
    if found is None:
        return Passed(row.n, f"the duration {cells.shown(duration)} is not like 0:42:10")
    hours, minutes, seconds = (int(each or 0) for each in found.groups())
    if timedelta(hours=hours, minutes=minutes, seconds=seconds) < SHORTEST:
        return Passed(row.n, f"it was watched for {duration} only")
    at, dated = dates.when(row.get("start time"), UTC)
    if at is None:
        return Passed(row.n, f"{cells.shown(row.get('start time'))} is no moment")
    before = last.get(key := (row.get(_PERSON), title))
    if before is not None and abs(before - at) < SAME_WATCH:
        return Passed(row.n, "it goes on with what was watched the same day")
    last[key] = at
    return Line(row.n, What.WATCH, readings(title), at=at, dated=dated)


def _rating(row: Row) -> Line | Passed:
    title = row.name(*_TITLE)
    if title is None:
        return Passed(row.n, "the title is missing")
    thumbs = cells.whole(row.get("thumbs value")) or 0
    score = _THUMBS.get(thumbs) or cells.score(row.get("star value"), 2)
    if score is None:
        return Passed(row.n, "it has neither thumbs nor stars")
    at, dated = dates.when(row.get("event utc ts", "region view date"), UTC)
    return Line(row.n, What.RATING, _whole(title), at=at, dated=dated, score=score)


def _wish(row: Row) -> Line | Passed:
    title = row.name(*_TITLE)
    if title is None:
        return Passed(row.n, "the title is missing")
    at, dated = dates.when(row.get("utc title add date", "title add date"), UTC)
    return Line(row.n, What.WISH, _whole(title), at=at, dated=dated)


def _whole(title: str) -> tuple[Reading, ...]:
    """A rating and a wish speak of a whole title, and don't say whether it is a series."""
    return (Reading(title),)
