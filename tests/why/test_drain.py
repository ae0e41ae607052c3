"""Workers at the orders: one writer for a line, what is refused, and who waits for it."""

import asyncio
from dataclasses import replace

import pytest
from redis.asyncio import Redis

from domain.db import Database
from domain.recommendations.service import ANSWERS
from domain.services import Services
from domain.why import keys, tallies
from domain.why.values import Source
from integrations.upstreams.http import Upstream
from tests.recommendations.asking import known
from tests.support.graphql import ANYONE
from tests.why.stage import (
    GOOD,
    LIE,
    QUICK,
    Model,
    ask,
    drain,
    eventually,
    heard,
    now,
    services_of,
    sources,
    tally,
    templates,
    with_pace,
    written,
)

pytestmark = pytest.mark.anyio


async def test_the_same_line_is_never_written_twice(
    demo_database: Database, valkey: Redis, model: Model, way: Upstream, platforms: tuple[int, ...]
):
    model.set(token_s=0.01, parallel=8)
    workers = [services_of(demo_database, valkey, way, parallel=2) for _ in range(2)]
    answers = [await ask(each, platforms) for each in workers * 2]
    assert len({answer.id for answer in answers}) == 4
    waiting = [asyncio.create_task(heard(workers[0], answer)) for answer in answers]
    await asyncio.gather(*[drain(each).run() for each in workers * 2])
    assert [len(await each) for each in waiting] == [ANSWERS] * 4
    assert len(model.calls) == ANSWERS
    assert 1 <= model.log["most_running"] <= 2
    assert await tally(workers[0]) == {("accepted", ""): ANSWERS}
    for each in workers:
        await each.whys.chime.stop()  # type: ignore[union-attr]


async def test_a_lie_is_asked_for_once_more_and_then_replaced(
    writing: Services, model: Model, platforms: tuple[int, ...]
):
    model.says(LIE)
    answer = await ask(writing, platforms)
    lines = await written(writing, answer)
    assert sources(lines) == {Source.TEMPLATE}
    assert {line.id: line.text for line in lines} == templates(answer)
    assert len(model.calls) == 2 * ANSWERS
    assert {word for word, reason in await tally(writing) if reason} == {"replaced"}
    assert sum((await tally(writing)).values()) == ANSWERS
    again = await ask(writing, platforms)
    assert again.pending == 0  # it would lie again
    assert {each.why_source for each in again.picks} == {Source.TEMPLATE}


async def test_a_second_attempt_may_be_right(
    writing: Services, model: Model, platforms: tuple[int, ...]
):
    model.says(LIE, GOOD)
    answer = await ask(writing, platforms)
    assert sources(await written(writing, answer)) == {Source.OLLAMA}
    (counted,) = (await tally(writing)).items()
    assert counted[0][0] == "retried"
    assert counted[0][1]
    assert counted[1] == ANSWERS
    first, second = (call["messages"] for call in model.calls[:2])
    assert first != second  # it is told what was wrong


async def test_a_lie_is_stopped_in_its_midst(
    writing: Services, model: Model, platforms: tuple[int, ...]
):
    model.set(token_s=0.02)
    model.says("Visit https://example.com " + "and then go on and on " * 20, GOOD)
    answer = await ask(writing, platforms)
    assert sources(await written(writing, answer)) == {Source.OLLAMA}
    await eventually(lambda: not model.log["running"])
    assert [call["outcome"] for call in model.calls] == ["canceled", "stop"] * ANSWERS


@pytest.mark.parametrize("fault", ["invalid_json", "endless"])
async def test_what_is_of_no_use_is_as_bad_as_a_lie(
    writing: Services, model: Model, platforms: tuple[int, ...], fault: str
):
    model.says()
    model.fault(fault)
    answer = await ask(writing, platforms)
    assert sources(await written(writing, answer)) == {Source.TEMPLATE}
    assert {word for word, _ in await tally(writing)} == {"replaced"}


@pytest.mark.parametrize("fault", ["crash", "out_of_memory"])
async def test_a_model_that_is_away_ends_the_waiting(
    writing: Services, model: Model, platforms: tuple[int, ...], fault: str
):
    model.fault(fault)
    answer = await ask(writing, platforms)
    lines = await written(writing, answer)
    assert {line.id: line.text for line in lines} == templates(answer)
    assert {word: lines for (word, _), lines in (await tally(writing)).items()} == {"away": ANSWERS}
    assert writing.whys is not None
    calls = len(model.calls)
    assert (await ask(writing, platforms)).pending == 0  # it is left alone for a moment
    assert len(model.calls) == calls


async def test_a_model_that_nobody_has_pulled_is_told_to_admins(
    writing: Services, model: Model, platforms: tuple[int, ...]
):
    model.http.request("DELETE", "/api/delete", json={"model": "mistral:7b-instruct"})
    answer = await ask(writing, platforms)
    assert sources(await written(writing, answer)) == {Source.TEMPLATE}
    assert await tally(writing) == {("away", "set_up"): ANSWERS}
    async with writing.database.read() as connection:
        health = await tallies.health(connection, "mistral:7b-instruct", now().date())
    assert health.last_problem is not None
    assert "ollama pull mistral:7b-instruct" in health.last_problem


async def test_a_model_that_is_too_slow_is_given_up(
    demo_database: Database, valkey: Redis, model: Model, way: Upstream, platforms: tuple[int, ...]
):
    model.set(token_s=5)
    services = services_of(demo_database, valkey, way, line_s=1.0)
    answer = await ask(services, platforms)
    assert sources(await written(services, answer)) == {Source.TEMPLATE}
    assert {word for word, _ in await tally(services)} == {"away"}
    await services.whys.chime.stop()  # type: ignore[union-attr]


async def test_a_line_that_nobody_waits_for_any_more_is_cancelled(
    writing: Services, model: Model, platforms: tuple[int, ...]
):
    model.set(token_s=1)
    services = with_pace(writing, replace(QUICK, grace=0.0, heard=1.5))
    answer = await ask(services, platforms)
    assert services.whys is not None
    lines = services.whys.ready(answer.id, ANYONE, patience_s=30)
    waiting = asyncio.create_task(anext(lines))
    await eventually(lambda: services.whys.cache.get(keys.heard(answer.id)))  # type: ignore[union-attr]
    working = asyncio.create_task(drain(services).run())
    await eventually(lambda: model.log["running"])
    waiting.cancel()
    await asyncio.gather(waiting, return_exceptions=True)
    await lines.aclose()
    assert await working == 0
    await eventually(lambda: not model.log["running"])
    assert [call["outcome"] for call in model.calls] == ["canceled"]
    assert await tally(services) == {("cancelled", ""): 1}
    assert (await ask(services, platforms)).pending == ANSWERS


async def test_an_order_that_is_over_is_not_begun(
    writing: Services, model: Model, platforms: tuple[int, ...]
):
    services = with_pace(writing, replace(QUICK, grace=0.0))
    await ask(services, platforms)
    assert await drain(services).run() == 0
    assert not model.calls


async def test_whoever_asks_for_something_else_waits_for_that_alone(
    writing: Services, model: Model, platforms: tuple[int, ...]
):
    who = await known(writing)
    await ask(writing, platforms, who, mood="funny")
    second = await ask(writing, platforms, who, mood="tense")
    assert await drain(writing).run() == ANSWERS
    assert len(model.calls) == ANSWERS
    assert len(await heard(writing, second, who)) == ANSWERS
    assert (await ask(writing, platforms, who, mood="funny")).pending == ANSWERS
