"""Waiting for lines: one by one, with drafts if asked, never for ever, and never for nothing."""

import asyncio
import itertools
from dataclasses import replace

import pytest
from redis.asyncio import Redis

from domain.recommendations.service import ANSWERS
from domain.services import Services
from domain.why import keys
from domain.why.values import Line, Source
from tests.support.graphql import ANYONE
from tests.why.stage import (
    GOOD,
    LIE,
    QUICK,
    Model,
    ask,
    drain,
    eventually,
    five,
    heard,
    with_pace,
    written,
)

pytestmark = pytest.mark.anyio


async def test_drafts_grow_into_the_line(
    writing: Services, model: Model, platforms: tuple[int, ...]
):
    model.set(token_s=0.05)
    answer = await ask(writing, platforms)
    lines, _ = await asyncio.gather(heard(writing, answer, drafts=True), drain(writing).run())
    assert len([line for line in lines if line.final]) == ANSWERS
    drafts = [line for line in lines if not line.final]
    assert len({line.id for line in drafts}) > 1
    for line in (line for line in lines if line.final):
        mine = [each for each in lines if each.id == line.id]
        assert mine[-1] == line
        for before, after in itertools.pairwise(mine):
            assert after.text.startswith(before.text)
            assert after.final or len(after.text) > len(before.text)
        assert "{" not in "".join(each.text for each in mine)


async def test_no_drafts_come_unasked(writing: Services, model: Model, platforms: tuple[int, ...]):
    model.set(token_s=0.02)
    answer = await ask(writing, platforms)
    assert [line.final for line in await written(writing, answer)] == [True] * ANSWERS


async def test_what_is_refused_in_its_midst_leaves_no_draft_behind(
    writing: Services, model: Model, valkey: Redis, platforms: tuple[int, ...]
):
    model.set(token_s=0.02)
    model.says(LIE)
    answer = await ask(writing, platforms)
    lines, _ = await asyncio.gather(heard(writing, answer, drafts=True), drain(writing).run())
    assert not [line for line in lines if "won" in line.text or "dies" in line.text]
    assert not await valkey.keys("why:draft:*")


async def test_lines_arrive_one_by_one_as_they_are_settled(
    writing: Services, model: Model, platforms: tuple[int, ...]
):
    model.set(token_s=0.05)
    answer = await ask(writing, platforms)
    working = asyncio.create_task(drain(writing).run())
    assert writing.whys is not None
    came: list[str] = []
    async for line in writing.whys.ready(answer.id, ANYONE, patience_s=60):
        if not came:
            assert not working.done()
        came.append(line.id)
    assert came == five(answer)
    await working


async def test_patience_ends_with_the_templates(
    writing: Services, model: Model, platforms: tuple[int, ...]
):
    answer = await ask(writing, platforms)
    lines = await heard(writing, answer, patience_s=0.5)
    assert lines == [
        Line(each.why_id, each.why, Source.TEMPLATE) for each in answer.picks[:ANSWERS]
    ]
    assert not model.calls
    assert [line.final for line in await heard(writing, answer, patience_s=0)] == [True] * ANSWERS


async def test_it_says_that_somebody_waits_for_as_long_as_somebody_does(
    writing: Services, valkey: Redis, platforms: tuple[int, ...]
):
    services = with_pace(writing, replace(QUICK, heard=1.0))
    answer = await ask(services, platforms)
    name = keys.heard(answer.id)
    assert not await valkey.exists(name)
    waiting = asyncio.create_task(heard(services, answer))
    await eventually(lambda: valkey.exists(name))
    await asyncio.sleep(1.5)
    await eventually(lambda: valkey.exists(name))
    waiting.cancel()
    await asyncio.gather(waiting, return_exceptions=True)

    async def gone() -> bool:
        return not await valkey.exists(name)

    await eventually(gone)


async def test_whoever_comes_late_has_their_lines_written_all_the_same(
    writing: Services, model: Model, platforms: tuple[int, ...]
):
    """An order that nobody waited for was passed over; or Valkey has forgotten it."""
    services = with_pace(writing, replace(QUICK, grace=0.0, again_first=0.2))
    answer = await ask(services, platforms)
    assert await drain(services).run() == 0
    waiting = asyncio.create_task(heard(services, answer))
    while not waiting.done():
        await drain(services).look_after()
        await asyncio.sleep(0.05)
    assert {line.source for line in await waiting} == {Source.OLLAMA}


async def test_an_order_that_was_lost_is_made_again_by_whoever_waits(
    writing: Services, model: Model, valkey: Redis, platforms: tuple[int, ...]
):
    services = with_pace(writing, replace(QUICK, again_first=0.5))
    answer = await ask(services, platforms)
    waiting = asyncio.create_task(heard(services, answer))
    await eventually(lambda: valkey.exists(keys.heard(answer.id)))
    await valkey.flushdb()
    while not waiting.done():
        await drain(services).look_after()
        await asyncio.sleep(0.05)
    assert {line.source for line in await waiting} == {Source.OLLAMA}


async def test_many_may_wait_for_the_same(
    writing: Services, model: Model, platforms: tuple[int, ...]
):
    answer = await ask(writing, platforms)
    waiting = [asyncio.create_task(heard(writing, answer)) for _ in range(8)]
    await drain(writing).run()
    for each in waiting:
        lines = await each
        assert len(lines) == ANSWERS
        assert all(line.text.endswith(GOOD.partition("}")[2]) for line in lines)


async def test_an_order_is_over_after_its_time(writing: Services, platforms: tuple[int, ...]):
    services = with_pace(writing, replace(QUICK, order=0.3))
    answer = await ask(services, platforms)
    assert answer.pending == ANSWERS
    await asyncio.sleep(0.6)
    assert await heard(services, answer) == []
