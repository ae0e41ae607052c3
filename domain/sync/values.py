"""What is asked of an upstream about offers, and what it answers: frozen values, no I/O."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Asked:
    """A title by everybody's ids. kind: 'film' | 'series'."""

    title_id: int
    kind: str
    justwatch_id: str | None = None
    tmdb_id: int | None = None
    imdb_id: str | None = None


@dataclass(frozen=True, slots=True, order=True)
class SeenOffer:
    """One offer as an upstream lists it, in our own words; see availability.Observation.

    package_id: the platform's with JustWatch and TMDB. season_number 0: none, the whole title;
    a season's own number otherwise (specials are not offered).
    """

    country: str
    package_id: int
    season_number: int
    monetization: str
    quality: str = "unknown"
    price: Decimal | None = field(default=None, compare=False)
    currency: str | None = field(default=None, compare=False)
    url: str | None = field(default=None, compare=False)
    available_from: date | None = field(default=None, compare=False)
    expires_on: date | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Answer:
    """All that an upstream lists of a title in the countries it was asked about.

    payload: the offers, encoded by `payloads.encode`: the same bytes for the same offers, however
    the upstream ordered them. rejected: what it sent that can't be an offer, with the reasons.
    """

    title_id: int
    payload: bytes
    rejected: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Unanswered:
    """Why there is no answer about a title. unknown: the upstream doesn't have it.

    Otherwise asking again later may help.
    """

    title_id: int
    reason: str
    unknown: bool = False
