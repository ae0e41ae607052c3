"""GET /api/titles/{titleId}/binge: a binge that ends in time."""

import re
from datetime import date
from typing import Annotated, Any, Self, TypeAlias

from pydantic import BeforeValidator, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from domain import ids
from domain.binge import service, values
from domain.binge.questions import MOST_DAYS, MOST_MINUTES, MOST_SEASONS, MOST_SKIPPED, Asked
from domain.binge.service import PREVIEW_DAYS, Answer
from domain.binge.values import Change, Trouble, Verdict
from rest.operations import Call
from rest.shapes import NAME, TITLE_ID, Told
from rest.watchlist import title_in_path

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
WEEK = [60, 60, 0, 60, 60, 120, 120]


def _day(value: Any) -> Any:
    if isinstance(value, str) and not _DAY.fullmatch(value):
        raise PydanticCustomError("day", "Input should be a day like 2026-12-31")
    return value


Day = Annotated[date | None, BeforeValidator(_day)]
SomeDay: TypeAlias = date


class BingeQuery(Told):
    """How to watch; whatever is left out or empty is left to us."""

    model_config = ConfigDict(
        frozen=True, validate_by_name=True, validate_by_alias=True, loc_by_alias=False
    )

    until: Day = Field(default=None, description="The last day.", examples=["2026-12-31"])
    days: int | None = Field(
        default=None,
        ge=1,
        le=MOST_DAYS,
        description="In how many days, in place of `until`.",
        examples=[30],
    )
    minutes_per_day: int | None = Field(
        default=None,
        alias="minutesPerDay",
        ge=1,
        le=MOST_MINUTES,
        description="Minutes of every day; default: what it takes until then, or your pace.",
        examples=[60],
    )
    by_weekday: list[int] = Field(
        default=[],
        alias="byWeekday",
        max_length=7,
        description="Seven numbers in place of `minutesPerDay`, Monday first.",
        examples=[WEEK],
    )
    skip_filler: bool = Field(
        default=True,
        alias="skipFiller",
        description="Whether to leave out what is known to be filler.",
        examples=[True],
    )
    specials: bool = Field(
        default=False, description="Whether to watch the specials, too.", examples=[False]
    )
    seasons: list[int] = Field(
        default=[],
        max_length=MOST_SEASONS,
        description="Only these; 0 holds the specials.",
        examples=[[1, 2]],
    )
    start_on: Day = Field(
        default=None,
        alias="startOn",
        description="The first day; default: today.",
        examples=["2026-12-01"],
    )
    skip_credits_min: int | None = Field(
        default=None,
        alias="skipCreditsMin",
        ge=0,
        le=MOST_SKIPPED,
        description="Minutes to skip of each episode's end; default: the profile's.",
        examples=[2],
    )
    skip_recap_min: int | None = Field(
        default=None,
        alias="skipRecapMin",
        ge=0,
        le=MOST_SKIPPED,
        description="Minutes to skip of each episode's beginning; default: the profile's.",
        examples=[1],
    )

    @model_validator(mode="before")
    @classmethod
    def _drop_what_is_empty(cls, told: Any) -> Any:
        return {name: value for name, value in told.items() if value != ""}

    def asked(self) -> Asked:
        """The wish as the domain understands it."""
        return Asked(
            until=self.until,
            days=self.days,
            minutes_per_day=self.minutes_per_day,
            by_weekday=self.by_weekday or None,
            skip_filler=self.skip_filler,
            specials=self.specials,
            seasons=self.seasons or None,
            start_on=self.start_on,
            skip_credits_min=self.skip_credits_min,
            skip_recap_min=self.skip_recap_min,
        )


class BingeEpisode(Told):
    """An episode as it is planned; a film is one."""

    episode_id: str | None = Field(
        description="Its id; null for a film, and where nobody has listed the episodes.",
        examples=["episode_42"],
    )
    season: int = Field(description="Its season; 0 holds the specials.", examples=[1])
    number: int = Field(description="Its place in the season.", examples=[3])
    absolute_number: int | None = Field(description="Its place in the whole series.", examples=[3])
    name: str | None = Field(description="Its name.", examples=["Sasuke and Sakura"])
    minutes: int = Field(description="How long it is.", examples=[23])
    assumed: bool = Field(description="Whether that is only what is usual.", examples=[False])
    filler: Verdict = Field(description="Whether it belongs to the story.", examples=["canon"])
    filler_source: str | None = Field(
        description="Who says so; `you` is your own vote.", examples=["demo"]
    )
    filler_confidence: float | None = Field(description="How sure that is, 0 to 1.", examples=[0.9])

    @classmethod
    def of(cls, episode: values.Episode) -> Self:
        """From the domain's."""
        return cls(
            episode_id=None if episode.id is None else ids.encode("episode", episode.id),
            season=episode.season,
            number=episode.number,
            absolute_number=episode.number_abs,
            name=episode.name,
            minutes=episode.minutes,
            assumed=episode.assumed,
            filler=episode.verdict,
            filler_source=episode.source,
            filler_confidence=episode.confidence,
        )


