"""What somebody says about an offer, and what is made of it: frozen values, no I/O."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class OfferKey:
    """Which offer: what it is identified by. No sender's own id is part of it.

    quality 'unknown' stands for whichever offer is known that agrees in all else.
    """

    title_id: int
    season_number: int | None
    platform_id: int
    country: str
    monetization: str
    quality: str = "unknown"


@dataclass(frozen=True, slots=True)
class Observation:
    """What a source saw of an offer at a moment.

    there: whether it can be watched; dated: whether the source speaks of last days at all, so that
    no expires_on means "no end"; priced: the same for prices. signed: it came with a signature.
    confidence: 0 to 1; observed_at: aware, when the source saw it, not when we heard of it.
    """

    offer: OfferKey
    there: bool
    source: str
    confidence: float
    observed_at: datetime
    dated: bool = False
    priced: bool = False
    available_from: date | None = None
    expires_on: date | None = None
    price: Decimal | None = None
    currency: str | None = None
    url: str | None = None
    signed: bool = False


@dataclass(frozen=True, slots=True)
class Claim:
    """The last thing a source said of an offer; columns as those of models.OfferClaim."""

    source: str
    signed: bool
    there: bool
    confidence: float
    observed_at: datetime
    dated_at: datetime | None = None
    available_from: date | None = None
    expires_on: date | None = None
    priced_at: datetime | None = None
    price: Decimal | None = None
    currency: str | None = None


@dataclass(frozen=True, slots=True)
class Belief:
    """What is believed of an offer once its claims are settled.

    source, confidence: whose word it rests on; the last day's where one is believed.
    """

    there: bool
    available_from: date | None
    expires_on: date | None
    price: Decimal | None
    currency: str | None
    source: str
    confidence: float


@dataclass(frozen=True, slots=True)
class Recorded:
    """What observations came to. changed: they changed what is believed, each an event; confirmed:
    they say what is believed already; outweighed: a better or later source says otherwise, and
    what they claim is kept beside it.
    """

    changed: int = 0
    confirmed: int = 0
    outweighed: int = 0

    def __add__(self, other: "Recorded") -> "Recorded":
        return Recorded(
            self.changed + other.changed,
            self.confirmed + other.confirmed,
            self.outweighed + other.outweighed,
        )
