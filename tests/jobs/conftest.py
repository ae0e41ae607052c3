"""A database, a Valkey and services for all tests of a module that ask for `shared`."""

import os
from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest
from redis.asyncio import Redis

from app.database import open_database
from app.deps import make_services
from app.settings import Settings
from domain.db import Database
from domain.services import Services
from integrations.valkey import connect
from tests.jobs import stage
from tests.support import servers


@dataclass(frozen=True)
class Shared:
    """Both servers, with a table of traces; where they are."""

    database: Database
    valkey: Redis
    services: Services
    database_url: str
    valkey_url: str


@pytest.fixture(scope="module")
def numbered_url(worker_id: str) -> str:
    """As `valkey_url`, for a module."""
    number = 0 if worker_id == "master" else int(worker_id.removeprefix("gw")) + 1
    return os.environ[servers.VALKEY].partition("?")[0] + f"?db={number}"


@pytest.fixture(scope="module")
async def shared_servers(numbered_url: str) -> AsyncIterator[Shared]:
    """For modules whose `anyio_backend` is one for the module, too."""
    url = await servers.clone()
    database = open_database(url, application="tests")
    await stage.lay(database)
    valkey = connect(numbered_url)
    services = make_services(database, valkey, Settings(_env_file=None))  # type: ignore[call-arg]
    yield Shared(services.database, valkey, services, url, numbered_url)
    await valkey.aclose()
    await database.engine.dispose()
    await servers.drop(url)


@pytest.fixture
async def shared(shared_servers: Shared) -> Shared:
    """The same, without a job and with an empty queue."""
    await shared_servers.valkey.flushdb()
    await stage.empty(shared_servers.database)
    return shared_servers
