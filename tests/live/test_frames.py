"""What a client says wrong: the protocol's close code, a reason, and never a crash."""

import json
import logging
from collections.abc import AsyncIterator
from typing import cast

import pytest
from websockets.exceptions import InvalidStatus
from websockets.frames import Frame, Opcode
from websockets.typing import Subprotocol

from app.graphql.limits import Limits
from app.graphql.protocol import (
    LONGEST_REASON,
    Breach,
    Close,
    Complete,
    Init,
    Ping,
    Pong,
    parse,
    pong,
)
from domain.services import Services
from tests.live.stage import Stage, staged
from tests.support.sockets import ask, closing, hear, say, socket

pytestmark = pytest.mark.anyio
LIMITS = Limits()
OPERATION = {"query": "{ platforms { slug } }"}

BAD = {
    "nothing": "",
    "no JSON": "{",
    "an array": "[]",
    "null": "null",
    "a number": "1",
    "a string": '"ping"',
    "NaN": '{"type":NaN}',
    "no type": "{}",
    "a type that is none": '{"type":1}',
    "an unknown type": '{"type":"start"}',
    "our own type": '{"type":"next","id":"1","payload":{}}',
    "brackets": "[" * 50_000,
    "a lone surrogate": '{"type":"\\ud800"}',
    "a payload that is none": '{"type":"ping","payload":[]}',
    "an authorization that is none": '{"type":"connection_init","payload":{"authorization":1}}',
    "no id": json.dumps({"type": "subscribe", "payload": OPERATION}),
    "an empty id": json.dumps({"type": "subscribe", "id": "", "payload": OPERATION}),
    "a number as id": json.dumps({"type": "subscribe", "id": 1, "payload": OPERATION}),
    "a long id": json.dumps({"type": "subscribe", "id": "x" * 129, "payload": OPERATION}),
    "no operation": '{"type":"subscribe","id":"1"}',
    "an operation that is none": '{"type":"subscribe","id":"1","payload":"{ hello }"}',
    "no query": '{"type":"subscribe","id":"1","payload":{}}',
    "an empty query": '{"type":"subscribe","id":"1","payload":{"query":""}}',
    "a query that is none": '{"type":"subscribe","id":"1","payload":{"query":1}}',
    "variables that are none": (
        '{"type":"subscribe","id":"1","payload":{"query":"{a}","variables":[]}}'
    ),
    "text that can't be stored": (
        '{"type":"subscribe","id":"1","payload":{"query":"{a}","variables":{"a":"\\u0000"}}}'
    ),
    "an echo deeper than can be written": (
        '{"type":"ping","payload":{"a":%s}}' % ("[" * 300 + "]" * 300)
    ),
    "variables deeper than can be compared": (
        '{"type":"subscribe","id":"1","payload":{"query":"{a}","variables":{"a":%s}}}'
        % ("[" * 300 + "]" * 300)
    ),
    "complete without id": '{"type":"complete"}',
    "long": json.dumps({"type": "ping", "payload": {"x": "x" * 70_000}}),
}


@pytest.mark.parametrize("name", BAD)
def test_a_message_that_is_none_is_a_breach(name: str) -> None:
    with pytest.raises(Breach) as caught:
        parse(BAD[name], LIMITS)
    assert caught.value.code is Close.BAD_MESSAGE
    assert 0 < len(caught.value.reason.encode()) <= LONGEST_REASON


def test_a_binary_message_is_a_breach() -> None:
    with pytest.raises(Breach, match="text"):
        parse(None, LIMITS)


