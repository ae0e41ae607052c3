"""Platforms, what they cost, and the offers they make."""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Self

import strawberry

from domain import ids
from domain.platforms import credit
from schema.arguments import Country
from schema.context import Info
from schema.enums import Monetization, Quality
from schema.nodes import Node


@strawberry.type(description="What a platform costs a month.")
class PlatformPlan:
    name: str = strawberry.field(description="The plan's name.")
    monthly_price: Decimal = strawberry.field(description="The price of a month; 0 costs nothing.")
    currency: str = strawberry.field(description="ISO 4217.")
    with_ads: bool = strawberry.field(description="Whether it shows advertisements.")


@strawberry.type(description="A streaming service.")
class Platform(Node):
    slug: str = strawberry.field(description="Its short name in filters and URLs: `disney-plus`.")
    name: str = strawberry.field(description="Its name.")
    home_url: str | None = strawberry.field(description="Its front page.")
    package_id: int | None = strawberry.field(
        description="JustWatch's package id, which is also TMDB's provider id."
    )
    key: strawberry.Private[int]

    @strawberry.field(description="What it costs, cheapest plan first, in the viewer's country.")
    async def plans(self, info: Info, country: Country = None) -> list[PlatformPlan]:
        country = info.context.country(country)
        rows = await info.context.loaders.plans_by_platform.load((self.key, country))
        return [
            PlatformPlan(
                name=r.name, monthly_price=r.monthly_price, currency=r.currency, with_ads=r.with_ads
            )
            for r in rows
        ]

    @classmethod
    def from_row(cls, row: Any) -> Self:
        """From a row of domain.platforms.repo.platforms_in."""
        return cls(
            id=strawberry.ID(ids.encode("platform", row.id)),
            slug=row.slug,
            name=row.name,
            home_url=row.home_url,
            package_id=row.package_id,
            key=row.id,
        )


@strawberry.type(description="Whom to name where this is shown, with a link.")
class Attribution:
    name: str = strawberry.field(description="Their name.")
    text: str = strawberry.field(description="What has to stand there.")
    url: str = strawberry.field(description="Where it leads.")

    @classmethod
    def of(cls, owed: credit.Credit) -> Self:
        """From the domain's."""
        return cls(name=owed.name, text=owed.text, url=owed.url)


@strawberry.type(description="One way to watch a title, as it is believed today.")
class Offer(Node):
    monetization: Monetization = strawberry.field(description="How it is paid for.")
    quality: Quality = strawberry.field(description="The best picture.")
    country: str = strawberry.field(description="Where it holds, ISO 3166-1.")
    season_number: int | None = strawberry.field(
        description="The season it is for; null for the whole title."
    )
    price: Decimal | None = strawberry.field(description="What renting or buying costs.")
    currency: str | None = strawberry.field(description="The price's currency, ISO 4217.")
    url: str | None = strawberry.field(description="Straight to the title on the platform.")
    available_from: date | None = strawberry.field(description="The first day.")
    expires_on: date | None = strawberry.field(
        description="The last day it can be watched; null where nobody has said."
    )
    days_left: int | None = strawberry.field(
        description="Days until `expiresOn`, by the viewer's calendar; 0 is today."
    )
    source: str = strawberry.field(description="Who says so: `demo` is made up.")
    confidence: float = strawberry.field(description="How sure that is, 0 to 1.")
    first_seen_at: datetime = strawberry.field(description="When it was first heard of.")
    last_seen_at: datetime = strawberry.field(description="When it was last confirmed.")
    platform: Platform = strawberry.field(description="Where.")

    @strawberry.field(
        description="Whom to name beside it: those whose data this is ask for it.",
        metadata={"assumed_size": 2},
    )
    def attributions(self) -> list[Attribution]:
        return [Attribution.of(each) for each in credit.owed(self.source)]

    @classmethod
    def from_rows(
        cls, rows: Sequence[Any], today: date, platforms: dict[int, Platform]
    ) -> list[Self]:
        """From rows of domain.platforms.repo.offers_for; platforms: made before, by key."""
        return [cls._from_row(row, today, platforms) for row in rows]

    @classmethod
    def _from_row(cls, row: Any, today: date, platforms: dict[int, Platform]) -> Self:
        # Rows come by the thousand: unpacking one costs a tenth of asking it for each column.
        (
            key, _title, season, country, monetization, quality, price, currency, url, start, end,
            source, confidence, first_seen, last_seen, platform_key, slug, name, home, package,
        ) = row  # fmt: skip
        platform = platforms.get(platform_key)
        if platform is None:
            platform = platforms[platform_key] = Platform(
                id=strawberry.ID(f"platform_{platform_key}"),
                slug=slug,
                name=name,
                home_url=home,
                package_id=package,
                key=platform_key,
            )
        return cls(
            id=strawberry.ID(f"offer_{key}"),
            monetization=monetization,
            quality=quality,
            country=country,
            season_number=season,
            price=price,
            currency=currency,
            url=url,
            available_from=start,
            expires_on=end,
            days_left=(end - today).days if end else None,
            source=source,
            confidence=confidence,
            first_seen_at=first_seen,
            last_seen_at=last_seen,
            platform=platform,
        )
