"""What a plan rests on changes: it is made anew, and that is told once."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlmodel.ext.asyncio.session import AsyncSession

from domain.accounts.viewer import Viewer
from domain.availability import service as availability
from domain.availability.values import Observation, OfferKey
from domain.binge import follow, following
from domain.binge.errors import NothingLeft
from domain.binge.questions import Asked
from domain.db import Database
from domain.history import marks
from domain.history import service as history
from domain.imports.commit import commit
from domain.imports.undo import undo
from domain.profiles import preferences
from domain.watchlists.values import Whose
from tests.binge.homes import (
    DAY,
    HOUR,
    LATER,
    again,
    begin,
    evenings,
    move_in,
    plan_of,
    run,
    six,
    slots_of,
    stale,
    takes_for_canon,
)
from tests.imports.exports import bring, line
from tests.support.catalogue import add_platform
from tests.watchlists.homes import NOW, TODAY, series

pytestmark = pytest.mark.anyio
SOON = TODAY + timedelta(20)
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
        (takes_for_canon, "replanned", {0: [1, 2], 1: [3, 4], 2: [5, 6]}),
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
