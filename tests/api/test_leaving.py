"""GET /api/recommend/leaving-soon, GET /api/recommend/new and the same in GraphQL."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest

from domain.services import Services
from tests.accounts.people import run
from tests.api.conftest import Client, Household
from tests.support.catalogue import On, add_title

pytestmark = pytest.mark.anyio
LEAVING, NEW = "/api/recommend/leaving-soon", "/api/recommend/new"


@pytest.fixture(autouse=True)
async def departures(services: Services) -> AsyncIterator[None]:
    """Three titles that leave and one that is new; gone again afterwards."""
    today = datetime.now(UTC).date()
    async with services.database.transaction() as session:
        for name, platform, days, maturity in (
            ("Leaves Netflix", "netflix", 3, 12),
            ("Leaves Hulu", "hulu", 4, 12),
            ("Leaves grown-ups", "netflix", 5, 18),
        ):
            until = On(platform, today + timedelta(days))
            await add_title(session, name, offers=[until], maturity=maturity, runtime_min=116)
        await add_title(session, "Brand New", offers=[On("hulu")])
    await run(
        services.database,
        "UPDATE offers SET available_from = :today WHERE title_id IN"
        " (SELECT id FROM titles WHERE name = 'Brand New')",
        today=today,
    )
    yield
    await run(
        services.database,
        "DELETE FROM titles WHERE name LIKE 'Leaves %' OR name = 'Brand New'",
    )


async def told(client: Client, path: str, **query: object) -> list[dict[str, object]]:
    answer = await client.get(path, params=query)  # type: ignore[arg-type]
    assert answer.status_code == 200, answer.text
    return answer.json()["titles"]


async def test_a_stranger_sees_what_leaves_the_country(http: Client) -> None:
    found = await told(http, LEAVING)
    assert [each["title"] for each in found] == [
        "Leaves Netflix", "Leaves Hulu", "Leaves grown-ups",
    ]  # fmt: skip
    first = found[0]
    day = datetime.now(UTC).date() + timedelta(3)
    assert (first["expires_on"], first["days_left"]) == (day.isoformat(), 3)
    assert first["kind"] == "film"
    assert first["runtime_min"] == 116
    assert first["platforms"] == [
        {
            "slug": "netflix",
            "name": "Netflix",
            "url": f"https://netflix.example/{str(first['title_id']).removeprefix('title_')}",
            "expires_on": day.isoformat(),
            "attribution": None,
        }
    ]
    assert str(first["why"]).endswith(f"it stays on Netflix only until {day:%A}.")
    assert isinstance(first["regret"], float)
    assert 0 < first["regret"] < 1
    assert first["seasons"] == []
    assert first["stays_elsewhere"] is False
    assert first["mood_tags"] == ["cozy", "funny"]


async def test_a_household_sees_its_own_platforms(free: Household) -> None:
    await free.browser.put("/api/me/platforms", json={"platforms": ["hulu"]})
    assert [each["title"] for each in await told(free.browser, LEAVING)] == ["Leaves Hulu"]
    every = await told(free.browser, LEAVING, only_my_platforms="false")
    assert len(every) == 3
    assert [each["title"] for each in await told(free.browser, NEW)] == ["Brand New"]
    await free.browser.put("/api/me/platforms", json={"platforms": ["netflix"]})
    assert await told(free.browser, NEW) == []


async def test_a_ceiling_holds(free: Household, services: Services) -> None:
    await run(
        services.database,
        "UPDATE profiles SET maturity_ceiling = 13 WHERE id = :id",
        id=free.viewer.profile_id,
    )
    headers = {"Authorization": f"Bearer {free.token}"}
    free.browser.cookies.clear()
    answer = await free.browser.get(LEAVING, headers=headers)
    titles = [each["title"] for each in answer.json()["titles"]]
    assert titles == ["Leaves Netflix", "Leaves Hulu"]


async def test_what_is_new_says_since_when(http: Client) -> None:
    (only,) = await told(http, NEW)
    assert only["title"] == "Brand New"
    assert only["since"] == datetime.now(UTC).date().isoformat()
    assert only["why"] == "A comedy, and critics give it 80 of 100."
    assert await told(http, NEW, first=1, within_days=1) == [only]


@pytest.mark.parametrize("path", [LEAVING, NEW])
@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("within_days", "0"), ("within_days", "91"), ("within_days", "soon"),
        ("within_days", "9" * 5_000), ("first", "0"), ("first", "101"), ("first", "-1"),
    ],
)  # fmt: skip
async def test_what_cannot_be_used_is_named(
    http: Client, path: str, field: str, value: str
) -> None:
    answer = await http.get(path, params={field: value})
    assert answer.status_code == 422
    assert answer.json()["field"] == field


async def test_graphql_says_the_same(http: Client) -> None:
    query = """{
      leavingSoon { title { name } expiresOn daysLeft regret why offers { platform { slug } } }
      newOnMyPlatforms(first: 3) { title { name } since why }
    }"""
    answer = (await http.post("/graphql", json={"query": query})).json()
    rest = await told(http, LEAVING)
    assert [
        (each["title"]["name"], each["expiresOn"], each["daysLeft"], each["regret"], each["why"])
        for each in answer["data"]["leavingSoon"]
    ] == [
        (each["title"], each["expires_on"], each["days_left"], each["regret"], each["why"])
        for each in rest
    ]
    new = await told(http, NEW)
    assert answer["data"]["newOnMyPlatforms"] == [
        {"title": {"name": each["title"]}, "since": each["since"], "why": each["why"]}
        for each in new
    ]


@pytest.mark.parametrize("name", ["leavingSoon", "newOnMyPlatforms"])
async def test_graphql_refuses_a_window_out_of_range(http: Client, name: str) -> None:
    query = f"{{ {name}(withinDays: 91) {{ why }} }}"
    answer = (await http.post("/graphql", json={"query": query})).json()
    assert answer["data"] == {name: None}
    assert answer["errors"][0]["extensions"]["code"] == "INVALID_INPUT"
    assert "withinDays goes from 1 to 90" in answer["errors"][0]["message"]
