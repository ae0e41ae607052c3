"""A subscriber that costs little: as much of WebSocket as it needs, and not more.

Frames of servers are counted by their lengths and a mark in them, and not decoded; only every 17th
subscriber notes when its events came.
"""

import asyncio
import random
import re
import time
from typing import Any, Protocol
from uuid import UUID

import orjson

MARK = b'"AvailabilityEvent"'  # what no other message of a server contains
SAMPLE = 17
_CURSOR = re.compile(rb'"cursor":"([^"]+)"')
_TEXT, _CLOSE, _PING, _PONG = 0x81, 0x88, 0x89, 0x8A


def frame(kind: int, told: bytes) -> bytes:
    """A client's frame, "masked" with zeros, of less than 64 KiB."""
    size = len(told)
    head = bytes([kind, 0x80 | size]) if size < 126 else bytes([kind, 0xFE, size >> 8, size & 255])
    return head + bytes(4) + told


class Crowd(Protocol):
    """Whom a subscriber belongs to, and tells what happens."""

    graphql: bool
    told: dict[str, Any]
    recording: bool

    def handshake(self, place: int) -> bytes:
        """The request that asks for a WebSocket."""
        ...

    def subscribed(self) -> None:
        """One more has asked for its events."""
        ...

    def counted(self, events: int) -> None:
        """So many more events came."""
        ...

    def refused(self, told: bytes) -> None:
        """A server said no, or goodbye."""
        ...

    def lost(self, member: "Subscriber") -> None:
        """A connection ended."""
        ...


class Subscriber(asyncio.Protocol):
    """One connection with one subscription, which comes back when it is lost, if the crowd does."""

    def __init__(self, crowd: Crowd, place: int) -> None:
        self.crowd, self.place = crowd, place
        self.shaken = asyncio.Event()  # hands, or there is no use in waiting
        self.events = 0
        self.last: bytes = b""
        self.arrivals: list[float] | None = [] if place % SAMPLE == 0 else None
        self.cursors: list[bytes] = []
        self._attempt = 0

    def connection_made(self, transport: Any) -> None:
        """Shake hands."""
        self.rest, self.open, self.transport = b"", False, transport
        transport.write(self.crowd.handshake(self.place))

    def data_received(self, data: bytes) -> None:
        """Count whole frames and keep the rest."""
        if self.rest:
            data = self.rest + data
        if not self.open:
            head, there, data = data.partition(b"\r\n\r\n")
            if not there:
                self.rest = head
                return
            self._shake(head)
        at, counted, size, recording = 0, 0, len(data), self.crowd.recording
        while size - at > 1:
            length, start = data[at + 1], at + 2
            if length == 126:
                if size < at + 4:
                    break
                length, start = data[at + 2] << 8 | data[at + 3], at + 4
            end = start + length
            if end > size:
                break
            if data[at] == _TEXT and data.find(MARK, start, end) > 0:
                counted += 1
                if recording:
                    self._record(data[start:end])
                elif self.arrivals is not None:
                    self.arrivals.append(time.monotonic())
                    self.last = data[start:end]
            else:
                self._other(data[at], data[start:end])
            at = end
        self.rest = data[at:]
        if counted:
            self.events += counted
            self.crowd.counted(counted)

    def connection_lost(self, exc: Exception | None) -> None:
        """Come back after a while, if the crowd does."""
        self.shaken.set()
        self.crowd.lost(self)

    def reconnect_in(self) -> float:
        """Seconds: any up to half of one, twice as long with each failure, at most 4."""
        self._attempt += 1
        return random.uniform(0, min(4.0, 0.25 * 2**self._attempt))

    def subscription(self) -> bytes:
        """The message that subscribes, behind the last event that came."""
        self._attempt = 0
        told = dict(self.crowd.told)
        if self.cursors:
            told["variables"] = {**told["variables"], "after": self.cursors[-1].decode()}
        return orjson.dumps({"id": str(UUID(int=self.place)), "type": "subscribe", "payload": told})

    def _shake(self, head: bytes) -> None:
        if not head.startswith(b"HTTP/1.1 101"):
            self.crowd.refused(head)
            self.transport.abort()
        self.open = True
        self.shaken.set()
        if self.crowd.graphql:
            self.transport.write(frame(_TEXT, b'{"type":"connection_init"}'))
        else:
            self.crowd.subscribed()

    def _record(self, told: bytes) -> None:
        found = _CURSOR.search(told)
        assert found, told
        self.cursors.append(found[1])
        self.last = told

    def _other(self, kind: int, told: bytes) -> None:
        if kind == _PING:
            self.transport.write(frame(_PONG, told))
        elif kind == _CLOSE:
            self.crowd.refused(told)
        elif b'"connection_ack"' in told:
            self.transport.write(frame(_TEXT, self.subscription()))
            self.crowd.subscribed()
        elif b'"type":"ping"' in told:
            self.transport.write(frame(_TEXT, b'{"type":"pong"}'))
        elif b'"errors"' in told or b'"type":"error"' in told or b'"complete"' in told:
            self.crowd.refused(told)
