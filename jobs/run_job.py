"""Run one job of the ledger: claim it, keep the lease alive, say what came of it.

Whatever happens in here, the job isn't lost: what can't be written down now is found by
`jobs.reconcile` when its time or its lease is over.
"""

import asyncio
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import structlog

from domain.db import Database, is_away
from domain.errors import DomainError
from domain.jobs import ledger
from domain.jobs.errors import LeaseLost
from domain.jobs.rules import LEASE
from domain.jobs.values import Again, Claim, Outcome
from domain.services import Services
from jobs.gate import Gate, NoTurn
from jobs.handlers import Handler

log = structlog.get_logger()

_FAREWELL_S = 1.0  # for each step of a good-bye: the worker itself waits little longer at its end
_PERSISTENT_S = 10.0


class TookTooLong(DomainError):
    """A handler did not return in its time."""

    code = "TOOK_TOO_LONG"


@dataclass(frozen=True, slots=True)
class Pace:
    """How quickly a worker's jobs go.

    lease: how long an attempt counts as alive after a heartbeat, of which there is one every
    heartbeat_s. patience_s: how long a handler may take; turn_s: how long a job waits for its turn
    beside one that must be alone; the two together are less than ARQ's timeout of 60 s.
    """

    lease: timedelta = LEASE
    heartbeat_s: float = 5.0
    patience_s: float = 45.0
    turn_s: float = 10.0


@dataclass(frozen=True, slots=True)
class Workbench:
    """What `run_job` works with in one worker: the handlers by kind, and the way in to them."""

    handlers: Mapping[str, Handler]
    pace: Pace
    gate: Gate


async def run_job(ctx: dict[str, Any], job_id: int) -> str:
    """What has become of the attempt, in a word: for whoever reads ARQ's log."""
    services: Services = ctx["services"]
    bench: Workbench = ctx["workbench"]
    try:
        async with services.database.read() as connection:
            deaths = await ledger.deaths_when_taken(connection, job_id, _now())
        if deaths is None:
            return "not free"
        async with bench.gate.passing(alone=deaths > 0, patience_s=bench.pace.turn_s):
            claim = await ledger.claim(services.database, job_id, _now(), lease=bench.pace.lease)
            return await _attempt(services, bench, claim) if claim else "not free"
    except NoTurn:  # the next round of reconcile asks again
        return "no turn"
    except Exception as error:
        if not is_away(error):
            raise
        log.warning("job.postponed", job=job_id, problem=type(error).__name__)
        return "postponed"


async def _attempt(services: Services, bench: Workbench, claim: Claim) -> str:
    known = {"job": claim.job_id, "kind": claim.kind, "key": claim.key, "attempt": claim.attempt}
    began = time.monotonic()
    try:
        outcome = await _work(services, bench, claim)
        await _end(services, claim, outcome)
    except LeaseLost:
        log.warning("job.lease_lost", **known)
        return "lease lost"
    except asyncio.CancelledError:  # the worker stops
        with suppress(Exception):
            async with asyncio.timeout(_FAREWELL_S):
                if await ledger.hand_back(services.database, claim, _now()):
                    log.info("job.handed_back", **known)
        raise
    except Exception as error:
        expected = isinstance(error, DomainError) or is_away(error)
        log.warning("job.failed", **known, problem=_sentence(error), exc_info=not expected)
        await _fail(services.database, claim, _sentence(error))
        return "failed"
    seconds = round(time.monotonic() - began, 3)
    log.info("job.again" if isinstance(outcome, Again) else "job.done", **known, seconds=seconds)
    return type(outcome).__name__.lower()


async def _work(services: Services, bench: Workbench, claim: Claim) -> Outcome:
    """What the handler returns. Raises what it raises, LeaseLost, or TookTooLong."""
    handler = bench.handlers.get(claim.kind)
    if handler is None:
        raise DomainError(
            f"This worker knows no jobs of kind {claim.kind!r}: it may be older than what planned"
            " the job. Restart it, then release the job."
        )
    work = asyncio.ensure_future(handler(services, claim))
    beat = asyncio.create_task(_beat(services.database, bench.pace, claim))
    try:
        await asyncio.wait(
            {work, beat}, timeout=bench.pace.patience_s, return_when=asyncio.FIRST_COMPLETED
        )
        if work.done() and not work.cancelled():
            return work.result()
        if beat.done():
            beat.result()
            raise LeaseLost(claim.job_id, claim.attempt)
        if work.cancelled():
            raise RuntimeError("it was cancelled from within")
        raise TookTooLong(f"It took longer than the {bench.pace.patience_s:g} s that it may take.")
    finally:
        await _stop(work, beat)


async def _stop(*tasks: "asyncio.Future[Any]") -> None:
    for task in tasks:
        task.cancel()
    await asyncio.wait(tasks, timeout=_FAREWELL_S)
    for task in tasks:
        if task.done() and not task.cancelled():
            task.exception()  # has been seen


async def _beat(database: Database, pace: Pace, claim: Claim) -> None:
    """Renew the lease until it is lost."""
    until = time.monotonic() + pace.lease.total_seconds()
    while True:
        await asyncio.sleep(pace.heartbeat_s)
        now, moment = _now(), time.monotonic()
        try:
            if not await ledger.renew(database, claim, now, lease=pace.lease):
                return
            until = moment + pace.lease.total_seconds()
        except Exception as error:
            if not is_away(error) or time.monotonic() >= until:
                raise
            log.warning("job.heartbeat_failed", job=claim.job_id, problem=type(error).__name__)


async def _end(services: Services, claim: Claim, outcome: Outcome) -> None:
    async with services.database.transaction() as session:
        if isinstance(outcome, Again):
            await ledger.again(session, claim, outcome.at, _now())
        else:
            await ledger.finish(session, claim, outcome.result, _now())
    at_once = isinstance(outcome, Again) and (outcome.at is None or outcome.at <= _now())
    if at_once and services.queue is not None:
        await services.queue.nudge(claim.job_id, claim.attempt)


async def _fail(database: Database, claim: Claim, problem: str) -> None:
    """Write the failure down; but where Postgres is away, that is what failed, and not the job."""
    until = time.monotonic() + _PERSISTENT_S
    try:
        await ledger.fail(database, claim, problem, _now())
        return
    except Exception as error:
        if not is_away(error):
            raise
    while True:  # left to its lease, the job would count this as a death of its own
        await asyncio.sleep(1)
        try:
            await ledger.hand_back(database, claim, _now())
            return
        except Exception as error:
            if not is_away(error) or time.monotonic() >= until:
                raise


def _sentence(error: Exception) -> str:
    if isinstance(error, DomainError):
        return error.message
    told = str(getattr(error, "orig", None) or error).partition("\n")[0]
    return f"{type(error).__name__}: {told}"


def _now() -> datetime:
    return datetime.now(UTC)
