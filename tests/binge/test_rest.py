"""GET /api/titles/{titleId}/binge."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import httpx
import pytest

from domain.accounts.demo import DEMOS, PASSWORD
from domain.services import Services
from tests.watchlists.homes import rows

pytestmark = pytest.mark.anyio


async def naruto(services: Services) -> str:
    ((key,),) = await rows(services.database, "SELECT id FROM titles WHERE name = 'Naruto'")
    return f"title_{key}"


async def ask(client: httpx.AsyncClient, title: str, **query: Any) -> dict[str, Any]:
    """The answer to a question that can be answered."""
    answer = await client.get(f"/api/titles/{title}/binge", params=query)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_narutos_filler_is_left_out(
    client: httpx.AsyncClient, demo_services: Services
) -> None:
    title = await naruto(demo_services)
    told = await ask(client, title, minutesPerDay=60)
    assert (told["episodes"], told["filler"], told["planned"]) == (220, 90, 130)
    assert (told["minutes"], told["minutes_with_filler"]) == (130 * 23, 220 * 23)
    assert (told["title_id"], told["fits"], told["preview"]) == (title, True, True)
    assert len(told["sittings"]) == 3
    first = told["sittings"][0]
    assert first["minutes"] == 46
    assert [each["number"] for each in first["episodes"]] == [1, 2]
    ends = date.fromisoformat(first["date"]) + timedelta(64)
    assert told["finishes_on"] == ends.isoformat()
    everything = await ask(client, title, minutes_per_day=60, skipFiller="false")
    assert everything["planned"] == 220


async def test_all_of_it_takes_pro(client: httpx.AsyncClient, demo_services: Services) -> None:
    title = await naruto(demo_services)
    email = next(each.email for each in DEMOS if each.plan == "pro")
    signed_in = await client.post("/api/session", json={"email": email, "password": PASSWORD})
    assert signed_in.status_code == 201
    told = await ask(client, title, byWeekday="60,60,0,60,60,120,120", specials="false")
    assert told["preview"] is False
    assert told["minutes_by_weekday"] == [60, 60, 0, 60, 60, 120, 120]
    assert sum(each["minutes"] for each in told["sittings"]) == told["minutes"]
    assert all(date.fromisoformat(each["date"]).weekday() != 2 for each in told["sittings"])


async def test_what_is_empty_is_left_to_us(
    client: httpx.AsyncClient, demo_services: Services
) -> None:
    title = await naruto(demo_services)
    told = await ask(
        client, title, minutesPerDay="", until="", days="", skipFiller="", specials="", byWeekday=""
    )
    assert told["minutes_by_weekday"] == [60] * 7
    until = datetime.now(UTC).date() + timedelta(40)
    told = await ask(client, title, until=until.isoformat())
    assert told["fits"]
    assert told["finishes_on"] <= told["until"] == until.isoformat()


async def test_what_does_not_fit_says_what_would(
    client: httpx.AsyncClient, demo_services: Services
) -> None:
    told = await ask(client, await naruto(demo_services), minutesPerDay=60, days=10)
    assert (told["fits"], told["finishes_on"], told["latest_start"]) == (False, None, None)
    assert {each["trouble"] for each in told["losses"]} == {"too_little_time"}
    assert told["alternatives"][0]["change"] == "more_minutes"
    assert all(each["sentence"] for each in told["losses"] + told["alternatives"])


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("minutesPerDay=0", "minutes_per_day"),
        ("minutesPerDay=an+hour", "minutes_per_day"),
        ("minutesPerDay=10&byWeekday=1,1,1,1,1,1,1", "by_weekday"),
        ("byWeekday=1,2,3", "by_weekday"),
        ("byWeekday=1,2,3,4,5,6,x", "by_weekday.6"),
        ("byWeekday=0,0,0,0,0,0,0", "by_weekday"),
        ("days=3&until=2999-01-01", "days"),
        ("days=-1", "days"),
        ("until=tomorrow", "until"),
        ("until=2026-02-30", "until"),
        ("until=1", "until"),
        ("until=1999-01-01", "until"),
        ("until=9999-12-31", "until"),
        ("startOn=1999-01-01", "start_on"),
        ("seasons=99", "seasons"),
        ("skipFiller=perhaps", "skip_filler"),
        ("skipCreditsMin=99", "skip_credits_min"),
        ("minutesPerDay=%00", "minutes_per_day"),
    ],
)
async def test_a_refusal_names_its_field(
    client: httpx.AsyncClient, demo_services: Services, query: str, field: str
) -> None:
    answer = await client.get(f"/api/titles/{await naruto(demo_services)}/binge?{query}")
    assert answer.status_code == 422, answer.text
    assert answer.json()["field"] == field


async def test_a_title_that_is_not_there_is_not_found(client: httpx.AsyncClient) -> None:
    for title in ("title_999999999", "title_x", "42", "%00", "platform_1"):
        answer = await client.get(f"/api/titles/{title}/binge")
        assert answer.status_code == 404, title
