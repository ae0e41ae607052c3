"""What shall we watch tonight: the question and the answer."""

from datetime import datetime
from typing import Annotated, Any, Self

import strawberry

from domain.recommendations.questions import Asked, Watched
from domain.recommendations.service import Answer
from domain.recommendations.service import Recommendation as Explained
from domain.recommendations.values import Relaxation as Loosening
from schema.context import Info
from schema.enums import Filter, Mood, WhySource
from schema.platforms import Offer, Platform
from schema.titles import Title


@strawberry.input(description="A title you have watched.")
class WatchedInput:
    title_id: strawberry.ID = strawberry.field(description="The title.")
    rating: int | None = strawberry.field(default=None, description="How you liked it, 1 to 10.")
    watched_at: datetime | None = strawberry.field(default=None, description="When.")


@strawberry.input(description="What shall we watch tonight? Whatever is left out, anything goes.")
class RecommendInput:
    mood: Mood | None = strawberry.field(default=None, description="How it should feel.")
    time_min: int | None = strawberry.field(
        default=None, description="Minutes you have; of a series, at least an episode must fit."
    )
    group_size: int = strawberry.field(default=1, description="How many you are.")
    subscribed_platforms: list[str] | None = strawberry.field(
        default=None, description="Slugs such as `netflix`; default: your profile's platforms."
    )
    exclude_titles: list[strawberry.ID] | None = strawberry.field(
        default=None, description="Titles you don't want to be shown."
    )
    watch_history: list[WatchedInput] | None = strawberry.field(
        default=None, description="Titles you have watched, besides those that your profile has."
    )
    allow_avoided_genres: bool = strawberry.field(
        default=False, description="Also titles of genres that your profile avoids."
    )
    allow_watched: bool = strawberry.field(
        default=False, description="Also titles that you have watched."
    )

    def asked(self) -> Asked:
        """The question as the domain understands it."""
        return Asked(
            mood=self.mood and self.mood.value,
            time_min=self.time_min,
            group_size=self.group_size,
            subscribed_platforms=self.subscribed_platforms,
            exclude_titles=self.exclude_titles or (),
            watch_history=[
                Watched(seen.title_id, seen.rating) for seen in self.watch_history or ()
            ],
            allow_avoided_genres=self.allow_avoided_genres,
            allow_watched=self.allow_watched,
        )


@strawberry.type(description="A term of a score.")
class ScoreTerm:
    name: str = strawberry.field(description="What it looks at.")
    value: float = strawberry.field(description="What it found, 0 to 1.")
    weight: float = strawberry.field(description="How much it counts; all weights add up to 1.")


@strawberry.type(description="How many titles a filter dropped.")
class Dropped:
    reason: Filter = strawberry.field(description="The first filter they failed.")
    count: int = strawberry.field(description="How many titles.")


@strawberry.type(
    description="A constraint that could be loosened, and what to ask with then. AVOIDED_GENRE is"
    " `allowAvoidedGenres`, WATCHED is `allowWatched`, EXCLUDED no `excludeTitles`."
)
class Relaxation:
    constraint: Filter = strawberry.field(description="Which.")
    suggestion: str = strawberry.field(description="What to do, in English words.")
    would_add: int = strawberry.field(description="How many titles it would bring.")
    time_min: int | None = strawberry.field(
        description="Of TIME: the `timeMin` to ask with; null leaves the time open."
    )
    mood: Mood | None = strawberry.field(
        description="Of MOOD: the mood to ask for; null leaves it open."
    )
    group_size: int | None = strawberry.field(
        description="Of COMPANY: the `groupSize` to ask with."
    )
    platform_key: strawberry.Private[int | None]

    @strawberry.field(
        description="Of PLATFORM: one to look on as well, besides those that were asked with."
    )
    async def platform(self, info: Info) -> Platform | None:
        if self.platform_key is None:
            return None
        row = await info.context.loaders.platform_by_id.load(self.platform_key)
        return Platform.from_row(row) if row else None

    @classmethod
    def of(cls, way: Loosening) -> Self:
        """From the domain's."""
        return cls(
            constraint=way.constraint,
            suggestion=way.sentence,
            would_add=way.would_add,
            time_min=way.time_min,
            mood=None if way.mood is None else Mood(way.mood),
            group_size=way.group_size,
            platform_key=way.platform_id,
        )


@strawberry.type(description="A title to watch tonight, and why.")
class Recommendation:
    score: float = strawberry.field(description="0 to 1.")
    why: str = strawberry.field(description="One true sentence.")
    why_id: strawberry.ID = strawberry.field(
        description="What `whyReady` knows the sentence by, whoever writes it."
    )
    why_source: WhySource = strawberry.field(description="Who wrote the sentence.")
    terms: list[ScoreTerm] = strawberry.field(
        description="What the score is made of, the largest part first.",
        metadata={"assumed_size": 8},
    )
    episodes_fit: int | None = strawberry.field(
        description="How many episodes fit the time, for a series when a time was given."
    )
    offers: list[Offer] = strawberry.field(
        description="Where you can watch it with what you have.", metadata={"assumed_size": 2}
    )
    title_key: strawberry.Private[int]

    @strawberry.field(description="The title.")
    async def title(self, info: Info) -> Annotated[Title, strawberry.lazy("schema.titles")] | None:
        row = await info.context.loaders.title_by_id.load(self.title_key)
        return Title.from_row(row) if row else None

    @classmethod
    def of(cls, explained: Explained, info: Info) -> Self:
        """From the domain's."""
        pick = explained.pick
        return cls(
            score=round(pick.score, 4),
            why=explained.why,
            why_id=strawberry.ID(explained.why_id),
            why_source=WhySource(explained.why_source),
            terms=[ScoreTerm(name=t.name, value=t.value, weight=t.weight) for t in pick.terms],
            episodes_fit=pick.candidate.episodes_fit,
            offers=Offer.from_rows(explained.offers, info.context.today, info.context.platforms),
            title_key=pick.candidate.title_id,
        )


@strawberry.type(description="The answer: five different evenings.")
class Recommendations:
    id: strawberry.ID = strawberry.field(
        description="What `whyReady` is asked with; this answer's alone, for a few minutes."
    )
    whys_pending: int = strawberry.field(
        description="How many of the five sentences a model is writing anew; 0: there is nothing to"
        " wait for."
    )
    recommendations: list[Recommendation] = strawberry.field(
        description="At most five; never filled up with what doesn't fit.",
        metadata={"assumed_size": 5},
    )
    alternates: list[Recommendation] = strawberry.field(
        description="The next five.", metadata={"assumed_size": 5}
    )
    candidates: int = strawberry.field(description="How many titles passed every filter.")
    dropped: list[Dropped] = strawberry.field(
        description="The others, each by the first filter it failed.",
        metadata={"assumed_size": 9},
    )
    relax: list[Relaxation] = strawberry.field(
        description="With fewer than five: what to loosen, the most fruitful first.",
        metadata={"assumed_size": 3},
    )

    @classmethod
    def of(cls, answer: Answer, answers: int, info: Info) -> Self:
        """From the domain's."""
        told: list[Any] = [Recommendation.of(each, info) for each in answer.picks]
        return cls(
            id=strawberry.ID(answer.id),
            whys_pending=answer.pending,
            recommendations=told[:answers],
            alternates=told[answers:],
            candidates=answer.candidates,
            dropped=[Dropped(reason=why, count=count) for why, count in answer.dropped.items()],
            relax=[Relaxation.of(way) for way in answer.relax],
        )
