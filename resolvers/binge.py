"""A binge that ends in time: asked for, followed, and followed no more."""

from datetime import date
from typing import Annotated, Self

import strawberry
from strawberry import argument

from domain.binge import follow, plans, service, telling
from domain.binge.questions import Asked
from domain.binge.repo import Whom
from domain.errors import NotFound
from resolvers.watchlists import title_key
from schema.arguments import TitleId
from schema.binge import BingeSchedule
from schema.binge_plans import BingePlan, mine, public_id
from schema.context import Info
from schema.errors import Refusal

UNTIL = "The last day; or say in how many `days`."
DAYS = "In how many days, the first one counted; 1 to 3,650."
MINUTES = "Minutes of every day, 1 to 1,440; or say those of each weekday."
BY_WEEKDAY = "Minutes of each weekday: seven numbers, Monday first, each 0 to 1,440."
SKIP_FILLER = "Whether to leave out what is known to be filler."
SPECIALS = "Whether to watch the specials, too."
SEASONS = "Only these; 0 holds the specials."
START_ON = "The first day, today or within a year; default: today."
SKIP_CREDITS = "Minutes to skip of each episode's end, 0 to 15; default: the profile's."
SKIP_RECAP = "Minutes to skip of each episode's beginning, 0 to 15; default: the profile's."

Until = Annotated[date | None, argument(description=UNTIL)]
Days = Annotated[int | None, argument(description=DAYS)]
MinutesPerDay = Annotated[int | None, argument(description=MINUTES)]
ByWeekday = Annotated[list[int] | None, argument(description=BY_WEEKDAY)]
SkipFiller = Annotated[bool, argument(description=SKIP_FILLER)]
Specials = Annotated[bool, argument(description=SPECIALS)]
Seasons = Annotated[list[int] | None, argument(description=SEASONS)]
StartOn = Annotated[date | None, argument(description=START_ON)]
SkipCredits = Annotated[int | None, argument(description=SKIP_CREDITS)]
SkipRecap = Annotated[int | None, argument(description=SKIP_RECAP)]


@strawberry.input(description="A binge to follow; the same as `bingeSchedule` takes.")
class FollowBingeInput:
    title_id: strawberry.ID = strawberry.field(description="The title.")
    until: date | None = strawberry.field(default=None, description=UNTIL)
    days: int | None = strawberry.field(default=None, description=DAYS)
    minutes_per_day: int | None = strawberry.field(default=None, description=MINUTES)
    by_weekday: list[int] | None = strawberry.field(default=None, description=BY_WEEKDAY)
    skip_filler: bool = strawberry.field(default=True, description=SKIP_FILLER)
    specials: bool = strawberry.field(default=False, description=SPECIALS)
    seasons: list[int] | None = strawberry.field(default=None, description=SEASONS)
    start_on: date | None = strawberry.field(default=None, description=START_ON)
    skip_credits_min: int | None = strawberry.field(default=None, description=SKIP_CREDITS)
    skip_recap_min: int | None = strawberry.field(default=None, description=SKIP_RECAP)

    def asked(self) -> Asked:
        """The wish as the domain understands it."""
        return Asked(
            until=self.until,
            days=self.days,
            minutes_per_day=self.minutes_per_day,
            by_weekday=self.by_weekday,
            skip_filler=self.skip_filler,
            specials=self.specials,
            seasons=self.seasons,
            start_on=self.start_on,
            skip_credits_min=self.skip_credits_min,
            skip_recap_min=self.skip_recap_min,
        )


@strawberry.type(description="The plan is followed.")
class BingeFollowed:
    plan: BingePlan = strawberry.field(description="The plan.")

    @classmethod
    def of(cls, plan: BingePlan | None) -> Self:
        """From what was just written."""
        if plan is None:
            raise NotFound("No title has that id.", field="titleId")
        return cls(plan=plan)


@strawberry.type(description="The plan is followed no more.")
class BingeUnfollowed:
    id: strawberry.ID = strawberry.field(description="What the plan's id was.")


Following = Annotated[FollowBingeInput, argument(description="What to watch, and how.")]
FollowPayload = Annotated[BingeFollowed | Refusal, strawberry.union("FollowBingePayload")]
UnfollowPayload = Annotated[BingeUnfollowed | Refusal, strawberry.union("UnfollowBingePayload")]


@strawberry.type
class BingeQuery:
    @strawberry.field(
        description="When to watch what of a title, so that it ends in time: with so many minutes a"
        " day, until a day, or both. With neither it goes by the pace of the profile.",
        metadata={"cost": 10},
    )
    async def binge_schedule(
        self,
        info: Info,
        title_id: TitleId,
        until: Until = None,
        days: Days = None,
        minutes_per_day: MinutesPerDay = None,
        by_weekday: ByWeekday = None,
        skip_filler: SkipFiller = True,
        specials: Specials = False,
        seasons: Seasons = None,
        start_on: StartOn = None,
        skip_credits_min: SkipCredits = None,
        skip_recap_min: SkipRecap = None,
    ) -> BingeSchedule | None:
        context, key = info.context, title_key(title_id)
        asked = Asked(
            until=until,
            days=days,
            minutes_per_day=minutes_per_day,
            by_weekday=by_weekday,
            skip_filler=skip_filler,
            specials=specials,
            seasons=seasons,
            start_on=start_on,
            skip_credits_min=skip_credits_min,
            skip_recap_min=skip_recap_min,
        )
        async with context.services.database.read() as connection:
            answer = await service.schedule(connection, context.viewer, key, asked, context.now)
        told = await telling.told(context.services.whys, context.viewer, answer, context.now)
        return BingeSchedule.of(answer, told)

    @strawberry.field(
        description="The binges that the profile follows, the first to be finished first; null for"
        " whoever is not signed in.",
        metadata={"assumed_size": 5},
    )
    async def binge_plans(self, info: Info) -> list[BingePlan] | None:
        context = info.context
        context.viewer.require_profile()
        whom = Whom.of(context.viewer, context.now)
        async with context.services.database.read() as connection:
            rows = await plans.of_profile(connection, whom)
        return [BingePlan.from_row(row) for row in rows]


@strawberry.type
class BingeMutation:
    @strawberry.mutation(
        description="Follow a binge: it is planned anew whenever something changes, and"
        " `bingeChanged` tells. One plan for a title; another wish takes the place of the old one."
        " It takes a Pro account."
    )
    async def follow_binge(self, info: Info, input: Following) -> FollowPayload | None:
        context, key = info.context, title_key(input.title_id)
        async with context.services.database.transaction() as session:
            await follow.follow(session, context.viewer, key, input.asked(), context.now)
        context.renew(context.now)
        return BingeFollowed.of(await mine(context, key))

    @strawberry.mutation(description="Follow a binge no more; its sittings go with it.")
    async def unfollow_binge(self, info: Info, title_id: TitleId) -> UnfollowPayload | None:
        context, key = info.context, title_key(title_id)
        async with context.services.database.transaction() as session:
            await follow.unfollow(session, context.viewer, key, context.now)
        _, profile_id = context.viewer.require_profile()
        return BingeUnfollowed(id=public_id(profile_id, key))
