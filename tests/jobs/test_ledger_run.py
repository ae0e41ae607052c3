"""Workers and the ledger: what becomes of jobs that end, fail, hang, or are lost by the queue."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator
from contextlib import AsyncExitStack
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text
from structlog.testing import capture_logs

from domain.errors import InvalidInput
from domain.jobs import ledger
from domain.jobs.values import Again, Claim, Done, Outcome
from domain.services import Services
from integrations.queue import ValkeyQueue
from integrations.valkey import connect
from jobs.gate import Gate
from jobs.handlers import Handler
from jobs.reconcile import reconcile
from jobs.run_job import Pace, Workbench, run_job
from tests.jobs.conftest import Shared
from tests.jobs.stage import KINDS, eventually, plan, row, states, traces, working

pytestmark = [
    pytest.mark.anyio,
    # ARQ still calls `close` where redis-py wants `aclose`.
    pytest.mark.filterwarnings("ignore:Call to deprecated close:DeprecationWarning"),
]

QUICK = Pace(timedelta(seconds=1), heartbeat_s=0.1, patience_s=0.4)


@pytest.fixture(scope="module")
def anyio_backend() -> str:
    """One loop for all of them, as the connections need."""
    return "asyncio"


@pytest.fixture(autouse=True)
def quiet() -> Iterator[None]:
    """Draw no tracebacks, which takes seconds."""
    with capture_logs():
        yield


async def attempt(shared: Shared, job_id: int, handler: Handler, pace: Pace = QUICK) -> str:
    """Run a job once, as ARQ would."""
    workbench = Workbench({"test": handler}, pace, Gate())
    return await run_job({"services": shared.services, "workbench": workbench}, job_id)


async def test_what_a_handler_returns_is_written_down(shared: Shared) -> None:
    async def done(_: Services, claim: Claim) -> Outcome:
        return Done({"attempt": claim.attempt, "of": claim.arguments["of"]})

    job_id = await plan(shared.database, "test", "1", of=["a"])
    assert await attempt(shared, job_id, done) == "done"
    found = await row(shared.database, job_id)
    assert (found.state, found.result) == ("done", {"attempt": 1, "of": ["a"]})
    assert found.started_at <= found.finished_at
    assert await attempt(shared, job_id, done) == "not free"


async def test_a_job_goes_on_when_it_said(shared: Shared) -> None:
    at = datetime.now(UTC) + timedelta(hours=1)

    async def later(*_: Any) -> Outcome:
        return Again(at)

    job_id = await plan(shared.database, "test", "1")
    assert await attempt(shared, job_id, later) == "again"
    found = await row(shared.database, job_id)
    assert (found.state, found.due_at) == ("waiting", at)


@pytest.mark.parametrize(
    ("problem", "told"),
    [
        (InvalidInput("That is not a list; send one."), "That is not a list; send one."),
        (RuntimeError("bad luck\nand more"), "RuntimeError: bad luck"),
        (TimeoutError(), "TimeoutError: "),  # of an upstream: Postgres is there
        (asyncio.CancelledError(), "RuntimeError: it was cancelled from within"),
    ],
)
async def test_a_failure_is_told_and_waits(
    shared: Shared, problem: BaseException, told: str
) -> None:
    async def fails(*_: Any) -> Outcome:
        raise problem

    job_id = await plan(shared.database, "test", "1")
    assert await attempt(shared, job_id, fails) == "failed"
    found = await row(shared.database, job_id)
    assert (found.state, found.failures, found.problem) == ("waiting", 1, told.strip())
    assert found.due_at > datetime.now(UTC) + timedelta(seconds=10)


async def test_a_handler_that_takes_too_long_has_failed(shared: Shared) -> None:
    ended = list[str]()

    async def hangs(*_: Any) -> Outcome:
        try:
            await asyncio.sleep(60)
        finally:
            ended.append("put away")
        return Done()

    job_id = await plan(shared.database, "test", "1")
    assert await attempt(shared, job_id, hangs) == "failed"
    assert ended == ["put away"]
    assert "longer than the 0.4 s" in (await row(shared.database, job_id)).problem


async def test_a_kind_that_nobody_knows_and_a_result_that_is_no_json_are_failures(
    shared: Shared,
) -> None:
    async def odd(*_: Any) -> Outcome:
        return Done({"at": datetime.now(UTC)})

    unknown = await plan(shared.database, "tomorrow's", "1")
    strange = await plan(shared.database, "test", "1")
    assert await attempt(shared, unknown, odd) == "failed"
    assert await attempt(shared, strange, odd) == "failed"
    assert "knows no jobs of kind" in (await row(shared.database, unknown)).problem
    assert "JSON" in (await row(shared.database, strange)).problem


async def test_heartbeats_keep_a_lease_that_is_shorter_than_the_job(shared: Shared) -> None:
    async def slow(*_: Any) -> Outcome:
        await asyncio.sleep(0.8)
        return Done()

    job_id = await plan(shared.database, "test", "1")
    pace = Pace(timedelta(seconds=0.5), heartbeat_s=0.1)
    running = asyncio.create_task(attempt(shared, job_id, slow, pace))
    for _ in range(7):
        await asyncio.sleep(0.1)
        assert await ledger.claim(shared.database, job_id, datetime.now(UTC)) is None
    assert await running == "done"
    assert (await row(shared.database, job_id)).attempt == 1


async def test_a_handler_is_stopped_when_its_lease_is_lost(shared: Shared) -> None:
    begun, stopped = asyncio.Event(), asyncio.Event()

    async def slow(*_: Any) -> Outcome:
        begun.set()
        try:
            await asyncio.sleep(60)
        except asyncio.CancelledError:
            stopped.set()
            raise
        return Done()

    job_id = await plan(shared.database, "test", "1")
    running = asyncio.create_task(attempt(shared, job_id, slow, Pace(heartbeat_s=0.1)))
    await begun.wait()
    taken = await ledger.claim(shared.database, job_id, datetime.now(UTC) + timedelta(minutes=1))
    assert taken is not None
    assert await running == "lease lost"
    assert stopped.is_set()
    found = await row(shared.database, job_id)
    assert (found.state, found.attempt, found.deaths) == ("running", 2, 1)


async def test_at_a_stop_a_job_is_handed_back_at_once(shared: Shared) -> None:
    begun = asyncio.Event()

    async def slow(*_: Any) -> Outcome:
        begun.set()
        await asyncio.sleep(60)
        return Done()

    job_id = await plan(shared.database, "test", "1")
    running = asyncio.create_task(attempt(shared, job_id, slow, Pace()))
    await begun.wait()
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    found = await row(shared.database, job_id)
    assert (found.state, found.deaths, found.failures) == ("waiting", 0, 0)
    assert found.due_at <= datetime.now(UTC)


async def test_that_postgres_is_away_is_not_the_jobs_failure(
    shared: Shared, monkeypatch: pytest.MonkeyPatch
) -> None:
    away = iter([True, True, False])

    def refusing(real: Callable[..., Awaitable[Any]]) -> Callable[..., Awaitable[Any]]:
        async def asked(*words: Any) -> Any:
            if next(away):
                raise ConnectionRefusedError
            return await real(*words)

        return asked

    async def fails(*_: Any) -> Outcome:
        monkeypatch.setattr(ledger, "fail", refusing(ledger.fail))
        monkeypatch.setattr(ledger, "hand_back", refusing(ledger.hand_back))
        raise ConnectionResetError

    job_id = await plan(shared.database, "test", "1")
    await attempt(shared, job_id, fails)
    found = await row(shared.database, job_id)
    assert (found.state, found.failures, found.deaths) == ("waiting", 0, 0)


async def test_a_nudge_is_enough_and_twice_is_once(shared: Shared) -> None:
    queue = ValkeyQueue(shared.valkey)
    job_id = await plan(shared.database, "one", "1")
    await queue.nudge(job_id)
    await queue.nudge(job_id)
    assert await shared.valkey.zrange("arq:queue", 0, -1) == [f"{job_id}:0".encode()]
    async with working(shared.services, shared.valkey_url, KINDS):
        await eventually(lambda: traces(shared.database, job_id))


async def test_a_nudge_without_a_valkey_is_silent_and_short() -> None:
    queue = ValkeyQueue(connect("redis://127.0.0.1:1"))
    async with asyncio.timeout(1):
        for job_id in range(1_000):
            await queue.nudge(job_id)


async def test_a_ticket_that_a_dead_worker_took_along_is_free_soon(shared: Shared) -> None:
    """Killed between taking it from the queue and claiming the job."""
    queue = ValkeyQueue(shared.valkey)
    ctx = {"services": replace(shared.services, queue=queue)}
    job_id = await plan(shared.database, "one", "1")
    await queue.nudge(job_id)
    taken = f"arq:in-progress:{job_id}:0"
    await shared.valkey.psetex(taken, 70_000, b"1")
    assert await reconcile(ctx) == 1
    first = await shared.valkey.pttl(taken)
    assert 0 < first <= 5_000
    await asyncio.sleep(0.05)
    await reconcile(ctx)
    assert await shared.valkey.pttl(taken) < first  # the next round does not put it off


async def test_a_valkey_that_forgets_everything_loses_nothing(shared: Shared) -> None:
    for number in range(30):
        job_id = await plan(shared.database, "steps", str(number), steps=3, pause=0.05)
        await shared.services.queue.nudge(job_id)  # type: ignore[union-attr]
    async with working(shared.services, shared.valkey_url, KINDS):
        for _ in range(3):
            await asyncio.sleep(0.3)
            await shared.valkey.flushdb()
        assert (await states(shared.database)).get("waiting", 0) > 0, "it was too late to matter"

        async def all_done() -> bool:
            return await states(shared.database) == {"done": 30}

        await eventually(all_done)
    assert await doubles(shared) == []


async def test_five_workers_do_each_job_once_and_never_two_the_same(shared: Shared) -> None:
    at_it, most = Counter[int](), Counter[int]()

    async def watched(services: Services, claim: Claim) -> Outcome:
        at_it[claim.job_id] += 1
        most[claim.job_id] = max(most[claim.job_id], at_it[claim.job_id])
        try:
            return await KINDS["steps"](services, claim)
        finally:
            at_it[claim.job_id] -= 1

    ids = [await plan(shared.database, "steps", str(n), steps=6, pause=0.01) for n in range(12)]
    async with AsyncExitStack() as stack:
        for _ in range(5):
            kinds = {"steps": watched}
            await stack.enter_async_context(working(shared.services, shared.valkey_url, kinds))
        for job_id in ids:
            for ticket in range(5):  # each would do to run it
                await shared.services.queue.nudge(job_id, ticket)  # type: ignore[union-attr]

        async def all_done() -> bool:
            return await states(shared.database) == {"done": 12}

        await eventually(all_done)
    assert most == dict.fromkeys(ids, 1)
    assert await doubles(shared) == []


async def doubles(shared: Shared) -> list[Any]:
    """Steps that were made twice."""
    question = text("""
        SELECT job_id, step FROM traces WHERE said = 'step'
        GROUP BY job_id, step HAVING count(*) > 1
    """)
    async with shared.database.read() as connection:
        return list(await connection.execute(question))
