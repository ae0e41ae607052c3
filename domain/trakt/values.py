"""What Trakt hands us: codes, tokens and when somebody's lists last moved. Frozen values, no I/O.

What opens an account never shows when a value is printed or logged.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class DeviceCode:
    """A sign-in that has begun. user_code: what somebody types in at verification_url, within
    expires_in_s; interval_s: how long to wait between two questions whether they have.
    """

    user_code: str
    verification_url: str
    expires_in_s: int
    interval_s: int
    device_code: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Waiting:
    """Nobody has typed in the code yet. interval_s: how long to wait before asking again."""

    interval_s: int


@dataclass(frozen=True, slots=True)
class Tokens:
    """What opens somebody's account at Trakt until expires_at (aware); refresh works once only."""

    access: str = field(repr=False)
    refresh: str = field(repr=False)
    issued_at: datetime
    expires_at: datetime

    @property
    def renew_at(self) -> datetime:
        """From when on they should be renewed: at half their life."""
        return self.issued_at + (self.expires_at - self.issued_at) / 2


@dataclass(frozen=True, slots=True)
class KeptPage:
    """A page of a list as it came. told: the headers that say how many there are, by name."""

    items: Any = field(repr=False)
    told: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Activities:
    """When somebody last watched, rated or wished for something; None for never. Aware."""

    watched_at: datetime | None
    rated_at: datetime | None
    listed_at: datetime | None
