"""Who is with Trakt, and what they have watched, rated and listed there."""

import random
from dataclasses import dataclass, field
from datetime import UTC, datetime

from simulators.clock import Clock
from simulators.trakt.titles import Catalogue, Thing
from simulators.world import World

BEGINNING = datetime(2020, 1, 1, tzinfo=UTC)
_FIRST_ID = 9_000_000_000  # history ids are longer than 32 bits

# What `last_activities` has of each kind of thing.
ACTIVITIES = {
    "movies": (
        "watched_at", "collected_at", "rated_at", "watchlisted_at", "favorited_at",
        "commented_at", "paused_at", "hidden_at",
    ),
    "episodes": (
        "watched_at", "collected_at", "rated_at", "watchlisted_at", "commented_at", "paused_at",
    ),
    "shows": (
        "rated_at", "watchlisted_at", "favorited_at", "commented_at", "hidden_at", "dropped_at",
    ),
    "seasons": ("rated_at", "watchlisted_at", "commented_at", "hidden_at"),
    "comments": ("liked_at", "blocked_at"),
    "lists": ("liked_at", "updated_at", "commented_at"),
    "watchlist": ("updated_at",),
    "favorites": ("updated_at",),
    "account": (
        "settings_at", "followed_at", "following_at", "pending_at", "requested_at",
    ),
    "saved_filters": ("updated_at",),
    "notes": ("updated_at",),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Play:
    """Something watched once. action: 'scrobble' | 'checkin' | 'watch'."""

    id: int
    watched_at: datetime
    action: str
    thing: Thing


@dataclass(frozen=True, slots=True)
class Mark:
    """Something listed or rated. rating: 1 to 10, where it was rated."""

    id: int
    at: datetime
    thing: Thing
    rating: int | None = None


@dataclass(slots=True)
class Listing:
    """A list of somebody's."""

    id: int
    slug: str
    name: str
    owner: str
    created_at: datetime
    description: str | None = None
    privacy: str = "public"
    likes: int = 0
    marks: list[Mark] = field(default_factory=list)


@dataclass(slots=True)
class User:
    """Somebody. answers: the status that all their calls get, such as 426 or 423."""

    name: str
    vip: bool = False
    private: bool = False
    answers: int | None = None
    plays: dict[int, Play] = field(default_factory=dict)
    ratings: dict[Thing, Mark] = field(default_factory=dict)
    watchlist: dict[Thing, Mark] = field(default_factory=dict)
    activities: dict[tuple[str, str], datetime] = field(default_factory=dict)
    checked_in_until: datetime | None = None

    def touch(self, kind: str, what: str, at: datetime) -> None:
        """Note that something of theirs has changed. kind: of a thing, or a section."""
        self.activities[kind if kind in ACTIVITIES else f"{kind}s", what] = at


@dataclass(slots=True)
class Client:
    """An application. secret: None accepts any."""

    id: str
    secret: str | None = None
    approved: bool = True


@dataclass(slots=True)
class State:
    """All of it. limits: see `simulators.trakt.door`."""

    world: World
    clock: Clock
    draw: random.Random
    catalogue: Catalogue = field(init=False)
    users: dict[str, User] = field(default_factory=dict)
    clients: dict[str, Client] = field(default_factory=dict)
    lists: dict[int, Listing] = field(default_factory=dict)
    _last_id: int = _FIRST_ID

    def __post_init__(self) -> None:
        self.catalogue = Catalogue(self.world)

    def next_id(self) -> int:
        """One that nobody has."""
        self._last_id += 1
        return self._last_id

    def play(self, user: User, thing: Thing, at: datetime, action: str = "watch") -> Play:
        """Let somebody have watched a movie or an episode."""
        play = Play(self.next_id(), at, action, thing)
        user.plays[play.id] = play
        user.touch(thing.kind, "watched_at", self.clock.now())
        return play

    def rate(self, user: User, thing: Thing, rating: int, at: datetime) -> None:
        """Let somebody rate a thing, anew or again."""
        user.ratings[thing] = Mark(self.next_id(), at, thing, rating)
        user.touch(thing.kind, "rated_at", self.clock.now())

    def watchlist(self, user: User, thing: Thing, at: datetime) -> bool:
        """Put a thing on somebody's watchlist; False where it stands already."""
        if thing in user.watchlist:
            return False
        user.watchlist[thing] = Mark(self.next_id(), at, thing)
        self.watchlist_changed(user, thing)
        return True

    def watchlist_changed(self, user: User, thing: Thing) -> None:
        """Note it in their activities, in both places."""
        user.touch(thing.kind, "watchlisted_at", self.clock.now())
        user.touch("watchlist", "updated_at", self.clock.now())

    def client(self, client_id: str) -> Client | None:
        """An application by its id; any that nobody has spoken of is a good one."""
        if not client_id or client_id.startswith("invalid"):
            return None
        return self.clients.get(client_id) or Client(client_id)
