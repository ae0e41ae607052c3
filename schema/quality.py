"""What is wrong with the catalogue, for admins: counted, and the first few of each."""

from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import Any, Generic, Self, TypeVar

import strawberry

from domain.platforms.timeline import OfOffer
from domain.quality import repo
from domain.quality.repo import MOST_COUNTED
from domain.quality.values import DateConflict as Conflict
from domain.quality.values import Found, LastDay
from domain.quality.values import UnconfirmedEnd as Ended
from schema.arguments import First
from schema.context import Context, Info
from schema.enums import Monetization, Quality, TitleKind
from schema.nodes import DEFAULT_FIRST
from schema.timeline import AboutOffer
from schema.titles import Title

T = TypeVar("T")


@strawberry.type(description="What was found: how much of it, and the first few.")
class Findings(Generic[T]):
    count: int = strawberry.field(description="How much of it there is, 1,000 at most.")
    more: bool = strawberry.field(description="Whether there is more than was counted.")
    items: list[T] = strawberry.field(description="The first of it.")

    @classmethod
    def of(cls, items: Sequence[T], count: int) -> Self:
        """With what the domain counted."""
        return cls(count=min(count, MOST_COUNTED), more=count > MOST_COUNTED, items=list(items))


@strawberry.type(description="What a source says of an offer's last day.")
class LastDayClaim:
    source: str = strawberry.field(description="Who says so.")
    signed: bool = strawberry.field(description="Whether it came with a signature.")
    expires_on: date | None = strawberry.field(
        description="The last day; null: it knows of no end."
    )
    said_at: datetime = strawberry.field(description="When it last spoke of days.")
    believed: bool = strawberry.field(description="Whether that is what we go by.")

    @classmethod
    def of(cls, said: LastDay) -> Self:
        """From the domain's."""
        return cls(
            source=said.source,
            signed=said.signed,
            expires_on=said.expires_on,
            said_at=said.said_at,
            believed=said.believed,
        )


@strawberry.type(description="An offer about whose last day sources disagree.")
class DateConflict(AboutOffer):
    title: Title = strawberry.field(description="The title.")
    country: str = strawberry.field(description="Where, ISO 3166-1.")
    expires_on: date | None = strawberry.field(
        description="The day that is believed; null: no end is known."
    )
    claims: list[LastDayClaim] = strawberry.field(
        description="Who says what, what is believed first.", metadata={"assumed_size": 3}
    )

    @classmethod
    def of(cls, title: Title, found: Conflict) -> Self:
        """From the domain's."""
        claims = [LastDayClaim.of(each) for each in found.said]
        return cls(
            **_about(found.offer),
            title=title,
            country=found.country,
            expires_on=found.expires_on,
            claims=claims,
        )


@strawberry.type(
    description="An offer that ended because its last day was over, and that no source has called"
    " gone since."
)
class UnconfirmedEnd(AboutOffer):
    title: Title = strawberry.field(description="The title.")
    country: str = strawberry.field(description="Where, ISO 3166-1.")
    expires_on: date = strawberry.field(description="Its last day.")
    ended_at: datetime = strawberry.field(description="When it was taken as gone.")
    source: str = strawberry.field(description="Who had told that day.")

    @classmethod
    def of(cls, title: Title, found: Ended) -> Self:
        """From the domain's."""
        return cls(
            **_about(found.offer),
            title=title,
            country=found.country,
            expires_on=found.expires_on,
            ended_at=found.ended_at,
            source=found.source,
        )


@strawberry.type(description="Ids by which others speak of a title that we don't have.")
class UnknownTitle:
    kind: TitleKind | None = strawberry.field(description="A film or a series, where they say so.")
    justwatch_id: str | None = strawberry.field(description="JustWatch's.")
    tmdb_id: int | None = strawberry.field(description="TMDB's, which counts each kind apart.")
    imdb_id: str | None = strawberry.field(description="IMDb's.")
    sightings: int = strawberry.field(description="How often something new was said of it.")
    last_at: datetime = strawberry.field(description="When it was said last.")


