"""Reads of titles. Every one that a viewer's request leads to takes the viewer's ceiling."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import BigInteger, Select, any_, bindparam, select, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlmodel import col

from domain.db import Record, one_of
from domain.titles.models import (
    AgeRating,
    Credit,
    Enrichment,
    Person,
    Season,
    Title,
    TitleMood,
    TitleText,
)

CARD = (
    "id", "kind", "name", "year", "runtime_min", "maturity", "genres", "countries",
    "critics_score", "audience_score", "audience_votes", "popularity", "season_count",
    "episode_count", "justwatch_id", "imdb_id", "tmdb_id", "trakt_id", "mal_id",
)  # fmt: skip
"""The columns of a card: what is shown of a title without asking any other table."""


def cards() -> Select[*tuple[Any, ...]]:
    """A select of title cards."""
    return select(*(getattr(Title, name) for name in CARD))


# Made once, since making a statement costs as much as running it.
_ASKED = col(Title.id) == any_(bindparam("ids", type_=ARRAY(BigInteger)))
_CARDS_BY_ID = cards().where(_ASKED, col(Title.maturity) <= bindparam("ceiling"))
_MATURITIES = select(col(Title.id), col(Title.maturity)).where(_ASKED)


async def cards_by_id(
    connection: AsyncConnection, ids: Sequence[int], ceiling: int
) -> Mapping[int, Record]:
    """Cards by key; a title above the ceiling is as absent as one that does not exist."""
    rows = await connection.execute(_CARDS_BY_ID, {"ids": list(ids), "ceiling": ceiling})
    return {row.id: row for row in rows}


async def maturities(connection: AsyncConnection, ids: Sequence[int]) -> Mapping[int, int]:
    """From what age on titles may be seen, by key."""
    rows = await connection.execute(_MATURITIES, {"ids": list(ids)})
    return {row.id: row.maturity for row in rows}


async def texts_by_id(connection: AsyncConnection, ids: Sequence[int]) -> Mapping[int, Record]:
    """Synopsis and keywords by title."""
    rows = await connection.execute(
        select(
            col(TitleText.title_id), col(TitleText.synopsis), col(TitleText.keywords)
        ).where(one_of(col(TitleText.title_id), ids))
    )  # fmt: skip
    return {row.title_id: row for row in rows}


async def enriched(connection: AsyncConnection, ids: Sequence[int]) -> Mapping[int, bool]:
    """Of these titles those that have facts from TMDB."""
    rows = await connection.execute(
        select(col(Enrichment.title_id)).where(
            one_of(col(Enrichment.title_id), ids), col(Enrichment.owed)
        )
    )
    return {row.title_id: True for row in rows}


async def moods_by_title(
    connection: AsyncConnection, ids: Sequence[int]
) -> Mapping[int, list[Record]]:
    """Moods with weight and reasons, strongest first, by title."""
    rows = await connection.execute(
        select(
            col(TitleMood.title_id), col(TitleMood.mood), col(TitleMood.weight),
            col(TitleMood.reasons),
        )
        .where(one_of(col(TitleMood.title_id), ids))
        .order_by(col(TitleMood.weight).desc(), col(TitleMood.mood))
    )  # fmt: skip
    return grouped(rows)


async def ratings_by_title(
    connection: AsyncConnection, ids: Sequence[int]
) -> Mapping[int, list[Record]]:
    """Age ratings by title, by country."""
    rows = await connection.execute(
        select(col(AgeRating.title_id), col(AgeRating.country), col(AgeRating.rating))
        .where(one_of(col(AgeRating.title_id), ids))
        .order_by(col(AgeRating.country))
    )
    return grouped(rows)


async def seasons_by_title(
    connection: AsyncConnection, ids: Sequence[int]
) -> Mapping[int, list[Record]]:
    """Seasons in order, by title."""
    rows = await connection.execute(
        select(
            col(Season.title_id), col(Season.number), col(Season.name), col(Season.year),
            col(Season.episode_count),
        )
        .where(one_of(col(Season.title_id), ids))
        .order_by(col(Season.title_id), col(Season.number))
    )  # fmt: skip
    return grouped(rows)


async def episodes_by_season(
    connection: AsyncConnection, seasons: Sequence[tuple[int, int]]
) -> Mapping[tuple[int, int], list[Record]]:
    """Episodes in order, by (title, season number)."""
    rows = await connection.execute(
        text(
            "SELECT e.id, e.title_id, e.season_number, e.number, e.number_abs, e.name,"
            " e.runtime_min, e.air_date, e.filler, e.filler_source, e.filler_confidence"
            " FROM unnest(CAST(:titles AS bigint[]), CAST(:numbers AS smallint[]))"
            "      AS asked (title_id, season_number)"
            " JOIN episodes e USING (title_id, season_number)"
            " ORDER BY e.title_id, e.season_number, e.number"
        ),
        {"titles": [title for title, _ in seasons], "numbers": [number for _, number in seasons]},
    )
    groups: dict[tuple[int, int], list[Record]] = defaultdict(list)
    for row in rows:
        groups[row.title_id, row.season_number].append(row)
    return groups


async def fillers_by_season(
    connection: AsyncConnection, seasons: Sequence[tuple[int, int]]
) -> Mapping[tuple[int, int], Sequence[str]]:
    """How each episode belongs to the story, in order, by (title, season number)."""
    rows = await connection.execute(
        text(
            "SELECT e.title_id, e.season_number, array_agg(e.filler ORDER BY e.number) AS fillers"
            " FROM unnest(CAST(:titles AS bigint[]), CAST(:numbers AS smallint[]))"
            "      AS asked (title_id, season_number)"
            " JOIN episodes e USING (title_id, season_number)"
            " GROUP BY e.title_id, e.season_number"
        ),
        {"titles": [title for title, _ in seasons], "numbers": [number for _, number in seasons]},
    )
    return {(row.title_id, row.season_number): row.fillers for row in rows}


async def credits_by_title(
    connection: AsyncConnection, ids: Sequence[int], most: int
) -> Mapping[int, list[Record]]:
    """Who made titles: directors and creators, then at most `most` actors by billing."""
    rows = await connection.execute(
        select(
            col(Credit.title_id), col(Person.id), col(Person.name), col(Credit.role),
            col(Credit.character), col(Credit.position),
        )
        .join(Person, col(Person.id) == col(Credit.person_id))
        .where(
            one_of(col(Credit.title_id), ids),
            (col(Credit.role) != "actor") | (col(Credit.position) < most),
        )
        .order_by(col(Credit.role) == "actor", col(Credit.position), col(Person.id))
    )  # fmt: skip
    return grouped(rows)


async def people_names(connection: AsyncConnection, ids: Iterable[int]) -> Mapping[int, str]:
    """Names by person."""
    rows = await connection.execute(
        select(col(Person.id), col(Person.name)).where(one_of(col(Person.id), list(ids)))
    )
    return {row.id: row.name for row in rows}


def grouped(rows: Iterable[Record]) -> Mapping[int, list[Record]]:
    """Rows by their title_id, in the order they came."""
    groups: dict[int, list[Record]] = defaultdict(list)
    for row in rows:
        groups[row.title_id].append(row)
    return groups
