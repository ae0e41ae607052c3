"""Live over server-sent events: both modes, their refusals, and their end."""

import asyncio
import json
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest
from starlette.routing import Route

from app.graphql.limits import Limits
from app.graphql.sse import TOKEN, EventStreams
from app.graphql.wire import Wire
from app.live import when_told_to_stop
from domain.accounts import sessions
from domain.services import Services
from tests.live.stage import OF_LIST, OF_TITLE, Stage, staged
from tests.live.test_websocket import until

pytestmark = pytest.mark.anyio
PATH = "/graphql/stream"
STREAM = {"accept": "text/event-stream"}
PLATFORMS = {"query": "{ platforms { slug } }"}


@pytest.fixture
async def stage(demo_services: Services) -> AsyncIterator[Stage]:
    async with staged(demo_services, live_connections_address=4) as running:
        yield running


@pytest.fixture
async def http(stage: Stage) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{stage.port}", timeout=10) as opened:
        yield opened


class Events:
    """The events of a response, but heartbeats and comments."""

    def __init__(self, response: httpx.Response) -> None:
        self.response = response
        self._lines = response.aiter_lines()

    async def next(self) -> tuple[str, Any]:
        """The next event's name and data."""
        name = ""
        async with asyncio.timeout(10):
            async for line in self._lines:
                if line.startswith("event:"):
                    name = line.removeprefix("event:").strip()
                elif line.startswith("data:"):
                    data = line.removeprefix("data:").strip()
                    if "Heartbeat" not in data:
                        return name, json.loads(data) if data else None
        return "", None  # the response has ended

    async def beat(self) -> None:
        """Wait for a heartbeat."""
        async with asyncio.timeout(10):
            async for line in self._lines:
                if "Heartbeat" in line:
                    return


@asynccontextmanager
async def streaming(
    http: httpx.AsyncClient, method: str = "POST", **request: Any
) -> AsyncIterator[Events]:
    request["headers"] = STREAM | request.get("headers", {})
    async with http.stream(method, PATH, **request) as response:
        assert response.status_code == 200, await response.aread()
        yield Events(response)


async def test_a_query_is_one_event_and_the_end(http: httpx.AsyncClient) -> None:
    for method, request in (
        ("POST", {"json": PLATFORMS}),
        ("GET", {"params": PLATFORMS}),
        ("GET", {"params": PLATFORMS, "headers": {"accept": "*/*"}}),
    ):
        async with streaming(http, method, **request) as events:
            headers = events.response.headers
            assert headers["content-type"] == "text/event-stream; charset=utf-8"
            assert headers["cache-control"] == "no-store"
            assert headers["x-accel-buffering"] == "no"
            name, data = await events.next()
            assert (name, list(data["data"])) == ("next", ["platforms"])
            assert await events.next() == ("complete", None)
            assert await events.next() == ("", None)


async def test_what_happens_is_told_until_the_client_leaves(
    http: httpx.AsyncClient, stage: Stage
) -> None:
    title = await stage.title()
    asked = {"query": OF_TITLE, "variables": {"title": f"title_{title}"}}
    async with streaming(http, json=asked) as events:
        await events.beat()
        await stage.happen(title)
        _, data = await events.next()
        assert data["data"]["availabilityChanged"]["kind"] == "LEAVING"
    await until(lambda: stage.live.hub.subscribers == 0)


async def test_an_invalid_operation_is_told_in_the_stream(http: httpx.AsyncClient) -> None:
    # EventSource could read no other answer.
    for query in ("{ nope }", "{", OF_LIST):
        async with streaming(http, json={"query": query}) as events:
            name, data = await events.next()
            assert (name, list(data)) == ("next", ["errors"])
            assert await events.next() == ("complete", None)


async def test_a_bad_request_keeps_its_status(http: httpx.AsyncClient, stage: Stage) -> None:
    _, cookie = await stage.sign_in()
    evil = {"origin": "https://evil.example", **cookie}
    bad: list[tuple[int, str, dict[str, Any]]] = [
        (400, "POST", {"content": "{", "headers": {"content-type": "application/json"}}),
        (400, "POST", {"json": {}}),
        (400, "POST", {"json": []}),
        (400, "POST", {"json": {"query": "{a}", "variables": 1}}),
        (400, "GET", {}),
        (415, "POST", {"content": "query={a}"}),
        (413, "POST", {"content": "x" * 300_000, "headers": {"content-type": "application/json"}}),
        (406, "POST", {"json": PLATFORMS, "headers": {"accept": "application/json"}}),
        (405, "GET", {"params": {"query": "mutation { signOut { __typename } }"}}),
        (405, "PATCH", {}),
        (401, "POST", {"json": PLATFORMS, "headers": {"authorization": "Bearer nonsense"}}),
        (403, "POST", {"json": PLATFORMS, "headers": evil}),
        (403, "PUT", {"headers": evil}),
        (404, "DELETE", {"params": {"operationId": "1"}}),
        (404, "GET", {"params": {"token": "guessed"}}),
        (404, "POST", {"json": PLATFORMS, "headers": {TOKEN: "guessed"}}),
    ]
    for status, method, request in bad:
        request["headers"] = STREAM | request.get("headers", {})
        answer = await http.request(method, PATH, **request)
        assert answer.status_code == status, (method, request, answer.text)
        assert answer.json()["errors"][0]["message"]


