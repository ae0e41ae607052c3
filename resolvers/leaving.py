"""What is leaving, and what is new?"""

from typing import Annotated

import strawberry

from domain.recommendations import leaving, new
from schema.arguments import First
from schema.context import Info
from schema.leaving import LeavingTitle, NewTitle

_DAYS = "withinDays"
AheadDays = Annotated[int, strawberry.argument(description="How far to look ahead, 1 to 90 days.")]
BackDays = Annotated[int, strawberry.argument(description="How far to look back, 1 to 90 days.")]
OnlyMine = Annotated[
    bool, strawberry.argument(description="Only what leaves the profile's own platforms.")
]


@strawberry.type
class LeavingQuery:
    @strawberry.field(
        description="Titles that leave soon, the ones you would miss most first. Watched titles and"
        " seasons and avoided genres are left out. Without an account, or as long as the profile"
        " has said no platforms, it is all platforms of the country.",
        metadata={"cost": 10},
    )
    async def leaving_soon(
        self,
        info: Info,
        within_days: AheadDays = 7,
        first: First = 20,
        only_my_platforms: OnlyMine = True,
    ) -> list[LeavingTitle] | None:
        leaving.check(within_days, first, days_field=_DAYS)
        context = info.context
        async with context.services.database.read() as connection:
            found = await leaving.leaving_soon(
                connection,
                context.viewer,
                context.now,
                within_days=within_days,
                first=first,
                only_my_platforms=only_my_platforms,
            )
        return [LeavingTitle.of(each, info) for each in found]

    @strawberry.field(
        description="Titles that none of the profile's platforms had before, the newest first;"
        " without an account, or without platforms, of all platforms of the country.",
        metadata={"cost": 10},
    )
    async def new_on_my_platforms(
        self, info: Info, within_days: BackDays = 14, first: First = 20
    ) -> list[NewTitle] | None:
        leaving.check(within_days, first, days_field=_DAYS)
        context = info.context
        async with context.services.database.read() as connection:
            found = await new.new_titles(
                connection, context.viewer, context.now, within_days=within_days, first=first
            )
        return [NewTitle.of(each, info) for each in found]
