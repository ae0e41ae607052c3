"""Reads of the nightly sync for people: its runs, and what went wrong in them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlmodel import col, select

from domain.db import Record
from domain.errors import InvalidInput
from domain.sync.models import SyncRun

MOST_PROBLEMS = 100

_PROBLEMS = text("""
    SELECT i.title_id, coalesce(i.problem, s.problem) AS problem,
           s.quarantined_at IS NOT NULL AS quarantined
    FROM sync_items i JOIN sync_runs r ON r.id = i.run_id
    LEFT JOIN sync_titles s ON s.source = r.source AND s.title_id = i.title_id
    WHERE i.run_id = :run AND i.state = 'failed' ORDER BY i.n LIMIT :most
""")
_WHOLE = text("""
    SELECT EXISTS (SELECT FROM sync_runs WHERE id = :run AND NOT dry_run)
       AND NOT EXISTS (SELECT FROM sync_items WHERE run_id = :run AND why = 'asked')
""")
_QUARANTINED = text("""
    SELECT title_id, problem, true AS quarantined FROM sync_titles
    WHERE quarantined_at IS NOT NULL ORDER BY quarantined_at DESC, title_id LIMIT :most
""")


@dataclass(frozen=True, slots=True)
class Page:
    """Rows of sync_runs, the latest first."""

    rows: Sequence[Record]
    more: bool


def _runs() -> Any:
    return select(*SyncRun.__table__.columns)  # type: ignore[attr-defined]


async def runs(connection: AsyncConnection, *, first: int, after: str | None = None) -> Page:
    """The runs, the latest first; after: the key of the last one seen. Raises InvalidInput."""
    statement = _runs().order_by(col(SyncRun.id).desc()).limit(first + 1)
    if after is not None:
        if not (after.isascii() and after.isdecimal() and len(after) < 19):
            raise InvalidInput(
                "This cursor was not given out by us; start again without it.", field="after"
            )
        statement = statement.where(col(SyncRun.id) < int(after))
    rows = (await connection.execute(statement)).all()
    return Page(rows[:first], len(rows) > first)


async def run(connection: AsyncConnection, run_id: int) -> Record | None:
    """A run, if there is one with that key."""
    return (await connection.execute(_runs().where(col(SyncRun.id) == run_id))).one_or_none()


async def is_whole(connection: AsyncConnection, run_id: int) -> bool:
    """Whether a run does what a night's does: it is no dry one, nor about titles somebody named."""
    return bool((await connection.execute(_WHOLE, {"run": run_id})).scalar_one())


async def problems(connection: AsyncConnection, run_id: int) -> Sequence[Record]:
    """What went wrong with titles of a run: title_id, problem, quarantined; the first 100."""
    told = {"run": run_id, "most": MOST_PROBLEMS}
    return (await connection.execute(_PROBLEMS, told)).all()


async def quarantined(connection: AsyncConnection) -> Sequence[Record]:
    """The titles that are not asked about any more, the latest first: the same columns; 100."""
    return (await connection.execute(_QUARANTINED, {"most": MOST_PROBLEMS})).all()
