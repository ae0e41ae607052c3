"""Trakt's export, a ZIP of JSON lists, or single lists as its API answers them.

The history tells each watch; the lists of what was watched tell only how often, and are read where
there is no history.
"""

import re
from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any

from domain.imports import limits
from domain.imports.formats import cells, dates, documents
from domain.imports.formats.shapes import Files, Shape
from domain.imports.values import Ids, Line, Passed, Reading, What

SOURCE = "trakt"
LABEL = "Trakt's export (ZIP, or its JSON lists)"

_MOMENTS = {
    "watched_at": "history",
    "rated_at": "ratings",
    "listed_at": "list",
    "last_watched_at": "watched",
}
_KINDS = {"movie", "show", "season", "episode"}
_OTHER_LIST = re.compile(r"favou?rites|lists-lists?|^list-|collection|hidden")
Entry = Mapping[str, Any]


def role(shape: Shape) -> str | None:
    """By the moments that its entries tell."""
    if shape.under in {"shows", "movies", "anime"} or not shape.keys & _KINDS:
        return None
    found = next((role for key, role in _MOMENTS.items() if key in shape.keys), None)
    return None if found == "list" and _OTHER_LIST.search(shape.part.base) else found


def lines(files: Files) -> Iterator[Line | Passed]:
    """Watches, ratings and wishes."""
    tellers = {"history": _watch, "ratings": _rating, "list": _wish, "watched": _watched}
    if files.has("history"):
        del tellers["watched"]
    for each, tell in tellers.items():
        for part in files.of(each):
            for n, (_, entry) in enumerate(documents.elements(part), 1):
                if isinstance(entry, dict):
                    yield from tell(n, entry)
                else:
                    yield Passed(n, "it is no entry of a film or an episode")


def _watch(n: int, entry: Entry) -> Iterator[Line | Passed]:
    yield _line(n, entry, What.WATCH, entry.get("watched_at"))


def _rating(n: int, entry: Entry) -> Iterator[Line | Passed]:
    score = cells.score(entry.get("rating"))
    if score is None:
        yield Passed(n, "it has no rating from 1 to 10")
    else:
        yield _line(n, entry, What.RATING, entry.get("rated_at"), score=score)


def _wish(n: int, entry: Entry) -> Iterator[Line | Passed]:
    yield _line(n, entry, What.WISH, entry.get("listed_at"), note=cells.text(entry.get("notes")))


def _watched(n: int, entry: Entry) -> Iterator[Line | Passed]:
    if "show" not in entry:
        plays = cells.whole(entry.get("plays"), 1, 10_000) or 1
        yield _line(n, entry, What.WATCH, entry.get("last_watched_at"), times=plays)
        return
    found = False
    for season, episode in episodes(entry):
        found = True
        plays = cells.whole(episode.get("plays"), 1, 10_000) or 1
        told = {"show": entry["show"], "episode": {**episode, "season": season}}
        yield _line(n, told, What.WATCH, episode.get("last_watched_at"), times=plays)
    if not found:
        yield Passed(n, "it says how many episodes were watched, but not which")


def episodes(entry: Entry) -> Iterator[tuple[Any, Entry]]:
    """The episodes of an entry that lists them season by season, with their season's number."""
    found = (
        (season.get("number"), episode)
        for season in _list(entry.get("seasons"))
        for episode in _list(season.get("episodes"))
    )
    return islice(found, limits.EPISODES_OF_AN_ENTRY)


def _line(
    n: int,
    entry: Entry,
    what: What,
    moment: Any,
    *,
    score: int | None = None,
    times: int = 1,
    note: str | None = None,
) -> Line | Passed:
    told = subject(entry)
    if told is None:
        return Passed(n, "it names neither a film nor a series")
    reading, ids = told
    at, dated = dates.when(moment)
    return Line(n, what, (reading,), ids, at, dated, score, times, note)


def subject(entry: Entry) -> tuple[Reading, Ids] | None:
    """Which film, series, season or episode an entry is about; None where it doesn't say."""
    film, show = _dict(entry.get("movie")), _dict(entry.get("show"))
    season, episode = _dict(entry.get("season")), _dict(entry.get("episode"))
    media = film or show
    name = cells.name(media.get("title"))
    if name is None:
        return None
    year, ids = cells.year(_text(media.get("year"))), ids_of(media)
    if film:
        return Reading(name, "film", year), ids
    if not episode:
        number = cells.whole(season.get("number"), 0, 10_000)
        return Reading(name, "series", year, season_number=number), ids
    reading = Reading(
        name,
        "series",
        year,
        cells.whole(episode.get("season"), 0, 10_000),
        cells.whole(episode.get("number"), 0, 100_000),
        cells.name(episode.get("title")),
        cells.whole(episode.get("number_abs"), 1, 100_000),
    )
    return reading, ids_of(media, _dict(episode.get("ids")))


def ids_of(media: Entry, episode: Entry | None = None) -> Ids:
    """The ids that a film or series is told with."""
    ids = _dict(media.get("ids"))
    return Ids(
        imdb_id=cells.imdb_id(ids.get("imdb")),
        tmdb_id=cells.key(ids.get("tmdb")),
        trakt_id=cells.key(ids.get("trakt")),
        mal_id=cells.key(ids.get("mal")),
        episode_imdb_id=cells.imdb_id(episode.get("imdb")) if episode else None,
    )


def _text(value: Any) -> Any:
    return str(value) if isinstance(value, int) and 0 < value < 10_000 else value


def _dict(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _list(value: Any) -> list[dict[str, Any]]:
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []
