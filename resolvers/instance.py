"""What a stranger may know of this installation."""

import strawberry

from schema.context import Info
from schema.instance import Instance


@strawberry.type
class InstanceQuery:
    @strawberry.field(description="This installation, as anybody may know it.")
    def instance(self, info: Info) -> Instance:
        return Instance.of(info.context.services)
