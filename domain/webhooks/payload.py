"""The body of a webhook: strict about what we use of it, and patient with all else."""

from datetime import datetime
from typing import Literal, Self

import orjson
from pydantic import AliasChoices, BaseModel, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from domain.platforms.values import Monetization, Quality
from domain.webhooks.fields import (
    Amount,
    Count,
    Country,
    Currency,
    Day,
    ImdbId,
    Link,
    Moment,
    NodeId,
    Source,
    TmdbId,
)
from domain.webhooks.sightings import Sighting

# Whoever has the secret looks at the services themselves, as a list (0.6) does, but tells days;
# short of 1, since a service may change its mind and nobody tells us at that moment.
CONFIDENCE = 0.95
CHANGES = ("added", "expiring", "expired", "changed")
MONETIZATIONS = {
    "FLATRATE": Monetization.SUBSCRIPTION, "FLATRATE_AND_BUY": Monetization.SUBSCRIPTION,
    "ADS": Monetization.ADS, "FAST": Monetization.ADS, "FREE": Monetization.FREE,
    "RENT": Monetization.RENT, "BUY": Monetization.BUY, "CINEMA": Monetization.CINEMA,
}  # fmt: skip
QUALITIES = {"SD": Quality.SD, "HD": Quality.HD, "_4K": Quality.UHD_4K}


class _Received(BaseModel):
    model_config = ConfigDict(extra="ignore", strict=True, frozen=True)


class OfferEvent(_Received):
    """What happened to one offer. It names its title by at least one of three ids."""

    change: Literal["added", "expiring", "expired", "changed"] | None = Field(
        default=None, description="What happened; absent: what `type` says.", examples=["expiring"]
    )
    node_id: NodeId | None = Field(
        default=None,
        description="JustWatch's id of the film, show or season; it decides where ids disagree.",
        examples=["tm19698"],
    )
    object_type: Literal["MOVIE", "SHOW", "SHOW_SEASON"] | None = Field(
        default=None, description="What the ids are ids of.", examples=["MOVIE"]
    )
    tmdb_id: TmdbId | None = Field(
        default=None,
        description="TMDB's id; of a season, `show:season`. It takes object_type or node_id.",
        examples=[106, "46648:1"],
    )
    imdb_id: ImdbId | None = Field(
        default=None, description="IMDb's id; of a season, its show's.", examples=["tt0093773"]
    )
    season_number: int | None = Field(
        default=None, ge=0, le=999, description="Which season, where it is one.", examples=[1]
    )
    package_id: Count = Field(description="The platform, by JustWatch's number.", examples=[337])
    monetization_type: Literal[
        "FLATRATE", "FLATRATE_AND_BUY", "ADS", "FAST", "FREE", "RENT", "BUY", "CINEMA"
    ] = Field(description="How it is paid for.", examples=["FLATRATE"])
    presentation_type: str | None = Field(
        default=None,
        max_length=40,
        description="The picture: SD, HD or _4K; all else is unknown.",
        examples=["_4K"],
    )
    available_from: Day | None = Field(
        default=None, description="The first day.", examples=["2026-12-01"]
    )
    available_to: Day | None = Field(
        default=None,
        description="The last day. null with `changed` takes back what was said of one.",
        examples=["2026-11-30"],
    )
    retail_price: Amount | None = Field(
        default=None,
        validation_alias=AliasChoices("retail_price", "price"),
        description="What it costs to rent or buy; it takes currency. `price` is the same.",
        examples=[3.99],
    )
    currency: Currency | None = Field(
        default=None, description="The price's currency.", examples=["USD"]
    )
    url: Link = Field(
        default=None, description="Where to watch it.", examples=["https://www.example.com/watch/1"]
    )
    observed_at: Moment | None = Field(
        default=None,
        description="When it was seen; absent: the webhook's timestamp. The latest wins.",
        examples=["2026-11-21T08:58:10Z"],
    )

    @property
    def of_season(self) -> bool:
        """Whether its ids are a season's."""
        return self.object_type == "SHOW_SEASON" or (self.node_id or "").startswith("tss")

    @property
    def season(self) -> int | None:
        """The season it is about."""
        if self.kind == "film":
            return None
        told = (self.tmdb_id or "").partition(":")[2]
        return int(told) if self.season_number is None and told else self.season_number

    @property
    def title_node(self) -> str | None:
        """The id of a title: of a season's own, nobody can tell the show it is of."""
        return None if (self.node_id or "").startswith("tss") else self.node_id

    @property
    def kind(self) -> Literal["film", "series"] | None:
        """What it is about, by its node, or else by what the sender calls it."""
        if self.node_id or self.object_type:
            film = self.node_id.startswith("tm") if self.node_id else self.object_type == "MOVIE"
            return "film" if film else "series"
        return "series" if ":" in (self.tmdb_id or "") else None

    @model_validator(mode="after")
    def _names_a_title(self) -> Self:
        if not (self.title_node or self.imdb_id or (self.tmdb_id and self.kind)):
            raise PydanticCustomError(
                "nameless",
                "Input must name its title, by the node_id of a film or show, an imdb_id, or a"
                " tmdb_id with its object_type",
            )
        if self.of_season and self.season is None:
            raise PydanticCustomError("season", "Input must have a season_number: it is a season's")
        return self


