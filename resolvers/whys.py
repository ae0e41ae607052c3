"""The lines of an answer as they are written, and how their writer does."""

from collections.abc import AsyncGenerator
from contextlib import aclosing
from datetime import UTC, timedelta
from typing import Annotated

import strawberry

from domain.why import tallies
from schema.context import Info
from schema.whys import WhyUpdate, WriterHealth, update_of

_PATIENCE_S = 120.0
_LOOK_BACK = timedelta(days=7)

AnswerId = Annotated[
    strawberry.ID,
    strawberry.argument(description="The `id` that `recommend` or `bingeSchedule` answered with."),
]
Stream = Annotated[
    bool, strawberry.argument(description="Whether to tell drafts while a line is being written.")
]


@strawberry.type
class WhysQuery:
    @strawberry.field(
        description="How the model that writes lines does; null where none is set. For admins."
    )
    async def writer_health(self, info: Info) -> WriterHealth | None:
        context = info.context
        context.viewer.require_admin()
        whys = context.services.whys
        if whys is None:
            return None
        since = context.now.astimezone(UTC).date() - _LOOK_BACK
        async with context.services.database.read() as connection:
            found = await tallies.health(connection, whys.model, since)
        return WriterHealth.of(whys.model, found)


@strawberry.type
class WhysSubscription:
    @strawberry.subscription(
        description="The sentences of an answer that a model is writing, each as it is settled;"
        " with those of templates where it gave none. It completes when all are, after two minutes"
        " at the latest, and at once for an answer that has nothing to wait for, or isn't the"
        " viewer's. Four at once on a connection.",
        metadata={"cost": 10},
    )
    async def why_ready(
        self, info: Info, recommendation_id: AnswerId, stream: Stream = False
    ) -> AsyncGenerator[WhyUpdate, None]:
        context = info.context
        whys = context.services.whys
        if whys is None:
            return
        with context.line_waits.one():
            lines = whys.ready(
                recommendation_id, context.viewer, drafts=stream, patience_s=_PATIENCE_S
            )
            async with aclosing(lines):
                async for line in lines:
                    yield update_of(line)
