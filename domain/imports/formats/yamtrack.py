"""Yamtrack's CSV: films, series, their seasons and episodes, and anime, a row each.

A series that is completed counts as watched whole only where none of its episodes has a row, so the
file is read twice. Its other media are no concern of ours.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from domain.imports.formats import cells, dates, progress, tables
from domain.imports.formats.parts import Part
from domain.imports.formats.shapes import Files, Shape
from domain.imports.formats.tables import Row
from domain.imports.values import Ids, Line, Passed, Reading, What

SOURCE = "yamtrack"
LABEL = "Yamtrack's CSV"

_KINDS = {"movie": "film", "tv": "series", "season": "series", "episode": "series",
          "anime": "series"}  # fmt: skip
_DAY = ("end date", "progressed at", "start date")


def role(shape: Shape) -> str | None:
    """A table of media with their sources."""
    return "media" if {"media id", "source", "media type"} <= shape.columns else None


@dataclass(slots=True)
class _Told:
    """Which series and seasons have rows of their own for their episodes."""

    series: set[str] = field(default_factory=set)
    seasons: set[tuple[str, str]] = field(default_factory=set)


def lines(files: Files) -> Iterator[Line | Passed]:
    """Watches, ratings and wishes."""
    for part in files.of("media"):
        told = _told(part)
        for row in tables.rows(part, "media type", "title"):
            yield from [row] if isinstance(row, Passed) else _row(row, told)


def _told(part: Part) -> _Told:
    told = _Told()
    for row in tables.rows(part, "media type"):
        if isinstance(row, Row) and row.get("media type") == "episode":
            told.series.add(_title(row))
            told.seasons.add((_title(row), row.get("season number")))
    return told


def _title(row: Row) -> str:
    return f"{row.get('source')} {row.get('media id') or row.get('title')}"


def _row(row: Row, told: _Told) -> Iterator[Line | Passed]:
    if row.get("row type").casefold() not in {"", "media"}:
        return
    type_ = row.get("media type").casefold()
    kind, name = _KINDS.get(type_), row.name("title")
    if kind is None:
        yield Passed(row.n, f"{cells.shown(type_)} is neither a film nor a series")
        return
    if name is None:
        yield Passed(row.n, "the title is missing")
        return
    reading = Reading(
        name,
        kind,
        season_number=cells.whole(row.get("season number"), 0, 10_000),
        episode_number=cells.whole(row.get("episode number"), 0, 100_000),
    )
    if type_ == "anime":  # whose films are there, too
        reading = Reading(name)
    at, dated = dates.when(row.get(*_DAY))
    whole = Line(row.n, What.WATCH, (reading,), _ids(row), at, dated)
    yield from _watches(row, type_, whole, told)
    score = cells.score(row.get("score"))
    if score is not None:
        note = cells.text(row.get("notes"))
        yield replace(whole, what=What.RATING, score=score, note=note)


def _watches(row: Row, type_: str, whole: Line, told: _Told) -> Iterator[Line | Passed]:
    status, count = row.get("status").casefold(), cells.whole(row.get("progress")) or 0
    if status == "planning":
        added = dates.when(row.get("created at"))
        yield replace(whole, what=What.WISH, at=added.at, dated=added.dated)
    elif type_ == "episode":
        yield whole
    elif type_ == "anime" and not (status == "completed" and count < 2):
        yield from progress.episodes(whole, count)
    elif status == "completed":
        episodes = (
            _title(row) in told.series
            if type_ == "tv"
            else (_title(row), row.get("season number")) in told.seasons
        )
        if not episodes:
            yield whole
    elif type_ == "movie" and not row.get("score"):
        yield Passed(row.n, "it was not watched to its end")


def _ids(row: Row) -> Ids:
    source, key = row.get("source").casefold(), cells.key(row.get("media id"))
    if source == "imdb":
        return Ids(imdb_id=cells.imdb_id(row.get("media id")))
    return Ids(tmdb_id=key if source == "tmdb" else None, mal_id=key if source == "mal" else None)
