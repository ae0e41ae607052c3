"""POST /api/recommend: what it answers, what it refuses and whom it limits."""

import asyncio

import httpx
import pytest
from redis.asyncio import Redis

from domain.profiles.models import Profile
from domain.services import Services
from tests.api.conftest import Client, Connect, Household

pytestmark = pytest.mark.anyio
QUESTION = {"mood": "cozy", "time_min": 120, "group_size": 2, "subscribed_platforms": ["netflix"]}


async def ask(client: Client, **changes: object) -> httpx.Response:
    return await client.post("/api/recommend", json=QUESTION | changes)


async def test_it_answers_five_titles_each_with_a_reason(http: Client) -> None:
    answer = await ask(http)
    assert answer.status_code == 200
    told = answer.json()
    assert len(told["recommendations"]) == 5
    first = told["recommendations"][0]
    assert first["title"].startswith("Cozy Evening")
    assert first["why"].strip()
    assert first["why_source"] == "template"
    assert 0 < first["score"] <= 1
    assert [each["slug"] for each in first["platforms"]] == ["netflix"]
    assert told["candidates"] == 7
    assert told["dropped"] == {"mood": 2}
    assert told["relax"] == []


async def test_what_was_excluded_or_watched_is_not_shown(http: Client) -> None:
    ids = [each["title_id"] for each in (await ask(http)).json()["recommendations"]]
    history = [ids[1], {"title_id": ids[2], "rating": 9, "watched_at": "2026-01-01", "more": 1}]
    told = (await ask(http, exclude_titles=ids[:1], watch_history=history)).json()
    assert told["candidates"] == 4
    assert not {each["title_id"] for each in told["recommendations"]} & set(ids[:3])
    assert told["dropped"]["excluded"] == 1
    assert told["dropped"]["watched"] == 2


async def test_too_few_answers_come_with_what_to_loosen(http: Client) -> None:
    told = (await ask(http, time_min=91)).json()
    assert told["candidates"] == 2
    assert {each["constraint"] for each in told["relax"]} >= {"time"}
    assert all(each["suggestion"] and each["would_add"] > 0 for each in told["relax"])


async def test_a_profile_s_platforms_are_the_default(free: Household) -> None:
    await free.browser.put("/api/me/platforms", json={"platforms": ["hulu"]})
    told = (await free.browser.post("/api/recommend", json={})).json()
    assert [each["title"] for each in told["recommendations"]] == ["Die Brücke"]


async def test_without_any_platform_it_says_how_to_name_some(http: Client) -> None:
    answer = await http.post("/api/recommend", json={})
    assert answer.status_code == 422
    assert answer.json()["field"] == "subscribed_platforms"


UNUSABLE: list[tuple[dict[str, object], str]] = [
    ({"mood": "sleepy"}, "mood"),
    ({"mood": 7}, "mood"),
    ({"time_min": 0}, "time_min"),
    ({"time_min": -5}, "time_min"),
    ({"time_min": 10**30}, "time_min"),
    ({"time_min": "90"}, "time_min"),
    ({"time_min": True}, "time_min"),
    ({"time_min": 90.5}, "time_min"),
    ({"group_size": 51}, "group_size"),
    ({"group_size": None}, "group_size"),
    ({"subscribed_platforms": []}, "subscribed_platforms"),
    ({"subscribed_platforms": ["netflix", "netfilx"]}, "subscribed_platforms"),
    ({"subscribed_platforms": ["\x00"]}, "subscribed_platforms"),
    ({"subscribed_platforms": "netflix"}, "subscribed_platforms"),
    ({"subscribed_platforms": ["x"] * 51}, "subscribed_platforms"),
    ({"exclude_titles": ["42"]}, "exclude_titles"),
    ({"exclude_titles": ["title_" + "9" * 30]}, "exclude_titles"),
    ({"exclude_titles": [["title_1"]]}, "exclude_titles.0"),
    ({"watch_history": [{"title_id": "title_1", "rating": 11}]}, "watch_history.0"),
    ({"watch_history": ["title_1"] * 251}, "watch_history"),
    ({"tine_min": 90}, "tine_min"),
]


