"""The stand-in for Trakt on a socket, and services that ask it, on one database for each file."""

import asyncio
from collections.abc import AsyncIterator, Iterator

import httpx
import pytest
from redis.asyncio import Redis

from app.database import open_database
from app.deps import make_services
from app.settings import Settings
from app.upstreams import open_upstreams
from domain.db import Database
from domain.services import Services
from simulators.app import create_app
from simulators.samples import sample_world
from simulators.server import running
from simulators.world import World
from tests.accounts.people import run
from tests.support import servers
from tests.trakt.people import StandIn


@pytest.fixture(scope="session")
def world() -> World:
    """What there is at the stand-in."""
    return sample_world()


@pytest.fixture(scope="session")
def _base(world: World) -> Iterator[str]:
    with running(create_app(world)) as base:
        yield base


@pytest.fixture
def stand_in(_base: str) -> Iterator[StandIn]:
    """The stand-in without faults, and with somebody new at it."""
    with httpx.Client(base_url=_base) as control:
        yield StandIn.meet(_base, control)
        control.delete("/_sim/faults")
        control.post("/trakt/_sim/limits", json={"enabled": True})


@pytest.fixture(scope="module")
def trakt_url() -> Iterator[str]:
    """A database of the file's own."""
    url = asyncio.run(servers.clone())
    yield url
    asyncio.run(servers.drop(url))


@pytest.fixture
async def database(trakt_url: str) -> AsyncIterator[Database]:
    """The same, open and empty."""
    opened = open_database(trakt_url, application="tests")
    for table in ("jobs", "events", "accounts", "titles", "platforms"):  # faster than TRUNCATE
        await run(opened, f"DELETE FROM {table}")
    yield opened
    await opened.engine.dispose()


@pytest.fixture
async def services(database: Database, valkey: Redis, stand_in: StandIn) -> AsyncIterator[Services]:
    """The services of an instance that runs on the stand-ins."""
    settings = Settings(_env_file=None, simulators_url=stand_in.base)  # type: ignore[call-arg]
    async with open_upstreams(settings) as upstreams:
        yield make_services(database, valkey, settings, upstreams)
