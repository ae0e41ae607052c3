"""Which services there are."""

import strawberry

from domain.platforms import repo
from schema.arguments import Country
from schema.context import Info
from schema.platforms import Platform


@strawberry.type
class PlatformsQuery:
    @strawberry.field(
        description="The services of a country, by name.", metadata={"assumed_size": 40}
    )
    async def platforms(
        self,
        info: Info,
        country: Country = None,
    ) -> list[Platform]:
        context = info.context
        async with context.services.database.read() as connection:
            rows = await repo.platforms_in(connection, context.country(country))
        return [Platform.from_row(row) for row in rows]
