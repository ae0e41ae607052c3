"""What every test may ask for: real servers, a database of its own, and the parts on them."""

import os
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from hypothesis import settings as hypothesis_settings
from redis.asyncio import Redis

from app.database import open_database
from app.deps import make_services
from app.settings import Settings
from domain.db import Database
from domain.services import Services
from integrations.limiter import ValkeyLimiter
from integrations.valkey import ValkeyCache, connect
from tests.support import scratch, servers
from tests.support.servers import TestServers

scratch.use_memory()

# An example that takes long on a busy machine says nothing about the code.
hypothesis_settings.register_profile("patient", deadline=None)
hypothesis_settings.load_profile("patient")
_running: list[TestServers] = []


def pytest_sessionstart(session: pytest.Session) -> None:
    """Start the servers in the process that leads, before it makes workers."""
    if not hasattr(session.config, "workerinput") and not session.config.option.collectonly:
        _running.append(TestServers())
        _running[0].start()


def pytest_sessionfinish() -> None:
    """Stop them when all workers have ended."""
    for started in _running:
        started.stop()


@pytest.fixture
def anyio_backend() -> str:
    """asyncio, which is what the servers run on."""
    return "asyncio"


@pytest.fixture(scope="session")
def data() -> Path:
    """Real catalogues, where they are."""
    folder = Path(os.environ.get("STREAMING_STACK_TEST_DATA", "../shared/data"))
    if not folder.is_dir():
        pytest.skip("the real catalogues are not here: set STREAMING_STACK_TEST_DATA")
    return folder


@pytest.fixture
async def database_url() -> AsyncIterator[str]:
    """An empty, migrated database of the test's own."""
    url = await servers.clone()
    yield url
    await servers.drop(url)


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    """The same, open."""
    opened = open_database(database_url, application="tests")
    yield opened
    await opened.engine.dispose()


@pytest.fixture
async def demo_database() -> AsyncIterator[Database]:
    """A database of the test's own with the demo catalogue and accounts."""
    url = await servers.clone(servers.DEMO)
    opened = open_database(url, application="tests")
    yield opened
    await opened.engine.dispose()
    await servers.drop(url)


@pytest.fixture
def valkey_url(worker_id: str) -> str:
    """A numbered database of Valkey for each worker."""
    number = 0 if worker_id == "master" else int(worker_id.removeprefix("gw")) + 1
    return os.environ[servers.VALKEY].partition("?")[0] + f"?db={number}"


@pytest.fixture
async def valkey(valkey_url: str) -> AsyncIterator[Redis]:
    """An empty Valkey."""
    client = connect(valkey_url)
    await client.flushdb()
    yield client
    await client.aclose()


@pytest.fixture
def cache(valkey: Redis) -> ValkeyCache:
    """The cache on it."""
    return ValkeyCache(valkey)


@pytest.fixture
def limiter(valkey: Redis) -> ValkeyLimiter:
    """The limiter on it."""
    return ValkeyLimiter(valkey)


@pytest.fixture
def services(database: Database, valkey: Redis) -> Services:
    """The services on an empty database."""
    return make_services(database, valkey, Settings(_env_file=None))


@pytest.fixture
def demo_services(demo_database: Database, valkey: Redis) -> Services:
    """The services on the demo."""
    return make_services(demo_database, valkey, Settings(_env_file=None))


@pytest.fixture
async def client(demo_services: Services) -> AsyncIterator[httpx.AsyncClient]:
    """A stranger's browser or program in front of the whole application, on the demo."""
    from app.asgi import create_app

    app = create_app(Settings(_env_file=None), demo_services)
    transport = httpx.ASGITransport(app, client=("127.0.0.1", 50000))
    async with httpx.AsyncClient(transport=transport, base_url="http://testserver") as opened:
        yield opened
