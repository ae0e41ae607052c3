"""Disconnecting: nothing stays that opens the account, and what was imported goes if it shall."""

import asyncio
import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from structlog.testing import capture_logs

from domain.accounts import data
from domain.accounts.viewer import Viewer
from domain.imports import rounds
from domain.imports.bringing import from_lines
from domain.imports.commit import commit
from domain.imports.desk import bring
from domain.services import Services
from domain.trakt import reading, service
from simulators.world import World
from tests.accounts.people import count
from tests.accounts.people import run as change
from tests.imports.exports import line
from tests.trakt.people import (
    ACCOUNT,
    DISCONNECT,
    FINISH,
    IMPORT,
    START,
    StandIn,
    ask,
    connected,
    everywhere,
    fill,
    work,
)
from tests.watchlists.homes import film, rows

pytestmark = pytest.mark.anyio


@pytest.fixture
def said() -> Iterator[list[Any]]:
    """What was logged."""
    with capture_logs() as logged:
        yield logged


async def written(services: Services, viewer: Viewer) -> Any:
    """Read the account and write what was read; the import's key."""
    await ask(services, viewer, IMPORT)
    await work(services)
    ((key,),) = await rows(services.database, "SELECT id FROM import_batches")
    await commit(services.database, viewer, key, datetime.now(UTC))
    return key


async def test_disconnecting_leaves_no_row_and_no_token_anywhere(
    services: Services, stand_in: StandIn, said: list[Any]
):
    stand_in.change(history=30)
    first = stand_in.tokens()
    ada = await connected(services, stand_in, first)
    later = datetime.now(UTC) + timedelta(days=4)
    assert services.trakt
    second = await reading.links.fresh(
        services.database, services.trakt, ada.require_profile()[1], later
    )
    await written(services, ada)
    begun = await ask(services, ada, START)
    ((device_code,),) = await rows(services.database, "SELECT device_code FROM trakt_sign_ins")
    secrets = [first.access, first.refresh, second.access, second.refresh, device_code]
    assert await everywhere(services.database, second.refresh) == ["trakt_links"]
    ended = await ask(services, ada, DISCONNECT)
    assert ended == {"revoked": True, "undone": 0, "done": True}
    assert not stand_in.opens(second.access)
    for secret in [*secrets, begun["signIn"]["userCode"]]:
        assert await everywhere(services.database, secret) == []
        assert secret not in repr(said)
    for table in ("trakt_links", "trakt_sign_ins", "trakt_readings", "trakt_pages"):
        assert await count(services.database, table) == 0
    assert await ask(services, ada, ACCOUNT) is None
    again = await ask(services, ada, DISCONNECT)
    assert again == {"revoked": False, "undone": 0, "done": True}


async def test_what_was_imported_stays_unless_it_shall_go(
    services: Services, stand_in: StandIn, world: World
):
    await fill(services.database, world)
    stand_in.change(history=60)
    ada = await connected(services, stand_in)
    title = await film(services.database, "Paddington 2", year=2017)
    brought = from_lines("letterboxd", "own.zip", [line("Paddington 2", 2017)])
    own = await bring(services.database, ada, brought, datetime.now(UTC))
    await commit(services.database, ada, own.id, datetime.now(UTC))
    await ask(services, ada, IMPORT)
    await work(services)
    (key,) = [
        row[0]
        for row in await rows(services.database, "SELECT id, source FROM import_batches")
        if row[1] == reading.SOURCE
    ]
    await commit(services.database, ada, key, datetime.now(UTC))
    assert await count(services.database, "watches") > 50
    await ask(services, ada, DISCONNECT)
    assert await count(services.database, "watches") > 50
    ended = await ask(services, ada, DISCONNECT, too=True)
    assert (ended["undone"], ended["done"]) == (1, True)
    assert await rows(services.database, "SELECT title_id FROM watches") == [(title,)]
    assert await count(services.database, "ratings") == 0
    assert await rows(services.database, "SELECT source FROM import_batches") == [("letterboxd",)]


async def test_what_takes_long_to_take_back_goes_on_with_the_next_call(
    services: Services, stand_in: StandIn, world: World, monkeypatch: pytest.MonkeyPatch
):
    await fill(services.database, world)
    stand_in.change(history=60)
    ada = await connected(services, stand_in)
    await written(services, ada)
    monkeypatch.setattr(rounds, "LINES", 40)
    monkeypatch.setattr(rounds, "TITLES", 10)
    now = datetime.now(UTC)
    ended = await service.disconnect(services, ada, now, delete_imported=True, seconds=0)
    assert (ended.revoked, ended.done) == (True, False)
    calls = 1
    while not ended.done:
        ended = await service.disconnect(services, ada, now, delete_imported=True, seconds=0)
        calls += 1
        assert calls < 20
    assert calls > 2
    assert await count(services.database, "watches") == 0
    assert await count(services.database, "import_batches") == 0


