"""Lines written ahead: for those who were here lately, and never in anybody's way."""

import asyncio
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from redis.asyncio import Redis
from sqlalchemy import text
from sqlmodel import delete

from domain.accounts.models import Session
from domain.history.models import Watch
from domain.jobs.values import Again, Claim, Done
from domain.profiles.models import Profile
from domain.recommendations.service import ANSWERS
from domain.recommendations.values import Question
from domain.services import Services
from domain.watchlists.models import WatchlistItem
from domain.why import keys, night, repo, tallies
from domain.why.night import Night
from tests.recommendations.asking import known
from tests.why.stage import LIE, Model, ask, drain, eventually, heard

pytestmark = pytest.mark.anyio
NIGHT = date(2026, 11, 22)
AT = datetime(2026, 11, 22, 3, tzinfo=UTC)
MOODS = ["funny", "dark"]


def tonight(services: Services, at: datetime = AT, **more: Any) -> Night:
    pen = replace(drain(services).pen, clock=lambda: at)
    return Night(services.database, services.recommender, pen, UTC, lambda: at, **more)


def claim(profile_id: UUID) -> Claim:
    arguments = {"night": NIGHT.isoformat(), "profile": str(profile_id)}
    return Claim(1, repo.KIND, f"{NIGHT}:{profile_id}", 1, arguments)


async def profile_of(services: Services) -> UUID:
    viewer = await known(services)
    assert viewer.profile_id is not None
    async with services.database.transaction() as session:
        profile = await session.get(Profile, viewer.profile_id)
        assert profile is not None
        profile.mood_preferences = MOODS
    return UUID(str(viewer.profile_id))


async def test_the_likely_answers_of_the_evening_have_their_lines(
    writing: Services, model: Model, platforms: tuple[int, ...]
):
    profile_id = await profile_of(writing)
    viewer = await known(writing)
    await ask(writing, platforms, viewer, mood="cozy", minutes=100)
    assert writing.whys is not None
    await writing.whys.backlog.pop()
    done = await tonight(writing, work_s=90.0).go_on(claim(profile_id))
    assert isinstance(done, Done)
    assert done.result["lines"] == len(model.calls) > 2 * ANSWERS
    evening = datetime(2026, 11, 22, 19, 30, tzinfo=UTC)
    for question in (
        Question(None, None, 1, platforms), Question("dark", None, 1, platforms),
        Question("cozy", 100, 2, platforms),
    ):  # fmt: skip
        answer = await writing.recommender.recommend(viewer, question, evening)
        assert answer.pending == 0, question
        assert {each.why_source for each in answer.picks[:ANSWERS]} == {"ollama"}


async def test_it_goes_on_where_it_stopped(writing: Services, model: Model):
    profile_id = await profile_of(writing)
    model.set(token_s=0.02)
    results: list[object] = []
    while not results or isinstance(results[-1], Again):
        results.append(await tonight(writing, work_s=2.0).go_on(claim(profile_id)))
        assert len(results) < 30
    assert len(results) > 1
    outcomes = [call["outcome"] for call in model.calls]
    async with writing.database.read() as connection:
        counted = {it.outcome: it.lines for it in await tallies.counts(connection)}
    assert counted["accepted"] == outcomes.count("stop")


async def test_whoever_waits_comes_first(
    writing: Services, model: Model, platforms: tuple[int, ...]
):
    profile_id = await profile_of(writing)
    answer = await ask(writing, platforms)
    out = await tonight(writing).go_on(claim(profile_id))
    assert isinstance(out, Again)
    assert out.at == AT + timedelta(seconds=5)
    assert not model.calls
    waiting = asyncio.create_task(heard(writing, answer))
    assert await drain(writing).run() == ANSWERS
    assert len(await waiting) == ANSWERS


async def test_a_line_is_given_up_for_whoever_comes(
    writing: Services, model: Model, valkey: Redis, platforms: tuple[int, ...]
):
    profile_id = await profile_of(writing)
    model.set(token_s=1)
    working = asyncio.create_task(tonight(writing).go_on(claim(profile_id)))
    await eventually(lambda: model.log["running"])
    await ask(writing, platforms)
    assert await drain(writing).run() == 0  # there is no room yet
    tickets = await valkey.zcard("arq:queue")
    assert isinstance(await working, Again)
    await eventually(lambda: not model.log["running"])
    assert await valkey.zcard("arq:queue") > tickets  # now there is, and a worker is told
    model.set(token_s=0)
    assert await drain(writing).run() == ANSWERS


async def test_it_is_not_in_the_way_of_who_has_the_model(writing: Services, model: Model):
    profile_id = await profile_of(writing)
    assert writing.whys is not None
    async with writing.whys.slot():
        assert isinstance(await tonight(writing).go_on(claim(profile_id)), Again)
    assert not model.calls


