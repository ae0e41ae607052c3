"""A pace for what we ask of an upstream: so many requests a second, first come, first served."""

import asyncio
import time
from collections.abc import Awaitable, Callable


class Bucket:
    """Tokens that come back at a pace. per_second: None for no pace; burst: how many it holds.

    Who waits and is cancelled takes no token and leaves no gap.
    """

    def __init__(
        self,
        per_second: float | None = None,
        *,
        burst: float = 1,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        if per_second is not None and per_second <= 0:
            raise ValueError("a pace is above 0, or None for none")
        self._per_second = per_second
        self._burst = max(1.0, burst)
        self._tokens = self._burst
        self._clock = clock
        self._sleep = sleep
        self._filled_at = clock()
        self._not_before = self._filled_at
        self._turn = asyncio.Lock()  # its waiters stand in a line

    async def take(self) -> None:
        """Wait for our turn and a token."""
        async with self._turn:
            while (wait_s := self._missing_s()) > 0:
                await self._sleep(wait_s)
            if self._per_second is not None:
                self._tokens -= 1

    def pause(self, seconds: float) -> None:
        """Let nobody through for some seconds: the upstream asked for it."""
        self._not_before = max(self._not_before, self._clock() + seconds)

    @property
    def paused_s(self) -> float:
        """Seconds that are left of a pause; 0 without one."""
        return max(0.0, self._not_before - self._clock())

    def pace(self, per_second: float) -> None:
        """Another pace from now on, above 0."""
        self._missing_s()  # fills up at the old one
        self._per_second = per_second

    def _missing_s(self) -> float:
        now = self._clock()
        paused_s = self._not_before - now
        if self._per_second is None:
            return paused_s
        self._tokens = min(self._burst, self._tokens + (now - self._filled_at) * self._per_second)
        self._filled_at = now
        # A hair less than a whole token will do: sums of fractions never quite reach it.
        missing_s = 0.0 if self._tokens > 1 - 1e-9 else (1 - self._tokens) / self._per_second
        return max(paused_s, missing_s)
