"""A pace is kept to the request, whoever waits is served in turn, and who leaves takes nothing."""

import asyncio

import pytest

from integrations.upstreams.bucket import Bucket

pytestmark = pytest.mark.anyio


class Clock:
    """A clock that runs only while somebody sleeps."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(0)
        self.now += seconds


def bucket(clock: Clock, per_second: float | None, burst: float = 1) -> Bucket:
    return Bucket(per_second, burst=burst, clock=clock, sleep=clock.sleep)


async def taken(bucket: Bucket, clock: Clock, times: int) -> list[float]:
    moments: list[float] = []

    async def take() -> None:
        await bucket.take()
        moments.append(round(clock.now - 100, 6))

    await asyncio.gather(*(take() for _ in range(times)))
    return moments


async def test_two_a_second_are_two_a_second():
    clock = Clock()
    assert await taken(bucket(clock, 2), clock, 5) == [0, 0.5, 1, 1.5, 2]


async def test_what_was_not_used_is_kept_up_to_the_burst():
    clock = Clock()
    filled = bucket(clock, 1, burst=3)
    assert await taken(filled, clock, 4) == [0, 0, 0, 1]
    clock.now += 60
    assert await taken(filled, clock, 4) == [61, 61, 61, 62]


async def test_without_a_pace_nobody_waits():
    clock = Clock()
    assert await taken(bucket(clock, None), clock, 50) == [0] * 50


async def test_a_pause_holds_everybody_even_without_a_pace():
    clock = Clock()
    paused = bucket(clock, None)
    paused.pause(7)
    assert await taken(paused, clock, 3) == [7, 7, 7]


async def test_who_came_first_is_served_first():
    clock = Clock()
    slow, order = bucket(clock, 10), []

    async def take(name: int) -> None:
        await slow.take()
        order.append(name)

    tasks = []
    for name in range(20):
        tasks.append(asyncio.create_task(take(name)))
        await asyncio.sleep(0)
    await asyncio.gather(*tasks)
    assert order == list(range(20))


async def test_those_who_leave_while_they_wait_leave_no_gap():
    clock = Clock()
    slow = bucket(clock, 1)
    await slow.take()
    waiting = [asyncio.create_task(slow.take()) for _ in range(100)]
    await asyncio.sleep(0)
    for each in waiting:
        each.cancel()
    await asyncio.gather(*waiting, return_exceptions=True)
    assert (await taken(slow, clock, 1))[0] <= 1


@pytest.mark.parametrize("pace", [0, -1])
def test_a_pace_of_nothing_is_refused(pace: float):
    with pytest.raises(ValueError, match="above 0"):
        Bucket(pace)
