"""The one reader of a process: gives events their places, and reads them all in their order.

It never ends. Whatever Postgres or Valkey do, it tries again, and goes on behind the last event
that was passed on.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence

import structlog

from domain.db import Database
from domain.events import repo
from domain.events.values import START, Cursor, Event
from domain.ports import Wakeups
from live.history import History
from live.patience import Backoff, within

log = structlog.get_logger()

_PAGE = 1_000
_ANSWER_S = 10.0  # longer than a statement may run; a frozen server gives no answer at all
_COMPARED = 64


class Reader:
    """Reads behind `history` and passes pages on.

    passes: is given each page once it is read, and appends each of its events to the history;
    begins: is given the newest place and the events before it, at first and whenever Postgres tells
    another history, and begins the history with them.
    """

    def __init__(
        self,
        database: Database,
        wakeups: Wakeups,
        history: History,
        *,
        poll_s: float,
        passes: Callable[[Sequence[Event]], Awaitable[None]],
        begins: Callable[[Cursor, Sequence[Event]], Awaitable[None]],
    ) -> None:
        self._database = database
        self._wakeups = wakeups
        self._history = history
        self._poll_s = poll_s
        self._passes = passes
        self._begins = begins

    async def run(self) -> None:
        """Read until this is cancelled."""
        backoff, healthy, rung = Backoff(), True, False
        while True:
            try:
                more = await self._turn(rung)
                if not healthy:
                    log.info("live.reading_again")
                healthy = True
                backoff.reset()
                rung = more or await self._wakeups.wait(self._poll_s)
            except Exception as problem:
                if healthy:
                    log.warning("live.cannot_read", problem=repr(problem)[:200])
                healthy = False
                await asyncio.sleep(backoff.pause())

    async def _turn(self, rung: bool) -> bool:
        """Read once; whether more is waiting already. rung: whether something should be."""
        if self._history.number == 0:
            await self._begin()
        page = await within(_ANSWER_S, self._read(self._history.place, rung))
        if page is None:
            log.warning("live.another_history", behind=str(self._history.place))
            await self._begin()
            return True
        await self._passes(page)
        return len(page) >= _PAGE

    async def _begin(self) -> None:
        await self._begins(*await within(_ANSWER_S, self._last()))

    async def _last(self) -> tuple[Cursor, Sequence[Event]]:
        async with self._database.read() as connection:
            newest = await repo.newest(connection)
            return newest, await repo.last(connection, newest.position, self._history.kept)

    async def _read(self, place: Cursor, rung: bool) -> Sequence[Event] | None:
        """The next page behind a place; None where Postgres tells another history."""
        standing = None
        if not rung:
            async with self._database.read() as connection:
                standing = await repo.standing(connection)
        if standing is None or standing.waiting:
            async with self._database.work() as connection:
                numbered = await repo.number(connection, _PAGE)
            if numbered.before == place:
                return numbered.events  # right behind ours, and there is nothing between
            newest = numbered.before  # another process was quicker
        else:
            newest = standing.newest
            if newest == place:
                return []
        return await self._after(place) if newest.position > place.position else None

    async def _after(self, place: Cursor) -> Sequence[Event] | None:
        async with self._database.read() as connection:
            # From the place itself on: that it is still the same event says that what follows
            # does follow it, and was not restored from a backup.
            page = await repo.after(connection, place.position - 1, _PAGE + 1)
            if page and page[0].position == place.position:
                return page[1:] if page[0].cursor == place else None
            known = self._history.marks(_COMPARED)
            if place == START or not page:
                return page[:_PAGE]
            # It has gone, with its profile or because it was old. Others tell, if any is left.
            found = await repo.marks(connection, known.keys())
        same = bool(found) and all(known[position] == mark for position, mark in found.items())
        return page[:_PAGE] if same else None
