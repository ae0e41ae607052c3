"""Watchlists in Postgres: pages of wishes, and the lock that every change takes first."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import func, text
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from domain.db import Record
from domain.errors import NotFound, NotSignedIn
from domain.platforms.sql import INCLUDED, ON_NOW
from domain.profiles.models import Profile
from domain.titles.models import Title
from domain.titles.repo import CARD
from domain.watchlists import rules
from domain.watchlists.models import WatchlistItem
from domain.watchlists.values import Whose, Wish

# A wish ends when the first part of it does. A season ends with its own last offer or with the
# last one of the whole series, whichever stays longer; what no season's own offer speaks for ends
# with the whole series' last. Specials count where there is nothing else. (greatest() passes over
# nulls.)
_WISHES = f"""
WITH parts AS (
    SELECT w.title_id, o.season_number, max(coalesce(o.expires_on, DATE 'infinity')) AS ends
    FROM watchlist_items w JOIN offers o ON o.title_id = w.title_id
    WHERE w.profile_id = :profile AND o.country = :country AND o.monetization IN {INCLUDED}
      AND o.platform_id IN (SELECT platform_id FROM profile_platforms WHERE profile_id = :profile)
      AND {ON_NOW} {{only}}
    GROUP BY w.title_id, o.season_number
), ways AS (
    SELECT title_id,
           max(ends) FILTER (WHERE season_number IS NULL) AS whole,
           coalesce(min(ends) FILTER (WHERE season_number > 0),
                    min(ends) FILTER (WHERE season_number = 0)) AS season,
           count(*) FILTER (WHERE season_number > 0) AS seasons
    FROM parts GROUP BY title_id
), wishes AS (
    SELECT {", ".join(f"t.{name}" for name in CARD)}, t.name_key,
           w.added_at, w.watched_at, w.note, w.platform_id, p.slug AS platform_slug,
           ways.title_id IS NOT NULL AS available,
           nullif(
               CASE WHEN ways.whole IS NULL THEN ways.season
                    WHEN t.season_count BETWEEN 1 AND ways.seasons
                        THEN greatest(ways.whole, ways.season)
                    ELSE ways.whole END,
               DATE 'infinity') AS expires_on
    FROM watchlist_items w
    JOIN titles t ON t.id = w.title_id AND t.maturity <= :ceiling
    LEFT JOIN platforms p ON p.id = w.platform_id
    LEFT JOIN ways ON ways.title_id = w.title_id
    WHERE w.profile_id = :profile {{only}}
)
"""
_ONE = text(_WISHES.format(only="AND w.title_id = ANY (:titles)") + "SELECT * FROM wishes")


def statement(page: str) -> str:
    """A statement on all of a profile's wishes. page: what is selected from `wishes`, and how."""
    return _WISHES.format(only="") + page


async def wishes(
    connection: AsyncConnection, whose: Whose, title_ids: Sequence[int]
) -> Mapping[int, Wish]:
    """Those of the titles that are on a profile's list and that it may see, by title."""
    rows = await connection.execute(_ONE, scope(whose) | {"titles": list(title_ids)})
    return {row.id: wish(row, whose) for row in rows}


def scope(whose: Whose) -> dict[str, Any]:
    """The parameters that every statement here takes."""
    return {
        "profile": whose.profile_id,
        "country": whose.country,
        "today": whose.today,
        "ceiling": whose.ceiling,
    }


def wish(row: Record, whose: Whose) -> Wish:
    """A row of `wishes` as it stands on the viewer's day."""
    left = (row.expires_on - whose.today).days if row.expires_on else None
    return Wish(
        card=row,
        added_at=row.added_at,
        watched_at=row.watched_at,
        note=row.note,
        platform_id=row.platform_id,
        platform_slug=row.platform_slug,
        available=row.available,
        expires_on=row.expires_on,
        days_left=left,
        warning=rules.warning(left),
    )


async def lock(session: AsyncSession, whose: Whose) -> Whose:
    """Keep a profile's list and history from other changes until the commit.

    Whatever changes either takes this lock first, so two changes of one profile never meet. What
    comes back has the ceiling of this moment. Raises NotSignedIn where the profile has just gone.
    """
    found = await session.exec(
        select(col(Profile.maturity_ceiling))
        .where(col(Profile.id) == whose.profile_id)
        .with_for_update(key_share=True)  # rows that refer to the profile may be added elsewhere
    )
    ceiling = found.one_or_none()
    if ceiling is None:
        raise NotSignedIn
    return replace(whose, ceiling=ceiling)


async def hold_title(session: AsyncSession, whose: Whose, title_id: int) -> None:
    """Keep a title from going until the commit.

    Raises NotFound, also for one above the profile's ceiling, which doesn't exist for it.
    """
    found = await session.exec(
        select(col(Title.id))
        .where(col(Title.id) == title_id, col(Title.maturity) <= whose.ceiling)
        .with_for_update(read=True, key_share=True)
    )
    if found.one_or_none() is None:
        raise NotFound("No title has that id.", field="titleId")


async def item(session: AsyncSession, whose: Whose, title_id: int) -> WatchlistItem | None:
    """A wish to be changed, or None where the title is not on the list."""
    return await session.get(WatchlistItem, (whose.profile_id, title_id), populate_existing=True)


async def size(session: AsyncSession, whose: Whose) -> int:
    """How many wishes a profile has, those that it can't see included."""
    counted = select(func.count()).where(col(WatchlistItem.profile_id) == whose.profile_id)
    return (await session.exec(counted)).one()
