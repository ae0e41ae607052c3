"""What is leaving, and what is new?"""

from datetime import date
from typing import Self

import strawberry

from domain.recommendations.leaving import Leaving
from domain.recommendations.new import New
from schema.context import Info
from schema.platforms import Offer
from schema.titles import Title


@strawberry.type(description="A title for somebody, and why.")
class _Suggested:
    why: str = strawberry.field(description="Why it may be for you: one true sentence.")
    offers: list[Offer] = strawberry.field(
        description="Where it can be watched now without paying for it on top.",
        metadata={"assumed_size": 2},
    )
    title_key: strawberry.Private[int]

    @strawberry.field(description="The title.")
    async def title(self, info: Info) -> Title | None:
        row = await info.context.loaders.title_by_id.load(self.title_key)
        return Title.from_row(row) if row else None


@strawberry.type(description="A title that leaves a platform soon.")
class LeavingTitle(_Suggested):
    expires_on: date = strawberry.field(
        description="The last day on the first platform that it leaves."
    )
    days_left: int = strawberry.field(
        description="Days until `expiresOn`, by the viewer's calendar; 0 is today."
    )
    seasons: list[int] = strawberry.field(
        description="The seasons that leave, where others stay; empty where all of it leaves."
    )
    stays_elsewhere: bool = strawberry.field(
        description="Whether another of your platforms has it longer."
    )
    regret: float = strawberry.field(
        description="How much you would miss it, 0 to 1: how likely you like it, how soon it goes"
        " and whether it stays elsewhere."
    )
    on_watchlist: bool = strawberry.field(
        description="Whether it is on your watchlist, and you haven't watched it yet."
    )

    @classmethod
    def of(cls, leaving: Leaving, info: Info) -> Self:
        """From the domain's."""
        return cls(
            expires_on=leaving.expires_on,
            days_left=leaving.days_left,
            seasons=list(leaving.seasons),
            stays_elsewhere=leaving.stays_elsewhere,
            regret=round(leaving.regret, 4),
            on_watchlist=leaving.pick.candidate.on_watchlist,
            why=leaving.why,
            offers=Offer.from_rows(leaving.offers, info.context.today, info.context.platforms),
            title_key=leaving.pick.candidate.title_id,
        )


@strawberry.type(description="A title that has come to a platform.")
class NewTitle(_Suggested):
    since: date = strawberry.field(description="The first day.")

    @classmethod
    def of(cls, new: New, info: Info) -> Self:
        """From the domain's."""
        return cls(
            since=new.since,
            why=new.why,
            offers=Offer.from_rows(new.offers, info.context.today, info.context.platforms),
            title_key=new.pick.candidate.title_id,
        )
