"""The job ledger: who does what must be done, and what came of it.

A queue only carries a job's id to somebody who may claim it. A claim is a lease and the number of
the attempt: the lease says when others may take the job up, the number is what every write for the
job is checked against (`hold`), so that whoever slept through the end of a lease writes nothing.

Locks: `hold` shares the row's key, which renewals, finishing and failing don't mind and `claim`
does. So no claim happens between a hold and its commit, and nobody waits for anybody for long.
"""

import random
from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import structlog
from sqlalchemy import BigInteger, DateTime, String, TextClause
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlmodel.ext.asyncio.session import AsyncSession

from domain.db import Database, Record
from domain.errors import NotFound
from domain.jobs import rules
from domain.jobs.errors import LeaseLost
from domain.jobs.rules import KEPT, KEPT_IN_QUARANTINE, LEASE
from domain.jobs.values import Claim, Standing
from domain.sql import typed
from domain.titles.names import clean

log = structlog.get_logger()

_LONGEST_PROBLEM = 500
_TYPES: dict[str, Any] = {
    "job_id": BigInteger(), "kind": String(), "key": String(), "problem": String(),
    "arguments": JSONB(none_as_null=True), "result": JSONB(none_as_null=True),
    "now": DateTime(timezone=True), "at": DateTime(timezone=True),
    "until": DateTime(timezone=True), "quarantined_before": DateTime(timezone=True),
    "done_before": DateTime(timezone=True),
}  # fmt: skip

_sql = partial(typed, types=_TYPES)


_OURS = "id = :job_id AND attempt = :attempt AND state = 'running'"
_PLAN = _sql("""
    INSERT INTO jobs (kind, key, arguments, due_at, created_at)
    VALUES (:kind, :key, :arguments, :at, :now)
    ON CONFLICT (kind, key) DO NOTHING RETURNING id
""")
_PLANNED = _sql("SELECT id FROM jobs WHERE kind = :kind AND key = :key")
_STANDING = "SELECT state, due_at, attempt, deaths, failures, lease_until FROM jobs"
_READ = _sql(f"{_STANDING} WHERE id = :job_id")
# Whoever has it locked is claiming it, or writes for it: either way it isn't ours.
_LOCK = _sql(f"{_STANDING} WHERE id = :job_id FOR UPDATE SKIP LOCKED")
_CLAIM = _sql("""
    UPDATE jobs SET state = 'running', attempt = attempt + 1, deaths = :deaths,
        lease_until = :until, started_at = coalesce(started_at, :now)
    WHERE id = :job_id
    RETURNING id, kind, key, attempt, arguments, deaths
""")
_GIVE_UP = _sql("""
    UPDATE jobs SET state = 'quarantined', deaths = :deaths, lease_until = NULL,
        problem = :problem, finished_at = :now
    WHERE id = :job_id
    RETURNING id, kind, key
""")
_RENEW = _sql(f"UPDATE jobs SET lease_until = :until WHERE {_OURS}")
_HOLD = _sql(f"SELECT 1 FROM jobs WHERE {_OURS} FOR KEY SHARE")
_GOT_ON = _sql(f"""
    UPDATE jobs SET deaths = 0, failures = 0 WHERE {_OURS} AND (deaths > 0 OR failures > 0)
""")
_FINISH = _sql(f"""
    UPDATE jobs SET state = 'done', result = :result, finished_at = :now, lease_until = NULL,
        problem = NULL, deaths = 0, failures = 0
    WHERE {_OURS}
""")
_AGAIN = _sql(f"""
    UPDATE jobs SET state = 'waiting', due_at = :at, lease_until = NULL, problem = NULL,
        deaths = 0, failures = 0
    WHERE {_OURS}
""")
_HAND_BACK = _sql(f"""
    UPDATE jobs SET state = 'waiting', due_at = :at, lease_until = NULL WHERE {_OURS}
""")
_FAILURES = _sql(f"SELECT failures + 1 FROM jobs WHERE {_OURS} FOR NO KEY UPDATE")
_FAIL = _sql(f"""
    UPDATE jobs SET failures = :failures, problem = :problem, lease_until = NULL,
        state = CASE WHEN CAST(:at AS timestamptz) IS NULL THEN 'quarantined' ELSE 'waiting' END,
        due_at = coalesce(:at, due_at),
        finished_at = CASE WHEN CAST(:at AS timestamptz) IS NULL THEN :now END
    WHERE {_OURS}
""")
_DUE = _sql("""
    (SELECT id, attempt FROM jobs WHERE state = 'running' AND lease_until <= :now
     ORDER BY lease_until LIMIT :most)
    UNION ALL
    (SELECT id, attempt FROM jobs WHERE state = 'waiting' AND due_at <= :now
     ORDER BY due_at, id LIMIT :most)
    LIMIT :most
""")
_RELEASE = _sql("""
    UPDATE jobs SET state = 'waiting', due_at = :now, deaths = 0, failures = 0, finished_at = NULL
    WHERE id = :job_id AND state = 'quarantined'
""")
_PRUNE = _sql("""
    DELETE FROM jobs
    WHERE (state = 'done' AND finished_at < :done_before)
       OR (state = 'quarantined' AND finished_at < :quarantined_before)
""")


