"""Many workers, killed and stopped: no line twice, no order forgotten, nothing left lying."""

import asyncio
from dataclasses import dataclass, replace
from typing import Any

import pytest
from redis.asyncio import Redis

from domain.db import Database
from domain.ports import Leases
from domain.recommendations.service import ANSWERS, Answer
from domain.services import Services
from domain.why import tallies
from domain.why.values import Source
from tests.why.stage import (
    QUICK,
    Model,
    ask,
    drain,
    eventually,
    five,
    heard,
    services_of,
    sources,
    tally,
    upstream,
    with_pace,
    written,
)

pytestmark = pytest.mark.anyio
BRIEF = replace(QUICK, lease=2.0)
MOODS = (None, "tense", "funny", "cozy", "dark")


@dataclass(frozen=True)
class Unreleased:
    """Leases of a process that is killed: nothing is given back."""

    leases: Leases

    async def take(self, name: str, ttl_s: float) -> str | None:
        return await self.leases.take(name, ttl_s)

    async def renew(self, name: str, proof: str, ttl_s: float) -> bool:
        return await self.leases.renew(name, proof, ttl_s)

    async def release(self, name: str, proof: str) -> None:
        pass


async def test_what_was_left_by_a_killed_worker_is_gone_on_with(
    writing: Services, model: Model, platforms: tuple[int, ...]
):
    model.set(token_s=0.05)
    answer = await ask(writing, platforms)
    waiting = asyncio.create_task(heard(writing, answer))
    assert writing.whys is not None
    brief = replace(writing.whys, leases=Unreleased(writing.whys.leases), pace=BRIEF)
    killed = replace(writing, whys=brief)
    working = asyncio.create_task(drain(killed).run())
    await eventually(lambda: len(model.calls) >= 2)
    working.cancel()
    await asyncio.gather(working, return_exceptions=True)
    model.set(token_s=0)
    assert await drain(writing).run() == 0  # its place is not free yet
    assert not waiting.done()

    async def looked_after() -> bool:
        return await drain(writing).look_after() > 0

    await eventually(looked_after)
    assert len(await waiting) == ANSWERS
    assert sources(await waiting) == {Source.OLLAMA}
    assert await drain(writing).look_after() == 0


async def test_an_order_that_kills_is_tried_twice(
    writing: Services, model: Model, valkey: Redis, platforms: tuple[int, ...]
):
    model.set(token_s=0.2)
    services = with_pace(writing, replace(QUICK, lease=0.3, renewed=0.1))
    answer = await ask(services, platforms)
    waiting = asyncio.create_task(heard(services, answer))
    killed = replace(services, whys=replace(services.whys, leases=Unreleased(services.whys.leases)))  # type: ignore[union-attr]
    for death in range(2):
        calls = len(model.calls)

        async def at_it(calls: int = calls) -> bool:
            return len(model.calls) > calls

        turn = drain(killed)
        working = asyncio.create_task(turn.look_after() if death else turn.run())
        await eventually(at_it)
        working.cancel()
        await asyncio.gather(working, return_exceptions=True)
        await asyncio.sleep(0.5)  # until its leases are over
    assert await drain(services).look_after() == 0
    waiting.cancel()
    await asyncio.gather(waiting, return_exceptions=True)


async def test_a_worker_that_is_told_to_stop_makes_room_at_once(
    writing: Services, model: Model, platforms: tuple[int, ...]
):
    model.set(token_s=1)
    answer = await ask(writing, platforms)
    waiting = asyncio.create_task(heard(writing, answer))
    working = asyncio.create_task(drain(writing).run())
    await eventually(lambda: model.log["running"])
    working.cancel()
    await asyncio.gather(working, return_exceptions=True)
    await eventually(lambda: not model.log["running"])
    model.set(token_s=0)
    assert await drain(writing).look_after() == ANSWERS
    assert sources(await waiting) == {Source.OLLAMA}


async def test_whoever_has_lost_their_place_stops_and_leaves_the_order_to_others(
    writing: Services, model: Model, valkey: Redis, platforms: tuple[int, ...]
):
    model.set(token_s=1)
    answer = await ask(writing, platforms)
    waiting = asyncio.create_task(heard(writing, answer))
    working = asyncio.create_task(drain(writing).run())
    await eventually(lambda: model.log["running"])
    await valkey.set("lease:why:slot:0", "another's")
    assert await working == 0
    await eventually(lambda: not model.log["running"])
    assert await drain(writing).run() == 0
    model.set(token_s=0)
    await valkey.delete("lease:why:slot:0")
    assert await drain(writing).run() == ANSWERS
    assert sources(await waiting) == {Source.OLLAMA}


