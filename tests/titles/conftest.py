"""The stand-ins on a socket and a database for each file, as the tests of Trakt have them."""

from collections.abc import AsyncIterator

import pytest
from redis.asyncio import Redis

from app.deps import make_services
from app.settings import Settings
from app.upstreams import open_upstreams
from domain.db import Database
from domain.services import Services
from tests.trakt.conftest import _base, database, stand_in, trakt_url, world  # noqa: F401
from tests.trakt.people import StandIn


@pytest.fixture
async def services(
    database: Database,  # noqa: F811
    valkey: Redis,
    stand_in: StandIn,  # noqa: F811
) -> AsyncIterator[Services]:
    """The services of an instance with a TMDB token, whose TMDB is the stand-in."""
    settings = Settings(
        _env_file=None,  # type: ignore[call-arg]
        tmdb_token="a-token",  # type: ignore[arg-type]
        tmdb_url=f"{stand_in.base}/tmdb/3",
    )
    async with open_upstreams(settings) as upstreams:
        yield make_services(database, valkey, settings, upstreams)