@strawberry.type(description="A platform that others speak of and we don't have.")
class UnknownPlatform:
    package_id: int = strawberry.field(
        description="JustWatch's package id, which is also TMDB's provider id."
    )
    sightings: int = strawberry.field(description="How often something new was said of it.")
    last_at: datetime = strawberry.field(description="When it was said last.")


@strawberry.type(
    description="What is wrong with the catalogue. Each is asked for on its own, and counted up to"
    " 1,000."
)
class DataQuality:
    @strawberry.field(
        description="Offers about whose last day sources disagree, the soonest day first, among the"
        " 5,000 last days that come soonest. The demo is not heard, as everybody outweighs it."
    )
    async def date_conflicts(
        self, info: Info, first: First = DEFAULT_FIRST
    ) -> Findings[DateConflict]:
        context = info.context
        async with context.services.database.read() as connection:
            found = await repo.date_conflicts(connection, context.now, first)
        return await _about_titles(context, found, DateConflict.of)

    @strawberry.field(
        description="Offers that ended by their last day within the last two weeks, and that no"
        " source has called gone, the latest first. Asking upstream about their titles settles it."
    )
    async def unconfirmed_ends(
        self, info: Info, first: First = DEFAULT_FIRST
    ) -> Findings[UnconfirmedEnd]:
        context = info.context
        async with context.services.database.read() as connection:
            found = await repo.unconfirmed_ends(connection, context.now, first)
        return await _about_titles(context, found, UnconfirmedEnd.of)

    @strawberry.field(
        description="Titles that we don't have and the last 5,000 parked observations are about,"
        " those told of most first. They are heard when the title comes."
    )
    async def unknown_titles(
        self, info: Info, first: First = DEFAULT_FIRST
    ) -> Findings[UnknownTitle]:
        async with info.context.services.database.read() as connection:
            found = await repo.unknown_titles(connection, first)
        return Findings.of(
            [
                UnknownTitle(
                    kind=TitleKind(each.kind) if each.kind else None,
                    justwatch_id=each.justwatch_id,
                    tmdb_id=each.tmdb_id,
                    imdb_id=each.imdb_id,
                    sightings=each.sightings,
                    last_at=each.last_at,
                )
                for each in found.items
            ],
            found.count,
        )

    @strawberry.field(description="The same for platforms.")
    async def unknown_platforms(
        self, info: Info, first: First = DEFAULT_FIRST
    ) -> Findings[UnknownPlatform]:
        async with info.context.services.database.read() as connection:
            found = await repo.unknown_platforms(connection, first)
        return Findings.of(
            [
                UnknownPlatform(
                    package_id=each.package_id, sightings=each.sightings, last_at=each.last_at
                )
                for each in found.items
            ],
            found.count,
        )

    @strawberry.field(
        description="Of the 5,000 most popular titles those that can be watched nowhere."
    )
    async def titles_nowhere(self, info: Info, first: First = DEFAULT_FIRST) -> Findings[Title]:
        async with info.context.services.database.read() as connection:
            found = await repo.titles_nowhere(connection, first)
        return await _titles(info.context, found)

    @strawberry.field(description="Of the 5,000 most popular titles those without a length.")
    async def titles_without_runtime(
        self, info: Info, first: First = DEFAULT_FIRST
    ) -> Findings[Title]:
        async with info.context.services.database.read() as connection:
            found = await repo.titles_without_runtime(connection, first)
        return await _titles(info.context, found)


def _about(offer: OfOffer) -> dict[str, Any]:
    return {
        "season_number": offer.season_number,
        "monetization": Monetization(offer.monetization),
        "quality": Quality(offer.quality),
        "platform_key": offer.platform_id,
    }


async def _titles(context: Context, found: Found[int]) -> Findings[Title]:
    rows = await context.loaders.title_by_id.load_many(list(found.items))
    return Findings.of([Title.from_row(row) for row in rows if row is not None], found.count)


async def _about_titles(
    context: Context, found: Found[Any], make: Callable[[Title, Any], T]
) -> Findings[T]:
    rows = await context.loaders.title_by_id.load_many([each.title_id for each in found.items])
    made = [
        make(Title.from_row(row), each)
        for row, each in zip(rows, found.items, strict=True)
        if row is not None
    ]
    return Findings.of(made, found.count)
