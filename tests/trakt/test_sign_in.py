"""Connecting an account: a code, asking politely whether it was typed in, and who may see it."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from redis.asyncio import Redis

from app.deps import make_services
from app.settings import Settings
from domain.db import Database
from domain.services import Services
from tests.trakt.people import ACCOUNT, DISCONNECT, FINISH, IMPORT, START, StandIn, ask
from tests.watchlists.homes import move_in, rows

pytestmark = pytest.mark.anyio


def soon(seconds: float) -> datetime:
    return datetime.now(UTC) + timedelta(seconds=seconds)


async def test_a_code_that_was_typed_in_connects_the_account(services: Services, stand_in: StandIn):
    ada = await move_in(services.database)
    assert await ask(services, ada, ACCOUNT) is None
    begun = (await ask(services, ada, START))["signIn"]
    waiting = await ask(services, ada, ACCOUNT)
    assert waiting["__typename"] == "TraktSignIn"
    assert (waiting["userCode"], waiting["standIn"]) == (begun["userCode"], True)
    assert waiting["verificationUrl"] == "https://trakt.tv/activate"
    said = await ask(services, ada, FINISH)
    assert (said["connected"], said["askAgainInS"]) == (False, begun["intervalS"])
    stand_in.type_in(begun["userCode"])
    stand_in.post("/_sim/clock", advance_s=5)
    said = await ask(services, ada, FINISH, soon(5))
    assert said == {
        "connected": True, "askAgainInS": 0, "account": {"__typename": "TraktConnection"}
    }  # fmt: skip
    account = await ask(services, ada, ACCOUNT)
    assert (account["username"], account["problem"], account["signIn"], account["reading"]) == (
        stand_in.user, None, None, None
    )  # fmt: skip
    assert (await ask(services, ada, FINISH))["code"] == "TRAKT_NO_SIGN_IN"


async def test_asking_too_early_is_not_passed_on(services: Services, stand_in: StandIn):
    ada = await move_in(services.database)
    await ask(services, ada, START)
    before = stand_in.asked("/oauth/device/token")
    said = await asyncio.gather(*(ask(services, ada, FINISH) for _ in range(20)))
    assert stand_in.asked("/oauth/device/token") == before + 1
    assert all(not each["connected"] and 1 <= each["askAgainInS"] <= 5 for each in said)


@pytest.mark.parametrize(
    ("how", "words"), [("denied", "declined at Trakt"), ("expired", "not typed in in time")]
)
async def test_a_sign_in_that_comes_to_nothing_says_why_and_is_forgotten(
    services: Services, stand_in: StandIn, how: str, words: str
):
    ada = await move_in(services.database)
    code = (await ask(services, ada, START))["signIn"]["userCode"]
    if how == "denied":
        stand_in.type_in(code, deny=True)
    else:
        stand_in.post("/_sim/clock", advance_s=700)
    said = await ask(services, ada, FINISH, soon(10))
    assert said["code"] == "TRAKT_SIGN_IN_ENDED"
    assert words in said["message"]
    assert await rows(services.database, "SELECT 1 FROM trakt_sign_ins") == []


async def test_a_new_code_takes_the_place_of_the_old_one(services: Services, stand_in: StandIn):
    ada = await move_in(services.database)
    old = (await ask(services, ada, START))["signIn"]["userCode"]
    new = (await ask(services, ada, START))["signIn"]["userCode"]
    assert old != new
    stand_in.type_in(old)
    assert not (await ask(services, ada, FINISH))["connected"]
    assert (await ask(services, ada, ACCOUNT))["userCode"] == new


async def test_somebody_who_asks_for_codes_again_and_again_is_held_up(services: Services):
    ada = await move_in(services.database)
    for _ in range(10):
        assert (await ask(services, ada, START))["signIn"]
    assert (await ask(services, ada, START))["code"] == "RATE_LIMITED"


async def test_an_account_is_its_profiles_alone(services: Services, stand_in: StandIn):
    ada = await move_in(services.database)
    bob = await move_in(services.database, account_id=ada.account_id)
    code = (await ask(services, ada, START))["signIn"]["userCode"]
    stand_in.type_in(code)
    assert await ask(services, bob, ACCOUNT) is None
    assert (await ask(services, bob, FINISH))["code"] == "TRAKT_NO_SIGN_IN"
    assert (await ask(services, ada, FINISH))["connected"]
    assert await ask(services, bob, ACCOUNT) is None
    assert (await ask(services, bob, IMPORT))["code"] == "TRAKT_NOT_CONNECTED"
    await ask(services, bob, DISCONNECT)
    assert (await ask(services, ada, ACCOUNT))["username"] == stand_in.user


async def test_where_trakt_is_away_it_is_said_and_the_code_stays(
    services: Services, stand_in: StandIn
):
    ada = await move_in(services.database)
    await ask(services, ada, START)
    stand_in.post("/_sim/faults", upstream="trakt", kind="server_error")
    assert (await ask(services, ada, FINISH))["code"] == "UPSTREAM_AWAY"
    assert (await ask(services, ada, ACCOUNT))["userCode"]


async def test_without_a_client_id_it_says_what_to_do(database: Database, valkey: Redis):
    bare = make_services(database, valkey, Settings(_env_file=None))  # type: ignore[call-arg]
    ada = await move_in(database)
    for query in (START, FINISH, IMPORT):
        said = await ask(bare, ada, query)
        assert said["code"] == "NOT_CONFIGURED"
        assert "STREAMING_STACK_TRAKT_CLIENT_ID" in said["message"]
        assert "bring that file here" in said["message"]
    assert await ask(bare, ada, ACCOUNT) is None
    assert (await ask(bare, ada, DISCONNECT))["done"]
