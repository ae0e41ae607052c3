"""The application with a few titles and a key, and a bridge before it."""

from collections.abc import AsyncIterator
from dataclasses import replace

import httpx
import pytest
from redis.asyncio import Redis
from starlette.applications import Starlette

from app.database import open_database
from domain.db import Database
from domain.services import Services
from integrations.limiter import ValkeyLimiter
from integrations.valkey import ValkeyCache
from tests.api.conftest import make_app, make_services
from tests.api.webhooks.bridge import at
from tests.support import servers
from tests.webhooks.sender import (
    KEYS,
    add_film,
    add_netflix,
)


@pytest.fixture
async def database() -> AsyncIterator[Database]:
    """Three films that others know and that are nowhere yet."""
    url = await servers.clone()
    opened = open_database(url, application="tests")
    async with opened.transaction() as session:
        await add_netflix(session)
        for number in (1, 2, 3):
            await add_film(session, f"Film {number}", justwatch_id=f"tm{number}")
        await add_film(session, "Pulp Fiction", justwatch_id=None, imdb_id="tt0110912")
    yield opened
    await opened.engine.dispose()
    await servers.drop(url)


@pytest.fixture
async def services(database: Database, client: Redis) -> Services:
    """The services, with a key and an empty Valkey."""
    await client.flushdb()
    made = make_services(database, ValkeyCache(client), ValkeyLimiter(client))
    return replace(made, webhook_keys=KEYS)


@pytest.fixture
def app(services: Services) -> Starlette:
    return make_app(services)


@pytest.fixture
async def sender(app: Starlette) -> AsyncIterator[httpx.AsyncClient]:
    """A bridge somewhere."""
    async with at(app, "203.0.113.7") as opened:
        yield opened
