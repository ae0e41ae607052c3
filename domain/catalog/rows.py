"""One record of a JustWatch-derived list: a row we can use, or the reason why we cannot. Pure."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from domain.catalog.cells import Record, Unusable, countries, genres, number, short, whole
from domain.titles import names

COLUMNS_NEEDED = ("id", "title", "type")
KEY_LENGTH = 300  # a key longer than 2,700 bytes would not fit into the index on it
_NAME_LENGTH = 500
_KINDS: Mapping[str, Literal["film", "series"]] = {"MOVIE": "film", "SHOW": "series"}
# Ten digits are not JustWatch's: tm9000000001 and the like are the demo's stand-ins.
_JUSTWATCH_ID = re.compile(r"t[ms][0-9]{1,9}")
_IMDB_ID = re.compile(r"tt[0-9]{7,10}")


@dataclass(frozen=True, slots=True)
class CatalogRow:
    """A title as a list tells it. None: the list doesn't say.

    runtime_min: minutes; audience_score: 0 to 10; popularity: TMDB's, 0 to about 10,000.
    """

    justwatch_id: str
    kind: Literal["film", "series"]
    name: str
    name_key: str
    year: int | None
    runtime_min: int | None
    rating: str | None
    genres: tuple[str, ...]
    countries: tuple[str, ...]
    season_count: int | None
    imdb_id: str | None
    audience_score: float | None
    audience_votes: int | None
    popularity: float | None
    synopsis: str


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a record cannot be used: a clause that ends a sentence about it."""

    reason: str


def read(record: Record) -> CatalogRow | Refusal:
    """The row in a record, or the first reason against it. Any text is accepted, none raises."""
    try:
        return _read(record)
    except Unusable as problem:
        return Refusal(str(problem))


def _read(record: Record) -> CatalogRow:
    justwatch_id = record.get("id", "").strip()
    if not justwatch_id:
        raise Unusable("the id is missing")
    if not _JUSTWATCH_ID.fullmatch(justwatch_id):
        raise Unusable(f"the id {short(justwatch_id)} is not JustWatch's (like tm84618)")
    name = names.clean(record.get("title", ""), _NAME_LENGTH)
    if not name:
        raise Unusable("the title is missing")
    kind = _KINDS.get(record.get("type", "").strip().upper())
    if kind is None:
        raise Unusable(f"the type {short(record.get('type', ''))} is neither MOVIE nor SHOW")
    score, votes = _audience(record)
    return CatalogRow(
        justwatch_id=justwatch_id,
        kind=kind,
        name=name,
        name_key=names.fold(name)[:KEY_LENGTH].strip(),
        year=whole(record, "release_year", 1870, 2100),
        runtime_min=whole(record, "runtime", 0, 1_500) or None,  # lists write 0 for unknown
        rating=names.clean(record.get("age_certification", ""), 40) or None,
        genres=genres(record.get("genres", "")),
        countries=countries(record.get("production_countries", "")),
        season_count=whole(record, "seasons", 0, 1_000),
        imdb_id=_imdb_id(record),
        audience_score=score,
        audience_votes=votes,
        popularity=number(record, "tmdb_popularity", 0, 1e9),
        synopsis=names.clean(record.get("description", "")),
    )


def _audience(record: Record) -> tuple[float | None, int | None]:
    """IMDb's mean and votes; where it has none, TMDB's mean with 0 votes.

    TMDB's is an audience's score too, so it is worth showing; but nobody says how many gave it,
    and with no votes it has no weight in a title's appeal.
    """
    imdb = number(record, "imdb_score", 0, 10)
    votes = whole(record, "imdb_votes", 0, 2**31 - 1)
    tmdb = number(record, "tmdb_score", 0, 10)
    if imdb is not None:
        return imdb, votes or 0
    return tmdb, None if tmdb is None else 0


def _imdb_id(record: Record) -> str | None:
    found = record.get("imdb_id", "").strip()
    if found and not _IMDB_ID.fullmatch(found):
        raise Unusable(f"imdb_id {short(found)} is not IMDb's (like tt0075314)")
    return found or None
