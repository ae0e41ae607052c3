"""Switching profiles, and the PINs in between."""

import asyncio
from dataclasses import replace
from uuid import UUID, uuid4

import pytest

from domain.accounts import ownership
from domain.accounts.errors import WrongPassword
from domain.accounts.service import Door, NewAccount
from domain.accounts.viewer import Viewer
from domain.errors import Forbidden, InvalidInput, NotFound, NotSignedIn, TooManyRequests
from domain.profiles.errors import PinRequired, WrongPin
from domain.profiles.models import Profile
from domain.profiles.pins import Pins
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
    seen,
)

pytestmark = pytest.mark.anyio


async def with_pin(door: Door, pins: Pins, ada: Viewer, pin: str = "2468") -> Profile:
    other = await add_profile(door.database, ada, "Other")
    return await pins.set_pin(ada, other.id, pin)


async def go(pins: Pins, viewer: Viewer, profile_id: UUID, pin: str | None = None) -> Profile:
    return await pins.select_profile(viewer, profile_id, pin, NOW)


async def test_switching_is_kept_in_the_session_and_seen_at_once(door: Door, pins: Pins):
    token = (await door.sign_up(NewAccount(EMAIL, PASSWORD), HOME, NOW)).token
    ada = await seen(door, token)
    kids = await add_profile(door.database, ada, "Kids", 7)
    assert (await go(pins, ada, kids.id)).name == "Kids"
    now_seen = await seen(door, token)
    assert (now_seen.profile_id, now_seen.ceiling) == (kids.id, 7)
    assert (await come_back(door)).profile_id == ada.profile_id


async def test_a_pin_is_asked_for_and_stored_as_a_hash(door: Door, pins: Pins):
    ada = await join(door)
    other = await with_pin(door, pins, ada)
    assert await count(door.database, "profiles", "pin_hash LIKE '$argon2id$%'") == 1
    with pytest.raises(PinRequired):
        await go(pins, ada, other.id)
    with pytest.raises(WrongPin):
        await go(pins, ada, other.id, "2469")
    await go(pins, ada, other.id, "2468")
    await go(pins, replace(ada, profile_id=other.id), other.id)  # already there


async def test_five_wrong_pins_a_minute_close_the_profile(door: Door, pins: Pins):
    ada = await join(door)
    other = await with_pin(door, pins, ada)
    guesses = (go(pins, ada, other.id, f"{number:04}") for number in range(30))
    outcomes = await asyncio.gather(*guesses, return_exceptions=True)
    assert sum(isinstance(each, WrongPin) for each in outcomes) == 5
    assert sum(isinstance(each, TooManyRequests) for each in outcomes) == 25
    with pytest.raises(TooManyRequests):
        await go(pins, ada, other.id, "2468")
    assert ada.profile_id
    await go(pins, ada, ada.profile_id)  # the others stay open


async def test_a_pin_may_be_changed_and_taken_away(door: Door, pins: Pins):
    ada = await join(door)
    other = await with_pin(door, pins, ada)
    await pins.set_pin(ada, other.id, "13579")
    with pytest.raises(WrongPin):
        await go(pins, ada, other.id, "2468")
    await pins.set_pin(ada, other.id, None)
    await go(pins, ada, other.id)


@pytest.mark.parametrize(
    "pin", ["", "123", "123456789", "12 34", "abcd", "１２３４", "12٣4", *HOSTILE]
)
async def test_a_pin_is_four_to_eight_digits(door: Door, pins: Pins, pin: str):
    ada = await join(door)
    other = await with_pin(door, pins, ada)
    with pytest.raises(InvalidInput):
        await pins.set_pin(ada, other.id, pin)
    with pytest.raises(WrongPin):
        await go(pins, ada, other.id, pin)


async def test_a_child_and_a_program_set_no_pins_and_a_program_stays_where_it_is(
    door: Door, pins: Pins
):
    ada = await join(door)
    program = replace(ada, via="token", session_id=None, token_id=uuid4())
    child = replace(ada, ceiling=7)
    assert ada.profile_id
    for viewer in (program, child):
        with pytest.raises(Forbidden):
            await pins.set_pin(viewer, ada.profile_id, "2468")
    with pytest.raises(Forbidden):
        await go(pins, program, ada.profile_id)


async def test_another_households_profile_is_not_found(door: Door, pins: Pins):
    ada, eve = await join(door), await join(door, "eve@example.com")
    other = await with_pin(door, pins, ada)
    for profile_id in (other.id, uuid4()):
        with pytest.raises(NotFound):
            await go(pins, eve, profile_id, "2468")
        with pytest.raises(NotFound):
            await pins.set_pin(eve, profile_id, "2468")


async def test_a_session_that_ended_goes_nowhere(door: Door, pins: Pins):
    ada = await join(door)
    other = await add_profile(door.database, ada, "Other")
    await door.sign_out(ada, NOW)
    with pytest.raises(NotSignedIn):
        await go(pins, ada, other.id)


async def test_the_password_takes_a_forgotten_pin_away_even_from_a_childs_profile(
    door: Door, pins: Pins
):
    ada = await join(door)
    await add_profile(door.database, ada, "Kids", 7)
    assert ada.profile_id
    await pins.set_pin(ada, ada.profile_id, "2468")
    child = await come_back(door)
    assert child.ceiling == 7
    with pytest.raises(WrongPassword):
        await ownership.forget_pin(door, child, ada.profile_id, "wrong")
    await ownership.forget_pin(door, child, ada.profile_id, PASSWORD)
    await go(pins, child, ada.profile_id)
