"""What subscribers are told: changes as they happen, and where among them one stands."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Self

import strawberry
from strawberry.types.scalar import ScalarDefinition

from domain.errors import InvalidInput
from domain.events.values import AvailabilityKind, Cursor, Event, WatchlistKind
from domain.watchlists import repo as watchlists
from domain.watchlists.values import Whose
from schema.context import Context, Info
from schema.enums import Monetization, Quality, ResyncReason
from schema.platforms import Platform
from schema.titles import Title
from schema.watchlists import WatchlistItem

CURSOR = "Its place: whoever comes back with `after: cursor` is told what followed."


def _parse(told: object) -> Cursor:
    if not isinstance(told, str):
        raise InvalidInput("A cursor is a string that an event carried.", field="after")
    return Cursor.parse(told)


SCALARS: dict[object, ScalarDefinition] = {
    Cursor: strawberry.scalar(
        name="Cursor",
        description="A place in the order of everything that happened. It means nothing else.",
        serialize=str,
        parse_value=_parse,
    )
}
"""For the schema's configuration."""


@strawberry.type(description="Something changed about where a title is.")
class AvailabilityEvent:
    cursor: Cursor = strawberry.field(description=CURSOR)
    kind: AvailabilityKind = strawberry.field(description="What happened.")
    title: Title = strawberry.field(description="The title, as it is now.")
    country: str = strawberry.field(description="Where, ISO 3166-1.")
    season_number: int | None = strawberry.field(
        description="The season; null for the whole title."
    )
    expires_on: date | None = strawberry.field(description="Its last day now.")
    previous_expires_on: date | None = strawberry.field(description="Its last day before.")
    days_left: int | None = strawberry.field(
        description="Days until `expiresOn`, by the viewer's calendar; 0 is today."
    )
    price: Decimal | None = strawberry.field(description="The price now.")
    previous_price: Decimal | None = strawberry.field(description="The price before.")
    currency: str | None = strawberry.field(description="ISO 4217.")
    quality: Quality | None = strawberry.field(description="The best picture now.")
    previous_quality: Quality | None = strawberry.field(description="The best picture before.")
    monetization: Monetization | None = strawberry.field(description="How it is paid for.")
    source: str | None = strawberry.field(description="Who says so.")
    confidence: float | None = strawberry.field(description="How sure that is, 0 to 1.")
    at: datetime = strawberry.field(description="When it was recorded.")
    platform_key: strawberry.Private[int | None]

    @strawberry.field(description="The platform.")
    async def platform(self, info: Info) -> Platform | None:
        if self.platform_key is None:
            return None
        made = info.context.platforms
        if self.platform_key not in made:
            row = await info.context.loaders.platform_by_id.load(self.platform_key)
            if row is None:
                return None
            made[self.platform_key] = Platform.from_row(row)
        return made[self.platform_key]

    @classmethod
    def of(cls, event: Event, title: Title, context: Context) -> Self:
        """From the domain's, for the viewer of a context."""
        days_left = event.days_left
        if days_left is None and event.expires_on is not None:
            days_left = (event.expires_on - context.today).days
        return cls(
            cursor=event.cursor,
            kind=AvailabilityKind(event.kind),
            title=title,
            country=event.country or context.viewer.country,
            season_number=event.season_number,
            expires_on=event.expires_on,
            previous_expires_on=event.previous_expires_on,
            days_left=days_left,
            price=event.price,
            previous_price=event.previous_price,
            currency=event.currency,
            quality=Quality(event.quality) if event.quality else None,
            previous_quality=Quality(event.previous_quality) if event.previous_quality else None,
            monetization=Monetization(event.monetization) if event.monetization else None,
            source=event.source,
            confidence=event.confidence,
            at=event.at,
            platform_key=event.platform_id,
        )


@strawberry.type(description="Something changed on the profile's watchlist.")
class WatchlistEvent:
    cursor: Cursor = strawberry.field(description=CURSOR)
    kind: WatchlistKind = strawberry.field(description="What happened.")
    title: Title = strawberry.field(description="The title.")
    at: datetime = strawberry.field(description="When it happened.")
    title_key: strawberry.Private[int]

    @strawberry.field(
        description="The item as it is now; null where it is not on the list any more.",
        metadata={"personal": True},
    )
    async def item(self, info: Info) -> WatchlistItem | None:
        context = info.context
        whose = Whose.of(context.viewer, context.now)
        async with context.services.database.read() as connection:
            found = await watchlists.wishes(connection, whose, [self.title_key])
        wish = found.get(self.title_key)
        return WatchlistItem.of(wish, info) if wish else None

    @classmethod
    def of(cls, event: Event, title: Title, _context: Context) -> Self:
        """From the domain's."""
        return cls(
            cursor=event.cursor,
            kind=WatchlistKind(event.kind),
            title=title,
            at=event.at,
            title_key=title.row.id,
        )


@strawberry.type(
    description="What was missed can't be told one by one: read everything again. What follows"
    " continues behind this cursor."
)
class Resync:
    cursor: Cursor = strawberry.field(description=CURSOR)
    reason: ResyncReason = strawberry.field(description="Why.")


@strawberry.type(description="Sent every few seconds: everything up to this cursor has been told.")
class Heartbeat:
    cursor: Cursor = strawberry.field(description=CURSOR)


AvailabilityUpdate = Annotated[
    AvailabilityEvent | Resync | Heartbeat,
    strawberry.union("AvailabilityUpdate", description="What `availabilityChanged` tells."),
]
WatchlistUpdate = Annotated[
    WatchlistEvent | Resync | Heartbeat,
    strawberry.union("WatchlistUpdate", description="What `watchlistChanged` tells."),
]
