"""Many plan at once, fail or are killed at it: no plan waits for ever, none is lost."""

import asyncio
from datetime import datetime
from typing import Any

import pytest
from sqlmodel.ext.asyncio.session import AsyncSession

from domain.accounts.viewer import Viewer
from domain.binge import follow, following, plans, replanning
from domain.db import Database
from domain.profiles import preferences
from domain.services import Services
from jobs.replan_binges import replan_binges
from jobs.worker import connect, make_worker
from tests.binge.homes import (
    HOUR,
    LATER,
    again,
    begin,
    evenings,
    move_in,
    run,
    six,
    stale,
    takes_for_canon,
)
from tests.support.counting import statements
from tests.watchlists.homes import NOW, rows, series

pytestmark = pytest.mark.anyio


async def test_a_change_waits_for_the_plan_that_is_just_made(database: Database) -> None:
    """It can't know whether that has read what it changes; so it says it once more afterwards."""
    viewer = await move_in(database)
    title_id, _ = await six(database)
    await begin(database, viewer, title_id)
    async with database.transaction() as session:
        await following.stale(session, title_ids=[title_id], now=NOW)

    async def change() -> None:
        async with database.transaction() as session:
            await following.stale(session, title_ids=[title_id], now=NOW)

    async with database.transaction() as replanned:
        connection = await replanned.connection()
        assert viewer.profile_id is not None
        await plans.hold(connection, viewer.profile_id, title_id)
        changing = asyncio.create_task(change())
        await wait_for_a_lock(database)
        await connection.exec_driver_sql("UPDATE binge_plans SET stale_at = NULL")
    async with asyncio.timeout(10):
        await changing
    assert await stale(database)


async def test_a_households_plans_are_held_in_their_order(database: Database) -> None:
    """Or whoever changes an offer, and holds them in that order, would wait for it in a circle."""
    one, other = await households_of_two(database)
    title_id, _ = await six(database)
    for each in (one, other):
        await begin(database, each, title_id)
    hold = "SELECT 1 FROM binge_plans WHERE profile_id = '{}' FOR UPDATE NOWAIT"

    async def change() -> None:
        changes = preferences.Changes(skip_credits_min=1, country="DE")
        assert other.profile_id is not None
        async with database.transaction() as session:
            await preferences.update(session, other, other.profile_id, changes, NOW)

    async with database.transaction() as session:
        connection = await session.connection()
        await connection.exec_driver_sql(hold.format(one.profile_id))
        changing = asyncio.create_task(change())
        await wait_for_a_lock(database)
        await connection.exec_driver_sql(hold.format(other.profile_id))
    async with asyncio.timeout(10):
        await changing


async def test_whoever_is_killed_while_planning_loses_nothing(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    viewer = await move_in(database)
    title_id, episodes = await six(database)
    await begin(database, viewer, title_id)
    async with database.transaction() as session:
        await takes_for_canon(session, viewer, title_id, episodes)
    there, never = asyncio.Event(), asyncio.Event()
    write = plans.write

    async def stuck(*given: Any, **named: Any) -> None:
        await write(*given, **named)
        there.set()
        await never.wait()

    monkeypatch.setattr(plans, "write", stuck)
    working = asyncio.create_task(replanning.replan_due(database, LATER))
    async with asyncio.timeout(10):
        await there.wait()
    working.cancel()
    with pytest.raises(asyncio.CancelledError):
        await working
    monkeypatch.undo()
    assert await stale(database)
    assert await evenings(database, viewer, title_id) == {0: [1, 2], 1: [4, 5], 2: [6]}
    assert await again(database) == ["replanned"]


async def test_one_that_fails_holds_up_no_others(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    viewer = await move_in(database)
    first, _ = await six(database)
    second, _ = await six(database)
    for title_id in (first, second):
        await begin(database, viewer, title_id)
    await run(database, "UPDATE binge_plans SET stale_at = planned_at")
    replan = replanning.replan

    async def fails(session: AsyncSession, due: Any, now: datetime) -> None:
        if due.title_id == first:
            raise RuntimeError("a bug")
        await replan(session, due, now)

    monkeypatch.setattr(replanning, "replan", fails)
    assert await replanning.replan_due(database, LATER) == 1
    left = await rows(database, "SELECT title_id FROM binge_plans WHERE stale_at IS NOT NULL")
    assert left == [(first,)]
    monkeypatch.undo()
    assert await replanning.replan_due(database, LATER) == 1


async def test_two_workers_share_what_is_due(database: Database) -> None:
    viewer = await move_in(database)
    for _ in range(6):
        title_id, _ = await six(database)
        await begin(database, viewer, title_id)
    await run(database, "UPDATE binge_plans SET stale_at = now()")
    done = await asyncio.gather(*[replanning.replan_due(database, LATER) for _ in range(3)])
    assert sum(done) == 6
    assert not await stale(database)


async def test_a_plan_is_made_anew_in_as_many_statements_however_long_it_is(
    database: Database,
) -> None:
    viewer = await move_in(database)
    counts: list[int] = []
    for length in (4, 90):
        title_id, _ = await series(database, [[], ["canon"] * length], runtime_min=30)
        await begin(database, viewer, title_id)
        await run(database, "UPDATE binge_plans SET stale_at = now() WHERE title_id = :id",
                  id=title_id)  # fmt: skip
        with statements(database) as sent:
            assert await replanning.replan_due(database, LATER) == 1
        counts.append(len(sent))
    assert counts[0] == counts[1] == 8


async def test_the_worker_looks_twice_a_minute(services: Services) -> None:
    viewer = await move_in(services.database)
    title_id, _ = await six(services.database)
    async with services.database.transaction() as session:
        await follow.follow(session, viewer, title_id, HOUR, NOW)
    assert await replan_binges({"services": services}) == 1
    client = connect("redis://127.0.0.1:1")
    (planned,) = [
        each for each in make_worker(services, client).cron_jobs or ()
        if each.name == "cron:replan_binges"
    ]  # fmt: skip
    assert (planned.second, planned.run_at_startup) == ({7, 37}, True)
    await client.aclose()


async def households_of_two(database: Database) -> tuple[Viewer, Viewer]:
    """Two of one household, in the order of their keys."""
    one = await move_in(database)
    other = await move_in(database, account_id=one.account_id)
    first, last = sorted([one, other], key=lambda each: str(each.profile_id))
    return first, last


async def wait_for_a_lock(database: Database) -> None:
    """Wait until somebody waits for a row that another transaction has."""
    async with asyncio.timeout(10):
        while not await rows(database, "SELECT 1 FROM pg_locks WHERE NOT granted"):  # noqa: ASYNC110
            await asyncio.sleep(0.02)
