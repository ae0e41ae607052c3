"""Worker processes that are killed, frozen and stopped in the middle of a job."""

import asyncio
import os
import random
import signal
import time
from collections.abc import AsyncIterator

import pytest

from tests.jobs.conftest import Shared
from tests.jobs.stage import Crew, eventually, plan, row, states, traces

pytestmark = pytest.mark.anyio


@pytest.fixture(scope="module")
def anyio_backend() -> str:
    """One loop for all of them, as the connections need."""
    return "asyncio"


@pytest.fixture
async def crew(shared: Shared) -> AsyncIterator[Crew]:
    """Nobody, yet."""
    crew = Crew(shared.database_url, shared.valkey_url)
    yield crew
    await asyncio.to_thread(crew.dismiss)


async def test_killed_at_any_moment_jobs_go_on_and_make_each_step_once(
    shared: Shared, crew: Crew
) -> None:
    ids = [await plan(shared.database, "steps", str(n), steps=16, pause=0.05) for n in range(4)]
    draw = random.Random(20261121)
    crew.hire()
    crew.hire()
    for kills in range(4):
        victim = crew.workers[kills]

        async def at_work(pid: int | None = victim.pid) -> bool:
            made = [each for job_id in ids for each in await traces(shared.database, job_id)]
            return any(each.pid == pid for each in made)

        await eventually(at_work)
        await asyncio.sleep(draw.random() * 0.3)
        victim.kill()
        crew.hire()
    killed = time.monotonic()

    async def all_done() -> bool:
        return await states(shared.database) == {"done": 4}

    await eventually(all_done)
    seconds = time.monotonic() - killed
    for job_id in ids:
        assert [found.step for found in await traces(shared.database, job_id)] == [*range(16)]
        assert (await row(shared.database, job_id)).result == {"steps": 16}
    assert seconds < 25


async def test_frozen_past_its_lease_and_thawed_a_worker_writes_nothing(
    shared: Shared, crew: Crew
) -> None:
    job_id = await plan(shared.database, "two", "1", pause=0.5)
    frozen = crew.hire(heartbeat_s=60)  # so that the write is what finds out
    await eventually(lambda: traces(shared.database, job_id))
    assert frozen.pid is not None
    os.kill(frozen.pid, signal.SIGSTOP)
    other = crew.hire()

    async def done() -> bool:
        return (await row(shared.database, job_id)).state == "done"

    await eventually(done)
    os.kill(frozen.pid, signal.SIGCONT)
    refused = await eventually(lambda: traces(shared.database, job_id, "refused"))
    assert [(found.attempt, found.pid) for found in refused] == [(1, frozen.pid)]
    steps = [(t.attempt, t.step, t.pid) for t in await traces(shared.database, job_id)]
    assert steps == [(1, 0, frozen.pid), (2, 0, other.pid), (2, 1, other.pid)]
    assert (await row(shared.database, job_id)).attempt == 2


async def test_a_job_that_kills_three_workers_is_given_up_and_fifty_others_are_done(
    shared: Shared, crew: Crew
) -> None:
    for number in range(4):  # which it takes with it once: if they ran beside it again, thrice
        await plan(shared.database, "one", str(number), pause=0.6)
    deadly = await plan(shared.database, "poison", "1")
    for number in range(46):
        await plan(shared.database, "steps", str(number), steps=2, pause=0.02)

    async def settled() -> bool:
        while len(crew.workers) < 2 or not crew.workers[-1].is_alive():
            crew.hire(lease_s=0.6, heartbeat_s=0.1)
        return await states(shared.database) == {"done": 50, "quarantined": 1}

    await eventually(settled)
    found = await row(shared.database, deadly)
    assert (found.state, found.deaths, found.attempt) == ("quarantined", 3, 3)
    assert len(await traces(shared.database, deadly)) == 3
    assert "without a word" in found.problem


async def test_told_to_stop_a_worker_hands_over_at_once(shared: Shared, crew: Crew) -> None:
    """The lease is a minute, so that nobody can have waited for its end."""
    job_id = await plan(shared.database, "two", "1", pause=60)
    first = crew.hire(lease_s=60)
    await eventually(lambda: traces(shared.database, job_id))
    second = crew.hire(lease_s=60)
    first.terminate()
    told = time.monotonic()

    async def done() -> bool:
        return (await row(shared.database, job_id)).state == "done"

    await eventually(done)
    assert time.monotonic() - told < 25
    by = [(found.attempt, found.pid) for found in await traces(shared.database, job_id)]
    assert by == [(1, first.pid), (2, second.pid), (2, second.pid)]
    assert (await row(shared.database, job_id)).deaths == 0
