"""GET /api/recommend/leaving-soon and /api/recommend/new."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from pydantic import Field

from domain import ids
from domain.recommendations.leaving import FARTHEST_DAYS, MOST, leaving_soon
from domain.recommendations.new import new_titles
from domain.recommendations.values import Pick
from rest.operations import Call
from rest.shapes import TitleCard, Told
from rest.titles import watchable_on


class LeavingQuery(Told):
    """How far ahead, how many and where."""

    within_days: int = Field(
        default=7, ge=1, le=FARTHEST_DAYS, description="How far to look ahead.", examples=[7]
    )
    first: int = Field(default=20, ge=1, le=MOST, description="How many titles.", examples=[20])
    only_my_platforms: bool = Field(
        default=True,
        description="Only what leaves the profile's own platforms; without any, all count.",
        examples=[True],
    )


class LeavingTitle(TitleCard):
    """A title that leaves soon."""

    expires_on: date = Field(
        description="The last day on the first platform that it leaves.", examples=["2026-11-27"]
    )
    days_left: int = Field(description="Days until then; 0 is today.", examples=[6])
    seasons: list[int] = Field(
        description="The seasons that leave, where others stay; empty where all of it leaves.",
        examples=[[1, 2]],
    )
    stays_elsewhere: bool = Field(
        description="Whether another of your platforms has it longer.", examples=[False]
    )
    regret: float = Field(description="How much you would miss it, 0 to 1.", examples=[0.4613])
    why: str = Field(
        description="One true sentence.",
        examples=["Critics give it 94 of 100, and it stays on Netflix only until Friday."],
    )


class LeavingTitles(Told):
    """What is leaving."""

    titles: list[LeavingTitle] = Field(description="What you would miss most first.")


class NewQuery(Told):
    """How far back, and how many."""

    within_days: int = Field(
        default=14, ge=1, le=FARTHEST_DAYS, description="How far to look back.", examples=[14]
    )
    first: int = Field(default=20, ge=1, le=MOST, description="How many titles.", examples=[20])


class NewTitle(TitleCard):
    """A title that none of your platforms had before."""

    since: date = Field(description="The first day.", examples=["2026-11-20"])
    why: str = Field(
        description="Why it may be for you: one true sentence.",
        examples=["Critics give it 94 of 100."],
    )


class NewTitles(Told):
    """What is new."""

    titles: list[NewTitle] = Field(description="The newest first.")


async def leaving(call: Call, asked: LeavingQuery) -> LeavingTitles:
    """Titles that leave soon, by how much you would miss them."""
    async with call.services.database.read() as connection:
        found = await leaving_soon(
            connection,
            call.viewer,
            call.now,
            within_days=asked.within_days,
            first=asked.first,
            only_my_platforms=asked.only_my_platforms,
        )
    return LeavingTitles(
        titles=[
            LeavingTitle(
                **_card(each.pick, each.offers),
                expires_on=each.expires_on,
                days_left=each.days_left,
                seasons=list(each.seasons),
                stays_elsewhere=each.stays_elsewhere,
                regret=round(each.regret, 4),
                why=each.why,
            )
            for each in found
        ]
    )


async def new(call: Call, asked: NewQuery) -> NewTitles:
    """Titles that have come to your platforms."""
    async with call.services.database.read() as connection:
        found = await new_titles(
            connection, call.viewer, call.now, within_days=asked.within_days, first=asked.first
        )
    return NewTitles(
        titles=[
            NewTitle(**_card(each.pick, each.offers), since=each.since, why=each.why)
            for each in found
        ]
    )


def _card(pick: Pick, offers: Sequence[Any]) -> dict[str, Any]:
    title = pick.candidate
    return {
        "title_id": ids.encode("title", title.title_id),
        "title": title.name,
        "year": title.year,
        "kind": title.kind,
        "runtime_min": title.runtime_min,
        "platforms": watchable_on(offers),
        "mood_tags": [mood for mood, _ in title.moods],
    }
