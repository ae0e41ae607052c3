"""A title's availability over time: what was believed when, and who says what now."""

from datetime import date, datetime
from decimal import Decimal
from typing import Self

import strawberry

from domain.platforms.timeline import Change, OfOffer, Word
from schema.context import Info
from schema.enums import AvailabilityKind, Monetization, Quality
from schema.platforms import Platform


@strawberry.interface(description="Something about one offer of a title.")
class AboutOffer:
    season_number: int | None = strawberry.field(
        description="The season; null for the whole title."
    )
    monetization: Monetization = strawberry.field(description="How it is paid for.")
    quality: Quality = strawberry.field(description="The best picture.")
    platform_key: strawberry.Private[int]

    @strawberry.field(description="Where.")
    async def platform(self, info: Info) -> Platform | None:
        row = await info.context.loaders.platform_by_id.load(self.platform_key)
        return Platform.from_row(row) if row else None


@strawberry.type(description="A change of what was believed about an offer.")
class AvailabilityEntry(AboutOffer):
    at: datetime = strawberry.field(description="Since when it was believed.")
    kind: AvailabilityKind = strawberry.field(description="What changed.")
    expires_on: date | None = strawberry.field(description="The last day, as believed from then.")
    previous_expires_on: date | None = strawberry.field(description="As believed until then.")
    price: Decimal | None = strawberry.field(description="What renting or buying cost from then.")
    currency: str | None = strawberry.field(description="The price's currency, ISO 4217.")
    source: str = strawberry.field(description="Whose word it was: `demo` is made up.")
    confidence: float = strawberry.field(description="How sure that was, 0 to 1.")

    @classmethod
    def of(cls, change: Change) -> Self:
        """From the domain's."""
        offer = change.offer
        return cls(
            season_number=offer.season_number,
            monetization=Monetization(offer.monetization),
            quality=Quality(offer.quality),
            platform_key=offer.platform_id,
            at=change.at,
            kind=change.kind,
            expires_on=change.expires_on,
            previous_expires_on=change.previous_expires_on,
            price=change.price,
            currency=change.currency,
            source=change.source,
            confidence=change.confidence,
        )


@strawberry.type(description="The last thing a source said of an offer.")
class OfferClaim(AboutOffer):
    source: str = strawberry.field(description="Who says so.")
    there: bool = strawberry.field(description="Whether it can be watched.")
    expires_on: date | None = strawberry.field(description="The last day, where it names one.")
    confidence: float = strawberry.field(description="How sure that is, 0 to 1.")
    observed_at: datetime = strawberry.field(description="When the source saw it.")
    believed: bool = strawberry.field(description="Whether it is what we go by.")

    @classmethod
    def of(cls, word: Word) -> Self:
        """From the domain's."""
        offer: OfOffer = word.offer
        return cls(
            season_number=offer.season_number,
            monetization=Monetization(offer.monetization),
            quality=Quality(offer.quality),
            platform_key=offer.platform_id,
            source=word.claim.source,
            there=word.claim.there,
            expires_on=word.claim.expires_on,
            confidence=word.claim.confidence,
            observed_at=word.claim.observed_at,
            believed=word.believed,
        )


@strawberry.type(description="What was believed about where a title is, and who says what now.")
class AvailabilityTimeline:
    title_key: strawberry.Private[int]
    country: str = strawberry.field(description="Where, ISO 3166-1.")
    first: strawberry.Private[int]

    @strawberry.field(description="What changed, newest first.")
    async def entries(self, info: Info) -> list[AvailabilityEntry]:
        key = (self.title_key, self.country)
        changes = await info.context.loaders.changes_by_title.load(key)
        return [AvailabilityEntry.of(each) for each in changes[: self.first]]

    @strawberry.field(
        description="What each source says now of each offer, also of those that are gone, and"
        " what lost against another's word; 200 at most, what is there first.",
        metadata={"assumed_size": 10},
    )
    async def claims(self, info: Info) -> list[OfferClaim]:
        words = await info.context.loaders.claims_by_title.load((self.title_key, self.country))
        return [OfferClaim.of(each) for each in words]
