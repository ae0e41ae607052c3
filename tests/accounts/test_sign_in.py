"""Signing up and in: who gets in, who is slowed down, and what neither gives away."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from domain.accounts import passwords, rules, sessions
from domain.accounts.errors import EmailTaken, WrongCredentials
from domain.accounts.models import Account
from domain.accounts.service import Door, NewAccount
from domain.accounts.values import Browser
from domain.db import Database
from domain.errors import InvalidInput, TooManyRequests
from tests.accounts.people import (
    EMAIL,
    HOME,
    HOSTILE,
    NOW,
    PASSWORD,
    add_profile,
    come_back,
    count,
    join,
    run,
    seen,
)

pytestmark = pytest.mark.anyio


async def fail(door: Door, email: str = EMAIL, address: str = "203.0.113.7") -> Exception:
    with pytest.raises((WrongCredentials, TooManyRequests)) as refused:
        await door.sign_in(email, "not the password", Browser(address), NOW)
    return refused.value


async def test_signing_up_makes_an_account_with_a_first_profile_and_signs_in(door: Door):
    ada = await join(door, "  Ada@Example.com ")
    assert (ada.via, ada.email, ada.plan, ada.role) == (
        "session",
        "Ada@Example.com",
        "free",
        "member",
    )
    assert (ada.country, ada.time_zone, ada.ceiling) == ("DE", "Europe/Berlin", 18)
    assert await count(door.database, "profiles", "name = 'Everyone'") == 1


async def test_what_is_given_at_sign_up_is_kept(door: Door):
    new = NewAccount(
        EMAIL, PASSWORD, country="us", time_zone="America/New_York", profile_name="Ada"
    )
    ada = await seen(door, (await door.sign_up(new, HOME, NOW)).token)
    assert (ada.country, ada.time_zone) == ("US", "America/New_York")
    assert await count(door.database, "profiles", "name = 'Ada'") == 1


async def test_an_e_mail_is_taken_however_it_is_spelled(door: Door):
    await join(door, "ada@example.com")
    with pytest.raises(EmailTaken):
        await join(door, " ADA@example.COM")
    await come_back(door, "Ada@EXAMPLE.com ")


async def test_of_ten_sign_ups_at_once_one_wins_and_the_others_are_told(door: Door):
    outcomes = await asyncio.gather(*(join(door) for _ in range(10)), return_exceptions=True)
    assert sum(isinstance(each, EmailTaken) for each in outcomes) == 9
    assert await count(door.database, "accounts") == await count(door.database, "profiles") == 1


async def test_a_taken_e_mail_leaves_nothing_behind(door: Door):
    await join(door)
    with pytest.raises(EmailTaken):
        await join(door)
    assert await count(door.database, "sessions") == 1


async def test_only_hashes_are_stored(door: Door):
    started = await door.sign_up(NewAccount(EMAIL, PASSWORD), HOME, NOW)
    async with door.database.transaction() as session:
        account = await session.get(Account, started.account_id)
    assert account is not None
    assert account.password_hash.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert await count(door.database, "sessions", f"sessions::text LIKE '%{started.token}%'") == 0


async def test_an_unknown_e_mail_and_a_wrong_password_are_told_alike(
    door: Door, monkeypatch: pytest.MonkeyPatch
):
    await join(door)
    checked: list[str] = []
    real = passwords._same

    def spy(stored: str, secret: str) -> bool:
        checked.append(stored)
        return real(stored, secret)

    monkeypatch.setattr(passwords, "_same", spy)
    wrong, unknown = await fail(door), await fail(door, "nobody@example.com")
    assert (type(wrong), str(wrong), vars(wrong)) == (type(unknown), str(unknown), vars(unknown))
    assert len(checked) == 2  # both paid for a hash
    assert checked[1] == passwords.DUMMY_HASH


def test_the_dummy_hash_costs_what_a_real_one_costs():
    assert not passwords.outdated(passwords.DUMMY_HASH)


async def test_nobody_gets_in_with_the_password_of_the_dummy(door: Door):
    for password in ("", " ", "x" * 300, "\ud800" * 10):
        with pytest.raises(WrongCredentials):
            await door.sign_in("nobody@example.com", password, HOME, NOW)


async def test_five_wrong_passwords_a_minute_close_the_account_even_for_the_right_one(door: Door):
    await join(door)
    for _ in range(5):
        assert isinstance(await fail(door), WrongCredentials)
    refused = await fail(door)
    assert isinstance(refused, TooManyRequests)
    assert refused.limit == 5
    assert 0 < refused.retry_after <= 73
    with pytest.raises(TooManyRequests):
        await come_back(door)


async def test_only_failures_count(door: Door):
    await join(door)
    for _ in range(4):
        await fail(door)
    for _ in range(8):
        await come_back(door)
    assert isinstance(await fail(door), WrongCredentials)
    assert isinstance(await fail(door), TooManyRequests)


async def test_an_unknown_e_mail_is_closed_after_as_many_failures_as_a_known_one(door: Door):
    for _ in range(5):
        assert isinstance(await fail(door, "nobody@example.com"), WrongCredentials)
    assert isinstance(await fail(door, "nobody@example.com"), TooManyRequests)


async def test_an_address_that_tries_many_accounts_is_slowed_down_and_others_are_not(door: Door):
    strict = Door(door.database, door.cache, door.limiter, failures_from=6)
    await join(strict)
    for number in range(6):
        assert isinstance(
            await fail(strict, f"{number}@example.com", "2001:db8::1"), WrongCredentials
        )
    assert isinstance(await fail(strict, "7@example.com", "2001:db8::ffff"), TooManyRequests)
    await come_back(strict)


async def test_guesses_at_the_same_time_learn_no_more_than_five_answers(door: Door):
    await join(door)
    guesses = [fail(door) for _ in range(40)]
    right = [come_back(door) for _ in range(5)]
    outcomes = await asyncio.gather(*guesses, *right, return_exceptions=True)
    assert sum(isinstance(each, WrongCredentials) for each in outcomes) == 5
    late = [each for each in outcomes[40:] if not isinstance(each, TooManyRequests)]
    assert late == []


async def test_a_crowd_is_told_to_come_back(door: Door, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(passwords, "_MOST_INSIDE", 3)
    outcomes = await asyncio.gather(
        *(join(door, f"{number}@example.com") for number in range(6)), return_exceptions=True
    )
    assert sum(isinstance(each, TooManyRequests) for each in outcomes) == 3
    assert await count(door.database, "accounts") == 3


async def test_a_session_presented_at_sign_in_is_dead_afterwards(door: Door):
    planted = (await door.sign_up(NewAccount("eve@example.com", PASSWORD), HOME, NOW)).token
    await join(door)
    await seen(door, planted)
    browser = Browser("203.0.113.9", "Safari", presented=planted)
    started = await door.sign_in(EMAIL, PASSWORD, browser, NOW)
    assert started.token != planted
    assert await sessions.find(door.database, door.cache, planted, NOW) is None


async def test_a_hash_of_weaker_parameters_is_renewed_at_sign_in(door: Door, database: Database):
    await join(door)
    weak = passwords.PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)
    await run(database, "UPDATE accounts SET password_hash = :weak", weak=weak)
    await come_back(door)
    assert await count(database, "accounts", "password_hash LIKE '%m=19456,t=2,p=1%'") == 1
    await come_back(door)


async def test_a_password_may_be_typed_on_any_keyboard(door: Door):
    await door.sign_up(NewAccount(EMAIL, "Cafe\u0301 de la gare"), HOME, NOW)
    await door.sign_in(EMAIL, "Caf\u00e9 de la gare", HOME, NOW)


async def test_a_session_starts_in_a_profile_without_a_pin(door: Door, database: Database):
    ada = await join(door)
    kids = await add_profile(database, ada, "Kids", 7)
    later = await add_profile(database, ada, "Later")
    await run(database, "UPDATE profiles SET pin_hash = 'x' WHERE name = 'Everyone'")
    assert (await come_back(door)).profile_id == later.id
    await run(database, "UPDATE profiles SET pin_hash = 'x' WHERE name = 'Later'")
    assert (await come_back(door)).profile_id == kids.id
    await run(database, "UPDATE profiles SET pin_hash = 'x'")
    assert (await come_back(door)).profile_id == ada.profile_id


async def test_what_the_browser_says_of_itself_is_cleaned_and_cut(door: Door, database: Database):
    await door.sign_up(NewAccount(EMAIL, PASSWORD), Browser("\x00", "Bad\x00\ud800" * 200), NOW)
    assert await count(database, "sessions", "length(user_agent) = 200 AND address = ''") == 1


@pytest.mark.parametrize("text", HOSTILE)
async def test_hostile_text_at_the_door_is_refused_or_cleaned(door: Door, text: str):
    await join(door)
    for email, password in ((text, PASSWORD), (EMAIL, text)):
        with pytest.raises(WrongCredentials):
            await door.sign_in(email, password, Browser(text, text, presented=text), NOW)
    for new in (
        NewAccount(text, PASSWORD),
        NewAccount(f"{text}@example.com", PASSWORD),
        NewAccount("b@example.com", text),
        NewAccount("b@example.com", PASSWORD, country=text),
        NewAccount("b@example.com", PASSWORD, time_zone=text),
        NewAccount("b@example.com", PASSWORD, profile_name=text),
    ):
        try:
            await door.sign_up(new, HOME, NOW)
        except (InvalidInput, EmailTaken):
            continue


async def test_sessions_end_after_thirty_idle_days_and_a_hundred_and_eighty_at_most(door: Door):
    token = (await door.sign_up(NewAccount(EMAIL, PASSWORD), HOME, NOW)).token
    last = NOW
    while (last := last + timedelta(days=29)) < NOW + rules.SESSION_LIFE:
        await seen(door, token, last)
    assert await sessions.find(door.database, door.cache, token, NOW + rules.SESSION_LIFE) is None

    other = await door.sign_in(EMAIL, PASSWORD, HOME, NOW)
    almost = NOW + rules.SESSION_IDLE - timedelta(seconds=1)
    await seen(door, other.token, almost)
    assert await sessions.find(
        door.database, door.cache, other.token, almost + rules.SESSION_IDLE
    ) is None  # fmt: skip


async def test_one_address_makes_only_so_many_accounts_an_hour(door: Door):
    few = replace(door, sign_ups_from=3)
    for number in range(3):
        await join(few, f"ada{number}@example.com")
    with pytest.raises(TooManyRequests) as refused:
        await join(few, "ada3@example.com")
    assert 0 < refused.value.retry_after <= 3600
    new = NewAccount("ada4@example.com", PASSWORD)
    assert (await few.sign_up(new, Browser("198.51.100.9"), NOW)).token
