"""The worker with a real Valkey: it does what is due, and outlives a restart of it."""

import asyncio
import json
import os
import signal
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from arq import Worker
from redis.asyncio import Redis
from redis.asyncio.client import Pipeline
from redis.exceptions import WatchError
from sqlalchemy import text

from app.embedded import Valkey
from domain.db import Database
from domain.services import Services
from jobs.refresh_demo import refresh_demo
from jobs.worker import connect, make_worker, work
from tests.accounts import people
from tests.jobs.test_expiry import offers, state
from tests.support.instance import clean_environment

pytestmark = [
    pytest.mark.anyio,
    # ARQ still calls `close` where redis-py wants `aclose`.
    pytest.mark.filterwarnings("ignore:Call to deprecated close:DeprecationWarning"),
]


@asynccontextmanager
async def working(services: Services, url: str) -> AsyncIterator[Worker]:
    """A worker for the length of the block."""
    worker = make_worker(services, connect(url), handle_signals=False, poll_delay=0.05)
    task = asyncio.create_task(work(worker))
    try:
        yield worker
        assert not task.done(), "the worker has died"
        assert await eventually(lambda: idle(worker))  # ARQ shields what ends a job
    finally:
        task.cancel()
        await task


async def idle(worker: Worker) -> bool:
    return all(task.done() for task in worker.tasks.values())


async def eventually(check: Callable[[], Awaitable[bool]], seconds: float = 15.0) -> bool:
    for _ in range(int(seconds / 0.05)):
        if await check():
            return True
        await asyncio.sleep(0.05)
    return False


async def test_what_is_due_is_done_when_it_starts(
    services: Services, database: Database, valkey_url: str
) -> None:
    await offers(database, date(2026, 1, 1), None)
    await people.join(services.door, now=datetime.now(UTC) - timedelta(days=200))
    assert await people.count(database, "sessions") == 1

    async def done() -> bool:
        gone = (await state(database))["until 2026-01-01"][0]
        return gone and await people.count(database, "sessions") == 0

    async with working(services, valkey_url):
        assert await eventually(done)
    assert not (await state(database))["until None"][0]


async def test_a_restart_of_valkey_costs_nothing(
    services: Services, database: Database, tmp_path: Path
) -> None:
    async def all_done(worker: Worker, jobs: int) -> bool:
        return worker.jobs_complete >= jobs

    async def gone() -> bool:
        return (await state(database))["until 2026-01-01"][0]

    with Valkey(tmp_path / "valkey") as server:
        async with working(services, server.url) as worker:
            assert await eventually(lambda: all_done(worker, 2))
            assert server.pid is not None
            os.kill(server.pid, signal.SIGKILL)
            await asyncio.sleep(0.3)
            server.start()
            await offers(database, date(2026, 1, 1))
            async with connect(server.url) as sender:
                sender.job_serializer = worker.job_serializer
                await sender.enqueue_job("cron:expire_offers")
            assert await eventually(gone)


async def test_a_job_that_fails_is_logged_and_the_worker_goes_on(
    services: Services, database: Database, valkey_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    async def failed() -> bool:
        return "cron:expire_offers failed" in caplog.text

    async with database.transaction() as session:
        await (await session.connection()).execute(text("ALTER TABLE offers RENAME TO lost"))
    async with working(services, valkey_url) as worker:
        assert await eventually(failed)
        assert await eventually(lambda: idle(worker))


async def test_messages_are_json_and_never_pickles(
    services: Services, valkey: Redis, valkey_url: str
) -> None:
    redis = connect(valkey_url)
    make_worker(services, redis, handle_signals=False)
    job = await redis.enqueue_job("cron:expire_offers", _defer_by=60)
    assert job is not None
    assert json.loads(await valkey.get(f"arq:job:{job.job_id}"))["f"] == "cron:expire_offers"
    await redis.aclose()


async def test_the_demo_moves_its_dates_on_and_always_has_something_leaving(
    demo_services: Services, demo_database: Database
) -> None:
    async def run(statement: str) -> int:
        async with demo_database.engine.begin() as connection:
            return (await connection.execute(text(statement))).scalar_one()

    passed = await run(
        "WITH moved AS (UPDATE offers SET expires_on = current_date - 3 WHERE id IN"
        " (SELECT id FROM offers WHERE expires_on > current_date + 1 ORDER BY id LIMIT 50)"
        " RETURNING 1) SELECT count(*) FROM moved"
    )
    assert passed == 50
    assert await refresh_demo({"services": demo_services}) >= 50
    soon = "SELECT count(*) FROM offers WHERE expires_on BETWEEN current_date AND current_date + 7"
    assert await run(soon) > 10
    assert await run("SELECT count(*) FROM offers WHERE expires_on < current_date") == 0
    assert await refresh_demo({"services": demo_services}) == 0


async def test_it_outlives_a_valkey_that_goes_while_a_job_is_started(
    services: Services, valkey_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    worker = make_worker(services, connect(valkey_url), handle_signals=False)

    async def gone(*_: object) -> None:
        raise WatchError  # what redis-py makes of a connection that is lost behind a WATCH

    async with worker.pool:
        await worker.pool.enqueue_job("cron:prune_answers", _job_id="one")
        with monkeypatch.context() as away:
            away.setattr(Pipeline, "exists", gone)
            for _ in range(worker.max_jobs + 2):  # each must give back what it took
                await worker.start_jobs([b"one"])
        assert worker.job_counter == 0
        await worker.start_jobs([b"one"])
        assert worker.job_counter == 1
        await worker.tasks["one"]
        assert worker.jobs_complete == 1


async def test_a_good_bye_that_takes_long_is_cut_short(
    services: Services, valkey_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("jobs.worker._COMPLETION_S", 0.1)
    monkeypatch.setattr("jobs.worker._FAREWELL_S", 0.1)
    worker = make_worker(services, connect(valkey_url), handle_signals=False)

    async def main() -> None:
        try:
            await asyncio.sleep(60)
        finally:
            await asyncio.sleep(60)  # as redis-py at a pipeline's end, where nobody answers

    worker.main_task = asyncio.create_task(main())
    await asyncio.sleep(0)
    worker.handle_sig_wait_for_completion(signal.SIGTERM)
    await asyncio.wait([worker.main_task], timeout=5)
    assert worker.main_task.cancelled()
    await worker.pool.aclose()


async def test_it_ends_soon_though_valkey_is_gone(database_url: str, tmp_path: Path) -> None:
    """As after a kill of the supervisor, when both are told to end and Valkey is quicker."""
    with Valkey(tmp_path / "valkey") as server:
        urls = {"DATABASE_URL": database_url, "REDIS_URL": server.url}
        worker = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "jobs.worker", env=clean_environment(**urls)
        )
        async with connect(server.url) as client:

            async def at_work() -> bool:
                return await client.exists("arq:queue:health-check") > 0

            assert await eventually(at_work, 30)
        assert server.pid is not None
        os.kill(server.pid, signal.SIGKILL)
        await asyncio.sleep(0.2)
        worker.send_signal(signal.SIGTERM)
        try:
            async with asyncio.timeout(15):
                await worker.wait()
        finally:
            if worker.returncode is None:
                worker.kill()
                await worker.wait()
