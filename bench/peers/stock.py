"""The rival: strawberry, SQLModel and DataLoaders put together as their manuals show them."""

import os
from collections import defaultdict
from datetime import UTC, date, datetime
from typing import Any

import strawberry
from sqlalchemy.ext.asyncio import create_async_engine
from sqlmodel import case, col, or_, select, tuple_
from sqlmodel.ext.asyncio.session import AsyncSession
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.websockets import WebSocket
from strawberry.asgi import GraphQL
from strawberry.dataloader import DataLoader

from app.database import parse_address
from domain.platforms import models as platforms
from domain.platforms.repo import INCLUDED
from domain.titles import models as titles
from domain.titles import search
from schema.enums import Monetization, Quality, TitleKind


@strawberry.type
class Platform:
    name: str


@strawberry.type
class Offer:
    monetization: Monetization
    quality: Quality
    expires_on: date | None
    platform_id: strawberry.Private[int]

    @strawberry.field
    async def platform(self, info: strawberry.Info) -> Platform:
        found = await info.context["platforms"].load(self.platform_id)
        return Platform(name=found.name)


@strawberry.type
class Title:
    id: strawberry.Private[int]
    name: str
    kind: TitleKind
    year: int | None
    runtime_min: int | None
    audience_score: float | None
    popularity: float

    @strawberry.field
    async def offers(self, info: strawberry.Info) -> list[Offer]:
        return [
            Offer(
                monetization=Monetization(offer.monetization),
                quality=Quality(offer.quality),
                expires_on=offer.expires_on,
                platform_id=offer.platform_id,
            )
            for offer in await info.context["offers"].load(self.id)
        ]


@strawberry.type
class Page:
    nodes: list[Title]


@strawberry.type
class Query:
    @strawberry.field
    async def titles(self, info: strawberry.Info, first: int, after: str) -> Page:
        key, last = search.read_cursor(after)
        statement = (
            select(titles.Title)
            .where(col(titles.Title.maturity) <= 18)
            .where(tuple_(col(titles.Title.popularity), -col(titles.Title.id)) < tuple_(key, -last))
            .order_by(col(titles.Title.popularity).desc(), col(titles.Title.id))
            .limit(first)
        )
        async with AsyncSession(info.context["engine"]) as session:
            found = (await session.exec(statement)).all()
        return Page(nodes=[_title(row) for row in found])


def _title(row: titles.Title) -> Title:
    assert row.id is not None
    return Title(
        id=row.id,
        name=row.name,
        kind=TitleKind(row.kind),
        year=row.year,
        runtime_min=row.runtime_min,
        audience_score=row.audience_score,
        popularity=row.popularity,
    )


class Endpoint(GraphQL[Any, None]):
    """strawberry's own, with fresh loaders for each request."""

    def __init__(self) -> None:
        super().__init__(strawberry.Schema(Query))
        self.engine = create_async_engine(parse_address(os.environ["DATABASE_URL"]).url,
                                          pool_size=10)  # fmt: skip

    async def get_context(
        self, request: Request | WebSocket, response: Response | WebSocket
    ) -> dict[str, Any]:
        return {
            "engine": self.engine,
            "offers": DataLoader(self._offers),
            "platforms": DataLoader(self._platforms),
        }

    async def _offers(self, keys: list[int]) -> list[list[platforms.Offer]]:
        offer, today = platforms.Offer, datetime.now(UTC).date()
        statement = (
            select(offer)
            .join(platforms.Platform)
            .where(col(offer.title_id).in_(keys), col(offer.country) == "US")
            .where(col(offer.gone_at).is_(None))
            .where(or_(col(offer.expires_on).is_(None), col(offer.expires_on) >= today))
            .where(or_(col(offer.available_from).is_(None), col(offer.available_from) <= today))
            .order_by(
                case((col(offer.monetization).in_(INCLUDED), 0), else_=1),
                col(offer.price).nulls_first(), col(platforms.Platform.name), col(offer.id),
            )
        )  # fmt: skip
        groups: defaultdict[int | None, list[platforms.Offer]] = defaultdict(list)
        async with AsyncSession(self.engine) as session:
            for row in await session.exec(statement):
                groups[row.title_id].append(row)
        return [groups[key] for key in keys]

    async def _platforms(self, keys: list[int]) -> list[platforms.Platform | None]:
        statement = select(platforms.Platform).where(col(platforms.Platform.id).in_(keys))
        async with AsyncSession(self.engine) as session:
            found = {row.id: row for row in await session.exec(statement)}
        return [found.get(key) for key in keys]


def create_app() -> Starlette:
    """The application; DATABASE_URL says where the rows are."""
    return Starlette(routes=[Route("/graphql", Endpoint())])
