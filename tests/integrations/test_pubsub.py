"""Wake-ups through a Valkey that is killed, frozen, flushed, restarted, or not there at first."""

import asyncio
import os
import signal
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from redis.asyncio import Redis

from app.embedded import Valkey
from integrations import pubsub
from integrations.pubsub import ValkeyWakeups
from integrations.valkey import connect

pytestmark = pytest.mark.anyio


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Valkey]:
    """A Valkey of the test's own."""
    with Valkey(tmp_path / "valkey", durable=False) as running:
        yield running


@asynccontextmanager
async def listening(url: str) -> AsyncIterator[ValkeyWakeups]:
    client = connect(url)
    wakeups = ValkeyWakeups(client)
    await wakeups.start()
    try:
        yield wakeups
    finally:
        await wakeups.stop()
        await client.aclose()


async def hears(wakeups: ValkeyWakeups, other: ValkeyWakeups, seconds: float = 10) -> bool:
    """Whether one hears the other's ring, sooner or later."""
    deadline = time.monotonic() + seconds
    while await wakeups.wait(0.05):
        pass  # what rang before
    while time.monotonic() < deadline:
        await other.ring()
        if await wakeups.wait(0.1):
            return True
    return False


def kill(server: Valkey) -> None:
    assert server.pid is not None
    os.kill(server.pid, signal.SIGKILL)
    while server.alive:
        pass


async def test_a_ring_wakes_another_process_and_itself(server: Valkey):
    async with listening(server.url) as one, listening(server.url) as two:
        assert await hears(one, two)
        while await one.wait(0.05) or await two.wait(0.05):
            pass
        await one.ring()
        assert await one.wait(1)
        assert await two.wait(1)
        assert not await one.wait(0.05)


async def test_many_rings_that_nobody_waits_for_are_one(server: Valkey):
    async with listening(server.url) as one, listening(server.url) as two:
        assert await hears(one, two)
        for _ in range(500):
            await two.ring()
        await asyncio.sleep(0.2)
        assert await one.wait(0)
        assert not await one.wait(0.05)
        assert len(one._backend._rung) == 0


async def test_it_hears_again_after_the_server_was_killed_and_it_wakes_then(server: Valkey):
    async with listening(server.url) as one, listening(server.url) as two:
        assert await hears(one, two)
        for _ in range(2):
            kill(server)
            await asyncio.sleep(0.3)
            while await one.wait(0):
                pass
            server.start()
            assert await one.wait(10), "what happened while it was deaf"
            assert await hears(one, two)
            assert await hears(two, one)


async def test_the_server_need_not_be_there_at_first(server: Valkey):
    url = server.url
    kill(server)
    async with listening(url) as one, listening(url) as two:
        await one.ring()
        assert await one.wait(0), "alone it is instant all the same"
        server.start()
        assert await hears(one, two)


async def test_losing_everything_and_every_connection_costs_nothing(server: Valkey):
    admin = connect(server.url)
    async with listening(server.url) as one, listening(server.url) as two:
        assert await hears(one, two)
        await admin.flushall()
        assert await hears(one, two)
        await admin.execute_command("CLIENT", "KILL", "TYPE", "pubsub")
        assert await hears(one, two)
        assert await hears(two, one)
    await admin.aclose()


async def test_a_frozen_server_costs_a_ring_a_quarter_second_once_and_is_left(
    server: Valkey, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(pubsub, "_SILENCE_S", 0.3)
    async with listening(server.url) as one, listening(server.url) as two:
        assert await hears(one, two)
        assert server.pid is not None
        os.kill(server.pid, signal.SIGSTOP)
        try:
            await asyncio.sleep(1)
            assert not one._backend.hears, "it noticed"
            begun = time.monotonic()
            for _ in range(20):
                await one.ring()
            assert time.monotonic() - begun < 0.5
            assert await one.wait(0)
        finally:
            os.kill(server.pid, signal.SIGCONT)
        assert await hears(one, two)


async def test_numbered_databases_do_not_wake_each_other(server: Valkey):
    second = server.url.replace("db=0", "db=1")
    async with listening(server.url) as one, listening(second) as two, listening(second) as three:
        assert await hears(two, three)
        assert not await hears(one, two, 0.5)


async def test_listening_costs_one_connection_and_leaves_none(server: Valkey):
    admin = connect(server.url)

    async def listeners(admin: Redis) -> int:
        clients = await admin.client_list()
        return len([each for each in clients if each["sub"] != "0"])

    async with listening(server.url) as one:
        assert await hears(one, one)
        assert await listeners(admin) == 1
    await asyncio.sleep(0.1)
    assert await listeners(admin) == 0
    await admin.aclose()
