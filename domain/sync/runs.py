"""Planning runs of the sync, and what people decide about them.

One run at a time, however many plan one: an index sees to it. The run, what it asks about and the
job that does it are written in one transaction.
"""

from collections.abc import Collection
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any
from uuid import UUID

import structlog
from sqlalchemy import ARRAY, BigInteger, Date, DateTime, String, text
from sqlalchemy.exc import IntegrityError
from sqlmodel.ext.asyncio.session import AsyncSession

from domain.errors import NotFound
from domain.events.values import SyncKind
from domain.jobs import ledger
from domain.sql import typed
from domain.sync import priorities, progress
from domain.sync.errors import NightHasRun, NotHeld, NothingToAsk, RunUnderWay
from domain.sync.ports import OfferSource

log = structlog.get_logger()

JOB = "sync"
KEPT, ITEMS_KEPT = timedelta(days=180), timedelta(days=14)
_CONFIRMED = "confirmed"
_ACTIVE = "('planned', 'asking', 'looking_again', 'removing')"
_TYPES: dict[str, Any] = {
    "now": DateTime(timezone=True), "before": DateTime(timezone=True), "night": Date(),
    "countries": ARRAY(String), "titles": ARRAY(BigInteger),
}  # fmt: skip

_sql = partial(typed, types=_TYPES)


_PLAN = _sql("""
    INSERT INTO sync_runs (source, reason, night, countries, dry_run, state, budget,
        planned_at)
    VALUES (:source, :reason, :night, :countries, :dry_run, 'planned', :budget, :now)
    ON CONFLICT DO NOTHING RETURNING id
""")
_UNDER_WAY = text(f"SELECT id FROM sync_runs WHERE state IN {_ACTIVE}")
_NIGHT = _sql("SELECT id FROM sync_runs WHERE night = :night")
_TITLES = text("UPDATE sync_runs SET titles = :titles WHERE id = :run")
_STATE = text("SELECT state FROM sync_runs WHERE id = :run FOR UPDATE")
_CONFIRM = _sql(f"""
    UPDATE sync_runs SET state = 'removing', confirmed_at = :now, finished_at = NULL, problem = NULL
    WHERE id = :run AND NOT EXISTS (SELECT FROM sync_runs WHERE state IN {_ACTIVE})
""")
_RELEASE = _sql("""
    UPDATE sync_titles SET quarantined_at = NULL, failures = 0, next_at = NULL, problem = NULL
    WHERE quarantined_at IS NOT NULL AND title_id = ANY(:titles)
""")
# A run whose job was given up would keep all others from beginning.
_ORPHANS = text(f"""
    SELECT r.id, (SELECT j.problem FROM jobs j
                  WHERE j.kind = '{JOB}' AND split_part(j.key, '/', 1) = CAST(r.id AS text)
                  ORDER BY j.id DESC LIMIT 1) AS problem
    FROM sync_runs r WHERE r.state IN {_ACTIVE} AND NOT EXISTS (
        SELECT FROM jobs j
        WHERE j.kind = '{JOB}' AND split_part(j.key, '/', 1) = CAST(r.id AS text)
          AND j.state IN ('waiting', 'running'))
    FOR UPDATE OF r
""")
_PRUNE = _sql("DELETE FROM sync_runs WHERE finished_at < :before AND state <> 'held'")
_PRUNE_ITEMS = _sql("""
    DELETE FROM sync_items i USING sync_runs r
    WHERE r.id = i.run_id AND r.finished_at < :before AND i.state <> 'failed'
""")


async def plan_run(
    session: AsyncSession,
    source: OfferSource,
    *,
    reason: str,
    night: date | None,
    countries: Collection[str],
    budget: int,
    now: datetime,
    titles: Collection[int] | None = None,
    dry_run: bool = False,
) -> int:
    """Write down a run, what it asks about, and the job that does it; the run's id.

    reason: 'nightly' | 'manual'; night: whose run it is, None for one by hand. budget: the most
    requests. titles: ask about these alone. Raises RunUnderWay, NightHasRun, and NothingToAsk
    where titles were named of which none can be asked about.
    """
    connection = await session.connection()
    told = {
        "source": source.name, "reason": reason, "night": night, "dry_run": dry_run,
        "countries": sorted(set(countries)), "budget": budget,
        "now": now,
    }  # fmt: skip
    while (run_id := (await connection.execute(_PLAN, told)).scalar_one_or_none()) is None:
        await _refuse_beside(session, night)
    await connection.execute(text("SET LOCAL statement_timeout = '50s'"))
    room = budget * max(1, source.batch)
    if titles is None:
        count = await priorities.fill(connection, run_id, source.name, told["countries"], room, now)
    else:
        count = await priorities.fill_asked(connection, run_id, source.name, titles, room)
        if not count:
            raise NothingToAsk(source.name)
    await connection.execute(_TITLES, {"run": run_id, "titles": count})
    await ledger.plan(session, JOB, str(run_id), now, arguments={"run": run_id})
    await progress.tell(session, run_id, SyncKind.PLANNED, now)
    log.info("sync.planned", run=run_id, source=source.name, reason=reason, titles=count)
    return run_id


