"""One ring wakes all who wait, in every process; listening costs one connection, and only then."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from redis.asyncio import Redis

from app.embedded import Valkey
from integrations.chime import ValkeyChime
from integrations.valkey import connect

pytestmark = pytest.mark.anyio
LONG_S = 20.0


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Valkey]:
    """A Valkey of the tests' own."""
    with Valkey(tmp_path_factory.mktemp("valkey"), durable=False) as running:
        yield running


@asynccontextmanager
async def chime(url: str) -> AsyncIterator[ValkeyChime]:
    client = connect(url)
    opened = ValkeyChime(client)
    try:
        yield opened
    finally:
        await opened.stop()
        await client.aclose()


async def listening(one: ValkeyChime, other: ValkeyChime) -> None:
    """Wait until one hears the other, and until it has heard all of that."""
    async with asyncio.timeout(LONG_S):
        while True:
            waiting = asyncio.create_task(one.heard(0.2))
            await asyncio.sleep(0)
            await other.ring()
            if await waiting and await hears(one):
                break
    while await one.heard(0.1):
        pass


async def hears(one: ValkeyChime) -> bool:
    return one._wakeups._backend.hears


async def soon(ask: Callable[[], Awaitable[int]]) -> int:
    """What is said in the end: nothing, unless that takes too long."""
    for _ in range(int(LONG_S / 0.02)):
        if not await ask():
            break
        await asyncio.sleep(0.02)
    return await ask()


async def listeners(admin: Redis) -> int:
    return len([each for each in await admin.client_list() if each["sub"] != "0"])


async def test_one_ring_wakes_all_who_wait_in_both_processes(server: Valkey):
    async with chime(server.url) as one, chime(server.url) as two:
        await listening(one, two)
        await listening(two, one)
        waiting = [asyncio.create_task(each.heard(LONG_S)) for each in [one, two] * 10]
        await asyncio.sleep(0)
        await one.ring()
        assert all(await asyncio.gather(*waiting))
        assert not await one.heard(0.05), "it was one ring"


async def test_the_first_who_waits_makes_it_listen_and_one_connection_does_for_all(server: Valkey):
    admin = connect(server.url)
    async with chime(server.url) as one, chime(server.url) as two:
        for _ in range(3):
            await two.ring()
        assert await listeners(admin) == 0
        await listening(one, two)
        waiting = [asyncio.create_task(one.heard(LONG_S)) for _ in range(20)]
        await asyncio.sleep(0)
        assert await listeners(admin) == 1
        await two.ring()
        assert all(await asyncio.gather(*waiting))
    assert await soon(lambda: listeners(admin)) == 0
    await admin.aclose()


async def test_who_waits_too_long_is_told_so(server: Valkey):
    async with chime(server.url) as one:
        await listening(one, one)
        assert not await one.heard(0.05)
        assert not await one.heard(0)


async def test_after_its_end_nobody_listens_and_who_waits_still_does_so_in_peace(server: Valkey):
    admin = connect(server.url)
    async with chime(server.url) as one:
        await listening(one, one)
        waiting = asyncio.create_task(one.heard(0.2))
        await asyncio.sleep(0)
        await one.stop()
        assert not await waiting
        assert not await one.heard(0.05)
        assert await listeners(admin) == 0
    await admin.aclose()


async def test_where_valkey_is_away_a_ring_is_heard_in_this_process(tmp_path: Path):
    with Valkey(tmp_path / "valkey", durable=False) as server:
        async with chime(server.url) as one, chime(server.url) as two:
            await listening(one, two)
            assert server.pid is not None
            os.kill(server.pid, signal.SIGKILL)
            assert not await soon(lambda: hears(one))
            waiting = [asyncio.create_task(one.heard(LONG_S)) for _ in range(3)]
            await asyncio.sleep(0)
            await one.ring()
            assert all(await asyncio.gather(*waiting))
            server.start()
            assert await one.heard(LONG_S), "what happened while it was deaf"
            await listening(one, two)