async def test_another_sites_page_reads_as_a_stranger(
    http: httpx.AsyncClient, stage: Stage
) -> None:
    _, cookie = await stage.sign_in()
    evil = {"sec-fetch-site": "cross-site", **cookie}
    async with streaming(http, "GET", params={"query": "{ me { email } }"}, headers=evil) as events:
        _, data = await events.next()
        assert data["data"] == {"me": None}


async def test_graphql_itself_never_answers_with_a_stream(stage: Stage) -> None:
    url = f"http://127.0.0.1:{stage.port}/graphql"
    async with httpx.AsyncClient() as http:
        mixed = {"accept": "application/json, text/event-stream"}
        answer = await http.post(url, json=PLATFORMS, headers=mixed)
        assert answer.headers["content-type"].startswith("application/json")
        assert (await http.post(url, json=PLATFORMS, headers=STREAM)).status_code == 406


async def test_one_stream_carries_many_operations(http: httpx.AsyncClient, stage: Stage) -> None:
    title = await stage.title()
    reserved = await http.put(PATH)
    assert reserved.status_code == 201
    token = {TOKEN: reserved.text}

    def live(id: str) -> dict[str, Any]:
        variables = {"title": f"title_{title}"}
        return {"query": OF_TITLE, "variables": variables, "extensions": {"operationId": id}}

    # What is asked before the stream is open waits for it.
    early = await http.post(
        PATH, json=PLATFORMS | {"extensions": {"operationId": "q"}}, headers=token
    )
    assert early.status_code == 202
    async with streaming(http, "GET", params={"token": reserved.text}) as events:
        name, data = await events.next()
        assert (name, data["id"], list(data["payload"]["data"])) == ("next", "q", ["platforms"])
        assert await events.next() == ("complete", {"id": "q"})
        assert (await http.get(PATH, headers=token | STREAM)).status_code == 409
        assert (await http.post(PATH, json=live("a"), headers=token)).status_code == 202
        await events.beat()
        assert (await http.post(PATH, json=live("a"), headers=token)).status_code == 409
        assert (await http.post(PATH, json=PLATFORMS, headers=token)).status_code == 400
        assert (await http.post(PATH, json=live("x" * 129), headers=token)).status_code == 400
        wrong = {"query": "{ nope }", "extensions": {"operationId": "w"}}
        assert (await http.post(PATH, json=wrong, headers=token)).status_code == 400
        await stage.happen(title)
        name, data = await events.next()
        assert (name, data["id"]) == ("next", "a")
        assert data["payload"]["data"]["availabilityChanged"]["kind"] == "LEAVING"
        stopped = await http.delete(PATH, params={"operationId": "a"}, headers=token)
        assert stopped.status_code == 200
        await until(lambda: stage.live.hub.subscribers == 0)
        assert (await http.post(PATH, json=live("b"), headers=token)).status_code == 202
        await events.beat()
    await until(lambda: stage.live.hub.subscribers == 0)
    assert (await http.post(PATH, json=live("a"), headers=token)).status_code == 404


async def test_a_reserved_stream_is_its_viewers_alone(
    http: httpx.AsyncClient, stage: Stage
) -> None:
    _, cookie = await stage.sign_in()
    _, other = await stage.sign_in(1)
    token = {TOKEN: (await http.put(PATH, headers=cookie)).text}
    for headers in (other, {}):
        assert (await http.get(PATH, headers=token | headers | STREAM)).status_code == 404
        asked = PLATFORMS | {"extensions": {"operationId": "1"}}
        assert (await http.post(PATH, json=asked, headers=token | headers)).status_code == 404
        assert (
            await http.delete(f"{PATH}?operationId=1", headers=token | headers)
        ).status_code == 404
    async with streaming(http, "GET", headers=token | cookie):
        pass


