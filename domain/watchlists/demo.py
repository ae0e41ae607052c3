"""A watchlist and a few evenings for a demo account, so that a first look finds something."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import text
from sqlmodel.ext.asyncio.session import AsyncSession

from domain.platforms.sql import INCLUDED, ON_NOW

# The three that leave first, the series whose seasons leave first, and the three most popular that
# stay, of what the profile has.
_WISH = text(f"""
    WITH parts AS (
        SELECT o.title_id, o.season_number, max(coalesce(o.expires_on, DATE 'infinity')) AS ends
        FROM offers o JOIN profile_platforms p ON p.platform_id = o.platform_id
        WHERE p.profile_id = :profile AND o.country = :country
          AND o.monetization IN {INCLUDED} AND {ON_NOW}
        GROUP BY o.title_id, o.season_number
    ), here AS (
        SELECT title_id, bool_or(season_number IS NOT NULL) AS by_season,
               nullif(min(ends), DATE 'infinity') AS ends
        FROM parts GROUP BY title_id
    ), ranked AS (
        SELECT h.title_id, h.by_season, h.ends, row_number() OVER (
                   PARTITION BY h.by_season, h.ends IS NULL
                   ORDER BY h.ends, t.popularity DESC, t.id
               ) AS place
        FROM here h JOIN titles t ON t.id = h.title_id
        JOIN profiles p ON p.id = :profile AND t.maturity <= p.maturity_ceiling
        WHERE h.ends IS NULL OR h.ends > CAST(:today AS date)
    )
    INSERT INTO watchlist_items (profile_id, title_id, added_at)
    SELECT :profile, title_id, CAST(:now AS timestamptz) - place * INTERVAL '1 hour'
    FROM ranked
    WHERE CASE WHEN by_season THEN place = 1 AND ends IS NOT NULL ELSE place <= 3 END
    ON CONFLICT DO NOTHING
""")

# The three most popular films that are not on it, three days apart.
_WATCH = text(f"""
    WITH films AS (
        SELECT t.id, row_number() OVER (ORDER BY t.popularity DESC, t.id) AS place
        FROM titles t JOIN profiles p ON p.id = :profile AND t.maturity <= p.maturity_ceiling
        WHERE t.kind = 'film' AND t.id IN (
            SELECT title_id FROM offers
            WHERE country = :country AND monetization IN {INCLUDED} AND {ON_NOW}
              AND platform_id IN (SELECT platform_id FROM profile_platforms
                                  WHERE profile_id = :profile)
            EXCEPT SELECT title_id FROM watchlist_items WHERE profile_id = :profile
        )
    )
    INSERT INTO watches (profile_id, title_id, watched_at, source)
    SELECT :profile, id, CAST(:now AS timestamptz) - place * INTERVAL '3 days', 'demo'
    FROM films WHERE place <= 3
    ON CONFLICT DO NOTHING
""")


async def fill(
    session: AsyncSession, profile_id: UUID, country: str, today: date, now: datetime
) -> None:
    """Fill the list and the history of a profile that was just made, with its platforms."""
    asked = {"profile": profile_id, "country": country, "today": today, "now": now}
    connection = await session.connection()
    await connection.execute(_WISH, asked)
    await connection.execute(_WATCH, asked)
