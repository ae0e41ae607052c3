"""Plans that are followed: made anew by whatever they rest on, told once, and never lost."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlmodel.ext.asyncio.session import AsyncSession

from domain.accounts.viewer import Viewer
from domain.availability import service as availability
from domain.availability.values import Observation, OfferKey
from domain.binge import follow, following, plans, replanning
from domain.binge.errors import NotFollowed, NothingLeft, PlanNeedsPro, TooManyBinges
from domain.binge.questions import Asked
from domain.db import Database
from domain.errors import NotFound, NotSignedIn
from domain.history import marks
from domain.history import service as history
from domain.imports.commit import commit
from domain.imports.undo import undo
from domain.profiles import preferences
from domain.profiles import service as profiles
from domain.services import Services
from domain.watchlists.values import Whose
from jobs.replan_binges import replan_binges
from jobs.worker import connect, make_worker
from tests.binge.homes import (
    DAY,
    HOUR,
    begin,
    evenings,
    move_in,
    plan_of,
    run,
    six,
    slots_of,
)
from tests.imports.exports import bring, line
from tests.support.catalogue import add_platform
from tests.support.counting import statements
from tests.support.graphql import ANYONE
from tests.watchlists.homes import NOW, TODAY, events, film, rows, series

pytestmark = pytest.mark.anyio
SOON = TODAY + timedelta(20)
LATER = NOW + timedelta(minutes=1)


async def again(database: Database, now: datetime = LATER) -> list[str]:
    """Make due plans anew; what was told since the last time."""
    await replanning.replan_due(database, now)
    told = [kind for kind, _ in await events(database, "binge")]
    await run(database, "DELETE FROM events")
    return told


async def stale(database: Database) -> bool:
    return bool(await rows(database, "SELECT 1 FROM binge_plans WHERE stale_at IS NOT NULL"))


async def unfollow(database: Database, viewer: Viewer, title_id: int) -> None:
    async with database.transaction() as session:
        await follow.unfollow(session, viewer, title_id, NOW)


async def test_a_plan_is_kept_with_its_sittings(database: Database) -> None:
    viewer = await move_in(database)
    title_id, episodes = await six(database)
    async with database.transaction() as session:
        await follow.follow(session, viewer, title_id, HOUR, NOW)
    row = await plan_of(database, viewer, title_id)
    assert (row.episodes, row.filler, row.planned, row.planned_min) == (6, 1, 5, 150)
    assert (row.fits, row.finishes_on) == (True, TODAY + 2 * DAY)
    assert await evenings(database, viewer, title_id) == {0: [1, 2], 1: [4, 5], 2: [6]}
    first = (await slots_of(database, viewer, title_id))[0]
    assert (first.minutes, first.ids) == (60, (episodes[0], episodes[1]))
    assert await events(database, "binge") == [("planned", title_id)]


async def test_a_plan_begins_as_stale_so_that_no_change_slips_by_while_it_is_made(
    database: Database,
) -> None:
    viewer = await move_in(database)
    title_id, _ = await six(database)
    async with database.transaction() as session:
        await follow.follow(session, viewer, title_id, HOUR, NOW)
    assert await stale(database)
    assert await again(database) == ["planned"]
    assert not await stale(database)


async def test_the_same_wish_again_is_no_news_and_another_takes_its_place(
    database: Database,
) -> None:
    viewer = await move_in(database)
    title_id, _ = await six(database)
    await begin(database, viewer, title_id)
    async with database.transaction() as session:
        await follow.follow(session, viewer, title_id, HOUR, LATER)
    assert await again(database) == []
    async with database.transaction() as session:
        await follow.follow(session, viewer, title_id, replace(HOUR, skip_filler=False), LATER)
    assert await again(database) == ["planned"]
    assert await evenings(database, viewer, title_id) == {0: [1, 2], 1: [3, 4], 2: [5, 6]}


Change = Callable[[AsyncSession, Viewer, int, list[int]], Awaitable[object]]


async def _records(session: AsyncSession, viewer: Viewer, title: int, episodes: list[int]) -> None:
    await history.record(session, Whose.of(viewer, NOW), episode_id=episodes[5], now=NOW)


async def _marks(session: AsyncSession, viewer: Viewer, title: int, episodes: list[int]) -> None:
    await marks.mark_episodes(session, Whose.of(viewer, NOW), title, [episodes[5]], None, NOW)


async def _leaves(session: AsyncSession, viewer: Viewer, title: int, _: list[int]) -> None:
    key = OfferKey(title, None, await add_platform(session, "netflix"), "US", "subscription", "hd")
    said = Observation(
        key, there=True, source="justwatch", confidence=1, observed_at=NOW, dated=True,
        expires_on=TODAY + DAY, signed=True,
    )  # fmt: skip
    await availability.record(session, [said], NOW)


async def _filler(session: AsyncSession, viewer: Viewer, title: int, episodes: list[int]) -> None:
    connection = await session.connection()
    await connection.exec_driver_sql(
        f"UPDATE episodes SET filler = 'canon' WHERE id = {episodes[2]}"
    )
    await following.stale(session, title_ids=[title], now=NOW)


async def _skips(session: AsyncSession, viewer: Viewer, _title: int, _: list[int]) -> None:
    assert viewer.profile_id is not None
    changes = preferences.Changes(skip_credits_min=10)
    await preferences.update(session, viewer, viewer.profile_id, changes, NOW)


async def _platforms(session: AsyncSession, viewer: Viewer, _title: int, _: list[int]) -> None:
    assert viewer.profile_id is not None
    await add_platform(session, "hulu")
    await preferences.set_platforms(session, viewer, viewer.profile_id, ["hulu"], NOW)


async def _moves(session: AsyncSession, viewer: Viewer, _title: int, _: list[int]) -> None:
    assert viewer.profile_id is not None
    changes = preferences.Changes(country="DE")
    await preferences.update(session, viewer, viewer.profile_id, changes, NOW)


async def _goes_east(session: AsyncSession, viewer: Viewer, _title: int, _: list[int]) -> None:
    assert viewer.profile_id is not None
    changes = preferences.Changes(time_zone="Asia/Tokyo")  # where it is tomorrow already
    await preferences.update(session, viewer, viewer.profile_id, changes, NOW)


@pytest.mark.parametrize(
    ("change", "told", "then"),
    [
        (_records, "replanned", {0: [1, 2], 1: [4, 5]}),
        (_marks, "replanned", {0: [1, 2], 1: [4, 5]}),
        (_leaves, "broken", {0: [1, 2], 1: [4, 5]}),
        (_filler, "replanned", {0: [1, 2], 1: [3, 4], 2: [5, 6]}),
        (_skips, "replanned", {0: [1, 2, 4], 1: [5, 6]}),
        (_platforms, "broken", {}),
        (_moves, "broken", {}),
        (_goes_east, "replanned", {0: [1, 2], 1: [1, 2], 2: [4, 5], 3: [6]}),
    ],
)
async def test_a_change_makes_a_plan_anew_and_is_told_once(
    database: Database, change: Change, told: str, then: dict[int, list[int]]
) -> None:
    viewer = await move_in(database)
    title_id, episodes = await six(database)
    await begin(database, viewer, title_id)
    async with database.transaction() as session:
        await change(session, viewer, title_id, episodes)
    assert await stale(database)
    assert await again(database) == [told]
    assert await evenings(database, viewer, title_id) == then
    assert await again(database) == []


async def test_what_is_taken_back_is_planned_again(database: Database) -> None:
    viewer = await move_in(database)
    title_id, episodes = await six(database)
    await begin(database, viewer, title_id)
    async with database.transaction() as session:
        made = await history.record(session, Whose.of(viewer, NOW), episode_id=episodes[5], now=NOW)
    assert await again(database) == ["replanned"]
    async with database.transaction() as session:
        await history.remove(session, Whose.of(viewer, NOW), made.watch_id, NOW)
    assert await again(database) == ["replanned"]
    assert await evenings(database, viewer, title_id) == {0: [1, 2], 1: [4, 5], 2: [6]}


async def test_watching_as_planned_is_no_news(database: Database) -> None:
    viewer = await move_in(database)
    title_id, episodes = await six(database)
    await begin(database, viewer, title_id)
    for key in episodes[:2]:
        async with database.transaction() as session:
            await history.record(session, Whose.of(viewer, NOW), episode_id=key, now=NOW)
        assert await again(database) == []
        assert await evenings(database, viewer, title_id) == {0: [1, 2], 1: [4, 5], 2: [6]}
    row = await plan_of(database, viewer, title_id)
    assert (row.planned, row.planned_min) == (3, 90)
    assert await again(database, NOW + DAY) == []
    assert await evenings(database, viewer, title_id) == {0: [1, 2], 1: [4, 5], 2: [6]}


async def test_an_evening_that_was_missed_moves_the_others(database: Database) -> None:
    viewer = await move_in(database)
    title_id, _ = await six(database)
    await begin(database, viewer, title_id)
    assert await again(database, NOW + DAY) == ["replanned"]
    told = await evenings(database, viewer, title_id)
    assert told == {0: [1, 2], 1: [1, 2], 2: [4, 5], 3: [6]}, "what is past stays as it was"
    row = await plan_of(database, viewer, title_id)
    assert (row.finishes_on, row.planned_on) == (TODAY + 3 * DAY, TODAY + DAY)


async def test_minutes_that_were_left_to_us_stay_as_long_as_they_do(database: Database) -> None:
    viewer = await move_in(database)
    title_id, episodes = await series(database, [[], ["canon"] * 12], runtime_min=30)
    await begin(database, viewer, title_id, Asked(days=4))
    for key in episodes[:6]:  # twice as many as planned: from here on 60 minutes would do
        async with database.transaction() as session:
            await history.record(session, Whose.of(viewer, NOW), episode_id=key, now=NOW)
    assert await again(database, NOW) == ["replanned"]
    row = await plan_of(database, viewer, title_id)
    assert (set(row.minutes_by_weekday), row.finishes_on) == ({90}, TODAY + 2 * DAY)
    assert await again(database, NOW + 3 * DAY) == ["replanned"]
    row = await plan_of(database, viewer, title_id)
    assert (set(row.minutes_by_weekday), row.fits) == ({180}, True), "the last day has to do"


async def test_another_wish_is_planned_without_the_minutes_of_the_one_before(
    database: Database,
) -> None:
    viewer = await move_in(database)
    title_id, _ = await series(database, [[], ["canon"] * 12], runtime_min=30)
    await begin(database, viewer, title_id, Asked(minutes_per_day=240))
    await begin(database, viewer, title_id, Asked(days=12))
    row = await plan_of(database, viewer, title_id)
    assert (set(row.minutes_by_weekday), row.finishes_on) == ({30}, TODAY + 11 * DAY)


async def test_what_another_wish_leaves_out_is_not_taken_for_watched(database: Database) -> None:
    viewer = await move_in(database)
    title_id, _ = await series(database, [[], ["canon"] * 2, ["canon"] * 4], runtime_min=30)
    await begin(database, viewer, title_id)
    assert (await slots_of(database, viewer, title_id))[0].places == ((1, 1), (1, 2))
    await begin(database, viewer, title_id, replace(HOUR, seasons=[2]))
    kept = await slots_of(database, viewer, title_id)
    assert [(each.minutes, each.places) for each in kept] == [
        (60, ((2, 1), (2, 2))),
        (60, ((2, 3), (2, 4))),
    ]


async def test_what_was_planned_after_midnight_is_not_planned_for_the_day_before(
    database: Database,
) -> None:
    """By a worker that began before midnight."""
    viewer = await move_in(database)
    title_id, _ = await six(database)
    async with database.transaction() as session:
        await follow.follow(session, viewer, title_id, HOUR, NOW + DAY)
    assert await again(database, NOW) == ["planned"]
    assert await again(database, NOW + DAY) == []
    assert await evenings(database, viewer, title_id) == {1: [1, 2], 2: [4, 5], 3: [6]}


async def test_a_plan_whose_last_day_is_over_is_broken(database: Database) -> None:
    viewer = await move_in(database)
    title_id, _ = await six(database)
    await begin(database, viewer, title_id, Asked(days=3, minutes_per_day=60))
    assert await again(database, NOW + 5 * DAY) == ["broken"]
    assert await again(database, NOW + 6 * DAY) == []
    row = await plan_of(database, viewer, title_id)
    assert (row.fits, row.finishes_on, row.planned) == (False, None, 5)


async def test_a_plan_of_which_nothing_is_left_is_over(database: Database) -> None:
    viewer = await move_in(database)
    title_id, _ = await six(database)
    await begin(database, viewer, title_id)
    async with database.transaction() as session:
        await marks.mark(session, Whose.of(viewer, NOW), title_id, None, NOW)
    assert await again(database) == ["finished"]
    assert await plan_of(database, viewer, title_id) is None
    assert not await slots_of(database, viewer, title_id)
    with pytest.raises(NothingLeft):
        await begin(database, viewer, title_id)


async def test_new_episodes_are_planned_when_they_can_be_watched(database: Database) -> None:
    viewer = await move_in(database)
    title_id, _ = await six(database)
    await begin(database, viewer, title_id)
    await run(
        database,
        "INSERT INTO episodes (title_id, season_number, number, air_date)"
        " VALUES (:title, 1, 7, :day)",
        title=title_id, day=TODAY + 9 * DAY,
    )  # fmt: skip
    async with database.transaction() as session:
        await following.stale(session, title_ids=[title_id], now=NOW)
    assert await again(database) == ["replanned"]
    told = await evenings(database, viewer, title_id)
    assert told == {0: [1, 2], 1: [4, 5], 2: [6], 9: [7]}


async def test_others_changes_touch_nobodys_plan(database: Database) -> None:
    viewer, other = await move_in(database), await move_in(database)
    title_id, episodes = await six(database)
    elsewhere, _ = await six(database)
    await begin(database, viewer, title_id)
    async with database.transaction() as session:
        await history.record(session, Whose.of(other, NOW), episode_id=episodes[0], now=NOW)
        await marks.mark(session, Whose.of(viewer, NOW), elsewhere, None, NOW)
        await _skips(session, other, title_id, episodes)
    async with database.transaction() as session:
        await _leaves(session, viewer, elsewhere, [])
    assert not await stale(database)


async def test_a_change_of_which_nothing_shows_is_not_told(database: Database) -> None:
    viewer = await move_in(database)
    title_id, _ = await six(database)
    await begin(database, viewer, title_id)
    async with database.transaction() as session:
        key = OfferKey(title_id, None, await add_platform(session, "netflix"), "US",
                       "subscription", "hd")  # fmt: skip
        said = Observation(key, there=True, source="justwatch", confidence=1, observed_at=NOW,
                           dated=True, expires_on=SOON, signed=True)  # fmt: skip
        await availability.record(session, [said], NOW)
    assert await stale(database)
    assert await again(database) == []
    assert (await plan_of(database, viewer, title_id)).latest_start == SOON - 2 * DAY


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
        await _filler(session, viewer, title_id, episodes)
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


async def test_a_title_above_a_new_ceiling_is_hidden_until_that_is_lifted(
    database: Database,
) -> None:
    viewer = await move_in(database)
    kids = await move_in(database, account_id=viewer.account_id)
    title_id, _ = await six(database, maturity=13)
    await begin(database, kids, title_id)
    assert kids.profile_id is not None
    for ceiling, count in ((7, 0), (18, 3)):
        async with database.transaction() as session:
            await profiles.set_ceiling(session, viewer, kids.profile_id, ceiling, NOW)
        await again(database)
        assert len(await slots_of(database, kids, title_id)) == count
    child = replace(kids, ceiling=7)
    assert await plan_of(database, child, title_id) is None


async def test_who_may_not_follow_is_told_why(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    viewer, other = await move_in(database), await move_in(database)
    free = await move_in(database, plan="free")
    title_id, _ = await six(database)
    with pytest.raises(PlanNeedsPro):
        await begin(database, free, title_id)
    with pytest.raises(NotSignedIn):
        await begin(database, ANYONE, title_id)
    with pytest.raises(NotFound):
        await begin(database, replace(viewer, plan="pro"), 10**12)
    monkeypatch.setattr(plans, "MOST_PLANS", 1)
    await begin(database, viewer, title_id)
    await begin(database, viewer, title_id)  # the same is no other one
    with pytest.raises(TooManyBinges):
        await begin(database, viewer, await film(database))
    with pytest.raises(NotFollowed):
        await unfollow(database, other, title_id)
    await unfollow(database, viewer, title_id)
    assert [kind for kind, _ in await events(database, "binge")] == ["unfollowed"]
    with pytest.raises(NotFollowed):
        await unfollow(database, viewer, title_id)


async def test_a_plan_goes_with_its_profile_and_its_title(database: Database) -> None:
    viewer, other = await move_in(database), await move_in(database)
    title_id, _ = await six(database)
    for each in (viewer, other):
        await begin(database, each, title_id)
    await run(database, "DELETE FROM accounts WHERE id = :id", id=viewer.account_id)
    assert await plan_of(database, viewer, title_id) is None
    assert await plan_of(database, other, title_id) is not None
    await run(database, "DELETE FROM titles")
    assert await rows(database, "SELECT 1 FROM binge_plans") == []
    assert await rows(database, "SELECT 1 FROM binge_slots") == []


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


async def test_an_import_and_its_undoing_are_heard_of(database: Database) -> None:
    viewer = await move_in(database)
    title_id, _ = await six(database)
    await begin(database, viewer, title_id)
    seen = line("Dark", kind="series", season_number=1, episode_number=6)
    batch = await bring(database, viewer, seen)
    assert not await stale(database)
    await commit(database, viewer, batch.id, LATER)
    assert await again(database) == ["replanned"]
    assert await evenings(database, viewer, title_id) == {0: [1, 2], 1: [4, 5]}
    await undo(database, viewer, batch.id, LATER)
    assert await again(database) == ["replanned"]
    assert await evenings(database, viewer, title_id) == {0: [1, 2], 1: [4, 5], 2: [6]}


async def test_a_mark_that_is_taken_back_is_heard_of(database: Database) -> None:
    viewer = await move_in(database)
    title_id, _ = await six(database)
    await begin(database, viewer, title_id)
    for change in (marks.mark, marks.unmark):
        async with database.transaction() as session:
            given = [None, NOW] if change is marks.mark else [NOW]
            await change(session, Whose.of(viewer, NOW), title_id, *given)  # type: ignore[arg-type]
        assert await stale(database)
        await run(database, "UPDATE binge_plans SET stale_at = NULL")


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