async def plan(
    session: AsyncSession,
    kind: str,
    key: str,
    now: datetime,
    *,
    arguments: Mapping[str, Any] | None = None,
    due_at: datetime | None = None,
) -> int:
    """Write down that something must be done, in the transaction that makes it so; the job's id.

    kind: one that jobs.handlers knows. key: what it is about: the same twice is the same job,
    whatever has become of it since, and its arguments stay. due_at: aware; now unless told.
    """
    connection = await session.connection()
    values = {
        "kind": kind, "key": key, "arguments": dict(arguments or {}), "at": due_at or now,
        "now": now,
    }  # fmt: skip
    while True:
        planned = (await connection.execute(_PLAN, values)).scalar_one_or_none()
        if planned is None:  # there is one; unless it is pruned in this very moment
            found = await connection.execute(_PLANNED, {"kind": kind, "key": key})
            planned = found.scalar_one_or_none()
        if planned is not None:
            return planned


async def deaths_when_taken(connection: AsyncConnection, job_id: int, now: datetime) -> int | None:
    """How many deaths a claim of now would find, this last one included; None: none would be."""
    row = (await connection.execute(_READ, {"job_id": job_id})).one_or_none()
    return None if row is None else rules.deaths_when_taken(_standing(row), now)


async def claim(
    database: Database, job_id: int, now: datetime, *, lease: timedelta = LEASE
) -> Claim | None:
    """Take a job up, for as long as the lease is renewed; None where it isn't free.

    One that waits must be due. One that runs must have a lease that is over, which is a death; the
    third one in a row puts it into quarantine.
    """
    async with database.work() as connection:
        row = (await connection.execute(_LOCK, {"job_id": job_id})).one_or_none()
        deaths = None if row is None else rules.deaths_when_taken(_standing(row), now)
        if deaths is None:
            return None
        values = {"job_id": job_id, "deaths": deaths, "now": now}
        if rules.is_hopeless(deaths):
            told = {**values, "problem": rules.DIED}
            lost = (await connection.execute(_GIVE_UP, told)).one()
            log.error("job.quarantined", job=job_id, kind=lost.kind, key=lost.key, deaths=deaths)
            return None
        taken = (await connection.execute(_CLAIM, {**values, "until": now + lease})).one()
    return Claim(*taken)


async def renew(
    database: Database, claim: Claim, now: datetime, *, lease: timedelta = LEASE
) -> bool:
    """Say that the attempt is alive; False: the job is somebody else's now, or has ended."""
    return await _write(database, _RENEW, claim, until=now + lease)


