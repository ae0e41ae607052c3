"""Plans that are followed: kept with their sittings, for whom they may be, and no longer."""

from dataclasses import replace

import pytest

from domain.accounts.viewer import Viewer
from domain.binge import follow, plans
from domain.binge.errors import NotFollowed, PlanNeedsPro, TooManyBinges
from domain.db import Database
from domain.errors import NotFound, NotSignedIn
from domain.profiles import service as profiles
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
)
from tests.support.graphql import ANYONE
from tests.watchlists.homes import NOW, TODAY, events, film, rows

pytestmark = pytest.mark.anyio


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