async def test_it_ends_in_the_morning_and_where_the_model_is_away(writing: Services, model: Model):
    profile_id = await profile_of(writing)
    late = tonight(writing, at=datetime(2026, 11, 22, 6, tzinfo=UTC))
    done = await late.go_on(claim(profile_id))
    assert isinstance(done, Done)
    assert done.result["ended"]
    assert not model.calls
    model.fault("crash")
    done = await tonight(writing).go_on(claim(profile_id))
    assert isinstance(done, Done)
    assert "away" in done.result["ended"]
    async with writing.database.read() as connection:
        assert {it.outcome for it in await tallies.counts(connection)} == {"away"}


async def test_lies_are_passed_over(writing: Services, model: Model):
    profile_id = await profile_of(writing)
    model.says(LIE)
    done = await tonight(writing, work_s=90.0).go_on(claim(profile_id))
    assert isinstance(done, Done)
    assert "ended" not in done.result


async def test_rubbish_in_valkey_and_a_profile_that_is_gone_are_no_trouble(
    writing: Services, valkey: Redis, platforms: tuple[int, ...]
):
    profile_id = await profile_of(writing)
    first, second, third = keys.lately(profile_id)
    await valkey.set(first, b"\xff{")
    await valkey.set(second, b'["tense",null,2,[32767]]')  # no such platform
    await valkey.lpush(third, "of another kind")
    questions = await tonight(writing).questions(profile_id)
    assert Question("tense", None, 2, (32767,)) in questions
    assert [each.mood for each in questions if each.platform_ids == platforms] == [None, *MOODS]
    assert isinstance(await tonight(writing, work_s=90.0).go_on(claim(profile_id)), Done)
    assert await tonight(writing).go_on(claim(UUID(int=7))) == Done({"lines": 0})


async def test_profiles_are_taken_in_the_order_in_which_they_were_here(writing: Services):
    now = datetime.now(UTC)
    viewer, other = await known(writing), await known(writing, "pro@example.com")
    async with writing.database.transaction() as session:
        for table in (Watch, WatchlistItem, Session):
            await session.exec(delete(table))
        title_id = (await session.exec(text("SELECT min(id) FROM titles"))).scalar_one()  # type: ignore[call-overload]
        for who, days in ((viewer, 13), (other, 1)):
            session.add(
                Watch(profile_id=who.profile_id, title_id=title_id, source="x",
                      watched_at=now - timedelta(days=days))
            )  # fmt: skip
    planned: list[str] = []
    async with writing.database.transaction() as session:
        assert await night.plan(session, NIGHT, now, after_sync=True) is None  # none so far
    while True:
        async with writing.database.transaction() as session:
            job = await night.plan(session, NIGHT, now, after_sync=False)
            if job is None:
                break
            assert await night.plan(session, NIGHT, now, after_sync=False) is None  # one is open
            connection = await session.connection()
            row = await connection.execute(
                text("UPDATE jobs SET state = 'done' WHERE id = :id RETURNING arguments"),
                {"id": job},
            )
            planned.append(row.scalar_one()["profile"])
    assert planned == [str(other.profile_id), str(viewer.profile_id)]


async def test_no_more_is_planned_for_a_night_in_which_the_model_was_away(writing: Services):
    now = datetime.now(UTC)
    async with writing.database.transaction() as session:
        job = await night.plan(session, NIGHT, now, after_sync=False)
        assert job is not None
        await (await session.connection()).execute(
            text("UPDATE jobs SET state = 'done', result = '{\"ended\": \"x\"}' WHERE id = :id"),
            {"id": job},
        )
        assert await night.plan(session, NIGHT, now, after_sync=False) is None
        next_night = NIGHT + timedelta(1)
        assert await night.plan(session, next_night, now, after_sync=False) is not None


async def test_a_profile_asks_as_its_household_lives(writing: Services):
    viewer = await known(writing)
    async with writing.database.transaction() as session:
        await session.exec(  # type: ignore[call-overload]
            text("UPDATE accounts SET country = 'DE', time_zone = 'Asia/Tokyo' WHERE id = :id")
            .bindparams(id=viewer.account_id)
        )  # fmt: skip
        await session.exec(text("UPDATE profiles SET maturity_ceiling = 7"))  # type: ignore[call-overload]
    async with writing.database.read() as connection:
        assert viewer.profile_id is not None
        found = await repo.viewer(connection, viewer.profile_id)
    assert found is not None
    assert (found.country, found.ceiling, found.profile_id) == ("DE", 7, viewer.profile_id)
    at = night.evening(found, NIGHT)
    assert at == datetime(2026, 11, 22, 20, tzinfo=ZoneInfo("Asia/Tokyo"))
    assert found.today(at) == NIGHT
    assert night.evening(replace(found, time_zone="Nowhere/At_All"), NIGHT).utcoffset() is not None
