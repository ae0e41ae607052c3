"""Wishes: added, changed, removed and put back; each change told once."""

from datetime import timedelta

import pytest

from domain.db import Database
from domain.errors import InvalidInput, NotFound, NotSignedIn
from domain.watchlists import service
from domain.watchlists.errors import NothingToPutBack, NotOnTheList, WatchlistFull
from domain.watchlists.service import Wished
from domain.watchlists.values import MOST_ITEMS, Whose
from tests.accounts.people import HOSTILE, run
from tests.support.catalogue import add_platform
from tests.watchlists.homes import NOW, events, film, move_in, only, rows, wishes

pytestmark = pytest.mark.anyio


async def add(database: Database, viewer, title_id: int, now=NOW, **said) -> bool:
    async with database.transaction() as session:
        return await service.add(session, Whose.of(viewer, now), title_id, Wished(**said), now)


async def remove(database: Database, viewer, title_id: int, now=NOW) -> None:
    async with database.transaction() as session:
        await service.remove(session, Whose.of(viewer, now), title_id, now)


async def undo(database: Database, viewer, title_id: int, now=NOW) -> bool:
    async with database.transaction() as session:
        return await service.undo_remove(session, Whose.of(viewer, now), title_id, now)


async def update(database: Database, viewer, title_id: int, **said) -> bool:
    async with database.transaction() as session:
        return await service.update(session, Whose.of(viewer, NOW), title_id, Wished(**said), NOW)


async def test_adding_twice_is_the_same_wish(database: Database):
    ada, title = await move_in(database), await film(database)
    assert await add(database, ada, title, note="with Tom")
    assert not await add(database, ada, title, now=NOW + timedelta(days=1))
    wish = await only(database, ada)
    assert (wish.added_at, wish.note) == (NOW, "with Tom")
    assert await events(database) == [("added", title)]


async def test_adding_again_changes_only_what_is_said_with_it(database: Database):
    ada, title = await move_in(database), await film(database)
    await add(database, ada, title, note="with Tom")
    assert not await add(database, ada, title, platform="netflix", note=None)
    wish = await only(database, ada)
    assert (wish.platform_slug, wish.note) == ("netflix", "with Tom")
    assert await events(database) == [("added", title), ("changed", title)]


async def test_a_title_above_the_ceiling_does_not_exist_for_a_child(database: Database):
    kid, title = await move_in(database, ceiling=7), await film(database, maturity=13)
    for change in (add, remove, undo, update):
        with pytest.raises(NotFound) as refusal:
            await change(database, kid, title)
        assert refusal.value.message == "No title has that id."
    assert await events(database) == []


async def test_a_wish_above_a_ceiling_that_was_lowered_is_hidden_and_kept(database: Database):
    ada, title = await move_in(database), await film(database, maturity=16)
    await add(database, ada, title)
    await run(database, "UPDATE profiles SET maturity_ceiling = 7")
    with pytest.raises(NotFound):  # the door still believes in the old ceiling
        await remove(database, ada, title)
    assert await wishes(database, ada.as_profile(ada.require_profile()[1], 7)) == []
    await run(database, "UPDATE profiles SET maturity_ceiling = 18")
    assert (await only(database, ada)).title_id == title


async def test_a_title_that_does_not_exist_is_not_found(database: Database):
    ada = await move_in(database)
    for title in (1, 2**63 - 1):
        with pytest.raises(NotFound):
            await add(database, ada, title)


async def test_a_profile_that_has_just_gone_is_not_signed_in(database: Database):
    ada, title = await move_in(database), await film(database)
    await run(database, "DELETE FROM profiles")
    with pytest.raises(NotSignedIn):
        await add(database, ada, title)


async def test_a_full_watchlist_refuses_the_next_title_and_keeps_the_same_wish(database: Database):
    ada, title = await move_in(database), await film(database)
    _, profile_id = ada.require_profile()
    await run(
        database,
        "INSERT INTO titles (kind, name, name_key, maturity, source)"
        " SELECT 'film', 'f', 'f', 0, 'tests' FROM generate_series(1, :most)",
        most=MOST_ITEMS - 1,
    )
    await run(
        database,
        "INSERT INTO watchlist_items (profile_id, title_id, added_at)"
        " SELECT :profile, id, now() FROM titles WHERE id <> :title",
        profile=profile_id, title=title,
    )  # fmt: skip
    assert await add(database, ada, title)
    late = await film(database, "Too late")
    with pytest.raises(WatchlistFull):
        await add(database, ada, late)
    assert not await add(database, ada, title)
    await remove(database, ada, title)
    assert await add(database, ada, late)
    with pytest.raises(WatchlistFull):
        await undo(database, ada, title)


