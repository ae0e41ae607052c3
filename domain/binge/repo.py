"""What a binge is planned with, read for one title: what is left of it, and until when."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Self
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.accounts.viewer import Viewer
from domain.binge.questions import Habits
from domain.binge.values import Episode, Verdict
from domain.db import Record
from domain.platforms.sql import INCLUDED, ON_NOW
from domain.titles.repo import CARD
from domain.watchlists.finish import TYPICAL_MIN, Stay, Until, until_of

MOST_EPISODES = 5_000
OWN_VOTE = "you"
"""The source of a verdict that is the viewer's own."""

_VERDICTS: Mapping[str, Verdict] = {each.value: each for each in Verdict}

_TITLE = text(f"""
    SELECT {", ".join(f"t.{name}" for name in CARD)},
           ARRAY (SELECT number FROM seasons s WHERE s.title_id = t.id UNION
                  SELECT DISTINCT season_number FROM episodes e WHERE e.title_id = t.id) AS seasons,
           EXISTS (SELECT FROM episodes e WHERE e.title_id = t.id) OR EXISTS (
               SELECT FROM seasons s WHERE s.title_id = t.id AND s.episode_count > 0) AS listed,
           coalesce(p.skip_credits_min, 0) AS credits, coalesce(p.skip_recap_min, 0) AS recap
    FROM titles t LEFT JOIN profiles p ON p.id = CAST(:profile AS uuid)
    WHERE t.id = :title AND t.maturity <= CAST(:ceiling AS int)
""")

# Where there is nothing to go by, all platforms of the country count, and a last day on one of
# them, which may be one that they never see, is no end.
_STAYS = text(f"""
    WITH mine AS (
        SELECT platform_id FROM profile_platforms WHERE profile_id = CAST(:profile AS uuid)
    )
    SELECT season_number,
           CASE WHEN EXISTS (SELECT FROM mine) AND bool_and(expires_on IS NOT NULL)
                THEN max(expires_on) END AS until
    FROM offers
    WHERE title_id = :title AND country = :country AND monetization IN {INCLUDED} AND {ON_NOW}
      AND (NOT EXISTS (SELECT FROM mine) OR platform_id IN (SELECT platform_id FROM mine))
    GROUP BY season_number
""")

# A season whose episodes nobody has listed counts by the number it is said to have; so does a film,
# as one. What was ticked off whole has nothing left.
_LEFT = text("""
    WITH asked AS (
        SELECT id AS title_id, kind, runtime_min FROM titles t
        WHERE id = :title AND NOT EXISTS (
            SELECT FROM watches w WHERE w.profile_id = CAST(:profile AS uuid)
              AND w.title_id = t.id AND w.episode_id IS NULL)
    )
    SELECT e.id, e.season_number AS season, e.number, e.number_abs, e.name, e.runtime_min,
           e.air_date, coalesce(v.verdict, e.filler) AS verdict,
           CASE WHEN v.verdict IS NULL THEN e.filler_source ELSE CAST(:own AS text) END AS source,
           CASE WHEN v.verdict IS NULL THEN e.filler_confidence ELSE 1 END AS confidence,
           0 AS uncounted
    FROM asked a JOIN episodes e ON e.title_id = a.title_id AND a.kind = 'series'
    LEFT JOIN filler_votes v
           ON v.episode_id = e.id AND v.profile_id = CAST(:profile AS uuid)
    WHERE (CAST(:seasons AS int[]) IS NULL OR e.season_number = ANY (CAST(:seasons AS int[])))
      AND NOT EXISTS (SELECT FROM watches w WHERE w.profile_id = CAST(:profile AS uuid)
                        AND w.title_id = e.title_id AND w.episode_id = e.id)
    UNION ALL
    SELECT NULL, s.number, 1, NULL, NULL, NULL, NULL, 'unknown', NULL, NULL, s.episode_count
    FROM asked a JOIN seasons s ON s.title_id = a.title_id AND a.kind = 'series'
    WHERE s.episode_count > 0
      AND (CAST(:seasons AS int[]) IS NULL OR s.number = ANY (CAST(:seasons AS int[])))
      AND NOT EXISTS (SELECT FROM episodes e
                      WHERE e.title_id = s.title_id AND e.season_number = s.number)
    UNION ALL
    SELECT NULL, 1, 1, NULL, NULL, runtime_min, NULL, 'unknown', NULL, NULL, 1
    FROM asked WHERE kind = 'film'
    ORDER BY season, number LIMIT :most
""")


@dataclass(frozen=True, slots=True)
class Whom:
    """Who wants to watch, seen from where. profile_id: None for a guest."""

    profile_id: UUID | None
    country: str
    today: date
    ceiling: int

    @classmethod
    def of(cls, viewer: Viewer, now: datetime) -> Self:
        """Whoever is asking."""
        return cls(viewer.profile_id, viewer.country, viewer.today(now), viewer.ceiling)


@dataclass(frozen=True, slots=True)
class Shown:
    """A title that somebody may see: its card, its seasons, and what they skip of episodes.

    listed: whether anybody has said what episodes it has; a film has itself.
    """

    card: Record
    seasons: frozenset[int]
    habits: Habits
    listed: bool

    @property
    def title_id(self) -> int:
        """The title's key."""
        return self.card.id


async def shown(connection: AsyncConnection, whom: Whom, title_id: int) -> Shown | None:
    """A title; None where there is none, or none for them."""
    asked = {"profile": whom.profile_id, "title": title_id, "ceiling": whom.ceiling}
    row = (await connection.execute(_TITLE, asked)).one_or_none()
    if row is None:
        return None
    is_film = row.kind == "film"
    seasons = frozenset({1}) if is_film else frozenset(row.seasons)
    return Shown(row, seasons, Habits(row.credits, row.recap), row.listed or is_film)


async def left(
    connection: AsyncConnection, whom: Whom, title: Shown, seasons: Collection[int] | None
) -> Sequence[Episode]:
    """The episodes that somebody has not watched, in two statements; a film is one.

    seasons: only of these. There is one more than MOST_EPISODES where there are more.
    """
    asked: dict[str, Any] = {"profile": whom.profile_id, "title": title.title_id}
    here = asked | {"country": whom.country, "today": whom.today}
    rows = await connection.execute(_STAYS, here)
    stays = [Stay(row.season_number, row.until) for row in rows]
    wanted = {"seasons": sorted(seasons) if seasons else None, "own": OWN_VOTE}
    rows = await connection.execute(_LEFT, asked | wanted | {"most": MOST_EPISODES + 1})
    return _episodes(rows, title.card, stays)


def _episodes(rows: Any, card: Record, stays: Sequence[Stay]) -> list[Episode]:
    usual = card.runtime_min or TYPICAL_MIN[card.kind]
    until: dict[int, Until | None] = {}
    found: list[Episode] = []
    for row in rows:
        if row.season not in until:
            until[row.season] = until_of(stays, row.season)
        last = until[row.season]
        for number in range(row.number, row.number + max(1, row.uncounted)):
            if len(found) > MOST_EPISODES:
                return found
            found.append(
                Episode(
                    id=row.id,
                    season=row.season,
                    number=number,
                    minutes=row.runtime_min or usual,
                    number_abs=row.number_abs,
                    name=row.name,
                    assumed=not row.runtime_min,
                    verdict=_VERDICTS.get(row.verdict, Verdict.UNKNOWN),
                    source=row.source,
                    confidence=row.confidence,
                    available=last is not None,
                    until=last.day if last else None,
                    airs_on=row.air_date,
                )
            )
    return found
