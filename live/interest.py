"""What a subscriber wants to hear of, and which events that is. Pure.

An interest has ids beside it where it follows something that changes: the unwatched titles on a
list, or a profile's platforms.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TypeAlias
from uuid import UUID

from domain.events.values import Event, Heard, ProfileKind, Topic, WatchlistKind

Key: TypeAlias = tuple[str, int | UUID | None, str | None]
"""What events and interests meet under: a title or a platform in a country, a profile, its binges,
one of them (by its title), or the runs of the nightly sync.
"""
_RUNS: Key = ("runs", None, None)

_LISTED: Mapping[str, bool] = {
    WatchlistKind.ADDED: True,
    WatchlistKind.UNWATCHED: True,
    WatchlistKind.REMOVED: False,
    WatchlistKind.WATCHED: False,
}


@dataclass(frozen=True, slots=True)
class Interest:
    """One of six wishes.

    title_id: what changes about where one title is; watchlist_of: the same of the unwatched titles
    on this profile's list; platforms_of: the same of every title on this profile's platforms;
    profile_id: what changes on this profile's list itself; binges_of: what becomes of the binge
    plans that this profile follows, or of the one for binge_title; runs: what the nightly sync
    does.
    country: whose offers, for the first three.
    """

    title_id: int | None = None
    watchlist_of: UUID | None = None
    platforms_of: UUID | None = None
    profile_id: UUID | None = None
    binges_of: UUID | None = None
    binge_title: int | None = None
    runs: bool = False
    country: str | None = None

    def __post_init__(self) -> None:
        own = (self.profile_id, self.binges_of)
        wishes = (self.title_id, self.watchlist_of, self.platforms_of, *own)
        if sum(wish is not None for wish in wishes) + self.runs != 1:
            raise ValueError("an interest is exactly one of the six")
        if self.country is None and not any(own) and not self.runs:
            raise ValueError("availability is heard of in one country")

    @property
    def followed(self) -> UUID | None:
        """The profile whose list or platforms decide what is heard."""
        return self.watchlist_of or self.platforms_of

    def keys(self, ids: Iterable[int]) -> Iterator[Key]:
        """Where its events are found. ids: of the titles or platforms that it follows."""
        if self.runs:
            yield _RUNS
        elif self.profile_id is not None:
            yield ("profile", self.profile_id, None)
        elif self.binges_of is not None:
            yield _binges(self.binges_of, self.binge_title)
        elif self.title_id is not None:
            yield ("title", self.title_id, self.country)
        else:
            kind = "title" if self.watchlist_of else "platform"
            for id in ids:
                yield (kind, id, self.country)

    def hears(self, ids: Collection[int], event: Event) -> bool:
        """Whether an event is one of its own, while it follows these ids."""
        if self.followed is None:
            return any(key in keys_of(event) for key in self.keys(()))
        if event.topic != Topic.AVAILABILITY or event.country != self.country:
            return False
        return (event.title_id if self.watchlist_of else event.platform_id) in ids

    def past(self, ids: Iterable[int]) -> Heard:
        """The same for Postgres, with what changed about the followed profile."""
        several = frozenset(ids)
        one = frozenset() if self.title_id is None else frozenset({self.title_id})
        return Heard(
            title_ids=several if self.watchlist_of else one,
            platform_ids=several if self.platforms_of else frozenset(),
            country=self.country,
            profile_id=self.profile_id or self.binges_of or self.followed,
            runs=self.runs,
        )


def keys_of(event: Event) -> tuple[Key, ...]:
    """Where those who want to hear of an event are found."""
    if event.topic == Topic.WATCHLIST:
        return (("profile", event.profile_id, None),)
    if event.topic == Topic.BINGE and event.profile_id is not None:
        whose = event.profile_id
        return (_binges(whose, None), _binges(whose, event.title_id))
    if event.topic == Topic.SYNC:
        return (_RUNS,)
    if event.topic == Topic.AVAILABILITY:
        title = ("title", event.title_id, event.country)
        return (title, ("platform", event.platform_id, event.country))
    return ()


def _binges(profile_id: UUID, title_id: int | None) -> Key:
    return ("binge", profile_id, None if title_id is None else str(title_id))


def listed(event: Event) -> bool | None:
    """Whether a title is on its profile's list of unwatched titles behind an event.

    None: this event does not say. A wish that was put back after it was watched counts as unwatched
    until it is read again; then somebody hears of a title too much, and nobody of one too few.
    """
    return _LISTED.get(event.kind) if event.topic == Topic.WATCHLIST else None


def rechooses(event: Event) -> bool:
    """Whether a profile has other platforms behind an event."""
    return event.topic == Topic.PROFILE and event.kind == ProfileKind.PLATFORMS
