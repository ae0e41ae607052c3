"""The breaker opens after failures in a row, rests longer each time, and lets one in to look."""

import pytest

from integrations.upstreams.breaker import Breaker


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def breaker(clock: Clock) -> Breaker:
    return Breaker(failures=3, rest_s=10, longest_rest_s=35, clock=clock)


def fail(breaker: Breaker, times: int = 1) -> None:
    for _ in range(times):
        assert breaker.enter() is None
        breaker.failed()


def test_failures_in_a_row_open_it(breaker: Breaker, clock: Clock):
    fail(breaker, 3)
    assert breaker.open
    clock.now = 4
    assert breaker.enter() == 6


def test_an_answer_between_failures_keeps_it_closed(breaker: Breaker):
    for _ in range(5):
        fail(breaker, 2)
        breaker.succeeded()
    assert not breaker.open


def test_one_is_let_in_to_find_out(breaker: Breaker, clock: Clock):
    fail(breaker, 3)
    clock.now = 10
    assert not breaker.open
    assert breaker.enter() is None
    assert breaker.open
    assert breaker.enter() == 1
    breaker.succeeded()
    assert [breaker.enter() for _ in range(3)] == [None] * 3


def test_each_failed_probe_makes_the_rest_longer_up_to_the_longest(breaker: Breaker, clock: Clock):
    fail(breaker, 3)
    rests: list[float | None] = []
    for _ in range(4):
        rests.append(breaker.enter())
        clock.now += rests[-1] or 0
        fail(breaker)
    assert rests == [10, 20, 35, 35]


def test_a_probe_that_was_given_up_leaves_the_place_free(breaker: Breaker, clock: Clock):
    fail(breaker, 3)
    clock.now = 10
    assert breaker.enter() is None
    breaker.left()
    assert breaker.enter() is None


def test_late_failures_of_those_let_in_before_change_nothing(breaker: Breaker):
    for _ in range(6):
        assert breaker.enter() is None
    for _ in range(6):
        breaker.failed()
    assert breaker.enter() == 10
