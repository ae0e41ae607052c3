"""What is wrong with the catalogue, for admins."""

import strawberry

from schema.context import Info
from schema.quality import DataQuality


@strawberry.type
class QualityQuery:
    @strawberry.field(
        description="What is wrong with the catalogue: sources that disagree, titles and platforms"
        " that nobody knows, what is missing; for admins."
    )
    async def data_quality(self, info: Info) -> DataQuality:
        info.context.viewer.require_admin()
        return DataQuality()
