"""When a job may be taken up, how long it waits, when it is given up; and who waits at the gate."""

import asyncio
from contextlib import AsyncExitStack
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.jobs import rules
from domain.jobs.values import DONE, QUARANTINED, RUNNING, WAITING, Standing
from jobs.gate import Gate, NoTurn
from jobs.run_job import Pace

NOW = datetime(2026, 11, 21, 2, 0, tzinfo=UTC)
A_MOMENT = timedelta(microseconds=1)
DRAWS = st.floats(0, 1, exclude_max=True)


def test_what_waits_is_free_from_when_it_is_due() -> None:
    assert rules.deaths_when_taken(Standing(WAITING, NOW, deaths=1), NOW) == 1
    assert rules.deaths_when_taken(Standing(WAITING, NOW + A_MOMENT), NOW) is None


def test_what_runs_is_free_when_its_lease_is_over_and_that_is_a_death() -> None:
    over = Standing(RUNNING, NOW, deaths=1, lease_until=NOW)
    alive = Standing(RUNNING, NOW, deaths=1, lease_until=NOW + A_MOMENT)
    assert rules.deaths_when_taken(over, NOW) == 2
    assert rules.deaths_when_taken(alive, NOW) is None


@pytest.mark.parametrize("state", [DONE, QUARANTINED])
def test_what_has_ended_is_never_free(state: str) -> None:
    assert rules.deaths_when_taken(Standing(state, NOW), NOW + timedelta(days=99)) is None


@given(st.integers(1, rules.MOST_FAILURES - 1), DRAWS)
def test_waits_double_and_are_spread_over_their_second_half(failures: int, draw: float) -> None:
    wait = rules.wait_after(failures, draw)
    full = rules.FIRST_WAIT * 2 ** (failures - 1)
    assert wait is not None
    assert full / 2 <= wait <= min(full, rules.LONGEST_WAIT)


@given(st.integers(rules.MOST_FAILURES, 10_000), DRAWS)
def test_after_the_fifth_failure_nothing_is_tried(failures: int, draw: float) -> None:
    assert rules.wait_after(failures, draw) is None


def test_a_heartbeat_may_be_missed_and_an_attempt_ends_before_arq_ends_it() -> None:
    pace = Pace()
    assert 2 * pace.heartbeat_s < pace.lease.total_seconds() <= 15
    assert pace.turn_s + pace.patience_s < 60


@pytest.mark.anyio
async def test_at_the_gate_a_loner_waits_for_all_and_those_after_it_wait_for_it() -> None:
    gate, order, patience = Gate(), list[str](), 5.0

    async def go(name: str, alone: bool, seconds: float) -> None:
        async with gate.passing(alone=alone, patience_s=patience):
            order.append(f"{name} in")
            await asyncio.sleep(seconds)
            order.append(f"{name} out")

    async with asyncio.TaskGroup() as group:
        for name, alone in (("a", False), ("b", False), ("loner", True), ("c", False)):
            group.create_task(go(name, alone, 0.02))
            await asyncio.sleep(0)
    assert order[:2] == ["a in", "b in"]
    assert sorted(order[2:4]) == ["a out", "b out"]
    assert order[4:] == ["loner in", "loner out", "c in", "c out"]


@pytest.mark.anyio
async def test_at_the_gate_patience_ends_and_leaves_no_trace() -> None:
    gate = Gate()
    async with AsyncExitStack() as inside:
        await inside.enter_async_context(gate.passing(alone=False, patience_s=1))
        with pytest.raises(NoTurn):
            async with gate.passing(alone=True, patience_s=0.01):
                raise AssertionError("somebody is inside")
        async with gate.passing(alone=False, patience_s=0.01):
            pass
    async with gate.passing(alone=True, patience_s=0.01):
        with pytest.raises(NoTurn):
            async with gate.passing(alone=False, patience_s=0.01):
                raise AssertionError("a loner is inside")
