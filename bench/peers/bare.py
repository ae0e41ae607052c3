"""The limit: the same two statements through bare asyncpg, shaped by hand, encoded by orjson.

No GraphQL, no viewer, no limits: a server that can answer this one question only.
"""

import os
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any

import asyncpg
import orjson
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from domain.platforms.values import Monetization, Quality
from domain.titles import search

_TITLES = """
SELECT id, name, kind, year, runtime_min, audience_score, popularity FROM titles
WHERE maturity <= 18 AND (popularity, -id) < ($1, -$2::bigint)
ORDER BY popularity DESC, id LIMIT $3
"""
_OFFERS = """
SELECT o.title_id, o.monetization, o.quality, o.expires_on, p.name
FROM offers o JOIN platforms p ON p.id = o.platform_id
WHERE o.title_id = ANY ($1) AND o.country = 'US' AND gone_at IS NULL
  AND (expires_on IS NULL OR expires_on >= $2) AND (available_from IS NULL OR available_from <= $2)
ORDER BY o.title_id,
         CASE WHEN o.monetization IN ('subscription', 'free', 'ads') THEN 0 ELSE 1 END,
         o.price NULLS FIRST, p.name, o.season_number NULLS FIRST, o.id
"""
_KINDS = {"film": "FILM", "series": "SERIES"}
_PAID = {one.value: one.name for one in Monetization}
_QUALITIES = {one.value: one.name for one in Quality}


async def answer(request: Request) -> Response:
    """One page, whatever the query says."""
    asked = orjson.loads(await request.body())["variables"]
    key, last = search.read_cursor(asked["after"])
    async with request.app.state.pool.acquire() as connection:
        titles = await connection.fetch(_TITLES, key, last, asked["first"])
        today = datetime.now(UTC).date()
        found = await connection.fetch(_OFFERS, [title["id"] for title in titles], today)
    offers: defaultdict[int, list[dict[str, Any]]] = defaultdict(list)
    for row in found:
        offers[row[0]].append(
            {
                "monetization": _PAID[row[1]],
                "quality": _QUALITIES[row[2]],
                "expiresOn": row[3],
                "platform": {"name": row[4]},
            }
        )
    nodes = [
        {
            "name": name,
            "kind": _KINDS[kind],
            "year": year,
            "runtimeMin": runtime,
            "audienceScore": audience,
            "popularity": popularity,
            "offers": offers[id],
        }
        for id, name, kind, year, runtime, audience, popularity in titles
    ]
    told = orjson.dumps({"data": {"titles": {"nodes": nodes}}})
    return Response(told, media_type="application/json")


def create_app() -> Starlette:
    """The application; DATABASE_URL says where the rows are."""

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        async with asyncpg.create_pool(os.environ["DATABASE_URL"], max_size=10) as pool:
            app.state.pool = pool
            yield

    return Starlette(routes=[Route("/graphql", answer, methods=["POST"])], lifespan=lifespan)
