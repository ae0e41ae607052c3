"""A server that answers with exactly the bytes it is told, and upstreams that lose no time."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field, replace

from integrations.upstreams.breaker import Breaker
from integrations.upstreams.http import Patience, Upstream

QUICK = Patience(
    connect_s=1, read_s=0.4, deadline_s=2, attempts=3, first_pause_s=0.01, longest_pause_s=0.02
)
ONCE = replace(QUICK, attempts=1)


def response(
    body: bytes, *headers: str, status: str = "200 OK", kind: str = "application/json"
) -> bytes:
    """The bytes of a whole answer."""
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", *headers]
    lines += [f"Content-Type: {kind}"] if kind else []
    return "\r\n".join([*lines, "", ""]).encode("latin-1") + body


@dataclass
class Wire:
    """What the server says next, and what it was asked. An answer is bytes, or None to hang up.

    The last answer is given again and again.
    """

    base: str = ""
    answers: list[bytes | None] = field(default_factory=list)
    requests: list[bytes] = field(default_factory=list)
    heard: asyncio.Event = field(default_factory=asyncio.Event)

    def says(self, *answers: bytes | None) -> None:
        self.answers, self.requests = list(answers), []

    def next(self) -> bytes | None:
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]


Handler = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@asynccontextmanager
async def serving(handler: Handler) -> AsyncIterator[str]:
    """The address of a server whose connections are handled so; all are closed in the end."""
    handled: set[asyncio.Task[None]] = set()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await handler(reader, writer)
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.transport.abort()
            with suppress(ConnectionError):
                await writer.wait_closed()

    def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        handled.add(asyncio.create_task(serve(reader, writer)))

    server = await asyncio.start_server(connected, "127.0.0.1", 0)
    try:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    finally:
        server.close()
        for each in handled:
            each.cancel()
        await asyncio.gather(*handled, return_exceptions=True)


@asynccontextmanager
async def wire() -> AsyncIterator[Wire]:
    """A running server on a free port."""
    told = Wire()

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while head := await reader.readuntil(b"\r\n\r\n"):
            told.requests.append(head + await reader.readexactly(_length(head)))
            told.heard.set()
            said = told.next()
            if said is None:
                return
            writer.write(said)
            await writer.drain()
            if _is_last(said):
                writer.write_eof()  # what was written still arrives
                await reader.read()
                return

    async with serving(answer) as told.base:
        yield told


def _is_last(answer: bytes) -> bool:
    """Whether the connection ends with it: it doesn't hold what it says that it holds."""
    head, _, body = answer.partition(b"\r\n\r\n")
    return b"\r\nContent-Length: %d" % len(body) not in head


def _length(head: bytes) -> int:
    for line in head.lower().split(b"\r\n"):
        if line.startswith(b"content-length:"):
            return int(line.partition(b":")[2])
    return 0


def patient_breaker() -> Breaker:
    """One that never opens, for tests about something else."""
    return Breaker(failures=10**9)


Opened = Callable[..., Upstream]


@asynccontextmanager
async def upstreams() -> AsyncIterator[Opened]:
    """Opens upstreams and closes them all in the end."""
    opened: list[Upstream] = []

    def open_one(base: str, name: str = "Neighbour", **settings: object) -> Upstream:
        settings = {"patience": QUICK, "breaker": patient_breaker(), **settings}
        opened.append(Upstream(name, base, **settings))  # type: ignore[arg-type]
        return opened[-1]

    yield open_one
    for each in opened:
        await each.close()
