"""From Trakt's items to the lines of an import. Pure."""

import re
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from domain.imports.values import Ids, Line, Passed, Reading, What
from integrations.upstreams.fields import (
    Unfit,
    mapping,
    moment_or_none,
    number,
    number_or_none,
    text,
    text_or_none,
)

_AT = {What.WATCH: "watched_at", What.RATING: "rated_at", What.WISH: "listed_at"}
_IMDB = re.compile(r"tt[0-9]{5,12}")
_NO_DATE = 1970  # what Trakt keeps for "I don't remember when"


def lines_of(items: Sequence[Any], what: What, first: int = 1) -> Iterator[Line | Passed]:
    """The lines of some items of a history, of ratings or of a watchlist, counted from `first`."""
    for n, item in enumerate(items, first):
        try:
            yield _line(n, mapping(item, "it"), what)
        except Unfit as unfit:
            yield Passed(n, f"Trakt sent something that can't be used: {unfit}")


def _line(n: int, item: dict[str, Any], what: What) -> Line:
    kind = item.get("type")
    if kind == "movie":
        reading, ids = _film(item)
    elif kind in ("show", "season", "episode"):
        reading, ids = _of_show(item, kind)
    else:
        raise Unfit("it is neither a film nor of a show")
    return Line(
        n,
        what,
        (reading,),
        ids,
        at=_moment(item.get(_AT[what])),
        score=number(item.get("rating"), "its rating", 1, 10) if what is What.RATING else None,
        note=text_or_none(item.get("notes"), "its note", 2_000) if what is What.WISH else None,
    )


def _film(item: dict[str, Any]) -> tuple[Reading, Ids]:
    film = mapping(item.get("movie"), "its film")
    return Reading(text(film.get("title"), "its name"), "film", _year(film)), _ids(film)


def _of_show(item: dict[str, Any], kind: str) -> tuple[Reading, Ids]:
    show = mapping(item.get("show"), "its show")
    name, year = text(show.get("title"), "its show's name"), _year(show)
    if kind == "show":
        return Reading(name, "series", year), _ids(show)
    part = mapping(item.get(kind), f"its {kind}")
    if kind == "season":
        season = number(part.get("number"), "its number", 0, 9_999)
        return Reading(name, "series", year, season_number=season), _ids(show)
    reading = Reading(
        name,
        "series",
        year,
        season_number=number(part.get("season"), "its season", 0, 9_999),
        episode_number=number(part.get("number"), "its number", 0, 99_999),
        episode_name=text_or_none(part.get("title"), "its name"),
        number_abs=number_or_none(part.get("number_abs"), "its number", 0, 99_999),
    )
    return reading, _ids(show, part)


def _ids(title: dict[str, Any], episode: dict[str, Any] | None = None) -> Ids:
    ids = mapping(title.get("ids"), "its ids")
    theirs = (episode or {}).get("ids")
    return Ids(
        imdb_id=_imdb(ids.get("imdb")),
        tmdb_id=number_or_none(ids.get("tmdb"), "TMDB's id") or None,
        trakt_id=number_or_none(ids.get("trakt"), "Trakt's id") or None,
        episode_imdb_id=_imdb(theirs.get("imdb")) if isinstance(theirs, dict) else None,
    )


def _imdb(value: Any) -> str | None:
    return value if isinstance(value, str) and _IMDB.fullmatch(value) else None


def _year(title: dict[str, Any]) -> int | None:
    return number_or_none(title.get("year"), "its year", 0, 2199) or None


def _moment(value: Any) -> datetime | None:
    moment = moment_or_none(value, "its moment")
    return moment if moment and moment.year > _NO_DATE else None
