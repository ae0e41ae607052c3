"""Profiles of a household: who may make, limit and delete them, and what can't happen to them."""

import asyncio
from dataclasses import replace
from uuid import UUID, uuid4

import pytest

from domain.accounts import tokens
from domain.accounts.credentials import changing
from domain.accounts.service import Door, NewAccount
from domain.accounts.viewer import Viewer
from domain.db import Database
from domain.errors import Forbidden, InvalidInput, NotFound
from domain.profiles import repo
from domain.profiles import service as profiles
from domain.profiles.errors import LastProfile, ProfileNameTaken, TooManyProfiles
from tests.accounts.people import (
    EMAIL,
    HOME,
    HOSTILE,
    NOW,
    PASSWORD,
    add_profile,
    count,
    join,
    run,
    seen,
)

pytestmark = pytest.mark.anyio


async def delete(door: Door, viewer: Viewer, profile_id: UUID) -> None:
    account_id, _ = viewer.require_profile()
    async with changing(door.database, door.cache, account_id) as session:
        await profiles.delete(session, viewer, profile_id)


async def limit(door: Door, viewer: Viewer, profile_id: UUID, ceiling: int) -> None:
    account_id, _ = viewer.require_profile()
    async with changing(door.database, door.cache, account_id) as session:
        await profiles.set_ceiling(session, viewer, profile_id, ceiling, NOW)


async def test_a_household_lists_its_own_profiles_without_their_pins(door: Door):
    ada = await join(door)
    kids = await add_profile(door.database, ada, "Kids", 7)
    await join(door, "eve@example.com")
    await run(door.database, "UPDATE profiles SET pin_hash = 'x' WHERE name = 'Kids'")
    assert ada.account_id
    async with door.database.read() as connection:
        listed = (await repo.of_accounts(connection, [ada.account_id]))[ada.account_id]
        found = await repo.by_id(connection, [kids.id])
    assert [(each.name, each.maturity_ceiling, each.has_pin) for each in listed] == [
        ("Everyone", 18, False),
        ("Kids", 7, True),
    ]
    assert found[kids.id] == listed[1]


async def test_the_eleventh_profile_is_refused_even_when_asked_for_at_the_same_time(door: Door):
    ada = await join(door)
    outcomes = await asyncio.gather(
        *(add_profile(door.database, ada, f"Person {number}") for number in range(12)),
        return_exceptions=True,
    )
    assert sum(isinstance(each, TooManyProfiles) for each in outcomes) == 3
    assert await count(door.database, "profiles") == 10


async def test_two_names_that_look_the_same_are_one(door: Door):
    ada = await join(door)
    await add_profile(door.database, ada, "Zoë")
    for twin in ("zoe", " ZOË ", "Zoe!"):
        with pytest.raises(ProfileNameTaken):
            await add_profile(door.database, ada, twin)
    await add_profile(door.database, ada, "🎬")
    with pytest.raises(ProfileNameTaken):
        await add_profile(door.database, ada, "🎬")
    await add_profile(door.database, ada, "🦊")
    await add_profile(door.database, await join(door, "eve@example.com"), "Zoë")


async def test_a_profile_may_be_renamed_but_not_to_a_name_in_use(door: Door):
    ada = await join(door)
    kids = await add_profile(door.database, ada, "Kids")
    async with door.database.transaction() as session:
        assert (await profiles.rename(session, ada, kids.id, "kids")).name == "kids"
        with pytest.raises(ProfileNameTaken):
            await profiles.rename(session, ada, kids.id, "EVERYONE")


async def test_the_last_profile_stays(door: Door):
    ada = await join(door)
    with pytest.raises(LastProfile):
        await delete(door, ada, ada.profile_id)


async def test_one_profile_without_a_limit_stays(door: Door):
    ada = await join(door)
    await add_profile(door.database, ada, "Kids", 7)
    with pytest.raises(LastProfile):
        await limit(door, ada, ada.profile_id, 16)
    with pytest.raises(LastProfile):
        await delete(door, ada, ada.profile_id)


async def test_two_deletions_at_once_leave_one_profile(door: Door):
    ada = await join(door)
    other = await add_profile(door.database, ada, "Other")
    outcomes = await asyncio.gather(
        delete(door, ada, ada.profile_id), delete(door, ada, other.id), return_exceptions=True
    )
    assert sorted(type(each).__name__ for each in outcomes) == ["LastProfile", "NoneType"]
    assert await count(door.database, "profiles") == 1
    assert await count(door.database, "sessions") == 1


