"""What the domain needs from outside, as promises that `integrations/` keeps."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


class Cache(Protocol):
    """Bytes that may be forgotten at any time: a failure reads as a miss, and never raises."""

    async def get(self, key: str) -> bytes | None:
        """The value kept under a key, or None."""
        ...

    async def put(self, key: str, value: bytes, ttl_s: float) -> None:
        """Keep a value for some seconds."""
        ...

    async def drop(self, *keys: str) -> None:
        """Forget keys now."""
        ...


@dataclass(frozen=True, slots=True)
class Allowance:
    """What a limiter says. reset_s: seconds until the oldest counted call is forgotten."""

    allowed: bool
    limit: int
    remaining: int
    reset_s: float


class Limiter(Protocol):
    """Counts what somebody does in a sliding window; it answers even when its store is away."""

    async def take(self, key: str, limit: int, window_s: float = 60) -> Allowance:
        """Count one more under a key, unless the limit is used up."""
        ...

    async def peek(self, key: str, limit: int, window_s: float = 60) -> Allowance:
        """The same answer without counting."""
        ...


class DemoClock(Protocol):
    """The clock of the stand-ins for the outside world. Both raise DomainError where it is away."""

    async def now(self) -> datetime:
        """What it says, aware."""
        ...

    async def move(self, days: int) -> datetime:
        """Move it so many days forward; what it says then."""
        ...


class Queue(Protocol):
    """Tells a worker that a job of the ledger is due; who misses it finds out by asking."""

    async def nudge(self, job_id: int, attempt: int = 0) -> None:
        """Say so, after the commit that made it due. It never raises, and never takes long.

        attempt: as many as the ledger has counted so far.
        """
        ...


class Bell(Protocol):
    """Wakes whoever waits for events, in every process; nothing is lost if nobody hears it."""

    async def ring(self) -> None:
        """Say that there is something new. It never raises, and never takes long."""
        ...


class Wakeups(Bell, Protocol):
    """The other side of the bell, for a process that listens to it."""

    async def start(self) -> None:
        """Begin to listen; where nobody answers, it goes on trying."""
        ...

    async def stop(self) -> None:
        """Stop listening."""
        ...

    async def wait(self, timeout_s: float) -> bool:
        """Wait for the next ring, but no longer; whether it rang since the last wait."""
        ...
