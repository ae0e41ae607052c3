"""The watchlist: what a profile wants to watch, where it is for them, and until when."""

from datetime import date, datetime
from typing import TYPE_CHECKING, Annotated, Any, Self

import strawberry

from domain import ids
from domain.platforms.repo import INCLUDED
from domain.watchlists.values import Wish
from schema import titles
from schema.context import Info
from schema.enums import LeavingWarning
from schema.finish import FinishPlan
from schema.nodes import Node
from schema.platforms import Offer, Platform

if TYPE_CHECKING:
    from schema.titles import Title


@strawberry.type(description="A title on a watchlist.")
class WatchlistItem(Node):
    added_at: datetime = strawberry.field(description="When it was put on the list.")
    watched_at: datetime | None = strawberry.field(
        description="When it was watched; null where it has not been."
    )
    note: str | None = strawberry.field(description="What they wrote beside it.")
    available: bool = strawberry.field(
        description="Whether one of the profile's platforms has it now, in their country."
    )
    expires_on: date | None = strawberry.field(
        description="The last day on which all of it that their platforms have now can be watched"
        " on one of them; null where nobody has named an end, or where none has it."
    )
    days_left: int | None = strawberry.field(
        description="Days until `expiresOn`, by the viewer's calendar; 0 is today."
    )
    warning: LeavingWarning = strawberry.field(description="How soon it is lost.")
    key: strawberry.Private[int]
    row: strawberry.Private[Any]
    platform_key: strawberry.Private[int | None]

    @strawberry.field(description="The title.")
    def title(self) -> Annotated["Title", strawberry.lazy("schema.titles")]:
        return titles.Title.from_row(self.row)

    @strawberry.field(description="Where they would rather watch it.")
    async def platform_preference(self, info: Info) -> Platform | None:
        if self.platform_key is None:
            return None
        row = await info.context.loaders.platform_by_id.load(self.platform_key)
        return Platform.from_row(row) if row else None

    @strawberry.field(
        description="Where it can be watched now with what the profile has, without paying for it"
        " on top. `title.offers` tells all there is.",
        metadata={"assumed_size": 2},
    )
    async def offers(self, info: Info) -> list[Offer]:
        context = info.context
        _, profile_id = context.viewer.require_profile()
        mine = await context.loaders.platform_ids_by_profile.load(profile_id)
        rows = await context.loaders.offers_by_title.load((self.key, context.viewer.country))
        held = [row for row in rows if row.platform_id in mine and row.monetization in INCLUDED]
        return Offer.from_rows(held, context.today, context.platforms)

    @strawberry.field(
        description="Whether they can finish it; null where nothing unseen of it leaves.",
        metadata={"cost": 1, "personal": True},
    )
    async def finish(self, info: Info) -> FinishPlan | None:
        plan = await info.context.loaders.finish_by_title.load(self.key)
        return FinishPlan.of(plan) if plan else None

    @classmethod
    def of(cls, wish: Wish, info: Info) -> Self:
        """From the domain's: a wish of the profile that asks."""
        _, profile_id = info.context.viewer.require_profile()
        return cls(
            id=strawberry.ID(ids.encode("wish", wish.key(profile_id))),
            added_at=wish.added_at,
            watched_at=wish.watched_at,
            note=wish.note,
            available=wish.available,
            expires_on=wish.expires_on,
            days_left=wish.days_left,
            warning=wish.warning,
            key=wish.title_id,
            row=wish.card,
            platform_key=wish.platform_id,
        )
