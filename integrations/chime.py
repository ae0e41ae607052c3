"""A bell for any number of tasks, on the wake-ups that integrations.pubsub sends through Valkey."""

import asyncio
from contextlib import suppress

from redis.asyncio import Redis

from integrations.pubsub import ValkeyWakeups
from integrations.valkey import Breaker

_ASKED_EVERY_S = 60.0


class ValkeyChime:
    """domain.ports.Chime for every process on a Valkey; about: which of several bells.

    The first who waits makes this process listen, on one connection for all who do, until `stop`.
    Where Valkey is away, a ring is heard in this process alone. A ring between two waits of a task
    is missed by it, and one too many may be heard, as when Valkey is back: whoever wakes looks at
    what there is.
    """

    def __init__(
        self, client: Redis, breaker: Breaker | None = None, *, about: str = "lines"
    ) -> None:
        self._wakeups = ValkeyWakeups(client, breaker, about=about)
        self._next = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self._stopped = False

    async def ring(self) -> None:
        """Wake everybody who waits; never raises, never takes long."""
        await self._wakeups.ring()

    async def heard(self, timeout_s: float) -> bool:
        """Wait for the next ring, but no longer; whether it rang."""
        if self._task is None and not self._stopped:
            self._task = asyncio.create_task(self._listen())
        following = self._next
        with suppress(TimeoutError):
            async with asyncio.timeout(timeout_s):
                await following.wait()
        return following.is_set()

    async def stop(self) -> None:
        """Listen no more, for good; whoever waits still does so to their timeout."""
        self._stopped = True
        if self._task is not None:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task
            await self._wakeups.stop()

    async def _listen(self) -> None:
        await self._wakeups.start()
        while True:
            if await self._wakeups.wait(_ASKED_EVERY_S):
                self._next.set()
                self._next = asyncio.Event()