def test_a_reason_is_cut_between_characters() -> None:
    reason = Breach(Close.BAD_MESSAGE, "ä" * 100).reason
    assert reason == "ä" * (LONGEST_REASON // 2)


def test_messages_are_read() -> None:
    assert parse('{"type":"connection_init"}', LIMITS) == Init(None)
    assert parse('{"type":"connection_init","payload":null}', LIMITS) == Init(None)
    for name in ("authorization", "Authorization"):
        said = json.dumps({"type": "connection_init", "payload": {name: "Bearer x"}})
        assert parse(said, LIMITS) == Init("Bearer x")
    assert parse('{"type":"ping","payload":{"a":1}}', LIMITS) == Ping({"a": 1})
    assert parse('{"type":"pong"}', LIMITS) == Pong()
    assert parse('{"type":"complete","id":"1"}', LIMITS) == Complete("1")


def test_a_message_is_nested_so_deep_and_no_deeper() -> None:
    def ping(lists: int) -> str:
        return '{"type":"ping","payload":{"a":%s}}' % ("[" * lists + "]" * lists)

    most = LIMITS.input_depth - 2  # the message and its payload are two
    assert pong(cast(Ping, parse(ping(most), LIMITS)))
    with pytest.raises(Breach, match="50 deep"):
        parse(ping(most + 1), LIMITS)


@pytest.fixture
async def stage(demo_services: Services) -> AsyncIterator[Stage]:
    async with staged(demo_services) as running:
        yield running


async def test_each_bad_message_closes_its_socket_and_no_other(
    stage: Stage, caplog: pytest.LogCaptureFixture
) -> None:
    async with socket(stage.port) as other:
        for name, frame in BAD.items():
            async with socket(stage.port) as opened:
                await opened.send(frame)
                code, reason = await closing(opened)
                assert (code, bool(reason)) == (4400, True), name
        async with socket(stage.port) as opened:
            await opened.send(b'{"type":"ping"}')
            assert (await closing(opened))[0] == 4400
        async with socket(stage.port) as opened:
            await opened.send("[" * 100_000)
            assert (await closing(opened))[0] == 4400
        async with socket(stage.port) as opened:
            await opened.send("x" * 300_000)  # more than the server itself reads
            assert (await closing(opened))[0] == 1009
        async with socket(stage.port) as opened:
            opened.transport.write(Frame(Opcode.TEXT, b"\xff").serialize(mask=True))
            assert (await closing(opened))[0] == 1007
        await say(other, type="ping", payload={"still": "there"})
        assert await hear(other) == {"type": "pong", "payload": {"still": "there"}}
    assert [record for record in caplog.records if record.levelno >= logging.ERROR] == []


async def test_subscribing_before_the_acknowledgement_is_4401(stage: Stage) -> None:
    async with socket(stage.port, begun=False) as opened:
        await ask(opened, "1", "{ platforms { slug } }")
        assert (await closing(opened))[0] == 4401


async def test_a_second_init_is_4429(stage: Stage) -> None:
    async with socket(stage.port) as opened:
        await say(opened, type="connection_init")
        assert (await closing(opened))[0] == 4429


async def test_an_id_that_is_in_use_is_4409(stage: Stage) -> None:
    live = "subscription { availabilityChanged(scope: TITLE, titleId: %s) { __typename } }"
    query = live % json.dumps(f"title_{await stage.title()}")
    async with socket(stage.port) as opened:
        await ask(opened, "1", query)
        await ask(opened, "1", query)
        assert await closing(opened) == (4409, "Subscriber for 1 already exists")


async def test_an_id_can_be_used_again_after_its_end(stage: Stage) -> None:
    async with socket(stage.port) as opened:
        for _ in range(3):
            await ask(opened, "1", "{ platforms { slug } }")
            assert (await hear(opened))["type"] == "next"
            assert await hear(opened) == {"id": "1", "type": "complete"}
            await say(opened, type="complete", id="1")


async def test_without_an_init_it_is_4408(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    (operations,) = [
        route.app.websocket.operations for route in stage.app.routes if route.path == "/graphql"
    ][:1]  # type: ignore[attr-defined]
    monkeypatch.setattr(operations, "limits", Limits(init_s=0.1))
    async with socket(stage.port, begun=False) as opened:
        assert (await closing(opened))[0] == 4408


async def test_another_subprotocol_is_4406(stage: Stage) -> None:
    for offered in (None, [Subprotocol("graphql-ws")]):
        async with socket(stage.port, begun=False, subprotocols=offered) as opened:
            assert (await closing(opened))[0] == 4406


async def test_another_sites_page_gets_no_socket(stage: Stage) -> None:
    _, cookie = await stage.sign_in()
    for headers in ({}, cookie):
        with pytest.raises(InvalidStatus) as refused:
            async with socket(stage.port, headers=headers, origin="https://evil.example"):
                pass
        assert refused.value.response.status_code == 403
    async with socket(stage.port, headers=cookie, origin=f"http://127.0.0.1:{stage.port}"):
        pass


async def test_a_header_that_is_no_token_is_refused_at_the_door(stage: Stage) -> None:
    with pytest.raises(InvalidStatus) as refused:
        async with socket(stage.port, headers={"authorization": "Bearer sst_nonsense"}):
            pass
    assert refused.value.response.status_code == 401


async def test_a_token_that_is_none_is_4403(stage: Stage) -> None:
    async with socket(stage.port, begun=False) as opened:
        await say(opened, type="connection_init", payload={"authorization": "Bearer nonsense"})
        assert (await closing(opened))[0] == 4403
