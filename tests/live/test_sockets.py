"""The shorter way that text goes out: the same frames, and none where `send` must be asked."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from starlette.types import Receive, Scope, Send
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from app.graphql.sockets import WriteText, write_text
from app.graphql.wire import Wire
from tests.support.sockets import served

pytestmark = pytest.mark.anyio
# Around the lengths at which the frame's own length is written in another way, and much more.
SIZES = [0, 1, 125, 126, 127, 65_535, 65_536, 300_000]


class Echo:
    """Accepts, says back what it hears by the shorter way, and keeps what others may look at."""

    def __init__(self) -> None:
        self.scope: Scope = {}
        self.send: Send
        self.answered: list[bool] = []

    @property
    def write(self) -> WriteText:
        found = write_text(self.scope)
        assert found is not None
        return found

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.scope, self.send = scope, send
        await receive()
        self.answered.append(self.write(b"too early"))
        await send({"type": "websocket.accept"})
        while (message := await receive())["type"] == "websocket.receive":
            text = message["text"].encode()
            self.answered.append(self.write(text[:3], text[3:]))


@asynccontextmanager
async def talking(echo: Echo, **options: Any) -> AsyncIterator[ClientConnection]:
    async with served(echo) as port:
        options = {"max_size": None, "compression": None, **options}
        async with connect(f"ws://127.0.0.1:{port}/", **options) as opened:
            yield opened


async def test_frames_of_every_length_arrive_whole_and_in_order() -> None:
    async with talking(echo := Echo()) as opened:
        for size in SIZES:
            said = "ü€" + "x" * (size - 5) if size > 5 else "x" * size
            if size <= 200_000:  # a client's own message may have no more
                await opened.send(said)
                assert await opened.recv() == said
            else:
                assert echo.write(said.encode())
                assert await opened.recv() == said
        assert await (await opened.ping()) >= 0
    assert echo.answered == [False] + [True] * 7, "before the handshake it refuses"


async def test_it_refuses_while_the_peer_does_not_read_and_goes_on_when_it_does() -> None:
    async with talking(echo := Echo(), max_queue=1) as opened:
        await opened.send("hello")
        assert await opened.recv() == "hello"
        opened.transport.pause_reading()
        chunk, taken = b"x" * 100_000, 0
        while echo.write(chunk):
            taken += 1
            assert taken < 1_000, "it never says that it is full"
        opened.transport.resume_reading()
        assert [len(await opened.recv()) for _ in range(taken)] == [len(chunk)] * taken
        async with asyncio.timeout(5):
            while not echo.write(b"again"):  # noqa: ASYNC110  # nobody rings when it can
                await asyncio.sleep(0.01)
        assert await opened.recv() == "again"


async def test_it_refuses_once_either_side_has_closed() -> None:
    async with talking(echo := Echo()) as opened:
        await echo.send({"type": "websocket.close", "code": 4400})
        assert not echo.write(b"too late")
        with pytest.raises(ConnectionClosed) as closed:
            await opened.recv()
        assert closed.value.rcvd is not None
        assert closed.value.rcvd.code == 4400
    async with talking(echo := Echo()) as opened:
        await opened.send("hello")
        await opened.recv()
        write = echo.write
        opened.transport.abort()
        async with asyncio.timeout(5):
            while write(b"anybody?"):  # noqa: ASYNC110
                await asyncio.sleep(0.01)


async def test_where_messages_are_compressed_there_is_no_shorter_way() -> None:
    scopes: list[Scope] = []

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        scopes.append(scope)
        await receive()
        await send({"type": "websocket.accept"})
        await send({"type": "websocket.send", "text": "squeezed"})

    async with served(app, ws_per_message_deflate=True) as port:
        async with connect(f"ws://127.0.0.1:{port}/", compression="deflate") as opened:
            assert await opened.recv() == "squeezed"
    assert write_text(scopes[0]) is None
    assert write_text({"type": "websocket"}) is None, "nor on servers that have no extensions"


async def test_a_wire_takes_the_shorter_way_only_while_nothing_waits() -> None:
    sent: list[str] = []
    gate = asyncio.Event()
    free = True

    async def send(message: Any) -> None:
        await gate.wait()
        sent.append(message["text"])

    def write(*parts: bytes) -> bool:
        if free:
            sent.append("quick " + b"".join(parts).decode())
        return free

    wire = Wire(2)
    assert wire.text(b"0")
    wire.open(send, write)  # what was pushed before goes first, by `send`
    assert wire.text(b"1")
    assert sent == []
    gate.set()
    await wire.drained()
    assert sent == ["0", "1"]
    assert wire.text(b"2", b"!")
    assert sent[-1] == "quick 2!"
    free = False
    gate.clear()
    assert wire.text("drei €".encode())
    free = True  # there is room again, but one waits
    assert [wire.text(b"4"), wire.text(b"5"), wire.text(b"6")] == [True, True, False]
    gate.set()
    await wire.drained()
    assert sent[3:] == ["drei €", "4", "5"]
    wire.stop()
    assert wire.text(b"7")
    assert sent[-1] == "5", "nobody is there any more"


async def test_a_server_without_it_is_sent_everything() -> None:
    sent: list[str] = []

    async def send(message: Any) -> None:
        sent.append(message["text"])

    wire = Wire(2)
    wire.open(send, write_text({"extensions": {"websocket.http.response": {}}}))
    assert wire.text(b"a", "ü".encode(), b"}")
    assert sent == ["aü}"]
