"""API tokens: made by a person, for one profile, and never a way to more rights."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from domain.accounts import sessions, tokens
from domain.accounts.credentials import changing
from domain.accounts.errors import TooManyTokens
from domain.accounts.service import Door
from domain.accounts.values import NewToken
from domain.accounts.viewer import Viewer
from domain.errors import Forbidden, InvalidInput, NotFound
from tests.accounts.people import HOSTILE, NOW, count, join, run

pytestmark = pytest.mark.anyio
HOUR = timedelta(hours=1)


async def make(door: Door, viewer: Viewer, name: str = "Home Assistant") -> NewToken:
    async with door.database.transaction() as session:
        return await tokens.create(session, viewer, name, NOW)


async def known(door: Door, token: str, after: timedelta = timedelta()) -> bool:
    return await tokens.find(door.database, door.cache, token, NOW + after) is not None


async def test_a_token_stands_for_the_profile_that_made_it(door: Door):
    ada = await join(door)
    made = await make(door, ada)
    assert made.token.startswith("sst_")
    assert made.listed.hint == made.token[:8]
    assert await count(door.database, "api_tokens", f"api_tokens::text LIKE '%{made.token}%'") == 0
    found = await tokens.find(door.database, door.cache, made.token, NOW)
    assert found is not None
    program = Viewer.by("token", found, "")
    assert (program.via, program.token_id, program.session_id) == ("token", made.listed.id, None)
    assert (program.account_id, program.profile_id) == (ada.account_id, ada.profile_id)


async def test_a_revoked_token_is_dead_at_once(door: Door):
    ada = await join(door)
    made = await make(door, ada)
    assert await known(door, made.token)
    assert ada.account_id
    async with changing(door.database, door.cache, ada.account_id) as session:
        await tokens.revoke(session, ada, made.listed.id, NOW)
    assert not await known(door, made.token)
    async with door.database.read() as connection:
        assert await tokens.of_account(connection, ada.account_id) == []


async def test_tokens_make_and_end_no_tokens(door: Door):
    ada = await join(door)
    made = await make(door, ada)
    program = replace(ada, via="token", session_id=None, token_id=made.listed.id)
    with pytest.raises(Forbidden):
        await make(door, program)
    async with door.database.transaction() as session:
        with pytest.raises(Forbidden):
            await tokens.revoke(session, program, made.listed.id, NOW)


async def test_another_households_token_is_not_found(door: Door):
    made = await make(door, await join(door))
    eve = await join(door, "eve@example.com")
    async with door.database.transaction() as session:
        with pytest.raises(NotFound):
            await tokens.revoke(session, eve, made.listed.id, NOW)


async def test_the_twenty_first_is_refused_even_when_asked_for_at_the_same_time(door: Door):
    ada = await join(door)
    outcomes = await asyncio.gather(
        *(make(door, ada, f"Program {number}") for number in range(23)), return_exceptions=True
    )
    assert sum(isinstance(each, TooManyTokens) for each in outcomes) == 3
    assert await count(door.database, "api_tokens") == 20


async def test_its_use_is_written_once_an_hour(door: Door):
    made = await make(door, await join(door))
    assert await known(door, made.token)
    assert await count(door.database, "api_tokens", "last_used_at IS NOT NULL") == 1
    await known(door, made.token, HOUR / 2)
    await known(door, made.token, HOUR + HOUR / 2)
    used = "last_used_at = '2026-11-21 21:30+00'"
    assert await count(door.database, "api_tokens", used) == 1


async def test_neither_kind_of_secret_opens_the_other_door(door: Door):
    ada = await join(door)
    made = await make(door, ada)
    await known(door, made.token)
    assert await sessions.find(door.database, door.cache, made.token, NOW) is None
    assert (
        await sessions.find(door.database, door.cache, made.token.removeprefix("sst_"), NOW) is None
    )


async def test_the_cache_alone_is_believed_for_five_seconds(door: Door):
    made = await make(door, await join(door))
    await known(door, made.token)
    await known(door, made.token)
    await run(door.database, "UPDATE api_tokens SET revoked_at = :now", now=NOW)
    assert await known(door, made.token, timedelta(seconds=4))
    assert not await known(door, made.token, timedelta(seconds=6))


async def test_revoked_tokens_are_pruned_after_a_month(door: Door):
    ada = await join(door)
    made = await make(door, ada)
    await make(door, ada, "kept")
    async with door.database.transaction() as session:
        await tokens.revoke(session, ada, made.listed.id, NOW)
        assert await tokens.prune(session, NOW + timedelta(days=29)) == 0
        assert await tokens.prune(session, NOW + timedelta(days=30)) == 1


@pytest.mark.parametrize("name", HOSTILE)
async def test_hostile_names_are_refused_or_cleaned(door: Door, name: str):
    ada = await join(door)
    try:
        made = await make(door, ada, name)
    except InvalidInput:
        pass
    else:
        assert 1 <= len(made.listed.name) <= 60
    assert not await known(door, name)
