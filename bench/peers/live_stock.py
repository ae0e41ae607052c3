"""The rival: a subscription as the manuals of strawberry and broadcaster show it.

It is told everything by the message and reads no database, which spares it work that ours does.
"""

import os
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager
from datetime import date, datetime
from enum import Enum
from typing import Annotated

import orjson
import strawberry
from broadcaster import Broadcast
from broadcaster._backends.redis import RedisBackend
from starlette.applications import Starlette
from starlette.routing import Route, WebSocketRoute
from strawberry.asgi import GraphQL
from strawberry.subscriptions import GRAPHQL_TRANSPORT_WS_PROTOCOL

CHANNEL = "availability"
# The backend behind redis:// URLs; given by hand, since ours is a unix:// one.
broadcast = Broadcast(backend=RedisBackend(os.environ.get("REDIS_URL", "redis://127.0.0.1")))


@strawberry.enum
class AvailabilityKind(Enum):
    LEAVING = "leaving"
    ADDED = "added"


@strawberry.enum
class AvailabilityScope(Enum):
    MY_WATCHLIST = "my_watchlist"
    MY_PLATFORMS = "my_platforms"
    TITLE = "title"


@strawberry.type
class Title:
    id: strawberry.ID
    name: str


@strawberry.type
class Platform:
    name: str


@strawberry.type
class AvailabilityEvent:
    cursor: str
    kind: AvailabilityKind
    title: Title
    platform: Platform
    country: str
    expires_on: date | None
    previous_expires_on: date | None
    source: str | None
    at: datetime


@strawberry.type
class Resync:
    cursor: str
    reason: str


@strawberry.type
class Heartbeat:
    cursor: str


Update = Annotated[AvailabilityEvent | Resync | Heartbeat, strawberry.union("AvailabilityUpdate")]


@strawberry.type
class Query:
    here: bool = True


@strawberry.type
class Subscription:
    @strawberry.subscription
    async def availability_changed(
        self, scope: AvailabilityScope, title_id: strawberry.ID, after: str | None = None
    ) -> AsyncGenerator[Update, None]:
        async with broadcast.subscribe(CHANNEL) as subscriber:
            async for event in subscriber:  # pyright: ignore[reportGeneralTypeIssues]
                told = orjson.loads(event.message)
                yield AvailabilityEvent(
                    cursor=told["cursor"],
                    kind=AvailabilityKind[told["kind"]],
                    title=Title(id=strawberry.ID(told["title"]["id"]), name=told["title"]["name"]),
                    platform=Platform(name=told["platform"]["name"]),
                    country=told["country"],
                    expires_on=_date(told["expiresOn"]),
                    previous_expires_on=_date(told["previousExpiresOn"]),
                    source=told["source"],
                    at=datetime.fromisoformat(told["at"]),
                )


def _date(told: str | None) -> date | None:
    return date.fromisoformat(told) if told else None


def create_app() -> Starlette:
    """The application; REDIS_URL says where the messages come from."""

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        async with broadcast:
            yield

    endpoint = GraphQL(
        strawberry.Schema(Query, subscription=Subscription),
        subscription_protocols=[GRAPHQL_TRANSPORT_WS_PROTOCOL],
    )
    routes = [Route("/graphql", endpoint), WebSocketRoute("/graphql", endpoint)]
    return Starlette(routes=routes, lifespan=lifespan)
