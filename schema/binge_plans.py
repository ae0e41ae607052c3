"""Binge plans that are followed: their sittings for a calendar, and what becomes of them, live."""

from datetime import date, datetime, timedelta
from typing import Annotated, Any, Self
from uuid import UUID

import strawberry

from domain import ids
from domain.binge import plans, service
from domain.binge.plans import Slot
from domain.binge.repo import Whom
from domain.errors import InvalidInput
from domain.events.values import Cursor, Event
from schema.binge import WEEK
from schema.context import Context, Info
from schema.enums import BingeKind
from schema.live import CURSOR, Heartbeat, Resync
from schema.nodes import Node
from schema.titles import Title

MOST_SLOT_DAYS = 366
_USUAL_SLOT_DAYS = 31

Since = Annotated[date | None, strawberry.argument(description="The first day; default: today.")]
Till = Annotated[
    date | None,
    strawberry.argument(
        description=f"The last day, within {MOST_SLOT_DAYS} days; default: 30 days later."
    ),
]


@strawberry.type(description="An episode's place in its series.")
class BingePlace:
    id: strawberry.ID | None = strawberry.field(
        description="The episode's id; null for a film, and where nobody has listed the episodes."
    )
    season_number: int = strawberry.field(description="The season; 0 holds the specials.")
    number: int = strawberry.field(description="Its place in the season.")


@strawberry.type(description="A sitting of a plan that is followed.")
class BingeSlot:
    day: date = strawberry.field(name="date", description="The day.")
    minutes: int = strawberry.field(description="What it takes.")
    episodes: list[BingePlace] = strawberry.field(
        description="What is watched; what was watched of today's sitting stays in it.",
        metadata={"assumed_size": 4},
    )

    @classmethod
    def of(cls, slot: Slot) -> Self:
        """From the domain's."""
        return cls(
            day=slot.day,
            minutes=slot.minutes,
            episodes=[
                BingePlace(
                    id=None if key is None else strawberry.ID(ids.encode("episode", key)),
                    season_number=season,
                    number=number,
                )
                for (season, number), key in zip(slot.places, slot.ids, strict=True)
            ],
        )


@strawberry.type(
    description="A binge that the profile follows. It is planned anew when episodes are watched,"
    " leave or air, when it turns out which are filler, and on every new day."
)
class BingePlan(Node):
    until: date | None = strawberry.field(description="The last day that was wished for.")
    start_on: date | None = strawberry.field(description="The first day that was wished for.")
    seasons: list[int] | None = strawberry.field(description="Only these; null for all.")
    skip_filler: bool = strawberry.field(description="Whether filler is left out.")
    specials: bool = strawberry.field(description="Whether specials are watched, too.")
    minutes_by_weekday: list[int] = strawberry.field(
        description=WEEK + " What was wished for, or else what it takes."
    )
    episodes: int = strawberry.field(description="How many are not watched yet, filler included.")
    filler: int = strawberry.field(description="How many of those are filler.")
    planned: int = strawberry.field(description="How many are still to be watched.")
    minutes: int = strawberry.field(description="Minutes of those, as they are watched.")
    fits: bool = strawberry.field(
        description="Whether all of it is seen by the last day, and before it leaves."
    )
    finishes_on: date | None = strawberry.field(
        description="The day of the last sitting; null where it doesn't fit."
    )
    latest_start: date | None = strawberry.field(
        description="The last day to go on and still see everything; null where it is too late, and"
        " where there is no end."
    )
    sentence: str = strawberry.field(description="What it comes to, in words.")
    created_at: datetime = strawberry.field(description="Since when it is followed.")
    planned_at: datetime = strawberry.field(description="When it was planned last.")
    title_key: strawberry.Private[int]
    row: strawberry.Private[Any]

    @strawberry.field(description="The title.")
    async def title(self, info: Info) -> Title | None:
        row = await info.context.loaders.title_by_id.load(self.title_key)
        return Title.from_row(row) if row else None

    @strawberry.field(
        description="Its sittings between two days, for a calendar; on the free plan the next"
        f" {service.PREVIEW_DAYS} of them.",
        metadata={"assumed_size": _USUAL_SLOT_DAYS, "personal": True},
    )
    async def slots(self, info: Info, since: Since = None, until: Till = None) -> list[BingeSlot]:
        context = info.context
        first, last = _span(since, until, context.today)
        preview = service.is_preview(context.viewer)
        if preview:  # they are told the next ones, whichever days they ask for
            day = context.today
            key = (self.title_key, day, day + timedelta(MOST_SLOT_DAYS))
            found = (await context.loaders.slots_by_plan.load(key))[: service.PREVIEW_DAYS]
            found = [each for each in found if first <= each.day <= last]
        else:
            found = await context.loaders.slots_by_plan.load((self.title_key, first, last))
        return [BingeSlot.of(each) for each in found]

    @classmethod
    def from_row(cls, row: Any) -> Self:
        """From a row of domain.binge.plans."""
        told = {name: getattr(row, name) for name in _SAME}
        return cls(
            id=public_id(row.profile_id, row.title_id),
            minutes=row.planned_min,
            title_key=row.title_id,
            row=row,
            **told,
        )


_SAME = (
    "until", "start_on", "seasons", "skip_filler", "specials", "minutes_by_weekday", "episodes",
    "filler", "planned", "fits", "finishes_on", "latest_start", "sentence", "created_at",
    "planned_at",
)  # fmt: skip


def public_id(profile_id: UUID, title_id: int) -> strawberry.ID:
    """A plan's id."""
    return strawberry.ID(ids.encode("binge", plans.key(profile_id, title_id)))


async def mine(context: Context, title_id: int) -> BingePlan | None:
    """The plan for a title that the profile follows, as it is now."""
    whom = Whom.of(context.viewer, context.now)
    async with context.services.database.read() as connection:
        row = await plans.one(connection, whom, title_id)
    return BingePlan.from_row(row) if row else None


@strawberry.type(description="Something became of a binge plan that the profile follows.")
class BingeEvent:
    cursor: Cursor = strawberry.field(description=CURSOR)
    kind: BingeKind = strawberry.field(description="What happened.")
    title: Title = strawberry.field(description="The title.")
    plan: BingePlan | None = strawberry.field(
        description="The plan as it is now; null where it is over.", metadata={"personal": True}
    )
    at: datetime = strawberry.field(description="When it happened.")

    @classmethod
    async def of(cls, event: Event, context: Context) -> Self | None:
        """From the domain's; None for a title that this viewer may not see."""
        if event.title_id is None:
            return None
        row = await context.loaders.title_by_id.load(event.title_id)
        if row is None:
            return None
        return cls(
            cursor=event.cursor,
            kind=BingeKind(event.kind),
            title=Title.from_row(row),
            plan=await mine(context, event.title_id),
            at=event.at,
        )


BingeUpdate = Annotated[
    BingeEvent | Resync | Heartbeat,
    strawberry.union("BingeUpdate", description="What `bingeChanged` tells."),
]


def _span(since: date | None, until: date | None, today: date) -> tuple[date, date]:
    first = since or today
    if not 1 <= first.year <= 9000:
        raise InvalidInput("The first day lies before the year 9000.", field="since")
    last = until or first + timedelta(_USUAL_SLOT_DAYS - 1)
    if not 0 <= (last - first).days < MOST_SLOT_DAYS:
        raise InvalidInput(
            f"The last day comes on or after the first one, and within {MOST_SLOT_DAYS} days.",
            field="until",
        )
    return first, last
