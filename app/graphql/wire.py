"""Sending on one connection: at once where it takes what is sent, else in a short queue."""

import asyncio
from collections.abc import Coroutine, Generator
from types import coroutine
from typing import Any

from starlette.types import Message, Send

from app.graphql.sockets import WriteText


class Wire:
    """Sends messages in their order without making anybody wait for it.

    A server's `send` only suspends while its peer does not read. So it is driven right here, which
    spares two switches of task for each message, and a task finishes what did suspend. Where the
    server has a shorter way for text, that is taken while nothing waits.
    """

    def __init__(self, most: int) -> None:
        """most: how many messages may wait."""
        self._most = most
        self._send: Send | None = None
        self._write: WriteText | None = None
        self._waiting: list[Message] = []  # a deque that is empty takes ten times as much memory
        self._sender: asyncio.Task[None] | None = None
        self._opened: asyncio.Event | None = None  # for who waits for that
        self._over = False

    def open(self, send: Send, write: WriteText | None = None) -> None:
        """Begin to send; what was pushed before goes first."""
        self._send, self._write = send, write
        if self._opened is not None:
            self._opened.set()
        waiting, self._waiting = self._waiting, []
        for message in waiting:
            self.push(message)

    def push(self, message: Message) -> bool:
        """Send a message, or let it wait for those before it.

        False when too many wait already, or the server has begun to close without a word to us.
        """
        if self._over:
            return True  # nobody is there any more, which is not the same as being slow
        if self._send is None or self._sender is not None:
            if len(self._waiting) >= self._most:
                return False
            self._waiting.append(message)
            return True
        sending = self._send(message)
        try:
            awaited = sending.send(None)  # type: ignore[attr-defined]  # a coroutine, in every server
        except StopIteration:
            return True
        except OSError:
            self._over = True
            return True
        except RuntimeError:
            return False
        self._sender = asyncio.create_task(self._drain(_resume(sending, awaited)))  # type: ignore[arg-type]
        return True

    def text(self, *parts: bytes) -> bool:
        """Push a text message, given in parts of UTF-8."""
        if (
            self._write is not None
            and self._sender is None
            and not self._over
            and self._write(*parts)
        ):
            return True
        return self.push({"type": "websocket.send", "text": b"".join(parts).decode()})

    async def drained(self) -> None:
        """Wait until all is sent, or nothing can be any more."""
        if self._send is None and not self._over:
            self._opened = self._opened or asyncio.Event()
            await self._opened.wait()
        if self._sender is not None:
            await asyncio.wait([self._sender])

    async def room(self) -> None:
        """Wait until there is room for many messages."""
        if len(self._waiting) > self._most // 2:
            await self.drained()

    def stop(self) -> None:
        """Send nothing more, not even what waits."""
        self._over = True
        if self._opened is not None:
            self._opened.set()
        self._waiting.clear()
        if self._sender is not None:
            self._sender.cancel()

    async def _drain(self, begun: Coroutine[Any, Any, None]) -> None:
        assert self._send is not None
        try:
            await begun
            while self._waiting:
                await self._send(self._waiting.pop(0))
        except OSError:
            self._over = True
            self._waiting.clear()
        except RuntimeError:
            self._waiting.clear()  # the next to push is told
        finally:
            self._sender = None


@coroutine
def _resume(sending: Coroutine[Any, Any, None], awaited: Any) -> Generator[Any, Any, None]:
    """Go on with a coroutine that waits for `awaited`, as if it had been awaited from its start."""
    while True:
        try:
            value = yield awaited
        except BaseException as problem:
            step, given = sending.throw, problem
        else:
            step, given = sending.send, value
        try:
            awaited = step(given)
        except StopIteration:
            return
