"""A listener that keeps updates as they are, for whoever takes them one by one."""

import asyncio
from collections import deque
from collections.abc import Hashable
from typing import cast

from live.errors import HubClosed, SlowConsumer
from live.updates import Update


class Mailbox:
    """An audience of one and its listener at the same time; what it renders is never bytes."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._updates: deque[Update] = deque()
        self._changed = asyncio.Event()
        self._problem: BaseException | None = None

    @property
    def key(self) -> Hashable:
        """Shared with nobody."""
        return id(self)

    async def render(self, update: Update) -> bytes | None:
        """The update itself."""
        return cast("bytes", update)

    def deliver(self, payload: bytes) -> bool:
        """Keep an update."""
        if len(self._updates) >= self._most:
            return False
        self._updates.append(cast("Update", payload))
        self._changed.set()
        return True

    async def room(self) -> None:
        """Wait until half of it is free."""
        while len(self._updates) > self._most // 2:
            self._changed.clear()
            await self._changed.wait()

    def end(self, reason: str) -> None:
        """Let what is kept be taken, and then raise."""
        slow = len(self._updates) >= self._most
        self._fail(SlowConsumer() if slow else HubClosed(reason))

    def subscribed(self, subscribing: asyncio.Task) -> None:
        """Raise what subscribing raised."""
        if not subscribing.cancelled() and (problem := subscribing.exception()):
            self._fail(problem)

    async def take(self) -> Update:
        """The next update."""
        while not self._updates:
            if self._problem is not None:
                raise self._problem
            self._changed.clear()
            await self._changed.wait()
        update = self._updates.popleft()
        self._changed.set()
        return update

    def _fail(self, problem: BaseException) -> None:
        self._problem = problem
        self._changed.set()
