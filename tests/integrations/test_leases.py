"""A lease is one's alone, as long as its time is not over, and whatever others do."""

import asyncio

import pytest
from redis.asyncio import Redis

from integrations.leases import ValkeyLeases
from integrations.valkey import connect

pytestmark = pytest.mark.anyio


@pytest.fixture
def leases(valkey: Redis) -> ValkeyLeases:
    return ValkeyLeases(valkey)


async def test_of_many_who_want_it_one_has_it(leases: ValkeyLeases):
    proofs = await asyncio.gather(*(leases.take("line", 60) for _ in range(50)))
    assert len([each for each in proofs if each]) == 1
    assert await leases.take("another", 60)


async def test_who_dies_at_it_makes_room_when_the_time_is_over(leases: ValkeyLeases):
    assert await leases.take("line", 0.3)
    assert await leases.take("line", 60) is None
    for _ in range(200):
        if await leases.take("line", 60):
            return
        await asyncio.sleep(0.05)
    pytest.fail("it is never free again")


async def test_renewing_gives_more_time_to_whom_it_is(leases: ValkeyLeases, valkey: Redis):
    proof = await leases.take("line", 20)
    assert proof
    assert not await leases.renew("line", "another's proof", 500)
    assert await valkey.pttl("lease:line") <= 20_000
    assert await leases.renew("line", proof, 500)
    assert await valkey.pttl("lease:line") > 400_000


async def test_what_was_lost_can_neither_be_renewed_nor_taken_from_the_next(leases: ValkeyLeases):
    first = await leases.take("line", 0.05)
    assert first
    await asyncio.sleep(0.1)
    assert not await leases.renew("line", first, 60)
    second = await leases.take("line", 60)
    assert second
    assert second != first
    assert not await leases.renew("line", first, 60)
    await leases.release("line", first)
    assert await leases.renew("line", second, 60), "the first one's release is nothing to it"
    await leases.release("line", second)
    assert await leases.take("line", 60)


async def test_a_valkey_that_lost_everything_has_given_it_to_nobody(
    leases: ValkeyLeases, valkey: Redis
):
    proof = await leases.take("line", 60)
    assert proof
    await valkey.flushdb()
    assert not await leases.renew("line", proof, 60)
    assert await leases.take("line", 60)


async def test_another_kind_of_value_is_somebody_elses_lease(leases: ValkeyLeases, valkey: Redis):
    await valkey.rpush("lease:line", "x")  # type: ignore[misc]
    assert await leases.take("line", 60) is None
    assert not await leases.renew("line", "x", 60)
    await leases.release("line", "x")
    assert await leases.take("another", 60), "and no reason to leave Valkey alone"


async def test_without_valkey_nobody_has_one():
    client = connect("redis://127.0.0.1:1")
    leases = ValkeyLeases(client)
    assert await leases.take("line", 60) is None
    assert not await leases.renew("line", "x", 60)
    await leases.release("line", "x")
    await client.aclose()
