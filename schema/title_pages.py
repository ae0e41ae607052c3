"""Pages of titles that were searched for."""

from typing import Self

import strawberry

from domain.titles import search
from schema.context import Info
from schema.nodes import Connection
from schema.titles import Title

_COUNTED = 1_000


@strawberry.type(description="How many titles there are on all pages.")
class TitleCount:
    counted: int = strawberry.field(
        description="How many; what is more than a thousand is not counted."
    )
    more: bool = strawberry.field(description="Whether there are more than that.")

    @classmethod
    def of(cls, found: int) -> Self:
        """From a count that ended behind the thousandth."""
        return cls(counted=min(found, _COUNTED), more=found > _COUNTED)


@strawberry.type(description="A page of titles.")
class TitleConnection(Connection[Title]):
    criteria: strawberry.Private[search.Criteria]
    scope: strawberry.Private[search.Scope]

    @strawberry.field(
        description="How many there are on all pages, which is a look of its own.",
        metadata={"cost": 5},
    )
    async def total_count(self, info: Info) -> TitleCount:
        async with info.context.services.database.read() as connection:
            found = await search.count(connection, self.criteria, self.scope, most=_COUNTED)
        return TitleCount.of(found)