class BingeSitting(Told):
    """What is watched on a day."""

    date: SomeDay = Field(description="The day.", examples=["2026-12-01"])
    minutes: int = Field(description="What it takes, without what is skipped.", examples=[46])
    episodes: list[BingeEpisode] = Field(description="In the order of the story.")

    @classmethod
    def of(cls, sitting: values.Sitting) -> Self:
        """From the domain's."""
        episodes = [BingeEpisode.of(each) for each in sitting.episodes]
        return cls(date=sitting.day, minutes=sitting.minutes, episodes=episodes)


class BingeLoss(Told):
    """A season of which something is not seen."""

    season: int = Field(description="The season.", examples=[9])
    episodes: int = Field(description="How many of its episodes are not seen.", examples=[12])
    trouble: Trouble = Field(description="Why.", examples=["leaves_earlier"])
    until: Day = Field(description="Its last day, where that is why.", examples=["2026-12-03"])
    sentence: str = Field(
        description="The same in words.", examples=["12 episodes of season 9 leave before that."]
    )


class BingeAlternative(Told):
    """A change with which all that it keeps is seen in time."""

    change: Change = Field(description="What to change.", examples=["more_minutes"])
    finishes_on: date = Field(description="The last sitting's day, then.", examples=["2026-12-30"])
    minutes_by_weekday: list[int] | None = Field(
        description="With more minutes: of each weekday, Monday first.", examples=[WEEK]
    )
    seasons: list[int] | None = Field(description="The seasons that are kept.", examples=[[1, 2]])
    until: Day = Field(description="With more days: the last one.", examples=["2027-01-15"])
    first_season: int | None = Field(
        description="The season that is watched before those it comes after.", examples=[2]
    )
    sentence: str = Field(
        description="The same in words.", examples=["25 more minutes a day would do it."]
    )


class Binge(Told):
    """When to watch what of a title, so that it ends in time."""

    title_id: str = TITLE_ID
    title: str = NAME
    episodes: int = Field(description="Not watched yet, filler included.", examples=[220])
    filler: int = Field(description="How many of those are filler.", examples=[90])
    planned: int = Field(description="How many are to be watched.", examples=[130])
    minutes: int = Field(description="Minutes of the planned ones.", examples=[2990])
    minutes_with_filler: int = Field(description="Minutes of all of them.", examples=[5060])
    start_on: date = Field(description="The first day.", examples=["2026-12-01"])
    until: Day = Field(description="The last day wished for.", examples=["2027-02-28"])
    minutes_by_weekday: list[int] = Field(
        description="Minutes of each weekday, Monday first: what was sent, or what it takes.",
        examples=[WEEK],
    )
    episodes_per_day: float = Field(
        description="On each day that has minutes, on average.", examples=[2.0]
    )
    fits: bool = Field(description="Whether all of it is seen in time.", examples=[True])
    finishes_on: Day = Field(
        description="The last sitting's day; null where it doesn't fit.", examples=["2027-02-03"]
    )
    latest_start: Day = Field(
        description="The last day to begin; null where it is too late, and without an end.",
        examples=["2026-12-26"],
    )
    sentence: str = Field(
        description="What it comes to, in words.",
        examples=["130 episodes without the 90 filler ones: 2 a day from tonight."],
    )
    losses: list[BingeLoss] = Field(description="What is not seen, where it doesn't fit.")
    alternatives: list[BingeAlternative] = Field(
        description="What to do about that, the nearest first."
    )
    preview: bool = Field(
        description=f"Whether only the first {PREVIEW_DAYS} sittings are told; all of them takes a"
        " Pro account.",
        examples=[False],
    )
    sittings: list[BingeSitting] = Field(description="What is watched on which day.")

    @classmethod
    def of(cls, answer: Answer) -> Self:
        """From the domain's."""
        made = answer.schedule
        return cls(
            title_id=ids.encode("title", answer.card.id),
            title=answer.card.name,
            episodes=made.episodes,
            filler=made.filler,
            planned=made.planned,
            minutes=made.minutes,
            minutes_with_filler=made.minutes_with_filler,
            start_on=made.wish.start,
            until=made.wish.until,
            minutes_by_weekday=list(made.minutes_by_weekday),
            episodes_per_day=made.episodes_per_day,
            fits=made.fits,
            finishes_on=made.finishes_on,
            latest_start=made.latest_start,
            sentence=answer.sentence,
            losses=[_loss(each, answer) for each in made.losses],
            alternatives=[_alternative(each, answer) for each in made.alternatives],
            preview=answer.preview,
            sittings=[BingeSitting.of(each) for each in answer.sittings],
        )


async def binge(call: Call, asked: BingeQuery) -> Binge:
    """When to watch what of a title that is not watched yet, exact to the minute."""
    title_id = title_in_path(call)
    async with call.services.database.read() as connection:
        answer = await service.schedule(connection, call.viewer, title_id, asked.asked(), call.now)
    return Binge.of(answer)


def _loss(loss: values.Loss, answer: Answer) -> BingeLoss:
    return BingeLoss(
        season=loss.season,
        episodes=loss.episodes,
        trouble=loss.trouble,
        until=loss.until,
        sentence=answer.advice(loss),
    )


def _alternative(each: values.Alternative, answer: Answer) -> BingeAlternative:
    return BingeAlternative(
        change=each.change,
        finishes_on=each.finishes_on,
        minutes_by_weekday=list(each.minutes) if each.minutes else None,
        seasons=list(each.seasons) if each.seasons else None,
        until=each.until,
        first_season=each.first,
        sentence=answer.advice(each),
    )
