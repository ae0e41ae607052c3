"""Tokens: renewed by one of many, kept before they are used, and what a death between costs."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text

from domain.services import Services
from domain.sync.ports import UpstreamAway
from domain.trakt import links
from domain.trakt.errors import NotConnected
from domain.trakt.ports import LinkBroken
from domain.trakt.values import Tokens
from tests.trakt.people import ACCOUNT, FINISH, IMPORT, START, StandIn, ask, connected
from tests.watchlists.homes import move_in, rows

pytestmark = pytest.mark.anyio
HALF_LIFE = timedelta(days=4)


class Slow:
    """A Trakt of which each renewal takes a moment before or after it has happened there."""

    def __init__(
        self, refresh: Callable[[Tokens], Awaitable[Tokens]], before_s: float, after_s: float = 0
    ) -> None:
        self._refresh = refresh
        self._before_s, self._after_s = before_s, after_s
        self.calls = 0
        self.answered = asyncio.Event()

    async def refresh(self, tokens: Tokens) -> Tokens:
        self.calls += 1
        await asyncio.sleep(self._before_s)
        new = await self._refresh(tokens)
        self.answered.set()
        await asyncio.sleep(self._after_s)
        return new


def later() -> datetime:
    return datetime.now(UTC) + HALF_LIFE


def trakt_of(services: Services) -> Any:
    return services.trakt


async def test_tokens_in_the_first_half_of_their_life_stay(services: Services, stand_in: StandIn):
    tokens = stand_in.tokens()
    ada = await connected(services, stand_in, tokens)
    slow: Any = Slow(trakt_of(services).refresh, 0)
    found = await links.fresh(services.database, slow, ada.require_profile()[1], datetime.now(UTC))
    assert (found, slow.calls) == (tokens, 0)


async def test_of_twenty_who_need_new_tokens_one_renews_them_and_all_have_the_same(
    services: Services, stand_in: StandIn
):
    old = stand_in.tokens()
    aged = replace(old, issued_at=old.issued_at - HALF_LIFE, expires_at=old.expires_at - HALF_LIFE)
    ada = await connected(services, stand_in, aged)
    slow: Any = Slow(trakt_of(services).refresh, 0.3)
    now = datetime.now(UTC)
    found = await asyncio.gather(
        *(links.fresh(services.database, slow, ada.require_profile()[1], now) for _ in range(20))
    )
    assert slow.calls == 1
    (access,) = {each.access for each in found}
    assert access != old.access
    assert await rows(services.database, "SELECT access_token FROM trakt_links") == [(access,)]
    assert stand_in.opens(access)


async def test_new_tokens_are_kept_though_whoever_asked_has_gone(
    services: Services, stand_in: StandIn
):
    old = stand_in.tokens()
    ada = await connected(services, stand_in, old)
    slow: Any = Slow(trakt_of(services).refresh, 0, after_s=0.2)
    asking = asyncio.create_task(
        links.fresh(services.database, slow, ada.require_profile()[1], later())
    )
    await slow.answered.wait()
    asking.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asking
    await asyncio.sleep(0.6)
    ((access,),) = await rows(services.database, "SELECT access_token FROM trakt_links")
    assert access != old.access
    assert stand_in.opens(access)


async def test_killed_between_renewal_and_keeping_it_has_to_be_connected_again(
    services: Services, stand_in: StandIn
):
    old = stand_in.tokens()
    ada = await connected(services, stand_in, old)
    await trakt_of(services).refresh(old)  # and nobody wrote down what came of it
    with pytest.raises(LinkBroken):
        await links.fresh(services.database, trakt_of(services), ada.require_profile()[1], later())
    account = await ask(services, ada, ACCOUNT)
    assert "Connect Trakt again" in account["problem"]
    before = stand_in.asked("/oauth/token")
    refused = await ask(services, ada, IMPORT)
    assert refused["code"] == "TRAKT_LINK_BROKEN"
    assert stand_in.asked("/oauth/token") == before, "a dead token is not tried again and again"
    code = (await ask(services, ada, START))["signIn"]["userCode"]
    assert (await ask(services, ada, ACCOUNT))["signIn"] == {"userCode": code}
    stand_in.type_in(code)
    assert (await ask(services, ada, FINISH))["connected"]
    account = await ask(services, ada, ACCOUNT)
    assert (account["problem"], account["signIn"]) == (None, None)


async def test_a_renewal_that_gets_no_answer_leaves_the_old_tokens(
    services: Services, stand_in: StandIn
):
    old = stand_in.tokens()
    ada = await connected(services, stand_in, old)
    stand_in.post("/_sim/faults", upstream="trakt", kind="server_error")
    with pytest.raises(UpstreamAway):
        await links.fresh(services.database, trakt_of(services), ada.require_profile()[1], later())
    ((access, problem),) = await rows(
        services.database, "SELECT access_token, problem FROM trakt_links"
    )
    assert (access, problem) == (old.access, None)


async def test_what_is_said_of_old_tokens_is_not_held_against_new_ones(
    services: Services, stand_in: StandIn
):
    new = stand_in.tokens()
    ada = await connected(services, stand_in, new)
    old = replace(new, access="an-older-one")
    await links.note_broken(services.database, ada.require_profile()[1], old, LinkBroken())
    assert (await ask(services, ada, ACCOUNT))["problem"] is None


async def test_nobody_has_tokens_who_is_not_connected(services: Services):
    ada = await move_in(services.database)
    with pytest.raises(NotConnected):
        await links.fresh(services.database, trakt_of(services), ada.require_profile()[1], later())


async def test_connecting_another_account_gives_the_old_one_back(
    services: Services, stand_in: StandIn
):
    old = stand_in.tokens()
    ada = await connected(services, stand_in, old)
    code = (await ask(services, ada, START))["signIn"]["userCode"]
    stand_in.type_in(code)
    assert (await ask(services, ada, FINISH))["connected"]
    assert not stand_in.opens(old.access)
    async with services.database.read() as connection:
        access = (await connection.execute(text("SELECT access_token FROM trakt_links"))).scalar()
    assert stand_in.opens(access or "")
