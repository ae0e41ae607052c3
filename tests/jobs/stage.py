"""Jobs that leave traces, and workers in processes of their own that can be killed and frozen."""

import asyncio
import multiprocessing
import os
import signal
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime, timedelta
from multiprocessing.process import BaseProcess
from typing import Any

from sqlalchemy import text

from app.deps import open_services
from app.logs import configure_logs
from app.settings import Settings
from domain.db import Database, Record
from domain.jobs import ledger
from domain.jobs.errors import LeaseLost
from domain.jobs.values import Again, Claim, Done, Outcome
from domain.services import Services
from jobs import worker
from jobs.handlers import Handler
from jobs.run_job import Pace

TRACES = text("""
    CREATE TABLE traces (
        id bigint GENERATED ALWAYS AS IDENTITY, job_id bigint, attempt int, step int, pid int,
        said text, at timestamptz DEFAULT clock_timestamp()
    )
""")
_STATES = text("SELECT state, count(*) AS number FROM jobs GROUP BY state")
_TRACE = text("""
    INSERT INTO traces (job_id, attempt, step, pid, said)
    VALUES (:job_id, :attempt, :step, :pid, :said)
""")


async def plan(
    database: Database, kind: str, key: str, now: datetime | None = None, **arguments: Any
) -> int:
    """Plan a job in a transaction of its own. due_at is taken out of the arguments."""
    due_at = arguments.pop("due_at", None)
    async with database.transaction() as session:
        moment = now or datetime.now(UTC)
        return await ledger.plan(session, kind, key, moment, arguments=arguments, due_at=due_at)


async def empty(database: Database) -> None:
    """Forget all jobs."""
    async with database.work() as connection:
        await connection.execute(text("DELETE FROM jobs"))


async def row(database: Database, job_id: int) -> Record:
    """The job's row."""
    async with database.read() as connection:
        found = await connection.execute(text("SELECT * FROM jobs WHERE id = :id"), {"id": job_id})
        return found.one()


async def states(database: Database) -> dict[str, int]:
    """How many jobs are in each state."""
    async with database.read() as connection:
        found = await connection.execute(_STATES)
        return {row.state: row.number for row in found}


async def traces(database: Database, job_id: int, said: str = "step") -> list[Record]:
    """What a job has left behind, in order."""
    question = text("SELECT * FROM traces WHERE job_id = :id AND said = :said ORDER BY id")
    async with database.read() as connection:
        return list(await connection.execute(question, {"id": job_id, "said": said}))


async def lay(database: Database) -> None:
    """Make the table of traces."""
    async with database.work() as connection:
        await connection.execute(TRACES)


async def eventually(check: Callable[[], Awaitable[Any]], seconds: float = 60.0) -> Any:
    """What a question answers as soon as it is true."""
    async with asyncio.timeout(seconds):
        while not (answer := await check()):  # noqa: ASYNC110 - nobody sets an event for us
            await asyncio.sleep(0.03)
        return answer


async def trace(
    services: Services,
    claim: Claim,
    step: int = 0,
    said: str = "step",
    *,
    held: bool = True,
    got_on: bool = False,
) -> None:
    """Leave a trace, as an attempt that counts or, not held, as any; maybe as a checkpoint."""
    told = {"job_id": claim.job_id, "attempt": claim.attempt, "step": step}
    async with services.database.transaction() as session:
        if held:
            await ledger.hold(session, claim)
        if got_on:
            await ledger.got_on(session, claim)
        connection = await session.connection()
        await connection.execute(_TRACE, {**told, "pid": os.getpid(), "said": said})


async def one(services: Services, claim: Claim) -> Outcome:
    """One step, at the end of a pause."""
    await asyncio.sleep(claim.arguments.get("pause", 0))
    await trace(services, claim)
    return Done()


async def steps(services: Services, claim: Claim) -> Outcome:
    """As many steps as the arguments say, from the last one on, a few in each attempt."""
    done, last = len(await traces(services.database, claim.job_id)), claim.arguments["steps"]
    for step in range(done, min(done + 4, last)):
        await trace(services, claim, step, got_on=True)
        await asyncio.sleep(claim.arguments["pause"])
    return Done({"steps": last}) if done + 4 >= last else Again()


async def poison(services: Services, claim: Claim) -> Outcome:
    """Takes its worker down with it, and whatever runs there."""
    await trace(services, claim)
    await asyncio.sleep(0.2)
    os.kill(os.getpid(), signal.SIGKILL)
    return Done()


async def two(services: Services, claim: Claim) -> Outcome:
    """Two steps; the first attempt is slow with the second."""
    await trace(services, claim, 0)
    if claim.attempt == 1:
        await asyncio.sleep(claim.arguments["pause"])
    try:
        await trace(services, claim, 1)
    except LeaseLost:
        await trace(services, claim, 1, "refused", held=False)
        raise
    return Done()


KINDS: Mapping[str, Handler] = {"one": one, "steps": steps, "poison": poison, "two": two}


async def _serve(database_url: str, valkey_url: str, pace: Pace) -> None:
    settings = Settings(_env_file=None, database_url=database_url, redis_url=valkey_url)  # type: ignore[call-arg]
    async with open_services(settings, "tests-worker") as services:
        made = worker.make_worker(
            services, worker.connect(valkey_url), handlers=KINDS, pace=pace,
            reconcile_every_s=1, poll_delay=0.05,
        )  # fmt: skip
        await worker.work(made)


def _process(database_url: str, valkey_url: str, pace: Pace, completion_s: float) -> None:
    configure_logs("error")
    worker._COMPLETION_S = completion_s
    asyncio.run(_serve(database_url, valkey_url, pace))


class Crew:
    """Workers in processes of their own, which start at once: everything was imported before."""

    def __init__(self, database_url: str, valkey_url: str) -> None:
        self._urls = database_url, valkey_url
        self._context = multiprocessing.get_context("forkserver")
        self._context.set_forkserver_preload(["tests.jobs.stage"])
        self.workers: list[BaseProcess] = []

    def hire(
        self, lease_s: float = 1.0, heartbeat_s: float = 0.3, completion_s: float = 0.2
    ) -> BaseProcess:
        """Start one more."""
        pace = Pace(timedelta(seconds=lease_s), heartbeat_s)
        hired = self._context.Process(target=_process, args=(*self._urls, pace, completion_s))
        hired.start()
        self.workers.append(hired)
        return hired

    def dismiss(self) -> None:
        """End all, whatever they are doing."""
        for each in self.workers:
            each.kill()
        for each in self.workers:
            each.join()
            each.close()


@asynccontextmanager
async def working(
    services: Services, url: str, kinds: Mapping[str, Handler], pace: Pace | None = None
) -> AsyncIterator[None]:
    """A worker in this process for the length of the block."""
    made = worker.make_worker(
        services, worker.connect(url), handle_signals=False, poll_delay=0.05, handlers=kinds,
        pace=pace or Pace(), reconcile_every_s=1,
    )  # fmt: skip
    task = asyncio.create_task(worker.work(made))

    async def idle() -> bool:
        return all(each.done() for each in made.tasks.values())

    try:
        yield
        assert not task.done(), "the worker has died"
        # ARQ shields what ends a job, and loses connections where it is cut short at queueing.
        made.allow_pick_jobs, made.cron_jobs = False, []
        await asyncio.sleep(0.2)
        await eventually(idle)
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