async def test_undo_puts_back_exactly_what_was_removed(database: Database):
    ada, title = await move_in(database), await film(database)
    await add(database, ada, title, note="with Tom", platform="netflix")
    await run(database, "UPDATE watchlist_items SET watched_at = '2026-01-01T00:00Z'")
    before = await rows(database, "SELECT * FROM watchlist_items")
    await remove(database, ada, title)
    assert await wishes(database, ada) == []
    assert await undo(database, ada, title, now=NOW + timedelta(days=30))
    assert await rows(database, "SELECT * FROM watchlist_items") == before
    assert await rows(database, "SELECT * FROM removed_watchlist_items") == []
    assert await events(database) == [("added", title), ("removed", title), ("added", title)]


async def test_the_last_removal_is_the_one_that_is_put_back(database: Database):
    ada, title = await move_in(database), await film(database)
    for note in ("first", "second"):
        await add(database, ada, title, note=note)
        await remove(database, ada, title)
    await undo(database, ada, title)
    assert (await only(database, ada)).note == "second"


async def test_undo_of_a_title_that_is_back_already_changes_nothing(database: Database):
    ada, title = await move_in(database), await film(database)
    await add(database, ada, title, note="old")
    await remove(database, ada, title)
    await add(database, ada, title, note="new")
    told = await events(database)
    assert not await undo(database, ada, title)
    assert (await only(database, ada)).note == "new"
    assert await events(database) == told


async def test_what_was_never_removed_or_too_long_ago_is_not_put_back(database: Database):
    ada, title = await move_in(database), await film(database)
    with pytest.raises(NothingToPutBack):
        await undo(database, ada, title)
    await add(database, ada, title)
    await remove(database, ada, title)
    late = NOW + timedelta(days=30, seconds=1)
    with pytest.raises(NothingToPutBack):
        await undo(database, ada, title, now=late)
    async with database.transaction() as session:
        assert await service.prune(session, NOW + timedelta(days=30)) == 0
        assert await service.prune(session, late) == 1


async def test_removing_what_is_not_there_is_refused(database: Database):
    ada, title = await move_in(database), await film(database)
    with pytest.raises(NotOnTheList):
        await remove(database, ada, title)


async def test_an_update_changes_what_is_named_and_null_takes_it_away(database: Database):
    ada, title = await move_in(database, platforms=["netflix", "hulu"]), await film(database)
    await add(database, ada, title, note="with Tom", platform="netflix")
    assert await update(database, ada, title, platform="hulu")
    assert await update(database, ada, title, note=None)
    assert not await update(database, ada, title, note="  ", platform="hulu")
    wish = await only(database, ada)
    assert (wish.note, wish.platform_slug) == (None, "hulu")
    assert await events(database) == [("added", title), ("changed", title), ("changed", title)]


async def test_a_preference_may_be_any_platform_there_is_and_no_other(database: Database):
    ada, title = await move_in(database), await film(database)
    async with database.transaction() as session:
        await add_platform(session, "mubi")
    await add(database, ada, title, platform="mubi")
    assert (await only(database, ada)).platform_slug == "mubi"
    for slug in HOSTILE:
        with pytest.raises(InvalidInput) as refusal:
            await update(database, ada, title, platform=slug)
        assert refusal.value.field == "platformPreference"


async def test_nobody_sees_or_changes_another_profiles_wishes(database: Database):
    ada, title = await move_in(database), await film(database, maturity=0)
    sibling = await move_in(database, account_id=ada.account_id, ceiling=7)
    stranger = await move_in(database)
    await add(database, ada, title, note="mine")
    for other in (sibling, stranger):
        assert await wishes(database, other) == []
        for change in (remove, update):
            with pytest.raises(NotOnTheList):
                await change(database, other, title)
        with pytest.raises(NothingToPutBack):
            await undo(database, other, title)
        assert await add(database, other, title)
        await remove(database, other, title)
    assert (await only(database, ada)).note == "mine"


async def test_an_event_names_the_profile_whose_list_it_is(database: Database):
    ada, title = await move_in(database), await film(database)
    await add(database, ada, title)
    told = await rows(database, "SELECT topic, kind, profile_id, title_id, at FROM events")
    assert told == [("watchlist", "added", ada.profile_id, title, NOW)]
