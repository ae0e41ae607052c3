"""Names wait in their order, in bounds, and a worker hears of each of them."""

import asyncio
from typing import Any

import orjson
import pytest
from arq import Worker
from arq.constants import default_queue_name, job_key_prefix
from arq.worker import func
from redis.asyncio import Redis

from integrations import backlog as module
from integrations.backlog import ValkeyBacklog
from integrations.valkey import connect
from jobs.worker import connect as connect_worker

pytestmark = [
    pytest.mark.anyio,
    # ARQ still calls `close` where redis-py wants `aclose`.
    pytest.mark.filterwarnings("ignore:Call to deprecated close:DeprecationWarning"),
]


@pytest.fixture
def backlog(valkey: Redis) -> ValkeyBacklog:
    return ValkeyBacklog(valkey)


async def test_names_come_out_once_in_their_order(backlog: ValkeyBacklog):
    names = ["a", "b c", "d"]
    for name in names:
        await backlog.push(name)
    assert await backlog.size() == 3
    assert [await backlog.pop() for _ in range(4)] == [*names, None]
    assert await backlog.size() == 0


async def test_it_keeps_the_newest_and_no_ticket_of_the_others(
    backlog: ValkeyBacklog, valkey: Redis, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(module, "_MOST", 5)
    for number in range(20):
        await backlog.push(str(number))
    assert await valkey.zcard(default_queue_name) == 5
    assert len(await valkey.keys(job_key_prefix + "*")) == 5
    assert [await backlog.pop() for _ in range(6)] == ["15", "16", "17", "18", "19", None]


async def test_what_nobody_comes_for_is_forgotten(backlog: ValkeyBacklog, valkey: Redis):
    await backlog.push("a")
    assert 500 < await valkey.ttl("backlog:write_lines") <= 600


async def test_a_worker_is_called_with_each_name_even_with_one_that_it_is_just_at(
    backlog: ValkeyBacklog, valkey_url: str
):
    called: list[str] = []

    async def write_lines(ctx: dict[str, Any], name: str) -> None:
        called.append(name)
        if len(called) == 1:
            await backlog.push(name)

    redis = connect_worker(valkey_url)
    worker = Worker(
        functions=[func(write_lines, name="write_lines")],
        redis_pool=redis,
        burst=True,
        handle_signals=False,
        poll_delay=0.02,
        keep_result=0,
        job_serializer=orjson.dumps,
        job_deserializer=orjson.loads,
    )
    for name in ("a", "b"):
        await backlog.push(name)
    async with asyncio.timeout(20):
        await worker.async_run()
    await worker.close()
    await redis.aclose()
    assert sorted(called) == ["a", "a", "b"]


async def test_without_valkey_nobody_waits_and_nothing_is_raised():
    client = connect("redis://127.0.0.1:1")
    backlog = ValkeyBacklog(client)
    await backlog.push("a")
    assert await backlog.pop() is None
    assert await backlog.size() == 0
    await client.aclose()
