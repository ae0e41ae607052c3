"""Taking out what two looks have missed, unless that is too much to be believed.

An upstream that is broken lists little. So where a run misses more than a few offers and more than
5 % of those it has seen, it is held: until an admin confirms it, or until a run that is begun hours
later misses the same.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from sqlalchemy import ARRAY, BigInteger, DateTime, Interval, String
from sqlmodel.ext.asyncio.session import AsyncSession

from domain.availability import service
from domain.availability.values import Observation, OfferKey
from domain.events.values import SyncKind
from domain.sql import typed
from domain.sync import progress
from domain.sync.rules import HELD_APART, is_too_much
from domain.sync.values import Word

_AT_ONCE = 500
_TYPES: dict[str, Any] = {
    "source": String(), "now": DateTime(timezone=True), "apart": Interval(),
    "offers": ARRAY(BigInteger),
}  # fmt: skip

_sql = partial(typed, types=_TYPES)


_COUNT = _sql("""
    SELECT r.offers, r.confirmed_at IS NOT NULL AS confirmed, r.source,
           count(m.offer_id) FILTER (WHERE NOT EXISTS (
               SELECT FROM sync_removals e JOIN sync_runs held ON held.id = e.run_id
               WHERE e.offer_id = m.offer_id AND e.removed_at IS NULL AND held.id < r.id
                 AND held.source = r.source AND held.state = 'held'
                 AND held.finished_at <= r.planned_at - CAST(:apart AS interval))) AS unheard_of
    FROM sync_runs r LEFT JOIN sync_removals m ON m.run_id = r.id AND m.removed_at IS NULL
    WHERE r.id = :run GROUP BY r.id
""")
# What the source has listed after it was missed isn't gone.
_TURNED_UP = _sql("""
    DELETE FROM sync_removals m USING offer_claims c
    WHERE m.run_id = :run AND m.removed_at IS NULL AND c.offer_id = m.offer_id
      AND c.source = :source AND c.there AND c.observed_at > m.missed_at
""")
_NEXT = _sql("""
    SELECT m.offer_id, m.missed_at, o.title_id, o.season_number, o.platform_id, o.country,
           o.monetization, o.quality
    FROM sync_removals m JOIN offers o ON o.id = m.offer_id
    WHERE m.run_id = :run AND m.removed_at IS NULL
    ORDER BY m.offer_id LIMIT :most FOR UPDATE OF m
""")
_REMOVED = _sql("""
    UPDATE sync_removals SET removed_at = :now
    WHERE removed_at IS NULL AND offer_id = ANY(:offers)
      AND run_id IN (SELECT id FROM sync_runs WHERE source = :source)
""")
_FORGET = _sql("""
    UPDATE sync_titles SET suspects = ARRAY(
        SELECT offer FROM unnest(suspects) AS offer WHERE NOT offer = ANY(:offers))
    WHERE source = :source AND suspects && CAST(:offers AS bigint[])
      AND title_id IN (SELECT title_id FROM offers WHERE id = ANY(:offers))
""")
_SETTLED = _sql("""
    UPDATE sync_runs r SET state = 'done', problem = NULL
    WHERE r.state = 'held' AND r.source = :source AND NOT EXISTS (
        SELECT FROM sync_removals m WHERE m.run_id = r.id AND m.removed_at IS NULL)
    RETURNING r.id
""")


@dataclass(frozen=True, slots=True)
class Weighed:
    """What a run misses twice. problem: why that is too much, None where it isn't."""

    source: str
    problem: str | None


async def weigh(session: AsyncSession, run_id: int) -> Weighed:
    """Whether what a run misses can be believed."""
    connection = await session.connection()
    told = {"run": run_id, "apart": HELD_APART}
    row = (await connection.execute(_COUNT, told)).one()
    if row.confirmed or not is_too_much(row.unheard_of, row.offers):
        return Weighed(row.source, None)
    hours = int(HELD_APART.total_seconds() // 3600)
    return Weighed(
        row.source,
        f"{row.unheard_of:,} offers were missing twice, and {row.offers:,} were listed: that is so"
        f" much that {row.source} may be broken. Nothing was taken out. Confirm this run if they"
        f" have really left; a run at least {hours} hours later that misses the same does it, too.",
    )


async def remove_some(session: AsyncSession, run_id: int, word: Word, now: datetime) -> bool:
    """Take out the next offers that a run misses; whether there were any."""
    connection = await session.connection()
    await connection.execute(_TURNED_UP, {"run": run_id, "source": word.name})
    rows = (await connection.execute(_NEXT, {"run": run_id, "most": _AT_ONCE})).all()
    if not rows:
        return False
    recorded = await service.record(session, _gone(rows, word), now)
    offers = {"offers": [row.offer_id for row in rows], "source": word.name}
    await connection.execute(_REMOVED, {**offers, "now": now})
    await connection.execute(_FORGET, offers)
    await progress.count(session, run_id, now, removed=recorded.changed)
    await progress.tell(session, run_id, SyncKind.MOVED_ON, now)
    return True


async def settle_held(session: AsyncSession, source: str, now: datetime) -> None:
    """End the held runs of which nothing is missing any more: it was taken out, or turned up."""
    settled = await (await session.connection()).execute(_SETTLED, {"source": source})
    for run_id in settled.scalars().all():
        await progress.tell(session, run_id, SyncKind.ENDED, now)


def _gone(rows: Sequence[Any], word: Word) -> list[Observation]:
    return [
        Observation(
            OfferKey(
                row.title_id, row.season_number, row.platform_id, row.country, row.monetization,
                row.quality,
            ),
            there=False,
            source=word.name,
            confidence=word.confidence,
            observed_at=row.missed_at,
        )
        for row in rows
    ]  # fmt: skip
