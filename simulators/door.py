"""The door of an upstream: every request is counted, and some meet a fault."""

import asyncio
from collections.abc import Sequence
from random import Random

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from simulators import spoiling
from simulators.faults import INSTEAD, Fault, Faults
from simulators.refusals import refusal
from simulators.server import CLOSE
from simulators.traffic import Traffic

Headers = Sequence[tuple[bytes, bytes]]
_JSON = (b"content-type", b"application/json")
_HUGE_CHUNK = b"[0,1,2,3,4,5,6,7]," * 4096
_HUGE_MOST = 4 * 1024**3
_DRIPS = 20


class Door:
    """ASGI middleware around one upstream. What lies under its own `/_sim` is neither counted nor
    broken: that is how tests look behind it.
    """

    def __init__(self, app: ASGIApp, upstream: str, faults: Faults, traffic: Traffic) -> None:
        self.app, self._upstream = app, upstream
        self._faults, self._traffic = faults, traffic

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request through, or not."""
        path: str = scope["path"]
        if scope["type"] != "http" or path.startswith(f"/{self._upstream}/_sim"):
            await self.app(scope, receive, send)
            return
        fault = self._faults.draw(self._upstream, path)
        noted = self._traffic.note(self._upstream, scope, fault.kind if fault else None)

        async def telling(message: Message) -> None:
            if message["type"] == "http.response.start":
                noted.status = message["status"]
            await send(message)

        if fault is None:
            await self.app(scope, receive, telling)
        elif fault.kind in INSTEAD:
            await _instead(fault, scope, receive, telling)
        elif fault.kind == "stall":
            body = await _read(receive)
            if not await _hung_up(receive, fault.seconds):
                await self.app(scope, _again(body), telling)
        else:
            await _spoil(self.app, fault, scope, receive, telling)


async def _instead(fault: Fault, scope: Scope, receive: Receive, send: Send) -> None:
    match fault.kind:
        case "too_many":
            told = f"{fault.retry_after:g}".encode()
            body = refusal(fault.upstream, 429, fault.retry_after)
            await _answer(send, 429, [_JSON, (b"retry-after", told)], body)
        case "too_many_silent":
            await _answer(send, 429, [_JSON], refusal(fault.upstream, 429))
        case "server_error":
            await _answer(send, fault.status, [_JSON], refusal(fault.upstream, fault.status))
        case "html":
            await _answer(send, 200, [(b"content-type", b"text/html")], spoiling.HTML)
        case "not_json":
            await _answer(send, 200, [_JSON], b'{"results": [1, 2,, oops')
        case "empty":
            await _answer(send, 200, [_JSON], b"")
        case "gzip_bomb":
            bomb = await asyncio.to_thread(spoiling.gzip_bomb)
            await _answer(send, 200, [_JSON, (b"content-encoding", b"gzip")], bomb)
        case "huge":
            await _huge(scope, receive, send)
        case _:
            await _hang_up(scope, receive)


async def _answer(send: Send, status: int, headers: Headers, body: bytes) -> None:
    length = (b"content-length", str(len(body)).encode())
    start = {"type": "http.response.start", "status": status, "headers": [*headers, length]}
    await send(start)
    await send({"type": "http.response.body", "body": body})


async def _huge(scope: Scope, receive: Receive, send: Send) -> None:
    """A body that doesn't end before whoever reads it has gone, or 4 GB have."""
    await send({"type": "http.response.start", "status": 200, "headers": [_JSON]})
    gone = asyncio.create_task(_hung_up(receive, 3600))
    try:
        for _ in range(_HUGE_MOST // len(_HUGE_CHUNK)):
            await send({"type": "http.response.body", "body": _HUGE_CHUNK, "more_body": True})
            await asyncio.sleep(0)  # where the socket takes all, others still get their turn
            if gone.done():
                return
        await _hang_up(scope, receive)
    finally:
        gone.cancel()


async def _hang_up(scope: Scope, receive: Receive) -> None:
    """Close the connection as it is. Without our own server under it, all there is is an error."""
    close = scope.get("extensions", {}).get(CLOSE)
    if close is None:
        raise ConnectionResetError("hung up")
    close["close"]()
    while (await receive())["type"] != "http.disconnect":
        pass


async def _read(receive: Receive) -> bytes:
    parts: list[bytes] = []
    while True:
        message = await receive()
        parts.append(message.get("body", b""))
        if not message.get("more_body"):
            return b"".join(parts)


def _again(body: bytes) -> Receive:
    """A receive that tells a body that has been read."""
    messages = [{"type": "http.request", "body": body}]

    async def receive() -> Message:
        return messages.pop() if messages else {"type": "http.disconnect"}

    return receive


async def _hung_up(receive: Receive, within_s: float) -> bool:
    """Whether the other side goes before so many seconds are over; what it sends is dropped."""

    async def gone() -> None:
        while (await receive())["type"] != "http.disconnect":
            pass

    try:
        await asyncio.wait_for(gone(), within_s)
    except TimeoutError:
        return False
    return True


async def _spoil(app: ASGIApp, fault: Fault, scope: Scope, receive: Receive, send: Send) -> None:
    started: list[Message] = []
    parts: list[bytes] = []

    async def keeping(message: Message) -> None:
        if message["type"] == "http.response.start":
            started.append(message)
        else:
            parts.append(message.get("body", b""))

    await app(scope, receive, keeping)
    body = b"".join(parts)
    status, headers = started[0]["status"], _without_length(started[0]["headers"])
    if fault.kind == "slow_body":
        await _drip(receive, send, status, headers, body, fault.seconds)
    elif fault.kind == "cut":
        length = (b"content-length", str(len(body)).encode())
        await send({"type": "http.response.start", "status": status, "headers": [*headers, length]})
        half = body[: len(body) // 2]
        await send({"type": "http.response.body", "body": half, "more_body": True})
        await asyncio.sleep(0.05)  # hanging up drops what has not gone out yet
        await _hang_up(scope, receive)
    else:
        await _answer(send, status, _changed_headers(fault, headers), _changed(fault, body))


def _without_length(headers: Headers) -> list[tuple[bytes, bytes]]:
    return [(name, value) for name, value in headers if name.lower() != b"content-length"]


def _changed_headers(fault: Fault, headers: Headers) -> Headers:
    if fault.kind != "shrinking_total":
        return headers
    return [
        (name, str(spoiling.shrunk(int(value), fault.used - 1)).encode())
        if name.lower() in spoiling.TOTAL_HEADERS
        else (name, value)
        for name, value in headers
    ]


def _changed(fault: Fault, body: bytes) -> bytes:
    if fault.kind == "bad_encoding":
        return spoiling.bad_encoding(body)
    try:
        match fault.kind:
            case "wrong_types":
                return spoiling.wrong_types(body, Random(f"{fault.seed} {fault.used}"))
            case "short_page":
                return spoiling.short_page(body)
            case _:
                return spoiling.shrinking_totals(body, fault.used - 1)
    except ValueError:
        return body  # no JSON, so there is nothing in it to change


async def _drip(
    receive: Receive, send: Send, status: int, headers: Headers, body: bytes, seconds: float
) -> None:
    await send({"type": "http.response.start", "status": status, "headers": list(headers)})
    size = max(1, -(-len(body) // _DRIPS))
    for at in range(0, len(body), size):
        await send({"type": "http.response.body", "body": body[at : at + size], "more_body": True})
        if await _hung_up(receive, seconds / _DRIPS):
            return
    await send({"type": "http.response.body", "body": b""})
