"""The ledger beside a model of it: the same calls, in any order, by whoever had a claim once."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from domain.db import Database
from domain.jobs import ledger
from domain.jobs.errors import LeaseLost
from domain.jobs.rules import LEASE
from domain.jobs.values import Claim
from tests.jobs.conftest import Shared
from tests.jobs.stage import empty, plan, row

pytestmark = pytest.mark.anyio

NOW = datetime(2026, 11, 21, 2, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def anyio_backend() -> str:
    """One loop for all of them, as the database's connections need."""
    return "asyncio"


@pytest.fixture
def database(shared: Shared) -> Database:
    """One for all of them, without a job."""
    return shared.database


@dataclass(frozen=True)
class Model:
    """What a job should be after some calls, told in the simplest words."""

    state: str = "waiting"
    free_at: datetime = NOW
    attempt: int = 0
    deaths: int = 0
    failures: int = 0


VERBS = [*3 * ["claim"], "renew", "hold", "got on", "finish", "again", "fail", "hand back"]
STEPS = st.lists(
    st.tuples(
        st.sampled_from(VERBS),
        st.integers(0, 2),  # whose claim: the newest, or one of those before it
        st.sampled_from([0, 0, 1, 14, 15, 60, 7200]),  # seconds that pass before
    ),
    max_size=25,
)


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(steps=STEPS)
async def test_whatever_happens_it_is_as_in_the_model(
    database: Database, monkeypatch: pytest.MonkeyPatch, steps: list[tuple[str, int, int]]
) -> None:
    monkeypatch.setattr("random.random", lambda: 0.0)
    model, claims, now = Model(), list[Claim](), NOW
    await empty(database)
    job_id = await plan(database, "sync", "model", NOW)
    for verb, age, seconds in steps:
        now += timedelta(seconds=seconds)
        if verb == "claim":
            taken = await ledger.claim(database, job_id, now)
            model = _claimed(model, now)
            free = model.state == "running" and model.attempt > len(claims)
            assert (taken is not None) == free
            if taken:
                assert (taken.attempt, taken.deaths) == (model.attempt, model.deaths)
                claims.append(taken)
        elif age < len(claims):
            claim = claims[-1 - age]
            ours = model.state == "running" and claim.attempt == model.attempt
            assert await _write(database, verb, claim, now) == ours
            if ours:
                model = _written(model, verb, now)
        found = await row(database, job_id)
        told = Model(found.state, model.free_at, found.attempt, found.deaths, found.failures)
        assert told == model
        if model.state in {"waiting", "running"}:
            expected = [(job_id, model.attempt)] if model.free_at <= now else []
            assert await _due(database, now) == expected
        else:
            assert await _due(database, now + timedelta(days=9)) == []


def _claimed(model: Model, now: datetime) -> Model:
    if model.state not in {"waiting", "running"} or model.free_at > now:
        return model
    deaths = model.deaths + (model.state == "running")
    if deaths == 3:
        return replace(model, state="quarantined", deaths=3)
    return replace(
        model, state="running", deaths=deaths, attempt=model.attempt + 1, free_at=now + LEASE
    )


def _written(model: Model, verb: str, now: datetime) -> Model:
    if verb == "renew":
        return replace(model, free_at=now + LEASE)
    if verb == "hold":
        return model
    if verb == "got on":
        return replace(model, deaths=0, failures=0)
    if verb == "finish":
        return replace(model, state="done", deaths=0, failures=0)
    if verb == "again":
        return replace(model, state="waiting", free_at=now, deaths=0, failures=0)
    if verb == "hand back":
        return replace(model, state="waiting", free_at=now)
    failures = model.failures + 1
    wait = timedelta(seconds=15 * 2 ** (failures - 1))
    state = "quarantined" if failures == 5 else "waiting"
    return replace(model, state=state, failures=failures, free_at=now + wait)


async def _write(database: Database, verb: str, claim: Claim, now: datetime) -> bool:
    """Whether it was taken."""
    try:
        if verb == "renew":
            return await ledger.renew(database, claim, now)
        if verb == "fail":
            return await ledger.fail(database, claim, "no", now)
        if verb == "hand back":
            return await ledger.hand_back(database, claim, now)
        if verb in {"hold", "got on"}:
            async with database.transaction() as session:
                await ledger.hold(session, claim)
                if verb == "got on":
                    await ledger.got_on(session, claim)
        elif verb == "finish":
            async with database.transaction() as session:
                await ledger.finish(session, claim, {}, now)
        else:
            async with database.transaction() as session:
                await ledger.again(session, claim, None, now)
    except LeaseLost:
        return False
    return True


async def _due(database: Database, now: datetime) -> list[tuple[int, int]]:
    async with database.read() as connection:
        return await ledger.due(connection, now)
