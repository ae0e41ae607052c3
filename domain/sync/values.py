"""What is asked of an upstream about offers, and what it answers: frozen values, no I/O."""

from collections.abc import Collection
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


@dataclass(frozen=True, slots=True)
class Word:
    """Whose word answers are, as far as that decides what to believe of them; see OfferSource."""

    name: str
    confidence: float
    dated: bool
    priced: bool


@dataclass(frozen=True, slots=True)
class Taken:
    """What came of answers that were taken in.

    unchanged, changed: titles; offers: listed in either; added: offers that are new, or back;
    updated: others with another day or price; rejected: what could not be read; unplaced: on
    platforms that we don't know. missing: titles whose answers lack offers that were there, and
    that have to be asked about once more; gone: offers that two answers lack.
    """

    unchanged: int = 0
    changed: int = 0
    offers: int = 0
    added: int = 0
    updated: int = 0
    rejected: int = 0
    unplaced: int = 0
    missing: Collection[int] = frozenset()
    gone: int = 0


@dataclass(frozen=True, slots=True)
class SyncLimits:
    """How the nightly sync goes about it.

    budget: the most requests of a run's first look; second_look_s: how long to wait before what was
    missing is asked about once more (stand-ins are asked at once); round_s: how long one worker
    goes on before others may have the run.
    """

    budget: int = 2_000
    second_look_s: float = 1_800
    round_s: float = 20
