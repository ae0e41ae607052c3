"""Histories in Postgres: pages for reading, and what a change has to know."""

import base64
import binascii
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson
from sqlalchemy import func, text
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from domain.db import Record, one_of
from domain.errors import InvalidInput
from domain.history.models import Watch
from domain.history.rules import Place, Seen
from domain.titles.models import Episode
from domain.titles.repo import CARD
from domain.watchlists.values import Whose

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_PAGE = f"""
    SELECT {", ".join(f"t.{name}" for name in CARD)},
           w.id AS watch_id, w.watched_at, w.source, w.episode_id,
           e.season_number, e.number, e.number_abs, e.name AS episode_name,
           e.runtime_min AS episode_runtime_min, e.air_date, e.filler, e.filler_source,
           e.filler_confidence
    FROM watches w
    JOIN titles t ON t.id = w.title_id AND t.maturity <= :ceiling
    LEFT JOIN episodes e ON e.id = w.episode_id
    WHERE w.profile_id = :profile {{conditions}}
    ORDER BY w.watched_at DESC, w.id DESC LIMIT :most
"""


@dataclass(frozen=True, slots=True)
class Page:
    """Rows: a card, with watch_id, watched_at, source, and the columns of an episode or nulls."""

    rows: Sequence[Record]
    more: bool


async def page(
    connection: AsyncConnection,
    whose: Whose,
    *,
    first: int,
    after: str | None = None,
    title_id: int | None = None,
    watch_id: int | None = None,
) -> Page:
    """What a profile has watched, the latest first; raises InvalidInput for the cursor."""
    parameters: dict[str, Any] = {
        "profile": whose.profile_id, "ceiling": whose.ceiling, "most": first + 1
    }  # fmt: skip
    conditions = ""
    if title_id is not None:
        conditions += " AND w.title_id = :title"
        parameters["title"] = title_id
    if watch_id is not None:
        conditions += " AND w.id = :watch"
        parameters["watch"] = watch_id
    if after is not None:
        conditions += " AND (w.watched_at, w.id) < (:last_at, :last_id)"
        parameters["last_at"], parameters["last_id"] = _read(after)
    statement = text(_PAGE.format(conditions=conditions))
    rows = (await connection.execute(statement, parameters)).all()
    return Page(rows[:first], len(rows) > first)


def cursor(row: Record) -> str:
    """The cursor of a row, to continue behind it."""
    moment = (row.watched_at - _EPOCH) // timedelta(microseconds=1)
    return base64.urlsafe_b64encode(orjson.dumps([moment, row.watch_id])).rstrip(b"=").decode()


def _read(given: str) -> tuple[datetime, int]:
    try:
        padded = given.encode("ascii") + b"=" * (-len(given) % 4)
        moment, key = orjson.loads(base64.urlsafe_b64decode(padded))
        if type(moment) is not int or type(key) is not int or not 0 <= key < 2**63:
            raise ValueError(given)
        return _EPOCH + timedelta(microseconds=moment), key
    except (ValueError, TypeError, OverflowError, binascii.Error) as problem:
        raise InvalidInput(
            "This cursor was not given out by us; start again without it.", field="after"
        ) from problem


@dataclass(frozen=True, slots=True)
class Standing:
    """How a profile stands with a title.

    watched_at: when it was last said that all of it was watched; rating: 1 to 10.
    """

    watched_at: datetime | None
    rating: int | None


_STANDINGS = text("""
    WITH said AS (
        SELECT title_id, watched_at, CAST(NULL AS smallint) AS rating FROM watches
        WHERE profile_id = :profile AND title_id = ANY (CAST(:titles AS bigint[]))
          AND episode_id IS NULL
        UNION ALL SELECT title_id, watched_at, NULL FROM watchlist_items
        WHERE profile_id = :profile AND title_id = ANY (CAST(:titles AS bigint[]))
        UNION ALL SELECT title_id, NULL, score FROM ratings
        WHERE profile_id = :profile AND title_id = ANY (CAST(:titles AS bigint[]))
    )
    SELECT title_id, max(watched_at) AS watched_at, max(rating) AS rating
    FROM said GROUP BY title_id
""")


async def standings(
    connection: AsyncConnection, whose: Whose, title_ids: Sequence[int]
) -> Mapping[int, Standing]:
    """What a profile has said of titles, by title; those that it said nothing of are missing."""
    asked = {"profile": whose.profile_id, "titles": list(title_ids)}
    rows = await connection.execute(_STANDINGS, asked)
    return {row.title_id: Standing(row.watched_at, row.rating) for row in rows}


async def places(session: AsyncSession, episode_ids: Sequence[int]) -> Sequence[Record]:
    """id and title_id of those episodes that exist."""
    wanted = select(col(Episode.id), col(Episode.title_id))
    return (await session.exec(wanted.where(one_of(col(Episode.id), episode_ids)))).all()


async def episodes(session: AsyncSession, title_id: int) -> list[Place]:
    """All episodes of a series."""
    rows = await session.exec(
        select(col(Episode.id), col(Episode.season_number), col(Episode.filler)).where(
            col(Episode.title_id) == title_id
        )
    )
    return [Place(key, season, filler) for key, season, filler in rows if key is not None]


async def seen(session: AsyncSession, whose: Whose, title_id: int) -> list[Seen]:
    """What a profile has watched of a title."""
    rows = await session.exec(
        select(col(Watch.episode_id), col(Watch.watched_at)).where(
            col(Watch.profile_id) == whose.profile_id, col(Watch.title_id) == title_id
        )
    )
    return [Seen(*row) for row in rows]


async def size(session: AsyncSession, whose: Whose) -> int:
    """How many lines a profile's history has."""
    counted = select(func.count()).where(col(Watch.profile_id) == whose.profile_id)
    return (await session.exec(counted)).one()