async def test_disconnected_while_it_is_read_nothing_comes_of_it(
    services: Services, stand_in: StandIn, monkeypatch: pytest.MonkeyPatch
):
    stand_in.change(history=30)
    ada = await connected(services, stand_in)
    await ask(services, ada, IMPORT)
    whole = reading.desk.bring

    async def slowly(*given: Any, **named: Any) -> Any:
        batch = await whole(*given, **named)
        await ask(services, ada, DISCONNECT)
        return batch

    monkeypatch.setattr(reading.desk, "bring", slowly)
    assert await work(services) == ["done"]
    assert await count(services.database, "import_batches") == 0
    assert await rows(services.database, "SELECT result ->> 'read' FROM jobs") == [("false",)]


async def test_disconnected_between_two_pages_no_more_is_asked_for(
    services: Services, stand_in: StandIn, monkeypatch: pytest.MonkeyPatch
):
    stand_in.change(history=300)
    ada = await connected(services, stand_in)
    monkeypatch.setattr(reading, "_ATTEMPT_S", 0)
    await ask(services, ada, IMPORT)
    await work(services, 1)
    before = stand_in.asked("/sync/")
    await ask(services, ada, DISCONNECT)
    assert await work(services) == ["done"]
    assert stand_in.asked("/sync/") == before
    assert await count(services.database, "trakt_pages") == 0


async def test_a_trakt_that_is_away_keeps_nobody_connected(services: Services, stand_in: StandIn):
    ada = await connected(services, stand_in)
    stand_in.post("/_sim/faults", upstream="trakt", kind="stall", seconds=5)
    ended = await ask(services, ada, DISCONNECT)
    assert (ended["revoked"], ended["done"]) == (False, True)
    assert await ask(services, ada, ACCOUNT) is None


async def test_a_code_that_was_given_up_while_it_was_typed_in_connects_nothing(
    services: Services, stand_in: StandIn
):
    ada = await connected(services, stand_in)
    await ask(services, ada, DISCONNECT)
    code = (await ask(services, ada, START))["signIn"]["userCode"]
    stand_in.type_in(code)
    trakt: Any = services.trakt
    poll = trakt.poll
    opened: list[Any] = []

    async def slowly(asked: Any) -> Any:
        opened.append(await poll(asked))
        await ask(services, ada, DISCONNECT)
        return opened[0]

    trakt.poll = slowly
    assert (await ask(services, ada, FINISH))["code"] == "TRAKT_NO_SIGN_IN"
    assert await count(services.database, "trakt_links") == 0
    assert not stand_in.opens(opened[0].access)


async def test_the_household_takes_along_that_it_was_connected_and_nothing_that_opens_it(
    services: Services, stand_in: StandIn
):
    tokens = stand_in.tokens()
    ada = await connected(services, stand_in, tokens)
    code = (await ask(services, ada, START))["signIn"]["userCode"]
    ((device_code,),) = await rows(services.database, "SELECT device_code FROM trakt_sign_ins")
    async with services.database.read() as connection:
        exported = await data.export(connection, ada.require_profile()[0], datetime.now(UTC))
    assert [each["username"] for each in exported["tables"]["trakt_links"]] == [stand_in.user]
    assert exported["tables"]["trakt_sign_ins"]
    for secret in (tokens.access, tokens.refresh, device_code, code):
        assert secret not in json.dumps(exported)
    assert tokens.access not in repr(services)
    await change(services.database, "DELETE FROM accounts")
    assert await everywhere(services.database, tokens.refresh) == []


async def test_disconnecting_waits_for_whoever_renews_and_gives_back_the_new_tokens(
    services: Services, stand_in: StandIn
):
    ada = await connected(services, stand_in)
    trakt: Any = services.trakt
    refresh, new = trakt.refresh, []
    begun = asyncio.Event()

    async def slowly(tokens: Any) -> Any:
        begun.set()
        await asyncio.sleep(0.3)
        new.append(await refresh(tokens))
        return new[0]

    trakt.refresh = slowly
    later = datetime.now(UTC) + timedelta(days=4)
    renewing = asyncio.create_task(
        reading.links.fresh(services.database, trakt, ada.require_profile()[1], later)
    )
    await begun.wait()
    ended = await ask(services, ada, DISCONNECT)
    await renewing
    assert ended["revoked"]
    assert not stand_in.opens(new[0].access)
    assert await everywhere(services.database, new[0].refresh) == []
