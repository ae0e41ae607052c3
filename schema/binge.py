"""A binge that ends in time: sums, dates, and what to watch on which day."""

from collections.abc import Sequence
from datetime import date
from typing import Annotated, Self

import strawberry

from domain import ids
from domain.binge import values
from domain.binge.service import PREVIEW_DAYS, Answer
from domain.binge.telling import Told
from domain.errors import InvalidInput
from schema.arguments import First
from schema.enums import BingeFix, BingeTrouble, Filler, WhySource
from schema.nodes import DEFAULT_FIRST, MOST_FIRST, Connection, Edge, PageInfo
from schema.titles import Title

WEEK = "Minutes of each weekday, Monday first."

AfterDay = Annotated[str | None, strawberry.argument(description="Continue behind this cursor.")]


@strawberry.type(description="An episode as it is planned; a film is one.")
class BingeEpisode:
    id: strawberry.ID | None = strawberry.field(
        description="The episode's id; null for a film, and where nobody has listed the episodes."
    )
    season_number: int = strawberry.field(description="The season it is in; 0 holds the specials.")
    number: int = strawberry.field(description="Its place in the season.")
    absolute_number: int | None = strawberry.field(description="Its place in the whole series.")
    name: str | None = strawberry.field(description="Its name.")
    minutes: int = strawberry.field(description="How long it is, credits and recap included.")
    assumed: bool = strawberry.field(
        description="Whether nobody knows how long it is: it counts as a usual one."
    )
    filler: Filler = strawberry.field(description="Whether it belongs to the story.")
    filler_source: str | None = strawberry.field(
        description="Who says so; `you` is your own vote, which counts for you above all others."
    )
    filler_confidence: float | None = strawberry.field(description="How sure that is, 0 to 1.")

    @classmethod
    def of(cls, episode: values.Episode) -> Self:
        """From the domain's."""
        key = episode.id
        return cls(
            id=None if key is None else strawberry.ID(ids.encode("episode", key)),
            season_number=episode.season,
            number=episode.number,
            absolute_number=episode.number_abs,
            name=episode.name,
            minutes=episode.minutes,
            assumed=episode.assumed,
            filler=Filler(episode.verdict.value),
            filler_source=episode.source,
            filler_confidence=episode.confidence,
        )


@strawberry.type(description="What is watched on a day.")
class BingeSitting:
    day: date = strawberry.field(name="date", description="The day.")
    minutes: int = strawberry.field(description="What it takes, without what is skipped.")
    allowed: int = strawberry.field(description="The minutes that this weekday has.")
    episodes: list[BingeEpisode] = strawberry.field(
        description="In the order of the story.", metadata={"assumed_size": 4}
    )

    @classmethod
    def of(cls, sitting: values.Sitting) -> Self:
        """From the domain's."""
        return cls(
            day=sitting.day,
            minutes=sitting.minutes,
            allowed=sitting.allowed,
            episodes=[BingeEpisode.of(each) for each in sitting.episodes],
        )


@strawberry.type(description="A season of which something is not seen.")
class BingeLoss:
    season: int = strawberry.field(description="The season.")
    episodes: int = strawberry.field(description="How many of its episodes are not seen.")
    trouble: BingeTrouble = strawberry.field(description="Why.")
    until: date | None = strawberry.field(description="Its last day, where that is why.")
    sentence: str = strawberry.field(description="The same in words.")

    @classmethod
    def of(cls, loss: values.Loss, answer: Answer) -> Self:
        """From the domain's."""
        return cls(
            season=loss.season,
            episodes=loss.episodes,
            trouble=loss.trouble,
            until=loss.until,
            sentence=answer.advice(loss),
        )


@strawberry.type(
    description="A change with which all that it keeps is seen in time; it was planned to be sure."
)
class BingeAlternative:
    change: BingeFix = strawberry.field(description="What to change.")
    finishes_on: date = strawberry.field(description="The last day with a sitting, then.")
    minutes_by_weekday: list[int] | None = strawberry.field(
        description=WEEK + " Null where they stay."
    )
    seasons: list[int] | None = strawberry.field(description="The seasons that are kept.")
    until: date | None = strawberry.field(description="The last day, with more of them.")
    first_season: int | None = strawberry.field(
        description="The season that is watched before those it comes after."
    )
    sentence: str = strawberry.field(description="The same in words.")

    @classmethod
    def of(cls, each: values.Alternative, answer: Answer) -> Self:
        """From the domain's."""
        return cls(
            change=each.change,
            finishes_on=each.finishes_on,
            minutes_by_weekday=list(each.minutes) if each.minutes else None,
            seasons=list(each.seasons) if each.seasons else None,
            until=each.until,
            first_season=each.first,
            sentence=answer.advice(each),
        )