async def hold(session: AsyncSession, claim: Claim) -> None:
    """Make sure that nobody else takes the job up before this transaction ends.

    To be called in every transaction that writes for the job, before it writes. Raises LeaseLost.
    """
    connection = await session.connection()
    held = await connection.execute(_HOLD, _proof(claim))
    if held.one_or_none() is None:
        raise LeaseLost(claim.job_id, claim.attempt)


async def got_on(session: AsyncSession, claim: Claim) -> None:
    """Write down that this transaction gets the job on: what went wrong before is forgiven.

    For long jobs, beside `hold`, with every checkpoint; `again` and `finish` say it anyway. Else
    three kills, each within a long attempt, would be taken for the job's own doing.
    """
    await (await session.connection()).execute(_GOT_ON, _proof(claim))


async def finish(
    session: AsyncSession, claim: Claim, result: Mapping[str, Any], now: datetime
) -> None:
    """Write down that a job is done, and what came of it (JSON); raises LeaseLost."""
    await _end(session, _FINISH, claim, result=dict(result), now=now)


async def again(session: AsyncSession, claim: Claim, at: datetime | None, now: datetime) -> None:
    """Write down that a job got on and goes on at a moment, or now; raises LeaseLost."""
    await _end(session, _AGAIN, claim, at=at or now)


async def hand_back(database: Database, claim: Claim, at: datetime) -> bool:
    """Let others go on from a moment: the attempt was cut short, which is nobody's failure."""
    return await _write(database, _HAND_BACK, claim, at=at)


async def fail(database: Database, claim: Claim, problem: str, now: datetime) -> bool:
    """Write down that an attempt failed; whether it was the one that counts.

    The job waits, longer after each failure, and is put into quarantine after the fifth in a row.
    problem: a sentence for people; it is cleaned and shortened.
    """
    async with database.work() as connection:
        counted = await connection.execute(_FAILURES, _proof(claim))
        failures = counted.scalar_one_or_none()
        if failures is None:
            return False
        wait = rules.wait_after(failures, random.random())
        told = {
            "failures": failures,
            "problem": clean(problem, _LONGEST_PROBLEM),
            "at": None if wait is None else now + wait,
            "now": now,
        }
        await connection.execute(_FAIL, {**_proof(claim), **told})
    if wait is None:
        known = {"job": claim.job_id, "kind": claim.kind, "key": claim.key}
        log.error("job.quarantined", **known, failures=failures, problem=told["problem"])
    return True


async def due(connection: AsyncConnection, now: datetime, most: int = 100) -> list[tuple[int, int]]:
    """What could be claimed now, as (id, attempt so far): first the dead, then the longest due."""
    found = await connection.execute(_DUE, {"now": now, "most": most})
    return [(row.id, row.attempt) for row in found]


async def release(session: AsyncSession, job_id: int, now: datetime) -> None:
    """Take a job out of quarantine, to be tried as if for the first time; raises NotFound."""
    connection = await session.connection()
    released = await connection.execute(_RELEASE, {"job_id": job_id, "now": now})
    if not released.rowcount:
        raise NotFound(
            f"No job {job_id} is in quarantine: it was released already, or never existed."
        )


async def prune(session: AsyncSession, now: datetime) -> int:
    """Forget what was done a week ago, and what was given up three months ago; how many."""
    before = {"done_before": now - KEPT, "quarantined_before": now - KEPT_IN_QUARANTINE}
    return (await (await session.connection()).execute(_PRUNE, before)).rowcount


def _standing(row: Record) -> Standing:
    return Standing(*row)


def _proof(claim: Claim) -> dict[str, Any]:
    return {"job_id": claim.job_id, "attempt": claim.attempt}


async def _write(database: Database, statement: TextClause, claim: Claim, **values: Any) -> bool:
    async with database.work() as connection:
        written = await connection.execute(statement, {**_proof(claim), **values})
    return written.rowcount == 1


async def _end(session: AsyncSession, statement: TextClause, claim: Claim, **values: Any) -> None:
    connection = await session.connection()
    written = await connection.execute(statement, {**_proof(claim), **values})
    if not written.rowcount:
        raise LeaseLost(claim.job_id, claim.attempt)
