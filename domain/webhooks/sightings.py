"""A sighting: an observation whose title and platform go by other people's ids.

Which of ours they are, if any, only the catalogue can tell; until it can, a sighting is parked as
JSON, which is made of these fields.
"""

import hashlib
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Literal

import orjson
from pydantic import TypeAdapter

from domain.availability.values import Observation, OfferKey


@dataclass(frozen=True, slots=True)
class Sighting:
    """What a source saw of an offer; see Observation for what isn't an id.

    justwatch_id: a film's or a show's, never a season's; package_id: the platform's. kind: what
    tmdb_id is an id of, since TMDB counts films and series apart.
    """

    justwatch_id: str | None
    kind: Literal["film", "series"] | None
    tmdb_id: int | None
    imdb_id: str | None
    season_number: int | None
    package_id: int
    country: str
    monetization: str
    quality: str
    there: bool
    source: str
    signed: bool
    confidence: float
    observed_at: datetime
    dated: bool = False
    priced: bool = False
    available_from: date | None = None
    expires_on: date | None = None
    price: Decimal | None = None
    currency: str | None = None
    url: str | None = None

    def observation(self, title_id: int, platform_id: int) -> Observation:
        """The same of a title and a platform of ours."""
        return Observation(
            OfferKey(
                title_id,
                self.season_number,
                platform_id,
                self.country,
                self.monetization,
                self.quality,
            ),
            self.there,
            self.source,
            self.confidence,
            self.observed_at,
            dated=self.dated,
            priced=self.priced,
            available_from=self.available_from,
            expires_on=self.expires_on,
            price=self.price,
            currency=self.currency,
            url=self.url,
            signed=self.signed,
        )


_JSON = TypeAdapter(Sighting)


def as_json(sighting: Sighting) -> dict[str, Any]:
    """A sighting as JSON has it; `from_json` reads it."""
    return _JSON.dump_python(sighting, mode="json")


def from_json(told: dict[str, Any]) -> Sighting:
    """What `as_json` made."""
    return _JSON.validate_python(told)


def digest(told: dict[str, Any]) -> bytes:
    """The same 32 bytes for the same sighting, whatever delivery it came with."""
    return hashlib.sha256(orjson.dumps(told, option=orjson.OPT_SORT_KEYS)).digest()