class Changes(_Received):
    """What happened in a country."""

    country: Country = Field(description="The country, as two letters.", examples=["US"])
    events: list[OfferEvent] = Field(description="One for each offer.")


class Webhook(_Received):
    """What changed about where titles can be watched. Names we don't know are ignored."""

    type: str | None = Field(
        default=None, description="`offer.` and what happened.", examples=["offer.expiring"]
    )
    timestamp: Moment | None = Field(
        default=None, description="When it was made.", examples=["2026-11-21T09:00:00Z"]
    )
    source: Source = Field(
        default="justwatch", description="Whose observation it is.", examples=["justwatch"]
    )
    data: Changes = Field(description="What happened.")

    @model_validator(mode="after")
    def _says_what(self) -> Self:
        if self.source == "demo":
            raise PydanticCustomError("demo", "Input must have another source: 'demo' is our own")
        if self._change not in CHANGES and not all(each.change for each in self.data.events):
            raise PydanticCustomError(
                "changeless",
                "Input must say what happened, in its type (like offer.expiring) or in the change"
                " of each event",
            )
        return self

    @property
    def _change(self) -> str:
        return (self.type or "").removeprefix("offer.")

    def sightings(self, received_at: datetime) -> list[Sighting]:
        """What it says, in our words."""
        return [self._sighting(each, received_at) for each in self.data.events]

    def _sighting(self, event: OfferEvent, received_at: datetime) -> Sighting:
        change, tmdb_id = event.change or self._change, (event.tmdb_id or "").partition(":")[0]
        # By a clock that is fast it would outrank all that is seen until then; refused, be lost.
        observed_at = min(event.observed_at or self.timestamp or received_at, received_at)
        withdrawn = change == "changed" and "available_to" in event.model_fields_set
        priced = event.retail_price is not None and event.currency is not None
        return Sighting(
            justwatch_id=event.title_node,
            kind=event.kind,
            tmdb_id=int(tmdb_id) if tmdb_id and event.kind else None,
            imdb_id=event.imdb_id,
            season_number=event.season,
            package_id=event.package_id,
            country=self.data.country.upper(),
            monetization=MONETIZATIONS[event.monetization_type],
            quality=QUALITIES.get(event.presentation_type or "", Quality.UNKNOWN),
            there=change != "expired",
            source=self.source,
            signed=True,
            confidence=CONFIDENCE,
            observed_at=observed_at,
            dated=event.available_to is not None or withdrawn,
            priced=priced,
            available_from=event.available_from,
            expires_on=event.available_to,
            price=event.retail_price if priced else None,
            currency=event.currency if priced else None,
            url=event.url,
        )


def read(body: bytes) -> Webhook:
    """The webhook that a stored body is; raises ValueError for what is none."""
    return Webhook.model_validate(orjson.loads(body))