async def test_a_valkey_that_forgets_everything_costs_no_line_that_is_waited_for(
    writing: Services, model: Model, valkey: Redis, platforms: tuple[int, ...]
):
    model.set(token_s=0.05)
    answer = await ask(writing, platforms)
    waiting = asyncio.create_task(heard(writing, answer))
    working = asyncio.create_task(drain(writing).run())
    await eventually(lambda: model.log["running"])
    await valkey.flushdb()
    assert await working == ANSWERS
    assert sorted(line.id for line in await waiting) == sorted(five(answer))
    assert sources(await waiting) == {Source.OLLAMA}


async def test_a_hundred_orders_at_once_are_all_written_with_no_more_at_it_than_allowed(
    demo_database: Database, valkey: Redis, model: Model, platforms: tuple[int, ...]
):
    model.set(parallel=16)
    ways = [upstream(model) for _ in range(3)]
    workers = [services_of(demo_database, valkey, each, parallel=2) for each in ways]
    api = with_pace(workers[0], replace(QUICK, look=1.0, least=0.2, grace=60.0))
    asked = [(mood, minutes) for minutes in range(101, 105) for mood in MOODS] * 5
    answers = [await ask(api, platforms, mood=mood, minutes=minutes) for mood, minutes in asked]
    waiting = [asyncio.create_task(heard(api, each, patience_s=90)) for each in answers]

    async def work(services: Services) -> None:
        while not all(each.done() for each in waiting):
            await drain(services).look_after()
            await asyncio.sleep(0.1)

    await asyncio.gather(*[work(each) for each in workers * 2])
    for answer, lines in zip(answers, [await each for each in waiting], strict=True):
        assert sorted(line.id for line in lines) == sorted(five(answer)[: answer.pending])
        assert sources(lines) <= {Source.OLLAMA}
    assert model.log["most_running"] <= 2
    assert workers[0].whys is not None
    assert await workers[0].whys.backlog.size() == 0
    assert await tally(workers[0]) == {("accepted", ""): len(model.calls)}
    assert len(model.calls) <= sum(answer.pending for answer in answers) / 5
    for each in (*workers, api):
        await each.whys.chime.stop()  # type: ignore[union-attr]
    for each in ways:
        await each.close()


async def test_whoever_orders_while_the_last_place_is_given_back_is_not_forgotten(
    writing: Services, platforms: tuple[int, ...], monkeypatch: pytest.MonkeyPatch
):
    """The worker that is told of the order finds the place taken, just before it is free."""
    assert writing.whys is not None
    backlog, answers = writing.whys.backlog, list[Answer]()
    first = await ask(writing, platforms, mood="funny")
    pop = type(backlog).pop

    async def popped(self: Any) -> str | None:
        name = await pop(self)
        if name is None and not answers:
            answers.append(await ask(writing, platforms))
            assert await drain(writing).run() == 0
        return name

    monkeypatch.setattr(type(backlog), "pop", popped)
    assert await drain(writing).run() == 2 * ANSWERS
    assert sources(await heard(writing, first)) == {Source.OLLAMA}
    assert sources(await heard(writing, answers[0])) == {Source.OLLAMA}


async def test_a_worker_makes_room_after_its_turn_and_the_rest_is_not_lost(
    writing: Services, model: Model, valkey: Redis, platforms: tuple[int, ...]
):
    model.set(token_s=0.02)
    services = with_pace(writing, replace(QUICK, turn=0.3))
    answer = await ask(services, platforms)
    waiting = asyncio.create_task(heard(services, answer))
    assert 0 < await drain(services).run() < ANSWERS
    assert await valkey.zcard("arq:queue") >= 2  # another worker is told
    while not waiting.done():
        await drain(services).run()
        await asyncio.sleep(0.01)
    assert sources(await waiting) == {Source.OLLAMA}


async def test_without_postgres_the_lines_come_all_the_same(
    writing: Services, model: Model, platforms: tuple[int, ...], monkeypatch: pytest.MonkeyPatch
):
    async def gone(*_: object) -> None:
        raise ConnectionRefusedError

    answer = await ask(writing, platforms)
    monkeypatch.setattr(tallies, "count", gone)
    assert sources(await written(writing, answer)) == {Source.OLLAMA}
