"""What was done and what was heard, as the checker wants it: values, no I/O."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Literal, TypeAlias
from uuid import UUID

COUNTRY = "US"
"""Where everybody lives and every offer that we write to is."""

Scope: TypeAlias = Literal["TITLE", "MY_WATCHLIST", "MY_PLATFORMS", "LIST"]
"""What is followed: three of availabilityChanged, and watchlistChanged."""


@dataclass(frozen=True, slots=True)
class Offer:
    """The subject of a webhook: a title on a platform, in the one country of the soak."""

    title_id: int
    platform_id: int


@dataclass(frozen=True, slots=True)
class Wish:
    """The subject of a mutation: a title on a profile's list."""

    profile_id: UUID
    title_id: int


Subject: TypeAlias = Offer | Wish


@dataclass(frozen=True, slots=True)
class Told:
    """What one event says of its subject."""

    kind: str
    expires_on: date | None = None


@dataclass(slots=True)
class Write:
    """A change that was sent under a key, and sent again under it until it was acknowledged.

    told: the one event that it must come to; sent, acknowledged: by the monotonic clock, in
    seconds.
    """

    key: str
    subject: Subject
    told: Told
    sent: float
    acknowledged: float | None = None
    tries: int = 0


@dataclass(frozen=True, slots=True)
class Row:
    """An event as Postgres has it."""

    position: int
    mark: int
    topic: str
    title_id: int | None
    told: Told
    profile_id: UUID | None = None
    platform_id: int | None = None
    country: str | None = None

    @property
    def subject(self) -> Subject | None:
        """What it is about; None where no writer can have caused it."""
        if self.title_id is None:
            return None
        if self.topic == "watchlist" and self.profile_id is not None:
            return Wish(self.profile_id, self.title_id)
        if self.topic == "availability" and self.platform_id is not None:
            return Offer(self.title_id, self.platform_id)
        return None


@dataclass(frozen=True, slots=True)
class Heard:
    """An event as a follower was told it. at: by the monotonic clock, in seconds."""

    position: int
    mark: int
    kind: str
    title_id: int
    at: float


@dataclass(slots=True)
class Log:
    """What one follower heard, over all its connections.

    since: the position from which on it must have heard everything.
    """

    name: str
    scope: Scope
    profile_id: UUID
    title_id: int | None = None
    platforms: frozenset[int] = frozenset()
    since: int | None = None
    heard: list[Heard] = field(default_factory=list)
    resyncs: list[str] = field(default_factory=list)
    closed: list[str] = field(default_factory=list)
    """Why its connections ended, each."""
    returned: list[float] = field(default_factory=list)
    """Seconds from the end of a connection to the next one's first word."""


@dataclass(frozen=True, slots=True)
class Table:
    """What Postgres says when all is quiet: events by position, and the lists before them."""

    rows: Sequence[Row]
    listed: Mapping[UUID, frozenset[int]]
