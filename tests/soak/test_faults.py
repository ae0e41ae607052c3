"""Everything is killed while thirty listen and four write, and nothing is lost, told twice or late.

A tenth of `make soak`, always with the same seed: each fault that the house promises to survive
once. What fails here is looked into with `python -m tests.soak --seed 7`.
"""

import time

import pytest

from tests.soak import report
from tests.soak.run import Plan, soak

pytestmark = [pytest.mark.anyio, pytest.mark.timeout(240)]

FAULTS = (
    "valkey killed",
    "postgres crashed",
    "api killed",
    "valkey flushed",
    "worker frozen",
    "postgres stopped",
    "valkey restarted",
    "followers stop reading",
    "valkey frozen",
)


async def test_every_acknowledged_change_reaches_everybody_once_whatever_is_killed() -> None:
    start = time.monotonic()
    plan = Plan(7, 28, 4, faults=FAULTS, pause_s=0.25, patience=0.4, durable=False)

    outcome = await soak(plan, lambda line: print(f"{time.monotonic() - start:6.1f} s  {line}"))

    print("\n".join(report.lines(outcome)))
    assert outcome.verdict.clean, "\n".join(outcome.verdict.sentences())
    assert [blow.name for blow in outcome.timeline] == [*FAULTS]
    assert all(log.heard for log in outcome.logs)
    assert any(log.returned for log in outcome.logs), "no connection was ever lost"
    print(f"{time.monotonic() - start:.1f} s")
