"""Titles: films and series with their seasons, moods, people and offers."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Annotated, Any, Self

import strawberry

from domain import ids
from domain.platforms import credit
from schema import watchlists
from schema.arguments import Country, First
from schema.context import Info
from schema.enums import CreditRole, Filler, Genre, Maturity, Monetization, Mood, TitleKind
from schema.filler import FillerClaim
from schema.finish import FinishPlan
from schema.nodes import Node
from schema.platforms import Attribution, Offer
from schema.timeline import AvailabilityTimeline

if TYPE_CHECKING:
    from schema.watchlists import WatchlistItem


@strawberry.type(description="What other catalogues call a title; null where it is not known.")
class ExternalIds:
    justwatch: str | None = strawberry.field(description="JustWatch: `tm…` or `ts…`.")
    tmdb: int | None = strawberry.field(description="The Movie Database.")
    imdb: str | None = strawberry.field(description="IMDb: `tt…`.")
    trakt: int | None = strawberry.field(description="Trakt.")
    mal: int | None = strawberry.field(description="MyAnimeList.")


@strawberry.type(description="A mood that a title fits.")
class TitleMood:
    mood: Mood = strawberry.field(description="The mood.")
    weight: float = strawberry.field(description="How well it fits, 0 to 1.")
    reasons: list[str] = strawberry.field(description="What made us think so.")


@strawberry.type(description="What a country's board says.")
class AgeRating:
    country: str = strawberry.field(description="ISO 3166-1.")
    rating: str = strawberry.field(description="As the board writes it.")


@strawberry.type(description="Somebody's part in a title.")
class Credit:
    name: str = strawberry.field(description="The person.")
    role: CreditRole = strawberry.field(description="What they did.")
    character: str | None = strawberry.field(description="Whom they play.")


@strawberry.type(description="An episode.")
class Episode(Node):
    season_number: int = strawberry.field(description="The season it is in.")
    number: int = strawberry.field(description="Its place in the season.")
    absolute_number: int | None = strawberry.field(description="Its place in the whole series.")
    name: str | None = strawberry.field(description="Its name.")
    runtime_min: int | None = strawberry.field(description="Minutes.")
    air_date: date | None = strawberry.field(description="When it was first shown.")
    filler: Filler = strawberry.field(description="Whether it belongs to the story.")
    filler_source: str | None = strawberry.field(description="Who says so, or who disagrees.")
    filler_confidence: float | None = strawberry.field(
        description="How sure that is, 0 to 1; null where it is not known.", default=None
    )

    @strawberry.field(
        description="Who says what about that, the surest first.", metadata={"assumed_size": 2}
    )
    async def filler_claims(self, info: Info) -> list[FillerClaim]:
        key = ids.decode_int("episode", self.id)
        claims = await info.context.loaders.filler_claims_by_episode.load(key)
        return [FillerClaim.of(each) for each in claims]

    @strawberry.field(
        description="What you say about that; null where you don't, or are not signed in.",
        metadata={"personal": True},
    )
    async def my_filler_vote(self, info: Info) -> Filler | None:
        key = ids.decode_int("episode", self.id)
        vote = await info.context.loaders.filler_vote_by_episode.load(key)
        return Filler(vote.value) if vote else None

    @classmethod
    def from_row(cls, row: Any) -> Self:
        """From a row of an episode's columns."""
        return cls(
            id=strawberry.ID(ids.encode("episode", row.id)),
            season_number=row.season_number,
            number=row.number,
            absolute_number=row.number_abs,
            name=row.name,
            runtime_min=row.runtime_min,
            air_date=row.air_date,
            filler=row.filler,
            filler_source=row.filler_source,
            filler_confidence=row.filler_confidence,
        )


