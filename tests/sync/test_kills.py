"""Real workers, a stand-in over sockets, and kill -9 at moments that a seed draws."""

from collections.abc import AsyncIterator

import pytest
from redis.asyncio import Redis

from domain.db import Database
from simulators.app import create_app
from simulators.samples import sample_world
from simulators.server import running
from tests.sync.killing import Killing

pytestmark = pytest.mark.anyio

SEED, KILLS, DAYS = 20_261_121, 10, 3


@pytest.fixture
async def killing(
    database: Database, database_url: str, valkey: Redis, valkey_url: str
) -> AsyncIterator[Killing]:
    """Two hundred titles on nine services, and nobody at work yet."""
    world = sample_world(SEED, titles=200)
    with running(create_app(world, seed=SEED)) as url:
        killing = Killing(database, database_url, valkey_url, url, SEED)
        await killing.lay(world)
        try:
            yield killing
        finally:
            killing.dismiss()


async def test_killed_at_any_moment_the_sync_ends_with_what_is_true_and_tells_it_once(
    killing: Killing,
) -> None:
    for day in range(DAYS):
        left = KILLS - killing.kills
        await killing.live_through(kills=-(-left // (DAYS - day)))
        await killing.advance(days=6)
    assert killing.kills >= KILLS - DAYS
