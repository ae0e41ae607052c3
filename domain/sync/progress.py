"""What is written of a run while it goes on: its state, its counts, and the events that tell it."""

from datetime import datetime
from functools import partial
from typing import Any

from sqlalchemy import DateTime, TextClause
from sqlmodel.ext.asyncio.session import AsyncSession

from domain.events import outbox
from domain.events.values import Event, SyncKind, Topic
from domain.sql import typed

COUNTS = (
    "requests", "unchanged", "changed", "unknown", "failed", "quarantined", "rejected", "unplaced",
    "offers", "added", "updated", "removals", "removed",
)  # fmt: skip
_MOMENT = DateTime(timezone=True)
_sql = partial(typed, types={"now": _MOMENT, "at": _MOMENT})

# A checkpoint says that the upstream is there, so what was wrong with it isn't any more.
_COUNT = _sql(f"""
    UPDATE sync_runs SET {", ".join(f"{name} = {name} + :{name}" for name in COUNTS)},
        checkpoint_at = :now, problem = NULL
    WHERE id = :run
""")
_BEGIN = _sql("""
    UPDATE sync_runs SET state = 'asking', started_at = coalesce(started_at, :now),
        checkpoint_at = :now
    WHERE id = :run
""")
_LOOK_AGAIN = _sql("""
    UPDATE sync_runs SET state = 'looking_again', look_again_at = :at, checkpoint_at = :now,
        problem = NULL
    WHERE id = :run
""")
_REMOVE = _sql("""
    UPDATE sync_runs SET state = 'removing', checkpoint_at = :now, problem = NULL WHERE id = :run
""")
_END = _sql("""
    UPDATE sync_runs SET state = :state, problem = :problem, finished_at = :now WHERE id = :run
""")
_PROBLEM = _sql("""
    UPDATE sync_runs SET problem = :problem,
        checkpoint_at = CASE WHEN problem IS NULL THEN :now ELSE checkpoint_at END
    WHERE id = :run
""")


async def tell(session: AsyncSession, run_id: int, kind: SyncKind, now: datetime) -> None:
    """Let whoever follows the runs know that something happened to one."""
    await outbox.add(session, [Event(topic=Topic.SYNC, kind=kind, at=now, run_id=run_id)])


async def count(session: AsyncSession, run_id: int, now: datetime, **counts: int) -> None:
    """A checkpoint: add to a run's counts, which are those of COUNTS."""
    told = {"run": run_id, "now": now} | {name: counts.pop(name, 0) for name in COUNTS}
    assert not counts, f"no such counts: {', '.join(counts)}"
    await _run(session, _COUNT, told)


async def begin(session: AsyncSession, run_id: int, now: datetime) -> None:
    """The run asks for the first time."""
    await _move(session, _BEGIN, run_id, now)


async def look_again(session: AsyncSession, run_id: int, at: datetime, now: datetime) -> None:
    """The run has asked about everything, and will ask about what was missing at a moment."""
    await _move(session, _LOOK_AGAIN, run_id, now, at=at)


async def remove(session: AsyncSession, run_id: int, now: datetime) -> None:
    """The run has looked twice, and takes out what was missing twice."""
    await _move(session, _REMOVE, run_id, now)


async def end(
    session: AsyncSession, run_id: int, state: str, now: datetime, problem: str | None = None
) -> None:
    """The run has ended as 'done', 'held' or 'failed'; problem: why, for people."""
    told = {"run": run_id, "state": state, "now": now, "problem": problem}
    await _run(session, _END, told)
    await tell(session, run_id, SyncKind.ENDED, now)


async def note(session: AsyncSession, run_id: int, problem: str, now: datetime) -> None:
    """What keeps the run from going on for now; since when it does is its last checkpoint then."""
    await _run(session, _PROBLEM, {"run": run_id, "problem": problem, "now": now})


async def _move(
    session: AsyncSession, statement: TextClause, run_id: int, now: datetime, **told: Any
) -> None:
    await _run(session, statement, {"run": run_id, "now": now, **told})
    await tell(session, run_id, SyncKind.MOVED_ON, now)


async def _run(session: AsyncSession, statement: TextClause, told: dict[str, Any]) -> None:
    await (await session.connection()).execute(statement, told)
