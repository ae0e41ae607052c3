"""Places that are kept: not given up for a moment without Valkey, and not a moment too long."""

import asyncio

import pytest
from redis.asyncio import Redis

from domain.why.holds import first_free
from integrations.leases import ValkeyLeases
from integrations.valkey import connect

pytestmark = pytest.mark.anyio


async def test_the_first_free_place_is_taken_and_given_back(valkey: Redis):
    leases = ValkeyLeases(valkey)
    one = await first_free(leases, ["a", "b"], 30)
    two = await first_free(leases, ["a", "b"], 30)
    assert (one and one.name, two and two.name) == ("a", "b")
    assert await first_free(leases, ["a", "b"], 30) is None
    assert one is not None
    await one.release()
    again = await first_free(leases, ["a", "b"], 30)
    assert again is not None
    assert again.name == "a"


async def test_what_valkey_has_forgotten_is_kept_unless_another_was_quicker(valkey: Redis):
    leases = ValkeyLeases(valkey)
    hold = await first_free(leases, ["a"], 30)
    assert hold is not None
    await valkey.flushdb()
    assert await hold.keep()
    assert await first_free(leases, ["a"], 30) is None
    await valkey.flushdb()
    other = await first_free(leases, ["a"], 30)
    assert other is not None
    assert not await hold.keep()
    assert await other.keep()
    await hold.release()
    assert await other.keep()


async def test_without_valkey_a_place_is_kept_for_its_time_and_no_longer(valkey: Redis):
    hold = await first_free(ValkeyLeases(valkey), ["a"], 1.0)
    assert hold is not None
    gone = connect("redis://127.0.0.1:1")
    hold.leases = ValkeyLeases(gone)
    assert await hold.keep()
    await asyncio.sleep(1.1)
    assert not await hold.keep()
    await gone.aclose()