@strawberry.type(description="A season of a series.")
class Season:
    number: int = strawberry.field(description="1 is the first; 0 holds the specials.")
    name: str | None = strawberry.field(description="Its name, where it has one.")
    year: int | None = strawberry.field(description="When it was first shown.")
    episode_count: int = strawberry.field(description="How many episodes.")
    title_key: strawberry.Private[int]

    @strawberry.field(description="Its episodes in order.", metadata={"assumed_size": 20})
    async def episodes(self, info: Info) -> list[Episode]:
        rows = await info.context.loaders.episodes_by_season.load((self.title_key, self.number))
        return [Episode.from_row(row) for row in rows]

    @strawberry.field(
        description="Of each of its episodes in order, whether it belongs to the story.",
        metadata={"assumed_size": 20, "cost": 1},
    )
    async def fillers(self, info: Info) -> list[Filler]:
        key = (self.title_key, self.number)
        return [Filler(each) for each in await info.context.loaders.fillers_by_season.load(key)]


@strawberry.type(description="A film or a series.")
class Title(Node):
    name: str = strawberry.field(description="Its name.")
    kind: TitleKind = strawberry.field(description="Film or series.")
    year: int | None = strawberry.field(description="When it was first shown.")
    runtime_min: int | None = strawberry.field(
        description="Minutes: a film's, or a usual episode's."
    )
    maturity: Maturity = strawberry.field(description="From what age it is shown.")
    genres: list[Genre] = strawberry.field(
        description="Its genres, the leading one first.", metadata={"assumed_size": 3}
    )
    countries: list[str] = strawberry.field(
        description="Where it was made, ISO 3166-1.", metadata={"assumed_size": 2}
    )
    critics_score: int | None = strawberry.field(description="Critics, 0 to 100.")
    audience_score: float | None = strawberry.field(description="Viewers, 0 to 10.")
    audience_votes: int = strawberry.field(description="How many viewers voted.")
    popularity: float = strawberry.field(description="How sought after it is; 0 is not at all.")
    season_count: int = strawberry.field(description="Seasons; 0 for a film.")
    episode_count: int = strawberry.field(description="Episodes, where they are known.")
    row: strawberry.Private[Any]

    @strawberry.field(description="What other catalogues call it.")
    def external_ids(self) -> ExternalIds:
        row = self.row
        return ExternalIds(
            justwatch=row.justwatch_id,
            tmdb=row.tmdb_id,
            imdb=row.imdb_id,
            trakt=row.trakt_id,
            mal=row.mal_id,
        )

    @strawberry.field(description="What it is about, without giving it away.")
    async def synopsis(self, info: Info) -> str | None:
        text = await info.context.loaders.text_by_title.load(self.row.id)
        return text.synopsis if text else None

    @strawberry.field(
        description="Whom to name beside it, where facts about it are theirs.",
        metadata={"assumed_size": 1},
    )
    async def attributions(self, info: Info) -> list[Attribution]:
        owes = await info.context.loaders.enriched_by_title.load(self.row.id)
        return [Attribution.of(credit.TMDB)] if owes else []

    @strawberry.field(description="Themes and plot words.", metadata={"assumed_size": 8})
    async def keywords(self, info: Info) -> list[str]:
        text = await info.context.loaders.text_by_title.load(self.row.id)
        return text.keywords if text else []

    @strawberry.field(
        description="Where it can be watched today, what a subscription includes first;"
        " in the viewer's country unless another is given.",
        metadata={"assumed_size": 4},
    )
    def offers(
        self,
        info: Info,
        country: Country = None,
        monetizations: Annotated[
            list[Monetization] | None, strawberry.argument(description="Only these; default: all.")
        ] = None,
    ) -> list[Offer]:
        key = (self.row.id, info.context.country(country))
        loaded = info.context.loaded_offers.get(key)
        if loaded is None:
            return self._load_offers(info, key, monetizations)  # type: ignore[return-value]
        return _offers(loaded, info, monetizations)

    async def _load_offers(
        self, info: Info, key: tuple[int, str], only: list[Monetization] | None
    ) -> list[Offer]:
        return _offers(await info.context.loaders.offers_by_title.load(key), info, only)

    @strawberry.field(description="The moods it fits, best first.", metadata={"assumed_size": 3})
    async def moods(self, info: Info) -> list[TitleMood]:
        rows = await info.context.loaders.moods_by_title.load(self.row.id)
        return [TitleMood(mood=r.mood, weight=r.weight, reasons=r.reasons) for r in rows]

    @strawberry.field(description="What boards say, by country.", metadata={"assumed_size": 3})
    async def age_ratings(self, info: Info) -> list[AgeRating]:
        rows = await info.context.loaders.ratings_by_title.load(self.row.id)
        return [AgeRating(country=r.country, rating=r.rating) for r in rows]

    @strawberry.field(description="Its seasons in order.", metadata={"assumed_size": 6})
    async def seasons(
        self,
        info: Info,
        numbers: Annotated[
            list[int] | None, strawberry.argument(description="Only these; default: all.")
        ] = None,
    ) -> list[Season]:
        rows = await info.context.loaders.seasons_by_title.load(self.row.id)
        return [
            Season(
                number=row.number,
                name=row.name,
                year=row.year,
                episode_count=row.episode_count,
                title_key=self.row.id,
            )
            for row in rows
            if numbers is None or row.number in numbers
        ]

    @strawberry.field(
        description="Who made it: directors and creators, then actors by billing.",
        metadata={"assumed_size": 10},
    )
    async def credits(self, info: Info) -> list[Credit]:
        rows = await info.context.loaders.credits_by_title.load(self.row.id)
        return [Credit(name=r.name, role=r.role, character=r.character) for r in rows]

    @strawberry.field(
        description="Whether you can finish it before it leaves your platforms; null where nobody"
        " is signed in and where nothing leaves of it that you haven't seen.",
        metadata={"cost": 1, "personal": True},
    )
    async def finish(self, info: Info) -> FinishPlan | None:
        plan = await info.context.loaders.finish_by_title.load(self.row.id)
        return FinishPlan.of(plan) if plan else None

    @strawberry.field(
        description="The wish, where it is on your watchlist; null where it isn't, and where nobody"
        " is signed in.",
        metadata={"cost": 1, "personal": True},
    )
    async def my_watchlist_item(
        self, info: Info
    ) -> Annotated["WatchlistItem", strawberry.lazy("schema.watchlists")] | None:
        wish = await info.context.loaders.wish_by_title.load(self.row.id)
        return watchlists.WatchlistItem.of(wish, info) if wish else None

    @strawberry.field(
        description="How you like it, 1 to 10; null where you haven't said, and where nobody is"
        " signed in.",
        metadata={"cost": 1, "personal": True},
    )
    async def my_rating(self, info: Info) -> int | None:
        standing = await info.context.loaders.standing_by_title.load(self.row.id)
        return standing.rating if standing else None

    @strawberry.field(
        description="When you watched it, all of it, the last time; null where you haven't said,"
        " and where nobody is signed in.",
        metadata={"cost": 1, "personal": True},
    )
    async def watched_at(self, info: Info) -> datetime | None:
        standing = await info.context.loaders.standing_by_title.load(self.row.id)
        return standing.watched_at if standing else None

    @strawberry.field(
        description="What was believed about where it is, and who says what now; in the viewer's"
        " country unless another is given."
    )
    def availability_timeline(
        self, info: Info, country: Country = None, first: First = 50
    ) -> AvailabilityTimeline:
        return AvailabilityTimeline(
            title_key=self.row.id, country=info.context.country(country), first=first
        )

    @classmethod
    def from_row(cls, row: Any) -> Self:
        """From a card, see domain.titles.repo.CARD."""
        return cls(
            id=strawberry.ID(f"title_{row.id}"),
            name=row.name,
            kind=row.kind,
            year=row.year,
            runtime_min=row.runtime_min,
            maturity=row.maturity,
            genres=row.genres,
            countries=row.countries,
            critics_score=row.critics_score,
            audience_score=row.audience_score,
            audience_votes=row.audience_votes,
            popularity=row.popularity,
            season_count=row.season_count,
            episode_count=row.episode_count,
            row=row,
        )


def _offers(rows: Sequence[Any], info: Info, only: list[Monetization] | None) -> list[Offer]:
    if only is not None:
        rows = [row for row in rows if row.monetization in only]
    return Offer.from_rows(rows, info.context.today, info.context.platforms)
