"""Webhooks that were genuine and whole: stored, answered, applied.

A delivery is stored in a transaction of its own before its sender hears that we have it, and
applied in a second one, which also notes that it is. Killed between the two, or failing in the
second, it waits in the table for the next round of `apply_waiting`; nothing is applied twice.
"""

import asyncio
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from sqlalchemy import DateTime, LargeBinary, String, bindparam, text
from sqlmodel.ext.asyncio.session import AsyncSession

from domain.db import Database
from domain.titles.names import clean
from domain.webhooks import parked, payload

log = structlog.get_logger()

KEPT = timedelta(days=7)
AT_ONCE_S, LATER_S = 5.0, 20.0  # how long applying may take while the sender waits, and afterwards
_MOST_WAITING = 200  # for one round
_LONGEST_PROBLEM = 300

# What `store` puts there counts as the attempt that follows it. An attempt is counted before it is
# made, so that a delivery that takes the process down with it steps behind the others, too.
_STORE = text("""
    INSERT INTO webhook_deliveries AS d (webhook_id, body, received_at, attempts)
    VALUES (:webhook_id, :body, :now, 1)
    ON CONFLICT (webhook_id) DO UPDATE SET duplicates = d.duplicates + 1
    RETURNING id, duplicates = 0 AS is_new
""").bindparams(
    bindparam("webhook_id", type_=String()),
    bindparam("body", type_=LargeBinary()),
    bindparam("now", type_=DateTime(timezone=True)),
)
# The waits double: at once, 5 s, 15 s, 35 s … 43 min after ten attempts, a day after fifteen.
NEXT_AT = "received_at + interval '5 s' * (2 ^ (least(attempts, 30) - 1) - 1)"
"""When it is a delivery's turn again."""
_DUE = text(f"""
    SELECT id FROM webhook_deliveries
    WHERE applied_at IS NULL AND {NEXT_AT} <= :now
    ORDER BY id LIMIT :most
""").bindparams(bindparam("now", type_=DateTime(timezone=True)))
_FREE = """
    SELECT id FROM webhook_deliveries
    WHERE id = :id AND applied_at IS NULL FOR UPDATE SKIP LOCKED
"""
_COUNT = text(f"""
    UPDATE webhook_deliveries SET attempts = least(attempts + 1, 1000) WHERE id IN ({_FREE})
""")
_PROBLEM = text(f"UPDATE webhook_deliveries SET problem = :problem WHERE id IN ({_FREE})")
# This one waits: who counts a duplicate has the row for a moment, too.
_READ = text("""
    SELECT body, received_at FROM webhook_deliveries
    WHERE id = :id AND applied_at IS NULL FOR UPDATE
""")
_APPLIED = text("""
    UPDATE webhook_deliveries SET applied_at = :now, problem = NULL WHERE id = :id
""").bindparams(bindparam("now", type_=DateTime(timezone=True)))
_PRUNE = text("""
    DELETE FROM webhook_deliveries WHERE received_at < :before AND applied_at IS NOT NULL
""").bindparams(bindparam("before", type_=DateTime(timezone=True)))


@dataclass(frozen=True, slots=True)
class Stored:
    """A delivery in the table. is_new: its webhook-id came for the first time."""

    id: int
    is_new: bool


async def take(database: Database, webhook_id: str, body: bytes, now: datetime) -> bool:
    """Store a delivery and apply it; whether it is new. Raises only where it was not stored.

    body: one that `payload.read` reads.
    """
    async with database.transaction() as session:
        stored = await store(session, webhook_id, body, now)
    if stored.is_new:
        await attempt(database, stored.id, now, patience_s=AT_ONCE_S)
    return stored.is_new


async def store(session: AsyncSession, webhook_id: str, body: bytes, now: datetime) -> Stored:
    """Write a delivery down, or count one more of those that came before."""
    values = {"webhook_id": webhook_id, "body": body, "now": now}
    row = (await (await session.connection()).execute(_STORE, values)).one()
    return Stored(row.id, row.is_new)


async def attempt(
    database: Database, delivery_id: int, now: datetime, *, patience_s: float
) -> bool:
    """Apply a delivery unless somebody else has; whether we did. It never raises for a failure."""
    try:
        async with asyncio.timeout(patience_s), database.transaction() as session:
            return await apply(session, delivery_id, now)
    except Exception as error:  # whichever: the delivery is stored, and its turn comes again
        log.warning("webhook.not_applied", delivery=delivery_id, problem=type(error).__name__)
        with suppress(Exception):  # Postgres may be what is away
            async with database.transaction() as session:
                told = {"id": delivery_id, "problem": _sentence(error)}
                await (await session.connection()).execute(_PROBLEM, told)
        return False


async def apply(session: AsyncSession, delivery_id: int, now: datetime) -> bool:
    """Record what a delivery says and note that it is done; False if it was.

    Raises whatever keeps it from being applied.
    """
    connection = await session.connection()
    row = (await connection.execute(_READ, {"id": delivery_id})).one_or_none()
    if row is None:
        return False
    sightings = payload.read(row.body).sightings(row.received_at)
    unknown = await parked.hear(session, sightings, now)
    await connection.execute(_APPLIED, {"id": delivery_id, "now": now})
    if unknown:
        log.info("webhook.parked", delivery=delivery_id, events=unknown)
    return True


async def apply_waiting(database: Database, now: datetime) -> int:
    """Apply what waits and is due, the oldest first; how many were applied."""
    async with database.read() as connection:
        due = await connection.execute(_DUE, {"now": now, "most": _MOST_WAITING})
        ids = list(due.scalars())
    applied = 0
    for delivery_id in ids:
        async with database.transaction() as session:
            counted = await (await session.connection()).execute(_COUNT, {"id": delivery_id})
        if counted.rowcount:
            applied += await attempt(database, delivery_id, now, patience_s=LATER_S)
    return applied


async def prune(session: AsyncSession, now: datetime) -> int:
    """Forget what was applied and is older than a week; how many there were."""
    pruned = await (await session.connection()).execute(_PRUNE, {"before": now - KEPT})
    return pruned.rowcount


def _sentence(error: BaseException) -> str:
    told = str(getattr(error, "orig", None) or error).partition("\n")[0]
    return clean(f"{type(error).__name__}: {told}", _LONGEST_PROBLEM)
