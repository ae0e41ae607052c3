"""A small watchlist for a demo account, so that a first look finds something that is leaving."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import text
from sqlmodel.ext.asyncio.session import AsyncSession

from domain.platforms.sql import INCLUDED, ON_NOW

# The three that leave first and the three most popular that stay, of what the profile has.
_FILL = text(f"""
    WITH here AS (
        SELECT o.title_id, nullif(max(coalesce(o.expires_on, DATE 'infinity')), DATE 'infinity')
               AS ends
        FROM offers o JOIN profile_platforms p ON p.platform_id = o.platform_id
        WHERE p.profile_id = :profile AND o.country = :country AND o.season_number IS NULL
          AND o.monetization IN {INCLUDED} AND {ON_NOW}
        GROUP BY o.title_id
    ), ranked AS (
        SELECT h.title_id, row_number() OVER (
                   PARTITION BY h.ends IS NULL ORDER BY h.ends, t.popularity DESC, t.id
               ) AS place
        FROM here h JOIN titles t ON t.id = h.title_id
        JOIN profiles p ON p.id = :profile AND t.maturity <= p.maturity_ceiling
        WHERE h.ends IS NULL OR h.ends > CAST(:today AS date)
    )
    INSERT INTO watchlist_items (profile_id, title_id, added_at)
    SELECT :profile, title_id, CAST(:now AS timestamptz) - place * INTERVAL '1 hour'
    FROM ranked WHERE place <= 3
    ON CONFLICT DO NOTHING
""")


async def fill(
    session: AsyncSession, profile_id: UUID, country: str, today: date, now: datetime
) -> int:
    """Fill the list of a profile that was just made, with its platforms; how many titles."""
    filled = await (await session.connection()).execute(
        _FILL, {"profile": profile_id, "country": country, "today": today, "now": now}
    )
    return filled.rowcount
