"""How sockets end, and how many one may have: each with a code that says whether to come back."""

import asyncio
import logging
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import pytest
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

from app.graphql.limits import Limits
from domain.accounts import sessions, tokens
from domain.events.values import Topic
from domain.services import Services
from tests.live.stage import OF_LIST, OF_TITLE, ON_LIST, Stage, staged
from tests.live.talk import begin, told, until
from tests.support.sockets import ask, closing, hear, say, served, socket

pytestmark = pytest.mark.anyio


@pytest.fixture
async def stage(demo_services: Services) -> AsyncIterator[Stage]:
    async with staged(demo_services, live_connections_account=3) as running:
        yield running


async def test_a_revoked_session_and_a_revoked_token_are_closed_within_five_seconds(
    stage: Stage,
) -> None:
    viewer, cookie = await stage.sign_in()
    token = {"authorization": f"Bearer {await stage.token(viewer)}"}
    assert viewer.account_id is not None
    assert viewer.session_id is not None
    async with socket(stage.port, headers=cookie) as browser, socket(
        stage.port, headers=token
    ) as program, socket(stage.port) as stranger:  # fmt: skip
        await begin(browser, "1", OF_LIST)
        async with stage.services.database.transaction() as session:
            now = datetime.now(UTC)
            for each in await listed(stage, viewer):
                await tokens.revoke(session, viewer, each.id, now)
            await sessions.revoke(session, viewer.account_id, viewer.session_id, now)
        assert (await closing(browser, 5))[0] == 4401
        assert (await closing(program, 2))[0] == 4401
        await say(stranger, type="ping")
        assert (await hear(stranger))["type"] == "pong"


async def listed(stage: Stage, viewer: Any) -> Any:
    async with stage.services.database.read() as connection:
        return await tokens.of_account(connection, viewer.account_id)


async def test_a_profile_that_changed_is_told_to_come_back(stage: Stage) -> None:
    viewer, cookie = await stage.sign_in()
    async with socket(stage.port, headers=cookie) as opened:
        await begin(opened, "1", OF_LIST)
        await stage.run(
            "UPDATE profiles SET maturity_ceiling = 12 WHERE id = :p", p=viewer.profile_id
        )
        assert (await closing(opened, 5))[0] == 1012


async def test_who_does_not_read_is_closed_and_nobody_else_notices(stage: Stage) -> None:
    title = await stage.title()
    wide = OF_TITLE.replace("title { name }", "title { name synopsis keywords credits { name } }")
    async with (
        socket(stage.port, max_queue=1) as slow,
        socket(stage.port) as fast,
    ):
        await begin(fast, "1", OF_TITLE, title=f"title_{title}")
        for number in range(20):
            await begin(slow, str(number), wide, title=f"title_{title}")
        slow.transport.pause_reading()  # type: ignore[attr-defined]
        async with asyncio.timeout(60):
            while stage.live.hub.subscribers > 1:
                await stage.happen(title, times=20)
                for _ in range(20):
                    await told(fast)
        slow.transport.resume_reading()  # type: ignore[attr-defined]
        code, reason = await closing(slow)
        assert (code, reason[:5]) == (1013, "slow:")
        await stage.happen(title)
        await told(fast)


async def test_who_the_server_gave_up_is_let_go_of_without_a_crash(
    stage: Stage, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    made: list[WebSocketsSansIOProtocol] = []
    connect = WebSocketsSansIOProtocol.connection_made

    def connected(self: WebSocketsSansIOProtocol, transport: Any) -> None:
        made.append(self)
        connect(self, transport)

    monkeypatch.setattr(WebSocketsSansIOProtocol, "connection_made", connected)
    title = await stage.title()
    async with socket(stage.port) as opened:
        await begin(opened, "1", OF_TITLE, title=f"title_{title}")
        # It has begun to close, and the application is not told before the transport has written
        # what the peer does not read.
        made[0].conn.fail(1011, "keepalive ping timeout")
        made[0].close_sent = True
        await stage.happen(title)
        await until(lambda: stage.live.hub.subscribers == 0)
    assert [each for each in caplog.records if each.levelno >= logging.ERROR] == []


async def test_an_event_of_a_later_version_stands_in_nobodys_way(stage: Stage) -> None:
    viewer, cookie = await stage.sign_in()
    title = await stage.title()
    mine = {"topic": Topic.WATCHLIST, "profile_id": viewer.profile_id, "country": None}
    async with socket(stage.port, headers=cookie) as opened:
        await begin(opened, "1", OF_TITLE, title=f"title_{title}")
        await begin(opened, "2", ON_LIST)
        await begin(opened, "3", OF_LIST)
        await stage.happen(title, "lent", **mine)
        await stage.happen(title, "lent")
        await stage.happen(title)
        assert (await told(opened))["kind"] == "LEAVING"
    async with socket(stage.port, headers=cookie) as opened:
        await ask(opened, "1", OF_TITLE, title=f"title_{title}", after="0.00000000")
        assert (await told(opened))["kind"] == "LEAVING"


async def test_who_slept_is_closed_so_that_it_comes_back(stage: Stage) -> None:
    title = f"title_{await stage.title()}"
    async with served(stage.app, ws_ping_interval=0.1, ws_ping_timeout=0.1) as port:
        async with socket(port) as opened:
            await begin(opened, "1", OF_TITLE, title=title)
            opened.transport.pause_reading()
            await until(lambda: stage.live.hub.subscribers == 0)
            opened.transport.resume_reading()
            assert await closing(opened) == (1013, "silent: a ping was not answered")


async def test_one_connection_runs_so_many_operations(stage: Stage) -> None:
    title = f"title_{await stage.title()}"
    most = Limits().operations
    async with socket(stage.port) as opened:
        for number in range(most):
            await begin(opened, str(number), OF_TITLE, title=title)
        await ask(opened, "more", OF_TITLE, title=title)
        said = await hear(opened)
        assert said["payload"][0]["extensions"]["code"] == "OPERATION_LIMIT"
        await say(opened, type="complete", id="0")
        await begin(opened, "more", OF_TITLE, title=title)


async def test_one_account_has_so_many_connections(stage: Stage) -> None:
    _, cookie = await stage.sign_in()
    async with socket(stage.port, headers=cookie), socket(stage.port, headers=cookie):
        async with socket(stage.port, headers=cookie):
            async with socket(stage.port, headers=cookie, begun=False) as more:
                code, reason = await closing(more)
                assert code == 1013
                assert "3 connections" in reason
            async with socket(stage.port):  # others have their own
                pass
        async with socket(stage.port, headers=cookie):
            pass


async def test_a_server_that_stops_says_so(demo_services: Services) -> None:
    async with staged(demo_services) as running:
        opened = socket(running.port)
        client = await opened.__aenter__()
        await begin(client, "1", OF_TITLE, title=f"title_{await running.title()}")
    assert (await closing(client))[0] == 1012
    await opened.__aexit__(None, None, None)


async def test_who_subscribes_while_the_database_is_slow_is_told_to_come_back(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def slow(*_asked: object) -> bool:
        raise TimeoutError

    monkeypatch.setattr(stage.live.hub, "shows", slow)
    async with socket(stage.port) as opened:
        await ask(opened, "1", OF_TITLE, title=f"title_{await stage.title()}")
        code, reason = await closing(opened)
    assert code == 1012
    assert "come back" in reason
