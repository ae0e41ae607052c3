"""The ledger on a real Postgres: who may take a job up, who may write, what becomes of it."""

import asyncio
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text

from domain.db import Database
from domain.errors import NotFound
from domain.jobs import ledger, rules
from domain.jobs.errors import LeaseLost
from domain.jobs.rules import LEASE
from domain.jobs.values import Claim
from tests.jobs.conftest import Shared
from tests.jobs.stage import plan, row

pytestmark = pytest.mark.anyio

NOW = datetime(2026, 11, 21, 2, 0, tzinfo=UTC)
OVER = NOW + LEASE


@pytest.fixture(scope="module")
def anyio_backend() -> str:
    """One loop for all of them, as the database's connections need."""
    return "asyncio"


@pytest.fixture
def database(shared: Shared) -> Database:
    """One for all of them, without a job."""
    return shared.database


async def claimed(database: Database, job_id: int, now: datetime = NOW) -> Claim:
    claim = await ledger.claim(database, job_id, now)
    assert claim is not None
    return claim


async def hold(database: Database, claim: Claim) -> None:
    async with database.transaction() as session:
        await ledger.hold(session, claim)


async def finish(database: Database, claim: Claim, now: datetime = NOW, **result: Any) -> None:
    async with database.transaction() as session:
        await ledger.finish(session, claim, result, now)


async def again(database: Database, claim: Claim, at: datetime | None, now: datetime) -> None:
    async with database.transaction() as session:
        await ledger.again(session, claim, at, now)


async def due(database: Database, now: datetime) -> list[tuple[int, int]]:
    async with database.read() as connection:
        return await ledger.due(connection, now)


async def test_the_same_twice_is_one_job(database: Database) -> None:
    plans = [plan(database, "sync", "1", NOW, n=n) for n in range(5)]
    first, *others = await asyncio.gather(*plans)
    assert {*others} == {first}
    assert await plan(database, "sync", "2", NOW) != first
    assert await plan(database, "import", "1", NOW) != first


async def test_a_job_is_there_only_if_what_planned_it_commits(database: Database) -> None:
    with suppress(ZeroDivisionError):
        async with database.transaction() as session:
            await ledger.plan(session, "sync", "1", NOW)
            raise ZeroDivisionError
    assert await due(database, NOW) == []


async def test_a_claim_says_all_that_a_handler_needs(database: Database) -> None:
    job_id = await plan(database, "sync", "1", NOW, titles=[1, 2])
    assert await claimed(database, job_id) == Claim(job_id, "sync", "1", 1, {"titles": [1, 2]}, 0)


async def test_of_many_who_claim_one_gets_it(database: Database) -> None:
    job_id = await plan(database, "sync", "1", NOW)
    claims = await asyncio.gather(*[ledger.claim(database, job_id, NOW) for _ in range(8)])
    assert len([claim for claim in claims if claim]) == 1


async def test_nothing_is_claimed_before_it_is_due_or_after_it_was_done(database: Database) -> None:
    job_id = await plan(database, "sync", "1", NOW, due_at=NOW + timedelta(minutes=1))
    assert await ledger.claim(database, job_id, NOW) is None
    claim = await claimed(database, job_id, NOW + timedelta(minutes=1))
    await finish(database, claim, titles=3)
    assert await ledger.claim(database, job_id, NOW + timedelta(days=1)) is None
    assert (await row(database, job_id)).result == {"titles": 3}
    assert await ledger.claim(database, job_id + 1, NOW) is None


async def test_an_attempt_whose_lease_was_taken_over_may_write_nothing(database: Database) -> None:
    job_id = await plan(database, "sync", "1", NOW)
    zombie = await claimed(database, job_id)
    await hold(database, zombie)
    await claimed(database, job_id, OVER)
    with pytest.raises(LeaseLost):
        await hold(database, zombie)
    with pytest.raises(LeaseLost):
        await finish(database, zombie)
    with pytest.raises(LeaseLost):
        await again(database, zombie, None, OVER)
    assert not await ledger.renew(database, zombie, OVER)
    assert not await ledger.fail(database, zombie, "late", OVER)
    assert not await ledger.hand_back(database, zombie, OVER)
    assert (await row(database, job_id)).state == "running"


async def test_between_a_hold_and_its_commit_nobody_can_take_over(database: Database) -> None:
    job_id = await plan(database, "sync", "1", NOW)
    slow = await claimed(database, job_id)
    async with database.transaction() as session:
        await ledger.hold(session, slow)
        assert await ledger.claim(database, job_id, OVER) is None
    assert (await claimed(database, job_id, OVER)).attempt == 2


async def test_who_holds_still_can_not_be_overtaken_after_a_renewal(database: Database) -> None:
    """The row has a new version then, to which the lock must have passed on."""
    job_id = await plan(database, "sync", "1", NOW)
    claim = await claimed(database, job_id)
    async with database.transaction() as session:
        await ledger.hold(session, claim)
        assert await ledger.renew(database, claim, NOW + timedelta(seconds=1))
        assert await ledger.claim(database, job_id, OVER + timedelta(seconds=1)) is None


async def test_heartbeats_do_not_wait_for_a_long_transaction(database: Database) -> None:
    job_id = await plan(database, "sync", "1", NOW)
    claim = await claimed(database, job_id)
    async with database.transaction() as session:
        await ledger.hold(session, claim)
        async with asyncio.timeout(1):
            for second in range(20):
                assert await ledger.renew(database, claim, NOW + timedelta(seconds=second))
        await ledger.finish(session, claim, {}, NOW)
    assert (await row(database, job_id)).state == "done"


