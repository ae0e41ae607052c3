"""What a watchlist is asked and what it tells: frozen values, no I/O."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from types import SimpleNamespace
from typing import Any, Self
from uuid import NAMESPACE_OID, UUID, uuid5

from domain.accounts.viewer import Viewer

MOST_ITEMS = 2_000
LONGEST_NOTE = 500
KEPT_DAYS = 30
"""How long what was removed can be put back."""


class WatchlistSort(StrEnum):
    """What comes first."""

    LEAVING_FIRST = "leaving_first"
    ADDED = "added"  # the newest first
    TITLE = "title"


class LeavingWarning(StrEnum):
    """How soon a wish is lost, see rules.warning."""

    NONE = "none"
    LEAVING = "leaving"
    SOON = "soon"
    URGENT = "urgent"


@dataclass(frozen=True, slots=True)
class Whose:
    """Whose list, seen from where: offers count in a country on a day, titles up to a ceiling."""

    profile_id: UUID
    country: str
    today: date
    ceiling: int

    @classmethod
    def of(cls, viewer: Viewer, now: datetime) -> Self:
        """The viewer's own; raises NotSignedIn."""
        _, profile_id = viewer.require_profile()
        return cls(profile_id, viewer.country, viewer.today(now), viewer.ceiling)


@dataclass(frozen=True, slots=True)
class Filters:
    """Which wishes; None means any. on_my_platforms False: on none of them."""

    leaving_within_days: int | None = None
    on_my_platforms: bool | None = None
    watched: bool | None = None


@dataclass(frozen=True, slots=True)
class Wish:
    """A title that somebody wants to watch, as it stood on a day.

    card: a row of domain.titles.repo.CARD; platform_id, platform_slug: where they would rather
    watch it; available: whether any platform of theirs has it; expires_on: the last day on which
    all of it that they have can be watched, None without an end; days_left: until then, 0 is today.
    """

    card: Any = field(repr=False)
    added_at: datetime
    watched_at: datetime | None
    note: str | None
    platform_id: int | None
    platform_slug: str | None
    available: bool
    expires_on: date | None
    days_left: int | None
    warning: LeavingWarning

    @property
    def title_id(self) -> int:
        """The title's key."""
        return self.card.id

    def key(self, profile_id: UUID) -> UUID:
        """The same for the same wish of the same profile, for ever, and nobody else's."""
        return uuid5(NAMESPACE_OID, f"{profile_id}/{self.title_id}")

    def facts(self, card: tuple[str, ...]) -> dict[str, Any]:
        """All of it in words of JSON; card: the columns of one."""
        return {
            "card": {name: getattr(self.card, name) for name in card},
            "added_at": self.added_at.isoformat(),
            "watched_at": self.watched_at and self.watched_at.isoformat(),
            "note": self.note,
            "platform_id": self.platform_id,
            "platform_slug": self.platform_slug,
            "available": self.available,
            "expires_on": self.expires_on and self.expires_on.isoformat(),
            "days_left": self.days_left,
            "warning": self.warning.value,
        }

    @classmethod
    def from_facts(cls, facts: Mapping[str, Any]) -> Self:
        """What `facts` told."""
        watched, expires = facts["watched_at"], facts["expires_on"]
        return cls(
            card=SimpleNamespace(**facts["card"]),
            added_at=datetime.fromisoformat(facts["added_at"]),
            watched_at=datetime.fromisoformat(watched) if watched else None,
            note=facts["note"],
            platform_id=facts["platform_id"],
            platform_slug=facts["platform_slug"],
            available=facts["available"],
            expires_on=date.fromisoformat(expires) if expires else None,
            days_left=facts["days_left"],
            warning=LeavingWarning(facts["warning"]),
        )