async def test_two_limits_at_once_leave_one_profile_without(door: Door):
    ada = await join(door)
    other = await add_profile(door.database, ada, "Other")
    outcomes = await asyncio.gather(
        limit(door, ada, ada.profile_id, 7), limit(door, ada, other.id, 7), return_exceptions=True
    )
    assert sorted(type(each).__name__ for each in outcomes) == ["LastProfile", "NoneType"]


async def test_deleting_the_profile_in_use_moves_the_session_to_an_open_one(door: Door):
    token = (await door.sign_up(NewAccount(EMAIL, PASSWORD), HOME, NOW)).token
    ada = await seen(door, token)
    await add_profile(door.database, ada, "Kids", 7)
    locked = await add_profile(door.database, ada, "Locked")
    await run(door.database, "UPDATE profiles SET pin_hash = 'x' WHERE name = 'Locked'")
    with pytest.raises(LastProfile, match="switch to another"):
        await delete(door, ada, ada.profile_id)
    free = await add_profile(door.database, ada, "Free")
    await delete(door, ada, ada.profile_id)
    assert (await seen(door, token)).profile_id == free.id
    await delete(door, await seen(door, token), locked.id)
    assert (await seen(door, token)).profile_id == free.id


async def test_sessions_and_tokens_of_a_deleted_profile_are_dead_at_once(door: Door):
    ada = await join(door)
    other = await add_profile(door.database, ada, "Other")
    there = replace(ada, profile_id=other.id)
    async with door.database.transaction() as session:
        made = await tokens.create(session, there, "there", NOW)
    assert await tokens.find(door.database, door.cache, made.token, NOW)
    await delete(door, ada, other.id)
    assert await tokens.find(door.database, door.cache, made.token, NOW) is None
    with pytest.raises(NotFound):
        async with door.database.transaction() as session:
            await tokens.create(session, there, "there again", NOW)


async def test_a_limit_holds_for_sessions_in_use_at_once(door: Door):
    token = (await door.sign_up(NewAccount(EMAIL, PASSWORD), HOME, NOW)).token
    ada = await seen(door, token)
    await add_profile(door.database, ada, "Other")
    await limit(door, ada, ada.profile_id, 13)
    assert (await seen(door, token)).ceiling == 13


@pytest.mark.parametrize("ceiling", [-1, 1, 12, 19, 2**40])
async def test_a_limit_is_an_age_of_the_scale(door: Door, ceiling: int):
    ada = await join(door)
    with pytest.raises(InvalidInput):
        await add_profile(door.database, ada, "Odd", ceiling)


async def test_only_somebody_without_a_limit_manages_the_household(database: Database, door: Door):
    ada = await join(door)
    kids = await add_profile(database, ada, "Kids", 7)
    child = replace(ada, profile_id=kids.id, ceiling=7)
    async with database.transaction() as session:
        for attempt in (
            profiles.create(session, child, "Mine", NOW),
            profiles.rename(session, child, kids.id, "King"),
            profiles.set_ceiling(session, child, kids.id, 18, NOW),
            profiles.delete(session, child, kids.id),
        ):
            with pytest.raises(Forbidden):
                await attempt


async def test_another_households_profile_is_not_found(database: Database, door: Door):
    ada, eve = await join(door), await join(door, "eve@example.com")
    await add_profile(database, ada, "Other")
    async with database.transaction() as session:
        for stranger in (ada.profile_id, uuid4()):
            assert stranger
            for attempt in (
                profiles.rename(session, eve, stranger, "Mine"),
                profiles.set_ceiling(session, eve, stranger, 0, NOW),
                profiles.delete(session, eve, stranger),
            ):
                with pytest.raises(NotFound):
                    await attempt


async def test_tokens_delete_no_profiles(database: Database, door: Door):
    ada = await join(door)
    other = await add_profile(database, ada, "Other")
    with pytest.raises(Forbidden):
        await delete(door, replace(ada, session_id=None, token_id=uuid4()), other.id)


@pytest.mark.parametrize("name", HOSTILE)
async def test_hostile_names_are_refused_or_cleaned(door: Door, name: str):
    ada = await join(door)
    try:
        made = await add_profile(door.database, ada, name)
    except InvalidInput:
        pass
    else:
        assert 1 <= len(made.name) <= 40
