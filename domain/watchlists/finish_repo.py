"""What `finish` looks at, read for many titles at once."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.db import Record
from domain.platforms.sql import INCLUDED, ON_NOW
from domain.watchlists.finish import (
    PACE_DAYS,
    TYPICAL_MIN,
    Left,
    Pace,
    Plan,
    Stay,
    Watching,
    pace_of,
    plan,
)
from domain.watchlists.values import Whose

# Most titles have no last day, and of those nothing else is read.
_STAYS = text(f"""
    WITH here AS (
        SELECT title_id, season_number, expires_on FROM offers
        WHERE title_id = ANY (CAST(:titles AS bigint[])) AND country = :country
          AND platform_id IN (SELECT platform_id FROM profile_platforms
                              WHERE profile_id = CAST(:profile AS uuid))
          AND monetization IN {INCLUDED} AND {ON_NOW}
    )
    SELECT h.title_id, h.season_number, h.expires_on, t.kind, t.runtime_min
    FROM here h JOIN titles t ON t.id = h.title_id
    WHERE t.maturity <= CAST(:ceiling AS int)
      AND h.title_id IN (SELECT title_id FROM here WHERE expires_on IS NOT NULL)
""")

# Episodes that are alike are counted and not listed: some series have a thousand. A season whose
# episodes nobody has listed counts by the number it is said to have.
_LEFT = text("""
    WITH asked AS (
        SELECT t.id AS title_id, t.kind,
               w.title_id IS NOT NULL AS begun, coalesce(w.whole, false) AS whole
        FROM titles t LEFT JOIN (
            SELECT title_id, bool_or(episode_id IS NULL) AS whole FROM watches
            WHERE profile_id = CAST(:profile AS uuid)
              AND title_id = ANY (CAST(:titles AS bigint[]))
            GROUP BY title_id
        ) w ON w.title_id = t.id
        WHERE t.id = ANY (CAST(:titles AS bigint[]))
    )
    SELECT title_id, begun, 1 AS season, 1 AS episodes, NULL AS minutes, 'unknown' AS filler
    FROM asked WHERE kind = 'film' AND NOT whole
    UNION ALL
    SELECT a.title_id, a.begun, e.season_number, count(*), e.runtime_min, e.filler
    FROM asked a JOIN episodes e ON e.title_id = a.title_id
    WHERE NOT a.whole AND (e.air_date IS NULL OR e.air_date <= CAST(:today AS date))
      AND NOT EXISTS (SELECT FROM watches w
                      WHERE w.profile_id = CAST(:profile AS uuid)
                        AND w.title_id = e.title_id AND w.episode_id = e.id)
    GROUP BY a.title_id, a.begun, e.season_number, e.runtime_min, e.filler
    UNION ALL
    SELECT a.title_id, a.begun, s.number, s.episode_count, NULL, 'unknown'
    FROM asked a JOIN seasons s ON s.title_id = a.title_id
    WHERE NOT a.whole AND s.episode_count > 0
      AND NOT EXISTS (SELECT FROM episodes e
                      WHERE e.title_id = s.title_id AND e.season_number = s.number)
""")

# A series that was ticked off whole says nothing about an evening. The days are UTC's: a pace is
# a mean over weeks, and where a day ends moves little of it.
_PACE = text("""
    WITH days AS (
        SELECT sum(coalesce(e.runtime_min, t.runtime_min, CASE t.kind
                   WHEN 'film' THEN CAST(:film AS int) ELSE CAST(:episode AS int) END)) AS minutes
        FROM watches w JOIN titles t ON t.id = w.title_id
        LEFT JOIN episodes e ON e.id = w.episode_id
        WHERE w.profile_id = CAST(:profile AS uuid)
          AND w.watched_at >= CAST(:today AS date) - CAST(:days AS int)
          AND w.watched_at < CAST(:today AS date) + 1
          AND (w.episode_id IS NOT NULL OR t.kind = 'film')
        GROUP BY CAST(w.watched_at AT TIME ZONE 'UTC' AS date)
    )
    SELECT ARRAY (SELECT minutes FROM days) AS minutes,
           CAST(:today AS date) - (SELECT CAST(min(watched_at) AT TIME ZONE 'UTC' AS date)
                                   FROM watches WHERE profile_id = CAST(:profile AS uuid)) AS known
""")


async def plans_for(
    connection: AsyncConnection, whose: Whose, title_ids: Sequence[int]
) -> Mapping[int, Plan]:
    """How a profile can finish titles, by title: those of which something unseen leaves."""
    asked: dict[str, Any] = {
        "titles": list(title_ids), "profile": whose.profile_id, "today": whose.today
    }  # fmt: skip
    here = asked | {"country": whose.country, "ceiling": whose.ceiling}
    stays: defaultdict[int, list[Record]] = defaultdict(list)
    for row in await connection.execute(_STAYS, here):
        stays[row.title_id].append(row)
    if not stays:
        return {}
    left: defaultdict[int, list[Left]] = defaultdict(list)
    begun: set[int] = set()
    for row in await connection.execute(_LEFT, asked | {"titles": list(stays)}):
        left[row.title_id].append(Left(row.season, row.episodes, row.minutes, row.filler))
        if row.begun:
            begun.add(row.title_id)
    pace = await pace_for(connection, whose.profile_id, whose.today)
    found: dict[int, Plan] = {}
    for key, rows in stays.items():
        watching = Watching(
            kind=rows[0].kind,
            runtime_min=rows[0].runtime_min,
            left=left[key],
            stays=[Stay(row.season_number, row.expires_on) for row in rows],
            begun=key in begun,
        )
        if made := plan(watching, pace, whose.today):
            found[key] = made
    return found


async def pace_for(connection: AsyncConnection, profile_id: UUID, today: date) -> Pace:
    """How much a profile watches a day."""
    row = (
        await connection.execute(
            _PACE,
            {
                "profile": profile_id,
                "today": today,
                "days": PACE_DAYS,
                "film": TYPICAL_MIN["film"],
                "episode": TYPICAL_MIN["series"],
            },
        )
    ).one()
    return pace_of(row.minutes, row.known or 0)
