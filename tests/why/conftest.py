"""A stand-in for Ollama on a socket, fresh for each test, and services that have it write."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime

import pytest
from redis.asyncio import Redis

from domain.db import Database
from domain.services import Services
from integrations.upstreams.http import Upstream
from simulators.clock import Clock
from simulators.ollama.app import make
from tests.live.stage import Stage, staged
from tests.recommendations.asking import platforms as asked_platforms
from tests.simulators.receiving import Served
from tests.why import stage
from tests.why.stage import Model


@pytest.fixture(scope="session")
def served() -> Iterator[Served]:
    """The server that the stand-in is put into."""
    with Served.here() as served:
        yield served


@pytest.fixture
def model(served: Served) -> Model:
    """The stand-in; it writes a line that is fine whatever it is about."""
    clock = Clock()
    clock.stop(datetime(2026, 11, 21, 9, tzinfo=UTC))
    http = served.stand_in("ollama", make, clock)
    model = Model(str(http.base_url).rstrip("/"), http)
    model.says(stage.GOOD)
    return model


@pytest.fixture
async def way(model: Model) -> AsyncIterator[Upstream]:
    """The way to it."""
    opened = stage.upstream(model)
    yield opened
    await opened.close()


@pytest.fixture
async def writing(demo_database: Database, valkey: Redis, way: Upstream) -> AsyncIterator[Services]:
    """Services on the demo that have lines written."""
    made = stage.services_of(demo_database, valkey, way)
    yield made
    assert made.whys is not None
    await made.whys.chime.stop()  # type: ignore[attr-defined]


@pytest.fixture
async def platforms(writing: Services) -> tuple[int, ...]:
    """Netflix and Disney+."""
    return await asked_platforms(writing)


@pytest.fixture
async def site(writing: Services) -> AsyncIterator[Stage]:
    """The application on a port, with nobody at work; see `worker`."""
    async with staged(writing) as running:
        yield running


@pytest.fixture
async def worker(writing: Services) -> AsyncIterator[None]:
    """Somebody who writes what is ordered."""
    working = asyncio.create_task(stage.work(writing))
    yield
    working.cancel()
    await asyncio.gather(working, return_exceptions=True)
