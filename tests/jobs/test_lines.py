"""Lines in a real worker: told by an order, planned at night, warm in the evening."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from redis.asyncio import Redis
from sqlalchemy import text

from domain.services import Services
from domain.sync.ports import UpstreamAway
from domain.why import keys
from domain.why.values import Source
from jobs import plan_lines as planning
from jobs import warm_writer as warming
from jobs.handlers import HANDLERS
from jobs.worker import connect, make_worker, work
from tests.why.conftest import model, platforms, served, way, writing
from tests.why.stage import QUICK as PACE
from tests.why.stage import Model, ask, eventually, heard, with_pace

pytestmark = [
    pytest.mark.anyio,
    # ARQ still calls `close` where redis-py wants `aclose`.
    pytest.mark.filterwarnings("ignore:Call to deprecated close:DeprecationWarning"),
]
__all__ = ["model", "platforms", "served", "way", "writing"]  # fixtures


class Clock(datetime):
    """A clock that stands."""

    at: datetime

    @classmethod
    def now(cls, tz: Any = None) -> datetime:  # type: ignore[override]
        return cls.at


@asynccontextmanager
async def working(services: Services, url: str) -> AsyncIterator[None]:
    made = make_worker(services, connect(url), handle_signals=False, poll_delay=0.05)
    task = asyncio.create_task(work(made))
    try:
        yield
        assert not task.done(), "the worker has died"
        made.allow_pick_jobs, made.cron_jobs = False, []
        await eventually(lambda: all(each.done() for each in made.tasks.values()))
    finally:
        task.cancel()
        await task


async def test_an_order_wakes_a_worker_that_writes_it(
    writing: Services, model: Model, valkey_url: str, platforms: tuple[int, ...]
):
    async with working(writing, valkey_url):
        answer = await ask(writing, platforms)
        lines = await heard(writing, answer, patience_s=60)
    assert {line.source for line in lines} == {Source.OLLAMA}
    paths = {call["path"] for call in model.calls}
    assert {path.rpartition("/")[2] for path in paths} == {"chat"}


async def test_what_lies_where_a_worker_died_is_found(
    writing: Services, valkey: Redis, valkey_url: str, platforms: tuple[int, ...]
):
    services = with_pace(writing, replace(PACE, grace=60.0, again_first=60.0))
    answer = await ask(services, platforms)
    assert services.whys is not None
    name = await services.whys.backlog.pop()
    assert name == answer.id
    await valkey.delete("arq:queue")
    await valkey.set(keys.hand("why:slot:0"), answer.id)
    async with working(services, valkey_url):
        lines = await heard(services, answer, patience_s=60)
    assert {line.source for line in lines} == {Source.OLLAMA}


async def test_a_worker_without_a_model_knows_nothing_of_lines(services: Services, valkey_url: str):
    worker = make_worker(services, connect(valkey_url), handle_signals=False)
    assert set(worker.functions) >= {"run_job"}
    assert not {"write_lines", "cron:look_after_lines", "cron:plan_lines"} & set(worker.functions)
    await worker.pool.aclose()


async def test_a_line_has_more_time_than_other_jobs(writing: Services, valkey_url: str):
    worker = make_worker(writing, connect(valkey_url), handle_signals=False)
    assert writing.whys is not None
    least_s = writing.whys.pace.turn + writing.whys.line_s
    for name in ("write_lines", "cron:look_after_lines"):
        assert (worker.functions[name].timeout_s or 0) > least_s
    await worker.pool.aclose()


@pytest.mark.parametrize(("hour", "planned"), [(1, 0), (3, 1), (5, 1), (6, 0), (20, 0)])
async def test_lines_are_planned_at_night_alone(
    writing: Services, monkeypatch: pytest.MonkeyPatch, hour: int, planned: int
):
    today = datetime.now(UTC).date()
    Clock.at = datetime(today.year, today.month, today.day, hour, 30 * (hour < 6), tzinfo=UTC)
    monkeypatch.setattr(planning, "datetime", Clock)
    assert await planning.plan_lines({"services": replace(writing, source=None)}) == planned
    async with writing.database.read() as connection:
        rows = (await connection.execute(text("SELECT kind FROM jobs"))).scalars().all()
    assert rows == ["lines"] * planned
    assert set(rows) <= set(HANDLERS)


@pytest.mark.parametrize(("hour", "warm"), [(16, False), (17, True), (22, True), (23, False)])
async def test_the_model_is_loaded_before_the_evening(
    writing: Services, model: Model, monkeypatch: pytest.MonkeyPatch, hour: int, warm: bool
):
    Clock.at = datetime(2026, 11, 21, hour, tzinfo=UTC)
    monkeypatch.setattr(warming, "datetime", Clock)
    assert await warming.warm_writer({"services": writing}) is warm
    loaded = model.http.get("/api/ps").json()["models"]
    assert bool(loaded) is warm


async def test_a_model_that_is_away_or_at_work_is_not_warmed(
    writing: Services, monkeypatch: pytest.MonkeyPatch
):
    Clock.at = datetime(2026, 11, 21, 18, tzinfo=UTC)
    monkeypatch.setattr(warming, "datetime", Clock)
    asked: list[float] = []

    async def away(self: object, deadline_s: float) -> None:
        asked.append(deadline_s)
        raise UpstreamAway("It is away.")

    monkeypatch.setattr(type(writing.writer), "warm", away)
    assert await warming.warm_writer({"services": writing}) is False
    assert len(asked) == 1
    assert writing.whys is not None
    async with writing.whys.slot():
        assert await warming.warm_writer({"services": writing}) is False
    assert len(asked) == 1
