"""Sessions: believed for five seconds, written once an hour, ended at home or by a password."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text

from domain.accounts import credentials, ownership, sessions
from domain.accounts.credentials import changing
from domain.accounts.errors import WrongCredentials, WrongPassword
from domain.accounts.service import Door, NewAccount
from domain.accounts.viewer import Viewer
from domain.db import Database
from domain.errors import Forbidden, InvalidInput, NotFound, NotSignedIn, TooManyRequests
from domain.ports import Cache
from tests.accounts.people import (
    EMAIL,
    HOME,
    NOW,
    PASSWORD,
    come_back,
    count,
    join,
    run,
    seen,
)

pytestmark = pytest.mark.anyio
SECOND, HOUR, DAY = timedelta(seconds=1), timedelta(hours=1), timedelta(days=1)


async def token_of(door: Door) -> str:
    return (await door.sign_up(NewAccount(EMAIL, PASSWORD), HOME, NOW)).token


async def known(door: Door, token: str, after: timedelta = timedelta()) -> bool:
    return await sessions.find(door.database, door.cache, token, NOW + after) is not None


async def row(database: Database, column: str) -> object:
    async with database.read() as connection:
        return (await connection.execute(text(f"SELECT {column} FROM sessions"))).scalar_one()


async def test_signing_out_ends_the_session_at_once_and_a_replay_is_nobody(door: Door):
    token = await token_of(door)
    ada = await seen(door, token)  # the cache has it now
    await door.sign_out(ada, NOW)
    assert not await known(door, token)
    await door.sign_out(ada, NOW)  # in another tab


async def test_what_the_cache_did_not_hear_of_holds_after_five_seconds(door: Door):
    token = await token_of(door)
    await seen(door, token)
    await run(door.database, "UPDATE sessions SET revoked_at = :now", now=NOW)
    assert await known(door, token, 4 * SECOND)
    assert not await known(door, token, 6 * SECOND)


async def test_the_second_look_asks_the_cache_alone(door: Door):
    token = await token_of(door)
    first = await seen(door, token)
    nowhere = replace(door, database=None)  # pyright: ignore[reportArgumentType]
    assert await seen(nowhere, token, NOW + SECOND) == first


async def test_an_entry_of_another_version_or_kind_is_not_believed(door: Door, cache: Cache):
    token = await token_of(door)
    key = credentials.cache_key("session", credentials.digest(token))
    for entry in (b"", b"\xff", b"null", b"[]", b'{"read_at": "2026-11-21T20:00:00Z"}'):
        await cache.put(key, entry, 5)
        await seen(door, token)


@pytest.mark.parametrize(
    "token", ["", "x", "\x00" * 43, "\ud800" * 43, "é" * 43, "a" * 43, "a" * 9999]
)
async def test_any_other_token_is_nobody(door: Door, token: str):
    await join(door)
    assert not await known(door, token)


async def test_a_request_within_the_hour_writes_nothing(door: Door):
    token = await token_of(door)
    before = await row(door.database, "xmin")
    await seen(door, token, NOW + 59 * timedelta(minutes=1))
    assert await row(door.database, "xmin") == before


async def test_its_use_is_written_once_an_hour_and_its_end_moved_once_a_day(door: Door):
    token = await token_of(door)
    first = await sessions.find(door.database, door.cache, token, NOW + HOUR)
    assert first is not None
    assert not first.renewed
    assert await row(door.database, "last_seen_at") == NOW + HOUR
    assert await row(door.database, "expires_at") == NOW + 30 * DAY
    at_once = [sessions.find(door.database, door.cache, token, NOW + DAY) for _ in range(5)]
    found = await asyncio.gather(*at_once)
    assert [each.renewed for each in found if each].count(True) == 1
    assert await row(door.database, "expires_at") == NOW + 31 * DAY


async def test_a_session_revoked_meanwhile_is_not_brought_back_by_its_use(door: Door):
    token = await token_of(door)
    await seen(door, token, NOW + DAY - SECOND)
    await run(door.database, "UPDATE sessions SET revoked_at = :now", now=NOW)
    await sessions.find(door.database, door.cache, token, NOW + DAY + HOUR)
    assert not await known(door, token, DAY + HOUR + 6 * SECOND)
    assert await row(door.database, "revoked_at") == NOW


async def test_sessions_are_listed_and_ended_by_their_own_household_alone(door: Door):
    ada, phone = await join(door), await come_back(door, now=NOW + HOUR)
    eve = await join(door, "eve@example.com")
    async with door.database.read() as connection:
        assert ada.account_id
        listed = await sessions.of_account(connection, ada.account_id, NOW)
    assert [each.id for each in listed] == [phone.session_id, ada.session_id]
    assert (listed[0].user_agent, listed[0].address) == ("Chrome", "203.0.113.8")
    assert (listed[1].profile_name, listed[1].last_seen_at) == ("Everyone", NOW)

    async def end(viewer: Viewer, session_id: UUID) -> None:
        account_id, _ = viewer.require_profile()
        async with changing(door.database, door.cache, account_id) as session:
            await sessions.revoke(session, account_id, session_id, NOW)

    with pytest.raises(NotFound):
        await end(eve, phone.session_id)
    with pytest.raises(NotFound):
        await end(ada, uuid4())
    await end(ada, phone.session_id)
    with pytest.raises(NotFound):
        await end(ada, phone.session_id)
    assert await count(door.database, "sessions", "revoked_at IS NULL") == 2


async def test_a_new_password_ends_every_other_session(door: Door):
    token = await token_of(door)
    ada, phone = await seen(door, token), await come_back(door)
    eve = await join(door, "eve@example.com")
    assert await ownership.change_password(door, ada, PASSWORD, "another good one", NOW) == 1
    assert await known(door, token)
    assert (
        await count(door.database, "sessions", f"id = '{phone.session_id}' AND revoked_at IS NULL")
        == 0
    )
    assert (
        await count(door.database, "sessions", f"id = '{eve.session_id}' AND revoked_at IS NULL")
        == 1
    )
    with pytest.raises(WrongCredentials):
        await come_back(door)
    await door.sign_in(EMAIL, "another good one", HOME, NOW)


async def test_changing_the_password_takes_the_old_one_and_a_good_new_one(door: Door):
    ada = await join(door)
    with pytest.raises(InvalidInput) as refused:
        await ownership.change_password(door, ada, PASSWORD, "password", NOW)
    assert refused.value.field == "newPassword"
    for _ in range(5):
        with pytest.raises(WrongPassword):
            await ownership.change_password(door, ada, "wrong", "another good one", NOW)
    with pytest.raises(TooManyRequests):
        await ownership.change_password(door, ada, PASSWORD, "another good one", NOW)
    with pytest.raises(TooManyRequests):
        await come_back(door)  # one count for both ways to try


async def test_neither_a_token_nor_a_childs_profile_nor_a_stranger_changes_the_password(door: Door):
    ada = await join(door)
    program = replace(ada, via="token", session_id=None, token_id=uuid4())
    stranger = Viewer("anonymous", "DE", "UTC")
    for viewer, refusal in (
        (program, Forbidden),
        (replace(ada, ceiling=13), Forbidden),
        (stranger, NotSignedIn),
    ):
        with pytest.raises(refusal):
            await ownership.change_password(door, viewer, PASSWORD, "another good one", NOW)
        with pytest.raises(refusal):
            await ownership.delete_account(door, viewer, PASSWORD)
    assert await count(door.database, "accounts") == 1


async def test_what_ended_a_week_ago_is_pruned(door: Door):
    ada = await join(door)
    await come_back(door)
    await door.sign_out(ada, NOW)
    for later, left in ((6 * DAY, 2), (7 * DAY, 1), (36 * DAY, 1), (37 * DAY, 0)):
        async with door.database.transaction() as session:
            await sessions.prune(session, NOW + later)
        assert await count(door.database, "sessions") == left


async def test_signing_in_while_the_account_is_deleted_never_breaks(door: Door):
    ada = await join(door)
    outcomes = await asyncio.gather(
        ownership.delete_account(door, ada, PASSWORD),
        *(come_back(door) for _ in range(6)),
        return_exceptions=True,
    )
    assert outcomes[0] is None
    for each in outcomes[1:]:
        assert isinstance(each, Viewer | WrongCredentials | NotSignedIn | AssertionError), each
    assert await count(door.database, "sessions") == 0
