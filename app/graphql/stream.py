"""One open event stream: what it carries, until its client leaves or it is finished."""

import asyncio
from collections.abc import Callable
from typing import Any

import orjson
from graphql import GraphQLError
from starlette.types import Receive, Scope, Send

from app.graphql.errors import masked
from app.graphql.http import encode
from app.graphql.limits import Limits
from app.graphql.operations import Operation
from app.graphql.wire import Wire
from schema.context import LineWaits

HEADERS = [
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-store"),
    (b"x-accel-buffering", b"no"),  # nginx would keep events until its buffer is full
]
COMMENT = b":\n\n"


class EventStream:
    """An ASGI application for one response."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.wire = Wire(limits.waiting)
        self.operations: dict[str, Operation] = {}
        self.headers = [*HEADERS]
        self.line_waits = LineWaits()
        self.begin: Callable[[], None] | None = None
        self.on_leave: list[Callable[[], Any]] = []
        self._task: asyncio.Task[Any] | None = None
        self._expiry: asyncio.TimerHandle | None = None
        self._finished = self._waits = False

    @property
    def is_open(self) -> bool:
        """Whether its client has come for it."""
        return self._task is not None

    def expect(self) -> None:
        """Give it up unless its client comes for it soon."""
        loop = asyncio.get_running_loop()
        self._expiry = loop.call_later(self.limits.reservation_s, self.leave)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Carry events until the client is gone or there are no more."""
        if self._expiry is not None:
            self._expiry.cancel()
        self._task = asyncio.current_task()
        assert self._task is not None
        try:
            await send({"type": "http.response.start", "status": 200, "headers": self.headers})
            self.say(COMMENT)  # some browsers wait for the first byte
            self.wire.open(send)
            if self.begin is not None:
                self.begin()
            if not self._finished:
                self._waits = True
                await self._stay(receive)
        except asyncio.CancelledError:
            if not self._finished:
                raise  # it is the server that wants us to stop
            self._task.uncancel()
        except OSError:
            return  # the client is gone
        finally:
            self._waits = False
            self._stop_operations()
            try:
                if self._finished:
                    await self._part(send)
            finally:
                self.leave()

    def add(self, id: str, operation: Operation) -> None:
        """Carry an operation."""
        self.operations[id] = operation

    def drop(self, id: str) -> None:
        """Carry it no longer, without a word."""
        if operation := self.operations.pop(id, None):
            operation.stop()

    def say(self, event: bytes) -> bool:
        """Send an event; a client that does not read is cut off, and comes back when it does."""
        taken = self.wire.push({"type": "http.response.body", "body": event, "more_body": True})
        if not taken:
            self.wire.stop()
            self.finish()
        return taken

    def finish(self) -> None:
        """End the response when what waits is sent; clients that heard no `complete` come back."""
        if self._finished:
            return
        self._finished = True
        if self._task is None:
            if self._expiry is not None:
                self.leave()
        elif self._waits:
            self._task.cancel()

    def leave(self) -> None:
        """Give up whatever is held for it."""
        self._stop_operations()
        self.wire.stop()
        if self._expiry is not None:
            self._expiry.cancel()
        while self.on_leave:
            self.on_leave.pop()()

    async def _stay(self, receive: Receive) -> None:
        while True:
            try:
                async with asyncio.timeout(self.limits.keep_alive_s):
                    message = await receive()
            except TimeoutError:
                self.say(COMMENT)
            else:
                if message["type"] == "http.disconnect":
                    return

    async def _part(self, send: Send) -> None:
        try:
            async with asyncio.timeout(self.limits.farewell_s):
                await self.wire.drained()
                await send({"type": "http.response.body", "body": b"", "more_body": False})
        except (OSError, TimeoutError):
            pass  # it is gone, or does not read

    def _stop_operations(self) -> None:
        for operation in self.operations.values():
            operation.stop()
        self.operations.clear()


class Distinct:
    """Where the one operation of a stream answers."""

    def __init__(self, stream: EventStream) -> None:
        self._stream = stream

    def deliver(self, payload: bytes) -> bool:
        return self._stream.say(b"event: next\ndata: %b\n\n" % payload)

    async def room(self) -> None:
        await self._stream.wire.room()

    def refuse(self, errors: list[GraphQLError]) -> None:
        self.deliver(_refusal(errors))
        self.complete()

    def complete(self) -> None:
        # EventSource hears of no event without data.
        self._stream.say(b"event: complete\ndata:\n\n")
        self._stream.finish()

    def end(self, reason: str) -> None:
        self._stream.finish()


class Shared:
    """Where one of many operations on a stream answers."""

    def __init__(self, stream: EventStream, id: str) -> None:
        self._stream, self._id, self._said = stream, id, orjson.dumps(id)

    def deliver(self, payload: bytes) -> bool:
        event = b'event: next\ndata: {"id":%b,"payload":%b}\n\n'
        return self._stream.say(event % (self._said, payload))

    async def room(self) -> None:
        await self._stream.wire.room()

    def refuse(self, errors: list[GraphQLError]) -> None:
        self.deliver(_refusal(errors))
        self.complete()

    def complete(self) -> None:
        self._stream.operations.pop(self._id, None)
        self._stream.say(b'event: complete\ndata: {"id":%b}\n\n' % self._said)

    def end(self, reason: str) -> None:
        self._stream.finish()


def _refusal(errors: list[GraphQLError]) -> bytes:
    return encode({"errors": [masked(one).formatted for one in errors]})
