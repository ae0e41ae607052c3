"""The whole application over a handful of titles, called in memory.

The tests share one application and its database, since making those takes longer than most of
them: households are new for each test, and what the catalogue holds nobody changes.
"""

import os
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import count
from typing import TypeAlias

import httpx
import pytest
from pydantic import SecretStr
from redis.asyncio import Redis
from starlette.applications import Starlette

from app.asgi import create_app
from app.database import open_database
from app.settings import Settings
from domain.accounts import admin, sessions, tokens
from domain.accounts.service import Door, NewAccount
from domain.accounts.values import Browser
from domain.accounts.viewer import Viewer
from domain.db import Database
from domain.ports import Cache, Limiter
from domain.profiles.pins import Pins
from domain.recommendations.service import Recommender
from domain.services import Limits, Services
from integrations.limiter import ValkeyLimiter
from integrations.valkey import ValkeyCache, connect
from tests.support import servers
from tests.support.catalogue import On, add_platform, add_title

PASSWORD = "a few plain words"
SITE = "http://films.test"
Client: TypeAlias = httpx.AsyncClient
Connect: TypeAlias = Callable[..., Client]
_numbers = count(1)


@dataclass(frozen=True, slots=True)
class Household:
    """An account in a browser that is signed in to it, with an API token for programs."""

    email: str
    browser: Client
    token: str
    viewer: Viewer


def make_services(database: Database, cache: Cache, limiter: Limiter) -> Services:
    """The services over a test's own parts."""
    return Services(
        database=database,
        cache=cache,
        limiter=limiter,
        door=Door(database, cache, limiter),
        pins=Pins(database, cache, limiter),
        recommender=Recommender(database, cache),
        limits=Limits(),
        country="US",
        time_zone="UTC",
    )


def make_app(services: Services, **settings: object) -> Starlette:
    """The application on services that a test has made."""
    nowhere = SecretStr("postgresql://nobody@127.0.0.1:1/none")
    made = Settings(_env_file=None, database_url=nowhere, **settings)  # type: ignore[call-arg]
    return create_app(made, services)


@pytest.fixture(scope="package")
def anyio_backend() -> str:
    """One loop for all of them, as the database's connections need."""
    return "asyncio"


@pytest.fixture(scope="package")
async def database() -> AsyncIterator[Database]:
    """Nine titles on two of three platforms."""
    url = await servers.clone()
    opened = open_database(url, application="tests")
    async with opened.transaction() as session:
        for number in range(7):
            await add_title(session, f"Cozy Evening {number}", runtime_min=90 + number)
        await add_title(
            session, "Die Brücke", kind="series", runtime_min=58, genres=["crime"],
            moods={"tense": 0.9}, offers=[On("hulu"), On("netflix")],
        )  # fmt: skip
        await add_title(session, "Nightmare", maturity=18, moods={"scary": 1.0})
        await add_platform(session, "disney-plus")
    yield opened
    await opened.engine.dispose()
    await servers.drop(url)


@pytest.fixture(scope="package")
async def client(worker_id: str) -> AsyncIterator[Redis]:
    """A Valkey of the worker's own."""
    number = 0 if worker_id == "master" else int(worker_id.removeprefix("gw")) + 1
    opened = connect(os.environ[servers.VALKEY].partition("?")[0] + f"?db={number}")
    yield opened
    await opened.aclose()


@pytest.fixture(scope="package")
def services(database: Database, client: Redis) -> Services:
    """The services."""
    return make_services(database, ValkeyCache(client), ValkeyLimiter(client))


@pytest.fixture(scope="package")
def app(services: Services) -> Starlette:
    """The application."""
    return make_app(services)


@pytest.fixture
async def client_of(app: Starlette, client: Redis) -> AsyncIterator[Connect]:
    """Makes clients: browsers with cookies of their own, or programs with a token."""
    await client.flushdb()  # nobody has asked anything yet
    made: list[Client] = []

    def make(address: str = "203.0.113.7", **options: object) -> Client:
        transport = httpx.ASGITransport(app, client=(address, 50_000))
        made.append(Client(transport=transport, base_url=SITE, **options))  # type: ignore[arg-type]
        return made[-1]

    yield make
    for each in made:
        await each.aclose()


@pytest.fixture
def http(client_of: Connect) -> Client:
    """Somebody without an account."""
    return client_of()


@pytest.fixture
async def free(client_of: Connect, services: Services) -> Household:
    """A household on the free plan."""
    return await move_in(client_of(), services)


@pytest.fixture
async def pro(client_of: Connect, services: Services, client: Redis) -> Household:
    """A household on the Pro plan."""
    household = await move_in(client_of(), services)
    async with services.database.transaction() as session:
        await admin.set_plan(session, household.email, "pro")
    await client.flushdb()  # what the session proves
    return household


async def move_in(client: Client, services: Services) -> Household:
    """A new household in this browser."""
    now, email = datetime.now(UTC), f"home-{next(_numbers)}@example.com"
    started = await services.door.sign_up(NewAccount(email, PASSWORD), Browser(), now)
    client.cookies.set("session", started.token)
    known = await sessions.find(services.database, services.cache, started.token, now)
    assert known is not None
    viewer = Viewer.by("session", known, "")
    async with services.database.transaction() as session:
        created = await tokens.create(session, viewer, "tests", now)
    return Household(email, client, created.token, viewer)
