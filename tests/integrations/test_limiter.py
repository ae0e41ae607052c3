"""Ten a minute: in any sixty seconds, in both limiters, and told truly when to come back."""

import asyncio
from collections.abc import Callable

import pytest
from redis.asyncio import Redis

from domain.ports import Limiter
from integrations.limiter import LocalLimiter, ValkeyLimiter
from integrations.valkey import connect

pytestmark = pytest.mark.anyio


@pytest.fixture(params=["here", "valkey"])
def any_limiter(request: pytest.FixtureRequest) -> Limiter:
    make: Callable[[], Limiter] = {
        "here": LocalLimiter,
        "valkey": lambda: request.getfixturevalue("limiter"),
    }[request.param]
    return make()


async def test_the_eleventh_is_refused_however_many_ask_at_once(any_limiter: Limiter):
    answers = await asyncio.gather(*(any_limiter.take("k", 10) for _ in range(30)))
    assert sum(each.allowed for each in answers) == 10
    assert sorted(each.remaining for each in answers if each.allowed) == list(range(10))
    assert all(0 < each.reset_s <= 60 for each in answers)


async def test_looking_counts_nothing(any_limiter: Limiter):
    for _ in range(20):
        assert (await any_limiter.peek("k", 1)).allowed
    assert (await any_limiter.take("k", 1)).allowed
    assert not (await any_limiter.peek("k", 1)).allowed


async def test_whoever_waits_as_told_is_let_in(any_limiter: Limiter):
    for _ in range(3):
        assert (await any_limiter.take("k", 3, 0.4)).allowed
    refused = await any_limiter.take("k", 3, 0.4)
    assert not refused.allowed
    await asyncio.sleep(refused.reset_s + 0.01)
    assert (await any_limiter.take("k", 3, 0.4)).allowed


async def test_keys_do_not_share(any_limiter: Limiter):
    assert (await any_limiter.take("a", 1)).allowed
    assert (await any_limiter.take("b", 1)).allowed
    assert not (await any_limiter.take("a", 1)).allowed


async def test_memory_here_is_bounded():
    limiter = LocalLimiter()
    for number in range(50_100):
        await limiter.take(f"key {number}", 1)
    assert len(limiter._moments) == 50_000


async def test_a_refused_caller_adds_nothing_in_valkey(valkey: Redis, limiter: ValkeyLimiter):
    for _ in range(50):
        await limiter.take("k", 5)
    assert await valkey.llen("limit:k") == 5
    assert 0 < await valkey.pttl("limit:k") <= 60_000


async def test_without_valkey_each_process_counts_for_itself():
    client = connect("redis://127.0.0.1:1")
    limiter = ValkeyLimiter(client)
    answers = [await limiter.take("k", 3) for _ in range(5)]
    assert [each.allowed for each in answers] == [True] * 3 + [False] * 2
    assert limiter.fallbacks == 5
    await client.aclose()
