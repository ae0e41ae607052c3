"""How upstreams count: buckets that refill, and windows that begin anew. Both are told the time."""

import math
from dataclasses import dataclass


@dataclass(slots=True)
class Bucket:
    """Lets `capacity` through at once and `rate` a second in the long run."""

    rate: float
    capacity: float
    _level: float | None = None
    _seen_at: float = 0.0

    def wait_s(self, now: float) -> float:
        """Seconds until one more would pass; 0: now. Nothing is taken."""
        level = self.capacity if self._level is None else self._level
        # A clock that was set back fills nothing, and takes nothing away.
        level = min(self.capacity, level + max(0.0, now - self._seen_at) * self.rate)
        self._level, self._seen_at = level, now
        return 0.0 if level >= 1 - 1e-9 else (1 - level) / self.rate

    def take(self, now: float) -> float:
        """Take one and answer 0, or say how many seconds to wait and take none."""
        wait = self.wait_s(now)
        if not wait:
            self._level = (self._level or 0.0) - 1
        return wait


@dataclass(slots=True)
class Window:
    """Lets `limit` through in each `period` seconds, counted from the first one in it."""

    limit: int
    period: float
    used: int = 0
    started_at: float = -math.inf

    def take(self, now: float) -> bool:
        """Whether one more is within the limit; it is counted if it is."""
        if not self.started_at <= now < self.started_at + self.period:
            self.started_at, self.used = now, 0
        if self.used >= self.limit:
            return False
        self.used += 1
        return True

    @property
    def remaining(self) -> int:
        """How many more the window lets through."""
        return max(0, self.limit - self.used)

    @property
    def ends_at(self) -> float:
        """The moment, as Unix time, when the next one begins."""
        return self.started_at + self.period
