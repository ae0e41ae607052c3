"""Simkl: its backup as JSON (SimklBackup.json, also in a ZIP), and its backup as CSV.

The CSV has only the last episode that was watched: the seasons before it count as watched, and of
its own season all episodes up to it.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from domain.imports import limits
from domain.imports.formats import cells, dates, documents, progress, tables, trakt
from domain.imports.formats.shapes import Files, Shape
from domain.imports.formats.tables import Row
from domain.imports.values import Ids, Line, Passed, Reading, What

SOURCE = "simkl"
LABEL = "Simkl's backup (JSON or CSV)"

_MEMBERS = {"shows", "anime", "movies"}
_PLANNED = re.compile(r"plan\s*to\s*watch|planned|watchlist", re.I)
_DONE = re.compile(r"completed|watched", re.I)
_LAST = re.compile(r"(?:s(?P<season>\d{1,4})\s*)?(?:e|x)?(?P<episode>\d{1,5})", re.I)


def role(shape: Shape) -> str | None:
    """A JSON object of shows, anime and movies; a table with Simkl's ids."""
    if shape.under in _MEMBERS and shape.keys & {"show", "movie", "anime", "status", "rating"}:
        return "backup"
    if {"simkl id", "title"} <= shape.columns:
        return "table"
    return None


def lines(files: Files) -> Iterator[Line | Passed]:
    """Watches, ratings and wishes."""
    for part in files.of("backup"):
        for n, (member, entry) in enumerate(documents.elements(part), 1):
            if member in _MEMBERS:
                yield from _entry(n, member, entry)
    for part in files.of("table"):
        for row in tables.rows(part, "title", "type"):
            yield from [row] if isinstance(row, Passed) else _row(row)


def _entry(n: int, member: str, entry: Any) -> Iterator[Line | Passed]:
    if not isinstance(entry, dict):
        yield Passed(n, "it is no entry of a film or a series")
        return
    media = next(
        (entry[key] for key in ("movie", "show", "anime") if isinstance(entry.get(key), dict)),
        entry,
    )
    film = member == "movies" or entry.get("anime_type") == "movie"
    told = trakt.subject({"movie" if film else "show": media})
    if told is None:
        yield Passed(n, "the title is missing")
        return
    reading, ids = told
    status = cells.text(entry.get("status")) or ""
    at, dated = dates.when(entry.get("last_watched_at"))
    whole = Line(n, What.WATCH, (reading,), ids, at, dated)
    if _PLANNED.fullmatch(status):
        added = dates.when(entry.get("added_to_watchlist_at"))
        yield replace(whole, what=What.WISH, at=added.at, dated=added.dated)
    elif film:
        if _DONE.fullmatch(status) or at is not None:
            yield whole
    else:
        yield from _episodes(whole, entry, status)
    score = cells.score(entry.get("user_rating", entry.get("rating")))
    if score is not None:
        rated = dates.when(entry.get("user_rated_at", entry.get("rated_at")))
        yield replace(whole, what=What.RATING, at=rated.at, dated=rated.dated, score=score)


def _episodes(whole: Line, entry: Mapping[str, Any], status: str) -> Iterator[Line | Passed]:
    (reading,) = whole.readings
    found = False
    for season, episode in trakt.episodes(entry):
        found = True
        at, dated = dates.when(episode.get("watched_at", episode.get("last_watched_at")))
        exact = replace(
            reading,
            season_number=cells.whole(season, 0, 10_000),
            episode_number=cells.whole(episode.get("number"), 0, 100_000),
        )
        yield replace(whole, readings=(exact,), at=at, dated=dated)
    if found:
        return
    if _DONE.fullmatch(status):
        yield whole
    else:
        count = cells.whole(entry.get("watched_episodes_count")) or 0
        yield from progress.episodes(whole, count)


def _row(row: Row) -> Iterator[Line | Passed]:
    name, type_ = row.name("title"), row.get("type").casefold()
    if name is None:
        yield Passed(row.n, "the title is missing")
        return
    kind = "film" if "movie" in type_ else "series" if type_ in _TYPES else None
    reading = Reading(name, kind, cells.year(row.get("year")))
    ids = Ids(imdb_id=cells.imdb_id(row.get("imdb")), tmdb_id=cells.key(row.get("tmdb")))
    status = row.get("watchlist")
    at, dated = dates.when(row.get("watcheddate", "watched date"))
    whole = Line(row.n, What.WATCH, (reading,), ids, at, dated)
    last = _LAST.fullmatch(row.get("lastepwatched", "last ep watched"))
    if _PLANNED.fullmatch(status):
        yield replace(whole, what=What.WISH)
    elif kind == "series" and last and not _DONE.fullmatch(status):
        yield from _up_to(whole, last)
    elif _DONE.fullmatch(status) or (kind == "film" and at is not None):
        yield whole
    elif not row.get("rating"):
        yield Passed(row.n, "it says neither what was watched nor what is wished for")
    score = cells.score(row.get("rating"))
    if score is not None:
        yield replace(whole, what=What.RATING, score=score, note=cells.text(row.get("memo")))


_TYPES = {"tv", "tv show", "show", "series", "anime"}


def _up_to(whole: Line, last: re.Match[str]) -> Iterator[Line | Passed]:
    (reading,) = whole.readings
    episode = int(last["episode"])
    if last["season"] is None:
        yield from progress.episodes(whole, episode)
        return
    season = int(last["season"])
    if season > 100 or episode > limits.EPISODES_AT_ONCE:
        yield Passed(whole.n, f"there is no episode {cells.shown(last[0])}")
        return
    for before in range(1, season):
        yield replace(whole, readings=(replace(reading, season_number=before),))
    for number in range(1, episode + 1):
        exact = replace(reading, season_number=season, episode_number=number)
        yield replace(whole, readings=(exact,))
