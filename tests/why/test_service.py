"""An answer doesn't wait for its lines; they come later, are kept, and are only this answer's."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
from redis.asyncio import Redis
from sqlalchemy import text

from app.deps import make_services
from app.settings import Settings
from domain.history.models import Rating
from domain.recommendations.service import ANSWERS
from domain.services import Services
from domain.why import keys, lately
from domain.why.shelf import LONGEST, is_sane, settled
from domain.why.values import Line, Sheet, Source, Wanted
from integrations.valkey import Breaker, ValkeyCache, connect
from tests.recommendations.asking import known
from tests.why.stage import GOOD, Model, ask, drain, five, heard, named, now, written

pytestmark = pytest.mark.anyio

WANTED = Wanted("why_1", "k", Sheet("pick", {}, {"{TITLE}": "Heat"}), "The template.", 7)


async def test_the_answer_does_not_wait_and_the_lines_come_later(
    writing: Services, model: Model, platforms: tuple[int, ...]
):
    model.set(token_s=0.01)
    answer = await ask(writing, platforms)
    assert not model.calls
    assert answer.pending == ANSWERS
    assert len(answer.id) >= 22
    assert {each.why_source for each in answer.picks} == {Source.TEMPLATE}
    lines = await written(writing, answer)
    assert sorted(line.id for line in lines) == sorted(five(answer))
    for line in lines:
        pick = next(each for each in answer.picks if each.why_id == line.id)
        assert line == Line(
            line.id, GOOD.format(TITLE=pick.pick.candidate.name), Source.OLLAMA, final=True
        )


async def test_what_was_written_is_there_at_once_the_next_time(
    writing: Services, model: Model, platforms: tuple[int, ...]
):
    first = await ask(writing, platforms)
    lines = await written(writing, first)
    again = await ask(writing, platforms)
    assert again.pending == 0
    assert {each.why_id: each.why for each in again.picks[:ANSWERS]} == {
        line.id: line.text for line in lines
    }
    assert {each.why_source for each in again.picks[:ANSWERS]} == {Source.OLLAMA}
    assert {each.why_source for each in again.picks[ANSWERS:]} == {Source.TEMPLATE}
    assert again.id != first.id
    assert await heard(writing, again) == []
    await drain(writing).run()
    assert len(model.calls) == ANSWERS


async def test_the_ids_of_the_whys_are_those_of_the_question(
    writing: Services, platforms: tuple[int, ...]
):
    first, again = await ask(writing, platforms), await ask(writing, platforms)
    assert five(first) == five(again)
    other = await ask(writing, platforms, minutes=110)
    assert not {each.why_id for each in first.picks} & {each.why_id for each in other.picks}
    assert len({each.why_id for each in first.picks}) == len(first.picks)


async def test_another_history_leave_date_mood_model_or_prompt_makes_another_line(
    writing: Services, platforms: tuple[int, ...], monkeypatch: pytest.MonkeyPatch
):
    viewer = await known(writing)
    await written(writing, await ask(writing, platforms, viewer), viewer)
    assert (await ask(writing, platforms, viewer)).pending == 0

    assert (await ask(writing, platforms, viewer, mood="funny")).pending == ANSWERS
    other = named(writing, "another:7b")
    assert (await ask(other, platforms, viewer)).pending == ANSWERS
    with monkeypatch.context() as changed:
        changed.setattr(keys, "_RULES", "another")
        assert (await ask(writing, platforms, viewer)).pending == ANSWERS
    assert (await ask(writing, platforms)).pending == ANSWERS  # nobody in particular

    first = (await ask(writing, platforms, viewer)).picks[0].pick.candidate.title_id
    async with writing.database.engine.begin() as connection:
        leaves = {"id": first, "day": now().date() + timedelta(3)}
        await connection.execute(
            text("UPDATE offers SET expires_on = :day WHERE title_id = :id"), leaves
        )
        await connection.execute(text("UPDATE availability_position SET position = position + 1"))
    left = await ask(writing, platforms, viewer)
    mine = next(each for each in left.picks[:ANSWERS] if each.pick.candidate.title_id == first)
    assert mine.why_source == Source.TEMPLATE
    assert 0 < left.pending < ANSWERS  # the others' facts are what they were

    async with writing.database.transaction() as session:
        session.add(
            Rating(
                profile_id=viewer.profile_id,
                title_id=left.picks[-1].pick.candidate.title_id,
                score=2,
                rated_at=now(),
            )
        )
    assert (await ask(writing, platforms, viewer)).pending == ANSWERS


async def test_lines_are_their_profiles_alone(
    writing: Services, model: Model, platforms: tuple[int, ...]
):
    one, two = await known(writing), await known(writing, "pro@example.com")
    answer = await ask(writing, platforms, one)
    assert await heard(writing, answer, two, patience_s=5) == []
    assert await heard(writing, answer, patience_s=5) == []
    assert len(await written(writing, answer, one)) == ANSWERS
    assert (await ask(writing, platforms, two)).pending == ANSWERS


async def test_without_a_valkey_there_is_an_answer_and_nothing_to_wait_for(
    writing: Services, platforms: tuple[int, ...]
):
    gone = connect("redis://127.0.0.1:1")
    settings = Settings(_env_file=None, ollama_url="http://127.0.0.1:1")  # type: ignore[call-arg]
    alone = make_services(writing.database, gone, settings)
    answer = await ask(alone, platforms)
    assert answer.pending == 0
    assert len(answer.picks) == 10
    assert await heard(alone, answer, patience_s=5) == []
    await gone.aclose()


async def test_a_valkey_that_hiccups_when_the_lines_are_asked_for_costs_none(
    writing: Services, valkey: Redis, platforms: tuple[int, ...]
):
    answer = await ask(writing, platforms)
    breaker = Breaker()
    breaker.failed(TimeoutError())
    assert writing.whys is not None
    shaken = ValkeyCache(valkey, breaker)
    assert await shaken.get(keys.order(answer.id)) is None
    after = replace(writing, whys=replace(writing.whys, cache=shaken))
    lines, _ = await asyncio.gather(heard(after, answer), drain(writing).run())
    assert [line.source for line in lines] == [Source.OLLAMA] * ANSWERS


async def test_without_a_model_nothing_is_looked_for(
    demo_services: Services, valkey: Redis, platforms: tuple[int, ...]
):
    assert demo_services.whys is None
    answer = await ask(demo_services, platforms)
    assert answer.pending == 0
    assert len(set(five(answer))) == ANSWERS
    assert not await valkey.keys("why:*")
    assert not await valkey.keys("backlog:*")


async def test_no_line_is_there_before_it_is_settled_whatever_else_lies_there(
    writing: Services, valkey: Redis, platforms: tuple[int, ...]
):
    answer = await ask(writing, platforms)
    assert writing.whys is not None
    order = await writing.whys.shelf.order(answer.id)
    assert order is not None
    rubbish = [b"\xff\xfe", b"[1]", b'{"source":"ollama"}', b'{"source":"ollama","text":"\\u0000"}',
               b'{"source":"ollama","text":"' + b"x" * 500 + b'"}']  # fmt: skip
    for wanted, stored in zip(order.wanted, rubbish, strict=True):
        await valkey.set(keys.line(wanted.key), stored)
    again = await ask(writing, platforms)
    assert again.pending == ANSWERS
    assert [each.why for each in again.picks] == [each.why for each in answer.picks]
    await valkey.delete(keys.line(order.wanted[0].key))
    await valkey.lpush(keys.line(order.wanted[0].key), "of another kind")
    assert (await ask(writing, platforms)).pending == ANSWERS


@pytest.mark.parametrize(
    "stored",
    [
        b"", b"null", b"{}", b'{"at":"x"}', b"\xff", b'{"profile":null,"at":"2026-11-21T20:00:00"}',
        b'{"profile":null,"at":"2026-11-21T20:00:00","wanted":[]}',  # which zone?
        b'{"profile":null,"at":"2026-11-21T20:00:00+00:00","wanted":[1]}',
        b'{"profile":null,"at":"2026-11-21T20:00:00+00:00","wanted":[["a","b","c",1,"d",2,{},"e"]]}',
        b'{"profile":7,"at":"2026-11-21T20:00:00+00:00","wanted":[]}',
        b'{"profile":null,"at":"2026-11-21T20:00:00+00:00","wanted":'
        b'[["a","b","c",1,"d",{},{"{TITLE}":1},"e"]]}',
    ],
)  # fmt: skip
async def test_an_order_that_is_rubbish_is_none(writing: Services, valkey: Redis, stored: bytes):
    order_id = "a" * 22
    await valkey.set(keys.order(order_id), stored)
    assert writing.whys is not None
    assert await writing.whys.shelf.order(order_id) is None
    await writing.whys.backlog.push(order_id)
    assert await drain(writing).run() == 0


@pytest.mark.parametrize("order_id", ["", "\0" * 22, "\ud800" * 22, "*" * 30, "a" * 5000, "é" * 22])
async def test_whatever_is_sent_as_an_id_is_only_unknown(writing: Services, order_id: str):
    assert writing.whys is not None
    assert await writing.whys.shelf.order(order_id) is None


@pytest.mark.parametrize(
    "text", ["", "a\nb", "a\0", "\u202eabc", "\u2028", "x" * (LONGEST + 1), "\ud800", "\x9b1m"]
)
def test_a_line_that_could_not_be_ours_is_not_shown(text: str):
    assert not is_sane(text)


@pytest.mark.parametrize("text", ["Heat.", "Amélie : oui.", "x" * LONGEST, "名探偵 is here."])
def test_a_line_with_any_name_is(text: str):
    assert is_sane(text)


def test_a_settled_template_is_the_template_of_whoever_asks():
    assert settled(b'{"source":"template","text":"not this"}', WANTED) == Line(
        "why_1", "The template.", Source.TEMPLATE
    )


async def test_the_last_questions_are_remembered_and_rubbish_is_not(
    writing: Services, valkey: Redis, platforms: tuple[int, ...]
):
    viewer = await known(writing)
    assert viewer.profile_id is not None
    for minutes in (90, 120, 120, 150):
        await ask(writing, platforms, viewer, minutes=minutes)
    places = keys.lately(viewer.profile_id)
    asked = [lately.recalled(each) for each in await valkey.mget(places)]
    assert {each.time_min for each in asked if each} <= {90, 120, 150}
    assert {each.time_min for each in asked if each} & {150}
    assert all(each.platform_ids == platforms for each in asked if each)
    question = replace(next(each for each in asked if each))
    for stored in (
        None, b"", b"{", b"[1]", b'["tense",120,2,"ab"]', b'["tense",120,2,[99999999999]]',
        b'["nothing",120,2,[1]]', b'["tense",-1,2,[1]]', b'["tense",120,true,[1]]',
        b'["tense",120,2,[]]', b'[["tense"],120,2,[1]]', b'["tense",1e3,2,[1]]',
    ):  # fmt: skip
        assert lately.recalled(stored) is None, stored
    kept = lately.remembered(UUID(int=1), question)
    assert kept is not None
    assert lately.recalled(kept[1]) == question


async def test_what_a_process_has_just_seen_needs_no_look_at_valkey(
    writing: Services, valkey: Redis, platforms: tuple[int, ...]
):
    await written(writing, await ask(writing, platforms))
    seen = await ask(writing, platforms)
    await valkey.flushall()
    again = await ask(writing, platforms)
    assert [each.why for each in again.picks] == [each.why for each in seen.picks]
    assert again.pending == 0
    other = await ask(named(writing, "another-model"), platforms)
    assert other.pending == ANSWERS


async def test_a_line_that_stays_a_template_is_looked_for_again(
    writing: Services, valkey: Redis, platforms: tuple[int, ...]
):
    assert writing.whys is not None
    order = await writing.whys.shelf.order((await ask(writing, platforms)).id)
    assert order is not None
    for each in order.wanted:
        await writing.whys.shelf.put(each, None, 60.0)
    assert (await ask(writing, platforms)).pending == 0
    await valkey.delete(*[keys.line(each.key) for each in order.wanted])
    assert (await ask(writing, platforms)).pending == ANSWERS