async def job_of(session: AsyncSession, run_id: int, now: datetime) -> int:
    """The job that does a run, for whoever wants to wake a worker."""
    return await ledger.plan(session, JOB, str(run_id), now, arguments={"run": run_id})


def run_of(key: str) -> int:
    """Which run a job of this key does."""
    return int(key.partition("/")[0])


async def confirm(session: AsyncSession, run_id: int, admin: UUID | None, now: datetime) -> int:
    """Say that what a held run misses is gone: it takes it out then. The id of the job that does.

    admin: the account that says so; None: whoever sits at the machine. Raises NotFound, NotHeld,
    and RunUnderWay while another run is.
    """
    connection = await session.connection()
    state = (await connection.execute(_STATE, {"run": run_id})).scalar_one_or_none()
    if state is None:
        raise NotFound(f"There is no run {run_id} of the sync.")
    if state != "held":
        raise NotHeld(run_id, state)
    while not await _confirmed(session, run_id, now):
        await _refuse_beside(session, None)
    log.info("sync.confirmed", run=run_id, account=str(admin) if admin else None)
    await progress.tell(session, run_id, SyncKind.MOVED_ON, now)
    key = f"{run_id}/{_CONFIRMED}"
    return await ledger.plan(session, JOB, key, now, arguments={"run": run_id})


async def release(session: AsyncSession, *titles: int) -> int:
    """Take titles out of quarantine: the next run may ask about them; how many were in it."""
    connection = await session.connection()
    return (await connection.execute(_RELEASE, {"titles": list(titles)})).rowcount


async def end_orphans(session: AsyncSession, now: datetime) -> int:
    """End the run whose job was given up, so that others can begin; how many there were."""
    orphans = (await (await session.connection()).execute(_ORPHANS)).all()
    for row in orphans:
        problem = row.problem or "The job that did it is gone."
        await progress.end(session, row.id, "failed", now, problem)
        log.error("sync.given_up", run=row.id, problem=problem)
    return len(orphans)


async def has_run(session: AsyncSession, night: date) -> bool:
    """Whether a night has had its run, or has it now, or another run is under way."""
    connection = await session.connection()
    if (await connection.execute(_NIGHT, {"night": night})).first():
        return True
    return (await connection.execute(_UNDER_WAY)).first() is not None


async def prune(session: AsyncSession, now: datetime) -> int:
    """Forget runs of half a year ago, and of those of two weeks ago what they asked about."""
    connection = await session.connection()
    await connection.execute(text("SET LOCAL statement_timeout = '50s'"))
    items = await connection.execute(_PRUNE_ITEMS, {"before": now - ITEMS_KEPT})
    return items.rowcount + (await connection.execute(_PRUNE, {"before": now - KEPT})).rowcount


async def _confirmed(session: AsyncSession, run_id: int, now: datetime) -> bool:
    try:
        async with session.begin_nested():
            connection = await session.connection()
            confirmed = await connection.execute(_CONFIRM, {"run": run_id, "now": now})
            return bool(confirmed.rowcount)
    except IntegrityError:  # one that could not be seen yet was planned in this very moment
        return False


async def _refuse_beside(session: AsyncSession, night: date | None) -> None:
    """Raise RunUnderWay or NightHasRun; neither where what was in the way has ended by now."""
    connection = await session.connection()
    under_way = (await connection.execute(_UNDER_WAY)).scalar_one_or_none()
    if under_way is not None:
        raise RunUnderWay(under_way)
    if night is not None and (await connection.execute(_NIGHT, {"night": night})).first():
        raise NightHasRun
