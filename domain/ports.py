"""What the domain needs from outside, as promises that `integrations/` keeps."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol, TypeAlias

from domain.delivery.values import Button, Email


class Cache(Protocol):
    """Bytes that may be forgotten at any time: a failure reads as a miss, and never raises."""

    async def get(self, key: str) -> bytes | None:
        """The value kept under a key, or None."""
        ...

    async def get_many(self, keys: Sequence[str]) -> list[bytes | None]:
        """The same for several, in their order, in one question."""
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


class Leases(Protocol):
    """Lets one of many do something; whoever dies at it makes room when the time is over."""

    async def take(self, name: str, ttl_s: float) -> str | None:
        """A proof of having it for some seconds; None: somebody else has it, or nobody can tell."""
        ...

    async def renew(self, name: str, proof: str, ttl_s: float) -> bool:
        """Have it for longer; False: it was lost meanwhile."""
        ...

    async def release(self, name: str, proof: str) -> None:
        """Make room now. It never raises."""
        ...


class Backlog(Protocol):
    """Names that wait for a worker, the oldest first. It may be forgotten at any time."""

    async def push(self, name: str) -> None:
        """Add a name and tell a worker; never raises, never takes long."""
        ...

    async def pop(self) -> str | None:
        """Take the oldest; None: nobody waits, or nobody can tell."""
        ...

    async def size(self) -> int:
        """How many wait."""
        ...


class Chime(Protocol):
    """Like a bell that any number of tasks, in any process, may wait for."""

    async def ring(self) -> None:
        """Wake everybody who waits. It never raises, and never takes long."""
        ...

    async def heard(self, timeout_s: float) -> bool:
        """Wait for the next ring, but no longer; whether it rang."""
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


class Mailer(Protocol):
    """Sends letters. UpstreamAway is raised where it can't now, permanent where a key or a setting
    of ours has to be put right first.
    """

    async def send(self, emails: Sequence[Email], key: str) -> Sequence[str]:
        """Send up to MOST_EMAILS, all or none; the service's ids of them, in their order.

        key: 1 to 256 characters that stand for just these letters: sent again under it within 24
        hours, unchanged, they go out once. That is what to do after MaybeSent. Raises
        DeliveryRefused and QuotaUsedUp, too.
        """
        ...


class Messenger(Protocol):
    """Writes to chats. UpstreamAway as for letters."""

    async def send(
        self,
        chat_id: int,
        html: str,
        buttons: Sequence[Sequence[Button]] = (),
        *,
        skip: int = 0,
    ) -> int:
        """Send a message, in as many parts as it takes; the id of the last part.

        html: with everything escaped that is not ours. buttons: rows of them, below the last part.
        skip: how many parts have arrived already. Raises ChatClosed, ChatMoved, DeliveryRefused,
        PartlySent and MaybeSent; nothing is sent a second time after the last.
        """
        ...


Hearing: TypeAlias = Callable[[str], Awaitable[bool]]
"""Is told what has been written so far, whenever there is more; False: that is enough, stop."""


class Writer(Protocol):
    """A language model. What it writes is a stranger's word: check it, and escape it."""

    @property
    def model(self) -> str:
        """Its name, as settings say it."""
        ...

    async def write(
        self,
        prompt: str,
        *,
        schema: Mapping[str, Any] | None = None,
        seed: int,
        most_tokens: int,
        deadline_s: float,
        hearing: Hearing | None = None,
    ) -> str:
        """What it says to a prompt: text, or with a schema the text of JSON that fits it.

        hearing: told while it is being written, with a schema the JSON that is there so far; where
        it wants no more, the model is stopped and Stopped is raised. Raises UpstreamAway where it
        is away, busy beyond the deadline or not set up (permanent), and another DomainError for
        what can't be used, cut off at most_tokens included.
        """
        ...

    async def warm(self, deadline_s: float) -> None:
        """Have the model loaded, so that the first answer doesn't wait for it; raises as above."""
        ...


class Stopped(Exception):
    """A model was stopped, since whoever heard it wanted no more."""
