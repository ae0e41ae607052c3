"""A run of the sync from the command line: who does it, and watching it until it has ended.

A running instance's worker does it. Where none runs, it is done here, with stand-ins of our own
where nobody real is set; the ledger of jobs sees to it that nobody else does it meanwhile.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime
from typing import Any, TypeVar

from app.deps import open_services, server_urls
from app.embedded import StartupProblem, running_instance
from app.environment import read_settings
from app.local import servers
from app.logs import configure_logs
from app.prepare import opened, usable
from app.settings import Settings
from app.trouble import postgres_trouble
from app.upstreams import needs_stand_ins
from domain.db import Record
from domain.jobs import ledger
from domain.services import Services
from domain.sync import repo, requests, runs
from domain.sync.errors import RunUnderWay
from jobs.gate import Gate
from jobs.handlers import HANDLERS
from jobs.run_job import Pace, Workbench, run_job

ENDED = frozenset({"done", "failed", "held"})
_ASK_EVERY_S = 0.25
_NOBODY_S = 60.0
Told = Callable[[Record], None]
T = TypeVar("T")


def latest(most: int) -> Sequence[Record]:
    """The last runs."""

    async def read(settings: Settings) -> Sequence[Record]:
        async with opened(settings) as database, database.read() as connection:
            return (await repo.runs(connection, first=most)).rows

    return _reaching(read)


def done(
    told: Told,
    *,
    title_ids: Sequence[int] | None = None,
    dry_run: bool = False,
    confirm: int | None = None,
) -> Record:
    """A run, once it has ended; told how it gets on. confirm: not a new one, but this held one."""
    settings = read_settings()
    is_alone = running_instance(settings.data_dir) is None
    is_our_own = settings.database_url is None and settings.redis_url is None

    async def act(reachable: Settings) -> Record:
        async with _with_somebody_to_ask(reachable, simulate=is_alone and is_our_own) as ready:
            async with open_services(ready, "streaming-stack-command") as services:
                now = datetime.now(UTC)
                if confirm is None:
                    run = await _started(services, now, title_ids, dry_run=dry_run)
                else:
                    run = confirm
                    await requests.confirm(services, run, None, now)
                return await _watched(services, run, told, do=is_alone)

    return _reaching(act)


def start() -> int | None:
    """Have the running instance ask what has changed; the run, None where one is under way."""

    async def act(reachable: Settings) -> int | None:
        async with open_services(reachable, "streaming-stack-command") as services:
            return await requests.start_unless_busy(services, datetime.now(UTC))

    return _reaching(act)


async def _started(
    services: Services, now: datetime, title_ids: Sequence[int] | None, *, dry_run: bool
) -> int:
    """A run for now; where nothing special is asked for, one like it that is under way will do."""
    await _end_orphans(services, now)
    try:
        return await requests.start(services, now, title_ids=title_ids, dry_run=dry_run)
    except RunUnderWay as other:
        async with services.database.read() as connection:
            is_whole = await repo.is_whole(connection, other.run_id)
        if title_ids or dry_run or not is_whole:
            raise
        return other.run_id


async def _end_orphans(services: Services, now: datetime) -> None:
    """End the run whose job was given up, as a worker does every minute: maybe there is none."""
    async with services.database.transaction() as session:
        await runs.end_orphans(session, now)


async def _watched(services: Services, run_id: int, told: Told, *, do: bool) -> Record:
    """Wait until a run has ended, doing what is due ourselves where nobody else does."""
    bench = {"services": services, "workbench": Workbench(HANDLERS, Pace(), Gate())}
    work = asyncio.create_task(_work(bench)) if do else None
    alive_at, seen = time.monotonic(), None
    try:
        while True:
            async with services.database.read() as connection:
                run = await repo.run(connection, run_id)
            assert run is not None
            told(run)
            if run.state in ENDED:
                return run
            if work is not None and work.done():
                work.result()  # it raises: nothing else ends it
            if (run.state, run.checkpoint_at) != seen:
                alive_at, seen = time.monotonic(), (run.state, run.checkpoint_at)
            elif run.state == "planned" and time.monotonic() - alive_at > _NOBODY_S:
                raise StartupProblem(
                    f"Run {run_id} is planned and nobody does it",
                    "see whether the worker runs: `streaming-stack doctor`",
                )
            await asyncio.sleep(_ASK_EVERY_S)
    finally:
        if work is not None:
            work.cancel()
            with suppress(asyncio.CancelledError):
                await work


async def _work(bench: dict[str, Any]) -> None:
    database = bench["services"].database
    while True:
        async with database.read() as connection:
            due = await ledger.due(connection, datetime.now(UTC))
        for job_id, _ in due:
            await run_job(bench, job_id)
        await _end_orphans(bench["services"], datetime.now(UTC))
        await asyncio.sleep(_ASK_EVERY_S)


@asynccontextmanager
async def _with_somebody_to_ask(settings: Settings, *, simulate: bool) -> AsyncIterator[Settings]:
    """The settings; where there is nobody to ask, with stand-ins for as long as it takes."""
    if not simulate or not needs_stand_ins(settings):
        yield settings
        return
    from app import world
    from domain.catalog.snapshot import snapshot
    from simulators.app import create_app
    from simulators.server import running

    async with opened(settings) as database:
        async with database.work() as connection:
            found = await snapshot(connection)
    with running(create_app(world.of_catalogue(found))) as url:
        yield settings.model_copy(update={"simulators_url": url})


def _reaching(act: Callable[[Settings], Awaitable[T]]) -> T:
    """What something returns that needs the servers, on those that this command talks to."""
    settings = read_settings()
    configure_logs("warning" if settings.log_level == "info" else settings.log_level)

    async def run(reachable: Settings) -> T:
        await usable(reachable, own=settings.database_url is None)
        return await act(reachable)

    with servers(settings) as reachable, postgres_trouble(server_urls(reachable)[0]):
        return asyncio.run(run(reachable))