async def test_a_stream_that_nobody_opens_is_given_up(
    http: httpx.AsyncClient, stage: Stage
) -> None:
    (streams,) = [
        route.app
        for route in stage.app.routes
        if isinstance(route, Route) and isinstance(route.app, EventStreams)
    ]
    streams.limits = Limits(reservation_s=0.1)
    token = {TOKEN: (await http.put(PATH)).text}
    await asyncio.sleep(0.2)
    assert (await http.get(PATH, headers=token | STREAM)).status_code == 404


async def test_one_address_has_so_many_streams(http: httpx.AsyncClient) -> None:
    for _ in range(4):
        assert (await http.put(PATH)).status_code == 201
    refused = await http.put(PATH)
    assert refused.status_code == 429
    assert int(refused.headers["retry-after"]) > 0
    assert (await http.post(PATH, json=PLATFORMS, headers=STREAM)).status_code == 429


async def test_a_refused_request_holds_no_place(http: httpx.AsyncClient) -> None:
    for _ in range(6):
        mutation = {"query": "mutation { signOut { __typename } }"}
        assert (await http.get(PATH, params=mutation, headers=STREAM)).status_code == 405
    async with streaming(http, json=PLATFORMS):
        pass


async def test_a_revoked_sessions_stream_ends_within_five_seconds(
    http: httpx.AsyncClient, stage: Stage
) -> None:
    viewer, cookie = await stage.sign_in()
    assert viewer.account_id is not None
    assert viewer.session_id is not None
    async with streaming(http, json={"query": OF_LIST}, headers=cookie) as events:
        await events.beat()
        async with stage.services.database.transaction() as session:
            now = datetime.now(UTC)
            await sessions.revoke(session, viewer.account_id, viewer.session_id, now)
        async with asyncio.timeout(5):
            assert await events.next() == ("", None)  # no `complete`: clients come back, and hear


async def test_who_is_told_to_stop_ends_streams_at_once(
    http: httpx.AsyncClient, stage: Stage
) -> None:
    heard: list[int] = []
    before = signal.signal(signal.SIGTERM, lambda number, _frame: heard.append(number))
    try:
        with when_told_to_stop(stage.live.hub.stop):
            asked = {"query": OF_TITLE, "variables": {"title": f"title_{await stage.title()}"}}
            idle = {TOKEN: (await http.put(PATH)).text}
            async with (
                streaming(http, json=asked) as events,
                streaming(http, "GET", headers=idle) as reserved,
            ):
                await events.beat()
                signal.raise_signal(signal.SIGTERM)
                assert await events.next() == ("", None)
                assert await reserved.next() == ("", None)
        signal.raise_signal(signal.SIGTERM)
    finally:
        signal.signal(signal.SIGTERM, before)
    assert heard == [signal.SIGTERM] * 2  # what the server does goes on
    await until(lambda: not stage.live.hub.on_stop)


async def test_a_wire_sends_in_order_and_bounds_what_waits() -> None:
    sent: list[Any] = []
    gate = asyncio.Event()
    gate.set()

    async def send(message: Any) -> None:
        await gate.wait()
        sent.append(message["n"])

    wire = Wire(3)
    assert wire.push({"n": 0})  # before it is open
    wire.open(send)
    assert sent == [0]
    assert wire.push({"n": 1})
    assert sent == [0, 1]
    gate.clear()
    assert [wire.push({"n": n}) for n in range(2, 7)] == [True] * 4 + [False]
    assert sent == [0, 1]
    gate.set()
    await wire.drained()
    assert sent == [0, 1, 2, 3, 4, 5]
    assert wire.push({"n": 7})
    assert sent[-1] == 7


async def test_a_wire_whose_peer_is_gone_takes_everything_and_keeps_nothing() -> None:
    async def gone(_message: Any) -> None:
        raise OSError

    async def gone_later(_message: Any) -> None:
        await asyncio.sleep(0)
        raise OSError

    for send in (gone, gone_later):
        wire = Wire(2)
        wire.open(send)
        assert [wire.push({"n": n}) for n in range(3)] == [True, True, True]
        await wire.drained()
        assert all(wire.push({"n": n}) for n in range(10))


async def test_a_wire_that_is_stopped_lets_go_of_who_waits_for_room() -> None:
    async def never(_message: Any) -> None:
        await asyncio.Event().wait()

    for opened in (True, False):
        wire = Wire(2)
        if opened:
            wire.open(never)
        for n in range(3 if opened else 2):
            assert wire.push({"n": n})
        waiting = asyncio.create_task(wire.room())
        await asyncio.sleep(0)
        assert not waiting.done()
        wire.stop()
        async with asyncio.timeout(1):
            await waiting
