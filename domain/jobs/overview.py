"""Reads of the job ledger for people: how much there is to do, and what was given up."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from sqlalchemy import BigInteger, DateTime
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.db import Record
from domain.errors import InvalidInput
from domain.jobs.values import DONE, QUARANTINED, RUNNING, WAITING
from domain.sql import typed

MOST_DUE = 1_000

_TYPES: dict[str, Any] = {"now": DateTime(timezone=True), "before": BigInteger()}
_sql = partial(typed, types=_TYPES)
_COLUMNS = (
    "id, kind, key, state, problem, attempt, deaths, failures, due_at, created_at, started_at,"
    " finished_at"
)
# What was done is forgotten after a week, so this walks over a week's jobs.
_TALLIES = _sql("SELECT kind, state, count(*) AS jobs FROM jobs GROUP BY kind, state ORDER BY kind")
_DUE = _sql(f"""
    SELECT count(*) AS jobs, min(due_at) AS oldest
    FROM (SELECT due_at FROM jobs WHERE state = 'waiting' AND due_at <= :now
          ORDER BY due_at LIMIT {MOST_DUE + 1}) AS due
""")
_QUARANTINED = _sql(f"""
    SELECT {_COLUMNS} FROM jobs
    WHERE state = 'quarantined' AND id < coalesce(:before, 9223372036854775807)
    ORDER BY id DESC LIMIT :most
""")
_JOB = _sql(f"SELECT {_COLUMNS} FROM jobs WHERE id = :job_id")


@dataclass(frozen=True, slots=True)
class Tally:
    """How many jobs of a kind are in each state."""

    kind: str
    waiting: int
    running: int
    done: int
    quarantined: int


@dataclass(frozen=True, slots=True)
class Ledger:
    """How the ledger stands. due: waiting jobs whose time has come, 1,001 for any more than 1,000;
    oldest_due_at: since when the one that waits longest could have been begun.
    """

    tallies: Sequence[Tally]
    due: int
    oldest_due_at: datetime | None


@dataclass(frozen=True, slots=True)
class Page:
    """Rows of jobs, the latest first."""

    rows: Sequence[Record]
    more: bool


async def standing(connection: AsyncConnection, now: datetime) -> Ledger:
    """How many jobs there are of each kind, by state, and whether any has to wait."""
    counted: dict[str, dict[str, int]] = {}
    for row in await connection.execute(_TALLIES):
        counted.setdefault(row.kind, {})[row.state] = row.jobs
    tallies = [
        Tally(kind, *(states.get(each, 0) for each in (WAITING, RUNNING, DONE, QUARANTINED)))
        for kind, states in counted.items()
    ]
    due = (await connection.execute(_DUE, {"now": now})).one()
    return Ledger(tallies, due.jobs, due.oldest)


async def quarantined(connection: AsyncConnection, *, first: int, after: str | None = None) -> Page:
    """The jobs that were given up, the latest first; after: the key of the last one seen.

    Raises InvalidInput.
    """
    if after is not None and not (after.isascii() and after.isdecimal() and len(after) < 19):
        raise InvalidInput(
            "This cursor was not given out by us; start again without it.", field="after"
        )
    asked = {"before": None if after is None else int(after), "most": first + 1}
    rows = (await connection.execute(_QUARANTINED, asked)).all()
    return Page(rows[:first], len(rows) > first)


async def job(connection: AsyncConnection, job_id: int) -> Record | None:
    """A job, if there is one with that key."""
    return (await connection.execute(_JOB, {"job_id": job_id})).one_or_none()
