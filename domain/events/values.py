"""What happened, as a value, and the place of it in the order in which everything happened."""

import re
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from domain.errors import InvalidInput

_CURSOR = re.compile(r"([0-9]{1,18})\.([0-9a-f]{8})", re.ASCII)


class Topic(StrEnum):
    """Whom an event is for: everybody who can see a title, one profile, or the admins."""

    AVAILABILITY = "availability"
    WATCHLIST = "watchlist"
    PROFILE = "profile"
    BINGE = "binge"
    SYNC = "sync"  # for admins


class AvailabilityKind(StrEnum):
    """What changed about where a title is."""

    ADDED = "added"  # an offer opened, or came back
    LEAVING = "leaving"  # it got a last day
    DATE_MOVED = "date_moved"
    RENEWED = "renewed"  # it was leaving and stays
    COUNTDOWN = "countdown"  # 30, 7 or 1 days are left
    REMOVED = "removed"  # it has left
    CHANGED = "changed"  # another price or picture quality


class WatchlistKind(StrEnum):
    """What changed on a watchlist."""

    ADDED = "added"
    REMOVED = "removed"
    WATCHED = "watched"
    UNWATCHED = "unwatched"
    CHANGED = "changed"  # its note or platform


class ProfileKind(StrEnum):
    """What changed about a profile, for whoever follows it; clients are not told these."""

    PLATFORMS = "platforms"


class BingeKind(StrEnum):
    """What happened to a binge plan that a profile follows."""

    PLANNED = "planned"  # it is followed from now on, or wished for otherwise
    REPLANNED = "replanned"
    BROKEN = "broken"  # it doesn't fit any more
    FINISHED = "finished"  # nothing is left to watch
    UNFOLLOWED = "unfollowed"


class SyncKind(StrEnum):
    """What happened to a run of the nightly sync."""

    PLANNED = "planned"
    MOVED_ON = "moved_on"  # another checkpoint, or another part of it
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class Cursor:
    """A place in the order of events: the event at `position`, which carries `mark`.

    mark: 32 random bits of that event. A database that was restored from a backup gives the same
    positions to other events, which have other marks. Position 0 is before the first event.
    """

    position: int
    mark: int

    def __str__(self) -> str:
        return f"{self.position}.{self.mark:08x}"

    @classmethod
    def parse(cls, told: str) -> "Cursor":
        """What `str` made; raises InvalidInput."""
        match = _CURSOR.fullmatch(told)
        if match is None:
            raise InvalidInput(
                f"{told[:40]!r} is not a cursor. Send one that an event carried, or none at all.",
                field="after",
            )
        return cls(int(match[1]), int(match[2], 16))


START = Cursor(0, 0)
"""Before everything."""


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened. kind: a word of the topic's own enum above.

    position, mark: its place, 0 until `relay` gave it one. profile_id: whose it is, None where it
    is everybody's. expires_on, price, quality: as they are now, previous_*: as they were before;
    days_left: of a countdown; source, confidence: who says so and how sure that is, 0 to 1; run_id:
    a run of the nightly sync.
    """

    topic: Topic
    kind: str
    at: datetime
    title_id: int | None = None
    profile_id: UUID | None = None
    offer_id: int | None = None
    platform_id: int | None = None
    country: str | None = None
    season_number: int | None = None
    monetization: str | None = None
    quality: str | None = None
    previous_quality: str | None = None
    expires_on: date | None = None
    previous_expires_on: date | None = None
    price: Decimal | None = None
    previous_price: Decimal | None = None
    currency: str | None = None
    days_left: int | None = None
    source: str | None = None
    confidence: float | None = None
    run_id: int | None = None
    position: int = 0
    mark: int = 0

    @property
    def cursor(self) -> Cursor:
        """The place right behind this event."""
        return Cursor(self.position, self.mark)


@dataclass(frozen=True, slots=True)
class Heard:
    """Which events somebody hears: of these titles and platforms in this country, everything of
    this profile's own, and of the runs of the nightly sync.
    """

    title_ids: frozenset[int] = frozenset()
    platform_ids: frozenset[int] = frozenset()
    country: str | None = None
    profile_id: UUID | None = None
    runs: bool = False
