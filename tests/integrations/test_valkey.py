"""A cache may forget and may be away; it may not make anybody wait, and never raises."""

import asyncio
import time
from collections.abc import AsyncIterator

import pytest
from redis.asyncio import Redis

from integrations.limiter import ValkeyLimiter
from integrations.valkey import Breaker, ValkeyCache, connect

pytestmark = pytest.mark.anyio


@pytest.fixture
async def silent() -> AsyncIterator[Redis]:
    """A client of a server that takes connections and never says a word."""
    held: list[asyncio.StreamWriter] = []

    async def hold(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        held.append(writer)
        await asyncio.sleep(60)

    server = await asyncio.start_server(hold, "127.0.0.1", 0)
    client = connect(f"redis://127.0.0.1:{server.sockets[0].getsockname()[1]}")
    yield client
    await client.aclose()
    server.close()
    for writer in held:
        writer.close()


async def test_a_server_that_hangs_costs_a_moment_once(silent: Redis):
    breaker = Breaker()
    cache, limiter = ValkeyCache(silent, breaker), ValkeyLimiter(silent, breaker)
    began = time.monotonic()
    assert await cache.get("key") is None
    assert time.monotonic() - began < 5
    began = time.monotonic()
    assert await cache.get("key") is None
    await cache.put("key", b"value", 5)
    assert (await limiter.take("key", 1)).allowed
    assert not (await limiter.take("key", 1)).allowed
    assert time.monotonic() - began < 0.5


async def test_what_is_kept_is_found_until_its_time_is_over(cache: ValkeyCache):
    await cache.put("key", b"\x00\xff", 0.2)
    assert await cache.get("key") == b"\x00\xff"
    await asyncio.sleep(0.3)
    assert await cache.get("key") is None


async def test_what_is_dropped_is_gone_and_dropping_nothing_is_fine(cache: ValkeyCache):
    await cache.put("key", b"value", 60)
    await cache.drop("key", "another")
    await cache.drop()
    assert await cache.get("key") is None


async def test_a_task_that_is_told_to_end_ends_wherever_it_is(cache: ValkeyCache):
    async def ask_for_ever() -> None:
        while True:
            await cache.get("key")

    await cache.get("key")
    for steps in range(60):
        asking = asyncio.create_task(ask_for_ever())
        for _ in range(steps):
            await asyncio.sleep(0)
        asking.cancel()
        ended, _ = await asyncio.wait({asking}, timeout=10)
        assert ended, f"it went on after {steps} steps"


async def test_a_server_that_takes_nothing_more_costs_a_moment(silent: Redis):
    began = time.monotonic()
    await ValkeyCache(silent).put("key", b"x" * 50_000_000, 60)
    assert time.monotonic() - began < 10