async def test_a_field_that_cannot_be_used_is_named(http: Client) -> None:
    for changes, field in UNUSABLE:
        answer = await ask(http, **changes)
        assert answer.status_code == 422, (changes, answer.text)
        assert answer.headers["content-type"] == "application/problem+json"
        problem = answer.json()
        assert problem["code"] == "INVALID_INPUT"
        assert problem["type"] == "/problems/invalid-input"
        assert problem["field"].startswith(field), (changes, problem)
        assert len(problem["detail"]) > 15


async def test_all_that_is_wrong_is_told_at_once(http: Client) -> None:
    problem = (await ask(http, time_min="90", mood=7)).json()
    assert [each["field"] for each in problem["errors"]] == ["mood", "time_min"]


async def test_whole_numbers_may_be_written_with_a_point(http: Client) -> None:
    assert (await ask(http, time_min=120.0)).status_code == 200


async def test_the_eleventh_question_in_a_minute_is_refused(http: Client) -> None:
    answers = [await ask(http) for _ in range(11)]
    assert [each.status_code for each in answers] == [200] * 10 + [429]
    assert [each.headers["ratelimit-remaining"] for each in answers] == [
        str(left) for left in (9, 8, 7, 6, 5, 4, 3, 2, 1, 0, 0)
    ]
    last = answers[-1]
    assert last.headers["ratelimit-limit"] == "10"
    assert int(last.headers["retry-after"]) > 0
    assert last.json()["code"] == "RATE_LIMITED"


async def test_of_many_questions_at_once_ten_are_answered(http: Client) -> None:
    answers = await asyncio.gather(*(ask(http) for _ in range(20)))
    assert sorted(each.status_code for each in answers) == [200] * 10 + [429] * 10


async def test_what_cannot_be_answered_does_not_count(http: Client) -> None:
    for _ in range(12):
        assert (await ask(http, mood="sleepy")).status_code == 422
        assert (await http.post("/api/recommend", content=b"{")).status_code == 415
        assert (await ask(http, subscribed_platforms=["netfilx"])).status_code == 422
    assert (await ask(http)).headers["ratelimit-remaining"] == "9"


async def test_a_cookie_and_a_token_share_an_account_s_limit(
    free: Household, client_of: Connect
) -> None:
    program = client_of("198.51.100.9", headers={"Authorization": f"Bearer {free.token}"})
    for _ in range(5):
        assert (await ask(free.browser)).status_code == 200
        assert (await ask(program)).status_code == 200
    assert (await ask(free.browser)).status_code == 429
    assert (await ask(program)).status_code == 429


async def test_addresses_have_a_limit_each(client_of: Connect) -> None:
    one, other = client_of("203.0.113.1"), client_of("203.0.113.2")
    for _ in range(11):
        last = await ask(one)
    assert last.status_code == 429
    assert (await ask(other)).status_code == 200


async def test_pro_accounts_have_none(pro: Household) -> None:
    answers = [await ask(pro.browser) for _ in range(12)]
    assert {each.status_code for each in answers} == {200}
    assert "ratelimit-limit" not in answers[0].headers


async def test_a_child_s_profile_is_not_shown_what_is_above_it(
    free: Household, services: Services, client: Redis
) -> None:
    told = (await ask(free.browser, mood="scary")).json()
    assert [each["title"] for each in told["recommendations"]] == ["Nightmare"]
    async with services.database.transaction() as session:
        profile = await session.get_one(Profile, free.viewer.profile_id)
        profile.maturity_ceiling = 12
    await client.flushdb()  # what the session proves
    told = (await ask(free.browser, mood="scary")).json()
    assert told["recommendations"] == []
    assert told["dropped"]["maturity"] == 1
