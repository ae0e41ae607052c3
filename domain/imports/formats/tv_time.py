"""TV Time's export: a ZIP of tables whose columns have changed over the years.

tracking-prod-records-v2.csv has the episodes, tracking-prod-records.csv the films and, of earlier
years, episodes again; a series that is followed and of which nothing was watched is a wish. Stars
count double. Moments are UTC.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC

from domain.imports.formats import cells, dates, tables
from domain.imports.formats.shapes import Files, Shape
from domain.imports.formats.tables import Row
from domain.imports.values import Line, Passed, Reading, What

SOURCE = "tv_time"
LABEL = "TV Time's export (ZIP, or one of its tables)"

_SHOW = ("series name", "tv show name", "show name")
_SEASON = ("season number", "s no", "episode season number")
_EPISODE = ("episode number", "ep no")
_WATCHED_AT = ("watch date", "watch date range key", "created at", "updated at")
_FOLLOWED_AT = ("followed at", "created at")
_STARS = {1: 1, 27: 2, 28: 3, 29: 4, 3: 5}  # by what its votes are numbered
_YES = {"1", "true", "yes"}
Episode = tuple[str, int, int]


def role(shape: Shape) -> str | None:
    """By its columns; tables of votes and of what was seen by their names, too."""
    columns, base = shape.columns, shape.part.base
    if "type uuid n" in columns:
        return "records"
    if "series name" in columns and columns & {"key", "s id", "gsi"} and "vote key" not in columns:
        return "episodes"
    if "vote key" in columns:
        return "votes" if base.startswith("ratings") else None
    if "tv show name" not in columns:
        return None
    if "notification offset" in columns or base.startswith("followed_tv_show"):
        return "followed"
    if base.startswith("tv_show_rate"):
        return "rates"
    if base.startswith("seen_episode") and columns & {*_SEASON} and columns & {*_EPISODE}:
        return "seen"
    return None


@dataclass(slots=True)
class _Seen:
    """What has been told, so that no table tells it again."""

    episodes: set[Episode] = field(default_factory=set)
    shows: set[str] = field(default_factory=set)
    films: set[str] = field(default_factory=set)
    wished: set[str] = field(default_factory=set)


def lines(files: Files) -> Iterator[Line | Passed]:
    """Watches, ratings and wishes."""
    seen = _Seen()
    wishes: list[Line] = []
    for part in files.of("episodes"):
        for row in tables.rows(part, _SHOW):
            yield from [row] if isinstance(row, Passed) else _tracked(row, seen, wishes)
    told = frozenset(seen.episodes)
    for part in files.of("records"):
        for row in tables.rows(part, "type uuid n"):
            yield from [row] if isinstance(row, Passed) else _record(row, seen, told, wishes)
    told = frozenset(seen.episodes)
    for part in files.of("seen"):
        for row in tables.rows(part, _SHOW):
            yield from [row] if isinstance(row, Passed) else _older(row, seen, told)
    for part in files.of("followed"):
        for row in tables.rows(part, _SHOW):
            if isinstance(row, Passed):
                yield row
            elif row.get("archived") not in _YES and (line := _wish(row, row.name(*_SHOW))):
                wishes.append(line)
    for line in wishes:
        if (name := _folded(line.readings[-1].name)) not in seen.shows | seen.films | seen.wished:
            seen.wished.add(name)
            yield line
    for part in files.of("rates"):
        for row in tables.rows(part, _SHOW, ("rating", "rate")):
            yield row if isinstance(row, Passed) else _rate(row)
    for part in files.of("votes"):
        for row in tables.rows(part, "vote key"):
            yield row if isinstance(row, Passed) else _vote(row)


def _tracked(row: Row, seen: _Seen, wishes: list[Line]) -> Iterator[Line | Passed]:
    """A row of the newer records: an episode, or what is known of a series."""
    key = row.get("key") + " " + row.get("gsi")
    name = row.name(*_SHOW)
    if "user-series" in key:
        if row.get("is for later").casefold() in _YES and (line := _wish(row, name)):
            wishes.append(line)
        return
    if key.strip() and "watch-episode" not in key:
        return  # counts of what the other rows tell
    line = _episode(row, name)
    if isinstance(line, Line):
        seen.episodes.add(_key(line))
        seen.shows.add(_folded(name or ""))
    yield line


def _record(
    row: Row, seen: _Seen, told: frozenset[Episode], wishes: list[Line]
) -> Iterator[Line | Passed]:
    """A row of the older records: a film, or an episode that the newer ones need not know."""
    type_, entity = row.get("type").casefold(), row.get("entity type").casefold()
    film = row.name("movie name")
    watched = type_ in {"watch", "rewatch", "movie", "episode"}
    if film and watched and entity in {"", "movie"}:
        seen.films.add(_folded(film))
        yield _film(row, film, What.WATCH, _WATCHED_AT)
    elif film and type_ in {"follow", "towatch"}:
        wishes.append(_film(row, film, What.WISH, _FOLLOWED_AT))
    elif watched and entity in {"", "episode"}:
        yield from _older(row, seen, told)


def _older(row: Row, seen: _Seen, told: frozenset[Episode]) -> Iterator[Line | Passed]:
    """An episode, unless a table that is newer has told it."""
    line = _episode(row, row.name(*_SHOW))
    if isinstance(line, Line):
        seen.shows.add(_folded(line.readings[-1].name))
        seen.episodes.add(_key(line))
        if _key(line) in told:
            return
    yield line


def _episode(row: Row, name: str | None) -> Line | Passed:
    season = cells.whole(row.get(*_SEASON), 0, 10_000)
    episode = cells.whole(row.get(*_EPISODE), 0, 100_000)
    if name is None or season is None or episode is None:
        return Passed(row.n, "the series, the season or the episode's number is missing")
    readings = tuple(
        Reading(each.name, "series", each.year, season, episode)
        for each in cells.dated_name(name, "series")
    )
    at, dated = dates.when(row.get(*_WATCHED_AT), UTC)
    return Line(row.n, What.WATCH, readings, at=at, dated=dated)


def _key(line: Line) -> Episode:
    reading = line.readings[-1]
    return _folded(reading.name), reading.season_number or 0, reading.episode_number or 0


def _film(row: Row, name: str, what: What, day: tuple[str, ...]) -> Line:
    reading = Reading(name, "film", cells.year(row.get("release date")))
    at, dated = dates.when(row.get(*day), UTC)
    return Line(row.n, what, (reading,), at=at, dated=dated)


def _wish(row: Row, name: str | None) -> Line | None:
    if name is None:
        return None
    at, dated = dates.when(row.get(*_FOLLOWED_AT), UTC)
    return Line(row.n, What.WISH, cells.dated_name(name, "series"), at=at, dated=dated)


def _rate(row: Row) -> Line | Passed:
    name, score = row.name(*_SHOW), cells.score(row.get("rating", "rate"), 2)
    if name is None or score is None:
        return Passed(row.n, "the series or its stars are missing")
    at, dated = dates.when(row.get("updated at", "created at"), UTC)
    readings = cells.dated_name(name, "series")
    return Line(row.n, What.RATING, readings, at=at, dated=dated, score=score)


def _vote(row: Row) -> Line | Passed:
    number = cells.whole(row.get("rating id") or row.get("vote key").rpartition("-")[2])
    stars = _STARS.get(number) if number is not None else None
    if stars is None:
        return Passed(row.n, "nobody knows how many stars its vote stands for")
    at, dated = dates.when(row.get("updated at", "created at"), UTC)
    if film := row.name("movie name"):
        readings = (Reading(film, "film"),)
    else:
        line = _episode(row, row.name(*_SHOW))
        if isinstance(line, Passed):
            return line
        readings = line.readings
    return Line(row.n, What.RATING, readings, at=at, dated=dated, score=stars * 2)


def _folded(name: str) -> str:
    return name.casefold()
