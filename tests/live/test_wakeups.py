"""Valkey only wakes: whatever becomes of it, every event is heard, and without it only later."""

import asyncio
import os
import signal
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack
from dataclasses import replace
from pathlib import Path

import pytest

from app.embedded import Valkey
from domain.db import Database
from integrations.pubsub import ValkeyWakeups
from integrations.valkey import connect
from live.hub import Hub
from tests.live.listening import TITLE, Ears, Words, changed, emit, eventually

pytestmark = pytest.mark.anyio


@pytest.fixture
def valkey_server(tmp_path: Path) -> Iterator[Valkey]:
    """A Valkey of the test's own."""
    with Valkey(tmp_path / "valkey", durable=False) as running:
        yield running


class Process:
    """What one process has: a bell, a hub on it, and somebody who listens."""

    def __init__(self, database: Database, server: Valkey, poll_s: float) -> None:
        self.client = connect(server.url)
        wakeups = ValkeyWakeups(self.client)
        self.database = replace(database, bell=wakeups)
        self.hub = Hub(self.database, wakeups, poll_s=poll_s)
        self.ears = Ears()

    async def __aenter__(self) -> "Process":
        await self.hub.start()
        await self.hub.subscribe(TITLE, None, Words(), self.ears)
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.hub.stop()
        await self.client.aclose()


@pytest.fixture
async def two(database: Database, valkey_server: Valkey) -> AsyncIterator[list[Process]]:
    """Two processes that ask Postgres by themselves only once in ten minutes."""
    async with AsyncExitStack() as stack:
        yield [
            await stack.enter_async_context(Process(database, valkey_server, 600)) for _ in range(2)
        ]


async def test_what_one_process_writes_another_tells_at_once(two: list[Process]):
    await asyncio.sleep(0.3)
    begun = time.monotonic()
    await emit(two[0].database, changed())
    await eventually(lambda: two[1].ears.positions == [1] == two[0].ears.positions)
    assert time.monotonic() - begun < 0.5


async def test_what_happened_while_valkey_was_away_is_told_when_it_is_back(
    two: list[Process], valkey_server: Valkey
):
    one, other = two
    await asyncio.sleep(0.3)
    for _ in range(2):
        before = list(other.ears.positions)
        assert valkey_server.pid is not None
        os.kill(valkey_server.pid, signal.SIGKILL)
        await eventually(lambda: not valkey_server.alive)
        await emit(one.database, changed())
        await _heard(one, len(before) + 1)
        assert other.ears.positions == before
        valkey_server.start()
        await _heard(other, len(before) + 1)
        await asyncio.sleep(1.5)  # the bell leaves a server that failed alone for a second
        await emit(one.database, changed())
        await _heard(other, len(before) + 2)
    await _heard(one, 4)
    assert one.ears.positions == other.ears.positions == [1, 2, 3, 4]


async def _heard(process: Process, count: int) -> None:
    await eventually(lambda: len(process.ears.positions) == count)


async def test_without_valkey_others_find_out_by_asking(database: Database, valkey_server: Valkey):
    one, other = (Process(database, valkey_server, 0.3) for _ in range(2))
    assert valkey_server.pid is not None
    os.kill(valkey_server.pid, signal.SIGKILL)
    async with one, other:
        begun = time.monotonic()
        await emit(one.database, changed())
        await eventually(lambda: one.ears.positions == [1])
        assert time.monotonic() - begun < 0.25
        await eventually(lambda: other.ears.positions == [1])