@strawberry.type(
    description="When to watch what of a title that is not watched yet. The sums are exact, to the"
    " minute."
)
class BingeSchedule:
    id: strawberry.ID = strawberry.field(
        description="What `whyReady` takes to tell the sentence that a model is writing."
    )
    title: Title = strawberry.field(description="The title.")
    start_on: date = strawberry.field(description="The first day.")
    until: date | None = strawberry.field(description="The last day that was wished for.")
    skip_filler: bool = strawberry.field(description="Whether filler is left out.")
    specials: bool = strawberry.field(description="Whether specials are watched, too.")
    skip_credits_min: int = strawberry.field(description="Minutes skipped of each episode's end.")
    skip_recap_min: int = strawberry.field(
        description="Minutes skipped of each episode's beginning; the first of a sitting keeps it."
    )
    episodes: int = strawberry.field(description="How many are not watched yet, filler included.")
    filler: int = strawberry.field(description="How many of those are filler.")
    planned: int = strawberry.field(description="How many are to be watched.")
    minutes: int = strawberry.field(description="Minutes of the planned ones, as they are watched.")
    minutes_with_filler: int = strawberry.field(description="The same of all of them.")
    minutes_by_weekday: list[int] = strawberry.field(
        description=WEEK + " What was sent, or else what it takes."
    )
    episodes_per_day: float = strawberry.field(
        description="How many it takes on each day that has minutes, on average."
    )
    fits: bool = strawberry.field(
        description="Whether all of it is seen by the last day, and before it leaves."
    )
    finishes_on: date | None = strawberry.field(
        description="The day of the last sitting; null where it doesn't fit."
    )
    latest_start: date | None = strawberry.field(
        description="The last day to begin and still see everything; null where it is too late, and"
        " where there is no end."
    )
    sentence: str = strawberry.field(
        description="What it comes to, in words. The sums are ours, whoever phrases them."
    )
    sentence_source: WhySource = strawberry.field(description="Who wrote the sentence.")
    why_id: strawberry.ID = strawberry.field(description="How `whyReady` names the sentence.")
    whys_pending: int = strawberry.field(
        description="1 where a model is writing the sentence, to be told by `whyReady`; else 0."
    )
    losses: list[BingeLoss] = strawberry.field(
        description="What is not seen, where it doesn't fit.", metadata={"assumed_size": 3}
    )
    alternatives: list[BingeAlternative] = strawberry.field(
        description="What to do about that, the nearest first.", metadata={"assumed_size": 4}
    )
    preview: bool = strawberry.field(
        description=f"Whether only the first {PREVIEW_DAYS} sittings are told; all of them takes a"
        " Pro account. The sums and the dates are always those of the whole plan."
    )
    sittings_total: int = strawberry.field(description="How many days have a sitting.")
    told: strawberry.Private[Sequence[values.Sitting]]

    @strawberry.field(description="What is watched on which day, in order.")
    def sittings(
        self, first: First = DEFAULT_FIRST, after: AfterDay = None
    ) -> Connection[BingeSitting]:
        # A cursor is a day, so that it stays right when the plan in between is another one.
        since = _day(after)
        found = [each for each in self.told if since is None or each.day > since]
        size = max(0, min(first, MOST_FIRST))
        edges = [
            Edge(cursor=each.day.isoformat(), node=BingeSitting.of(each)) for each in found[:size]
        ]
        return Connection(
            edges=edges, page_info=PageInfo.of(edges, more=len(found) > size, after=after)
        )

    @classmethod
    def of(cls, answer: Answer, told: Told) -> Self:
        """From the domain's."""
        made = answer.schedule
        return cls(
            id=strawberry.ID(told.id),
            title=Title.from_row(answer.card),
            start_on=made.wish.start,
            until=made.wish.until,
            skip_filler=made.wish.skip_filler,
            specials=made.wish.specials,
            skip_credits_min=made.wish.skip_credits,
            skip_recap_min=made.wish.skip_recap,
            episodes=made.episodes,
            filler=made.filler,
            planned=made.planned,
            minutes=made.minutes,
            minutes_with_filler=made.minutes_with_filler,
            minutes_by_weekday=list(made.minutes_by_weekday),
            episodes_per_day=made.episodes_per_day,
            fits=made.fits,
            finishes_on=made.finishes_on,
            latest_start=made.latest_start,
            sentence=told.line.text,
            sentence_source=WhySource(told.line.source),
            why_id=strawberry.ID(told.line.id),
            whys_pending=int(told.pending),
            losses=[BingeLoss.of(each, answer) for each in made.losses],
            alternatives=[BingeAlternative.of(each, answer) for each in made.alternatives],
            preview=answer.preview,
            sittings_total=len(made.sittings),
            told=answer.sittings,
        )


def _day(cursor: str | None) -> date | None:
    try:
        return None if cursor is None else date.fromisoformat(cursor)
    except ValueError as problem:
        raise InvalidInput(
            "This cursor was not given out by us; start again without it.", field="after"
        ) from problem
