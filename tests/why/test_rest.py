"""POST /api/recommend with lines that a model writes: at once, or after the wait one asks for."""

import asyncio
from typing import Any

import httpx
import pytest
from redis.asyncio import Redis

from domain.recommendations.service import ANSWERS, Answer
from domain.services import Services
from rest import recommend
from rest.operations import Call
from rest.settling import settled
from tests.live.stage import Stage, staged
from tests.why.stage import GOOD, LIE, Model, drain, eventually
from tests.why.told import client

pytestmark = pytest.mark.anyio
QUESTION = {
    "mood": "tense", "time_min": 120, "group_size": 2,
    "subscribed_platforms": ["netflix", "disney-plus"],
}  # fmt: skip
LONG = 5_000  # the longest wait


async def tonight(http: httpx.AsyncClient, **query: object) -> dict[str, Any]:
    params = {key: str(value) for key, value in query.items()}
    answer = await http.post("/api/recommend", json=QUESTION, params=params)
    assert answer.status_code == 200, answer.text
    return answer.json()


def whys(answer: dict[str, Any]) -> dict[str, tuple[str, str]]:
    return {each["why_id"]: (each["why"], each["why_source"]) for each in answer["recommendations"]}


def sources(answer: dict[str, Any]) -> list[str]:
    return [source for _, source in whys(answer).values()]


async def test_it_does_not_wait_unless_asked(site: Stage, model: Model) -> None:
    async with client(site) as http:
        told = await tonight(http)
        assert sources(told) == ["template"] * ANSWERS
        assert told["whys_pending"] == ANSWERS
        assert len(told["recommendation_id"]) >= 22
        assert len(whys(told)) == ANSWERS
        await drain(site.services).run()
        after = await tonight(http)
        assert sources(after) == ["ollama"] * ANSWERS
        assert (after["whys_pending"], list(whys(after))) == (0, list(whys(told)))
        assert after["recommendation_id"] != told["recommendation_id"]
        for each in after["recommendations"]:
            assert each["why"] == GOOD.format(TITLE=each["title"])


async def test_asked_it_answers_when_all_are_there(site: Stage, model: Model, worker: None) -> None:
    async with client(site) as http:
        told = await tonight(http, wait=LONG)
        assert sources(told) == ["ollama"] * ANSWERS
        assert told["whys_pending"] == 0
        assert whys(await tonight(http)) == whys(told)


async def test_lines_that_are_refused_are_not_waited_for(
    site: Stage, model: Model, worker: None
) -> None:
    model.says(LIE)
    async with client(site) as http:
        told = await tonight(http, wait=LONG)
        assert sources(told) == ["template"] * ANSWERS
        assert told["whys_pending"] == 0


async def test_it_waits_no_longer_than_asked_and_tells_what_there_is(
    site: Stage, model: Model, worker: None
) -> None:
    model.set(load_s=120.0)
    async with client(site) as http:
        async with asyncio.timeout(20):
            told = await tonight(http, wait=200)
        assert sources(told) == ["template"] * ANSWERS
        assert told["whys_pending"] == ANSWERS


async def test_some_may_be_there_and_some_may_not(site: Stage, valkey: Redis) -> None:
    asking = asyncio.create_task(_asked(site))
    await eventually(lambda: valkey.keys("why:heard:*"))
    [heard] = await valkey.keys("why:heard:*")
    whys_of_site = site.services.whys
    assert whys_of_site is not None
    order = await whys_of_site.shelf.order(heard.decode().rpartition(":")[2])
    assert order is not None
    first, second, *_ = order.wanted
    await whys_of_site.shelf.put(first, "Just right for tonight.", 60)
    await whys_of_site.shelf.put(second, None, 60)
    told = await asking
    assert whys(told)[first.id] == ("Just right for tonight.", "ollama")
    assert sources(told).count("template") == ANSWERS - 1
    assert told["whys_pending"] == ANSWERS - 2


async def test_who_goes_away_waits_no_more(
    site: Stage, valkey: Redis, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def for_hours(call: Call, answer: Answer, _wait_ms: int) -> Answer:
        return await settled(call, answer, 7_200_000)

    monkeypatch.setattr(recommend, "settled", for_hours)
    asking = asyncio.create_task(_asked(site))
    await eventually(lambda: valkey.keys("why:heard:*"))
    asking.cancel()
    await asyncio.gather(asking, return_exceptions=True)
    await eventually(lambda: not _named("why-hearing"))
    assert not _named("why-leaving")


async def _asked(site: Stage) -> dict[str, Any]:
    async with client(site) as http:
        return await tonight(http, wait=LONG)


def _named(name: str) -> list[asyncio.Task[Any]]:
    return [task for task in asyncio.all_tasks() if task.get_name() == name]


@pytest.mark.parametrize("wait", ["-1", "5001", "1.5", "x", "", "1e3", "9" * 400, "\x00", "true"])
async def test_a_wait_that_cannot_be_is_named(site: Stage, wait: str) -> None:
    async with client(site) as http:
        answer = await http.post("/api/recommend", json=QUESTION, params={"wait": wait})
        assert answer.status_code == 422, answer.text
        assert answer.json()["field"] == "wait"
        assert answer.headers["content-type"] == "application/problem+json"


async def test_without_a_model_a_wait_is_none(demo_services: Services) -> None:
    async with staged(demo_services) as site, client(site) as http:
        told = await tonight(http, wait=LONG)
        assert sources(told) == ["template"] * ANSWERS
        assert told["whys_pending"] == 0


async def test_the_document_says_how_long(site: Stage) -> None:
    async with client(site) as http:
        document = (await http.get("/api/openapi.json")).json()
    asked = document["paths"]["/api/recommend"]["post"]
    [wait] = asked["parameters"]
    assert (wait["name"], wait["in"]) == ("wait", "query")
    assert (wait["schema"]["minimum"], wait["schema"]["maximum"]) == (0, LONG)
    assert "RecommendPatience" not in document["components"]["schemas"]
