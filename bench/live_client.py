"""Thousands of subscribers in a process of their own.

Run as a program: each line of JSON on standard input is an order (a method of `Crowd` and its
arguments), each line on standard output its answer.
"""

import asyncio
import sys
import time
from contextlib import suppress
from typing import Any

import orjson
import uvloop

from bench.live_subscriber import Subscriber

_AT_ONCE = 100  # handshakes


class Crowd:
    """All subscribers of one server."""

    def __init__(self) -> None:
        self.members: list[Subscriber] = []
        self.recording = self.returning = False
        self.problems: list[str] = []
        self._total, self._goal = 0, 0
        self._done = asyncio.Event()
        self._handshakes = asyncio.Semaphore(_AT_ONCE)
        self._tasks: set[asyncio.Task[None]] = set()
        self._asked, self._all_asked = 0, asyncio.Event()

    async def open(
        self,
        port: int,
        path: str,
        connections: int,
        tokens: list[str],
        told: dict[str, Any] | None,
    ) -> dict[str, Any]:
        """Subscribe, taking turns with the tokens. told: a GraphQL request; None: just listen."""
        self.port, self.path, self.tokens = port, path, tokens
        self.graphql, self.told = told is not None, told or {}
        start = time.monotonic()
        self.members = [Subscriber(self, place) for place in range(connections)]
        await asyncio.gather(*(self._join(member) for member in self.members))
        await self._all_asked.wait()
        return {"seconds": time.monotonic() - start, "problems": self.problems[:3]}

    async def begin(self, recording: bool = False, returning: bool = False) -> dict[str, Any]:
        """Count from zero. recording: note every cursor; returning: who is cut off comes back."""
        self.recording, self.returning = recording, returning
        self._total = 0
        for member in self.members:
            member.events, member.cursors = 0, []
            member.arrivals = None if member.arrivals is None else []
        return {}

    async def wait(self, events: int, seconds: float) -> dict[str, Any]:
        """Until everybody has so many events since `begin`, or the time is over; who has how many.

        at: when the last of them came, by the monotonic clock.
        """
        self._done.clear()
        self._goal = events * len(self.members)
        if self._total < self._goal:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._done.wait(), seconds)
        now = time.monotonic()
        counts = [member.events for member in self.members]
        told = {"at": now, "least": min(counts), "most": max(counts), "problems": self.problems[:3]}
        return told | {"size": len(self.members[0].last), "last": self.members[0].last.decode()}

    async def arrivals(self) -> dict[str, Any]:
        """When the events came to each of the sample, by the monotonic clock."""
        return {"times": [each.arrivals for each in self.members if each.arrivals is not None]}

    async def seen(self, expected: list[str]) -> dict[str, Any]:
        """How many events are missing, double or out of order, over all subscribers."""
        wanted = [cursor.encode() for cursor in expected]
        lost = doubled = disordered = 0
        for member in self.members:
            if member.cursors == wanted:
                continue
            once = set(member.cursors)
            lost += len(set(wanted) - once)
            doubled += len(member.cursors) - len(once)
            disordered += member.cursors != sorted(member.cursors, key=_position)
        return {"lost": lost, "doubled": doubled, "disordered": disordered}

    def handshake(self, place: int) -> bytes:
        """The request that asks for a WebSocket."""
        token = self.tokens and f"Authorization: Bearer {self.tokens[place % len(self.tokens)]}\r\n"
        subprotocol = "Sec-WebSocket-Protocol: graphql-transport-ws\r\n"
        return (
            f"GET {self.path} HTTP/1.1\r\nHost: 127.0.0.1:{self.port}\r\n"
            "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
            "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
            f"{subprotocol if self.graphql else ''}{token or ''}\r\n"
        ).encode()

    def subscribed(self) -> None:
        """One more has asked for its events."""
        self._asked += 1
        if self._asked == len(self.members):
            self._all_asked.set()

    def counted(self, events: int) -> None:
        """So many more events came."""
        self._total += events
        if self._total >= self._goal:
            self._done.set()

    def refused(self, told: bytes) -> None:
        """A server said no, or goodbye."""
        if not self.returning:
            self.problems.append(repr(told[:300]))
            self._all_asked.set()

    def lost(self, member: Subscriber) -> None:
        """A connection ended."""
        if not self.returning:
            self.problems.append(f"{member.place} was cut off")
            self._all_asked.set()
            return
        task = asyncio.create_task(self._return(member))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _join(self, member: Subscriber) -> None:
        async with self._handshakes:
            await self._connect(member)
            await member.shaken.wait()  # or the server's backlog would overflow

    async def _return(self, member: Subscriber) -> None:
        while True:
            await asyncio.sleep(member.reconnect_in())
            try:
                await self._connect(member)
            except OSError:
                continue
            return

    async def _connect(self, member: Subscriber) -> None:
        loop = asyncio.get_running_loop()
        await loop.create_connection(lambda: member, "127.0.0.1", self.port)


def _position(cursor: bytes) -> int:
    return int(cursor.partition(b".")[0])


async def main() -> None:
    """Obey until standard input ends."""
    reader, crowd = asyncio.StreamReader(limit=1 << 26), Crowd()
    await asyncio.get_running_loop().connect_read_pipe(
        lambda: asyncio.StreamReaderProtocol(reader), sys.stdin
    )
    while line := await reader.readline():
        order = orjson.loads(line)
        answer = await getattr(crowd, order.pop("do"))(**order)
        sys.stdout.buffer.write(orjson.dumps(answer) + b"\n")
        sys.stdout.buffer.flush()
    crowd.returning = False


if __name__ == "__main__":
    uvloop.run(main())
