"""What is found wrong with the catalogue: frozen values, no I/O."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Generic, TypeVar

from domain.platforms.timeline import OfOffer

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Found(Generic[T]):
    """The first few of what was found. count: all of it, 1,001 for any more than 1,000."""

    items: Sequence[T]
    count: int


@dataclass(frozen=True, slots=True)
class LastDay:
    """What a source says of the last day of an offer. expires_on: None for "no end is known".

    believed: whether that is what we go by.
    """

    source: str
    signed: bool
    expires_on: date | None
    said_at: datetime
    believed: bool


@dataclass(frozen=True, slots=True)
class DateConflict:
    """An offer about whose last day sources disagree. expires_on: the day that is believed."""

    title_id: int
    offer: OfOffer
    country: str
    expires_on: date | None
    said: Sequence[LastDay]


@dataclass(frozen=True, slots=True)
class UnconfirmedEnd:
    """An offer that ended because its last day was over, and that nobody has called gone since."""

    title_id: int
    offer: OfOffer
    country: str
    expires_on: date
    ended_at: datetime
    source: str


@dataclass(frozen=True, slots=True)
class UnknownTitle:
    """Ids by which somebody spoke of a title that we don't have. kind: what tmdb_id is an id of."""

    kind: str | None
    justwatch_id: str | None
    tmdb_id: int | None
    imdb_id: str | None
    sightings: int
    last_at: datetime


@dataclass(frozen=True, slots=True)
class UnknownPlatform:
    """JustWatch's number of a platform that somebody spoke of and we don't have."""

    package_id: int
    sightings: int
    last_at: datetime