async def test_a_hold_waits_for_a_claim_that_is_being_made_and_is_refused(
    database: Database,
) -> None:
    job_id = await plan(database, "sync", "1", NOW)
    zombie = await claimed(database, job_id)
    async with database.work() as connection:  # what a claim does, between its two statements
        lock = text("SELECT 1 FROM jobs WHERE id = :id FOR UPDATE")
        await connection.execute(lock, {"id": job_id})
        late = asyncio.create_task(hold(database, zombie))
        await asyncio.sleep(0.1)
        assert not late.done()
        taken = text("UPDATE jobs SET attempt = attempt + 1 WHERE id = :id")
        await connection.execute(taken, {"id": job_id})
    with pytest.raises(LeaseLost):
        await late


async def test_the_third_death_is_the_last(database: Database) -> None:
    job_id, now = await plan(database, "sync", "1", NOW), NOW
    for deaths in range(3):
        assert (await claimed(database, job_id, now)).deaths == deaths
        now += LEASE
    assert await ledger.claim(database, job_id, now) is None
    found = await row(database, job_id)
    assert (found.state, found.deaths, found.finished_at) == ("quarantined", 3, now)
    assert "without a word" in found.problem
    assert await due(database, now + timedelta(days=1)) == []


async def test_getting_on_forgives_deaths_and_failures(database: Database) -> None:
    job_id = await plan(database, "sync", "1", NOW)
    await ledger.fail(database, await claimed(database, job_id), "no", NOW)
    later = NOW + rules.FIRST_WAIT
    await claimed(database, job_id, later)
    claim = await claimed(database, job_id, later + LEASE)
    assert claim.deaths == 1
    await again(database, claim, later + timedelta(hours=1), later)
    found = await row(database, job_id)
    assert (found.deaths, found.failures, found.problem, found.attempt) == (0, 0, None, 3)
    assert (found.state, found.due_at) == ("waiting", later + timedelta(hours=1))


async def test_the_fifth_failure_in_a_row_is_the_last(database: Database) -> None:
    job_id, now = await plan(database, "sync", "1", NOW), NOW
    for failures in range(1, 6):
        claim = await claimed(database, job_id, now)
        hostile = "It\x00\u202e broke.\n" + "x" * 9_000
        assert await ledger.fail(database, claim, hostile, now)
        found = await row(database, job_id)
        assert found.failures == failures
        assert found.problem.startswith("It broke.")
        assert len(found.problem) <= 500
        if failures < 5:
            full = rules.FIRST_WAIT * 2 ** (failures - 1)
            assert full / 2 <= found.due_at - now <= full
            now = found.due_at
    found = await row(database, job_id)
    assert (found.state, found.finished_at) == ("quarantined", now)


async def test_what_was_handed_back_is_free_at_once_and_nobodys_fault(database: Database) -> None:
    job_id = await plan(database, "sync", "1", NOW)
    assert await ledger.hand_back(database, await claimed(database, job_id), NOW)
    claim = await claimed(database, job_id)
    assert (claim.attempt, claim.deaths) == (2, 0)


async def test_out_of_quarantine_a_job_starts_anew(database: Database) -> None:
    job_id, now = await plan(database, "sync", "1", NOW), NOW
    for _ in range(4):
        await ledger.claim(database, job_id, now)
        now += LEASE
    async with database.transaction() as session:
        await ledger.release(session, job_id, now)
    assert await due(database, now) == [(job_id, 3)]
    claim = await claimed(database, job_id, now)
    assert (claim.attempt, claim.deaths) == (4, 0)
    with pytest.raises(NotFound, match="in quarantine"):
        async with database.transaction() as session:
            await ledger.release(session, job_id, now)


async def test_due_are_the_dead_and_then_the_longest_waiting(database: Database) -> None:
    second, first, dead, alive, later = [
        await plan(database, "sync", str(n), NOW, due_at=NOW + timedelta(seconds=s))
        for n, s in enumerate([-5, -9, -1, -1, 99])
    ]
    await claimed(database, dead)
    now = NOW + LEASE
    await claimed(database, alive, now)
    assert await due(database, now) == [(dead, 1), (first, 0), (second, 0)]
    async with database.read() as connection:
        assert await ledger.due(connection, now, 2) == [(dead, 1), (first, 0)]
    assert (later, 0) in await due(database, NOW + timedelta(minutes=5))


async def test_what_ended_is_forgotten_in_its_time_and_nothing_else(database: Database) -> None:
    done, given_up, waiting = [await plan(database, "sync", str(n), NOW) for n in range(3)]
    await finish(database, await claimed(database, done))
    for n in range(4):
        await ledger.claim(database, given_up, NOW + n * LEASE)

    async def left(after: timedelta) -> set[int]:
        async with database.transaction() as session:
            await ledger.prune(session, NOW + after)
        async with database.read() as connection:
            return {*(await connection.execute(text("SELECT id FROM jobs"))).scalars()}

    assert await left(rules.KEPT) == {done, given_up, waiting}
    assert await left(rules.KEPT + timedelta(minutes=1)) == {given_up, waiting}
    assert await left(timedelta(days=91)) == {waiting}
