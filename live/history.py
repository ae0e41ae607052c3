"""Where the hub is in the order of events, and what happened shortly before."""

import asyncio
from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from operator import attrgetter

from domain.events.values import START, Cursor, Event

KEPT = 4096
_position = attrgetter("position")


class History:
    """The place of the last event that was passed on, and the last few thousand events.

    number: 0 until there is one, and one more whenever Postgres turns out to tell another history.
    """

    def __init__(self, kept: int = KEPT) -> None:
        self.kept = kept
        self.place = START
        self.number = 0
        self._events: list[Event] = []
        self._floor = 0  # every event behind this position is here
        self._moved = asyncio.Event()

    def begin(self, place: Cursor, events: Sequence[Event]) -> None:
        """Start, or start over: `events` are the last ones up to `place`."""
        self._events = list(events)
        whole = len(events) < self.kept
        self._floor = 0 if whole or not events else events[0].position
        self.place = place
        self.number += 1
        self._wake()

    def append(self, event: Event) -> None:
        """Pass an event."""
        self._events.append(event)
        if len(self._events) >= 2 * self.kept:  # moving them is dear, so not at each one
            self._floor = self._events[self.kept - 1].position
            del self._events[: self.kept]
        self.place = event.cursor
        self._wake()

    def covers(self, position: int) -> bool:
        """Whether everything behind a position is in memory."""
        return position >= self._floor

    def after(self, position: int, most: int) -> Sequence[Event]:
        """The next events behind a position that is covered."""
        start = bisect_right(self._events, position, key=_position)
        return self._events[start : start + most]

    def knows(self, cursor: Cursor) -> bool | None:
        """Whether a place is one of this history; None where only Postgres can tell."""
        if cursor == self.place:
            return True
        first = self._events[0].position if self._events else self.place.position + 1
        if not first <= cursor.position <= self.place.position:
            return None
        found = bisect_left(self._events, cursor.position, key=_position)
        return found < len(self._events) and self._events[found].cursor == cursor

    def marks(self, most: int) -> Mapping[int, int]:
        """The marks of the last few events, by their positions."""
        return {event.position: event.mark for event in self._events[-most:]}

    async def reach(self, position: int, timeout_s: float) -> bool:
        """Wait until a position has been passed; whether it was in time."""
        try:
            async with asyncio.timeout(timeout_s):
                while self.number == 0 or self.place.position < position:
                    await self._moved.wait()
        except TimeoutError:
            return False
        return True

    def _wake(self) -> None:
        self._moved.set()
        self._moved = asyncio.Event()
