"""/api/watchlist and /api/history, over HTTP, by cookie and by token."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import httpx
import pytest

from domain.services import Services
from tests.accounts.people import HOSTILE, run
from tests.api.conftest import Household, make_app
from tests.api.conftest import move_in as sign_up
from tests.support.catalogue import On
from tests.support.counting import statements
from tests.watchlists.homes import events, film, rows, series

pytestmark = pytest.mark.anyio
TODAY = datetime.now(UTC).date()
URL = "/api/watchlist"


@pytest.fixture
async def home(services: Services) -> AsyncIterator[Household]:
    """A household with Netflix, signed in."""
    app = make_app(services)
    transport = httpx.ASGITransport(app, client=("203.0.113.7", 50_000))
    async with httpx.AsyncClient(transport=transport, base_url="http://films.test") as opened:
        yield await sign_up(opened, services)


@pytest.fixture
def http(home: Household) -> httpx.AsyncClient:
    """Its browser."""
    return home.browser


async def add_film(services: Services, home: Household, name: str = "Paddington 2", **more) -> str:
    title = f"title_{await film(services.database, name, **more)}"
    slugs = {"platforms": ["netflix"]}
    assert (await home.browser.put("/api/me/platforms", json=slugs)).status_code == 200
    return title


async def listed(http: httpx.AsyncClient, **query) -> list[str]:
    answer = await http.get(URL, params=query)
    assert answer.status_code == 200, answer.text
    return [each["title_id"] for each in answer.json()["items"]]


async def test_an_item_has_exactly_what_is_documented(services: Services, home: Household):
    until = TODAY + timedelta(days=6)
    title = await add_film(services, home, offers=[On(expires_on=until), On("hulu")])
    sent = {"title_id": title, "platform_preference": "hulu"}
    made = await home.browser.post(URL, json=sent)
    assert made.status_code == 201
    (item,) = (await home.browser.get(URL)).json()["items"]
    assert item == made.json()
    added_at = item.pop("added_at")
    assert abs(datetime.now(UTC) - datetime.fromisoformat(added_at)) < timedelta(minutes=5)
    platforms = [
        {"slug": "netflix", "name": "Netflix", "url": "https://netflix.example/1",
         "expires_on": str(until), "attribution": None}
    ]  # fmt: skip
    assert item == {
        "title_id": title, "title": "Paddington 2", "year": 2020, "kind": "film",
        "platforms": platforms, "expires_on": str(until), "days_left": 6, "warning": "soon",
        "platform_preference": "hulu", "watched_at": None,
    }  # fmt: skip


async def test_the_life_of_a_wish(services: Services, home: Household, http: httpx.AsyncClient):
    title = await add_film(services, home)
    assert (await http.post(URL, json={"title_id": title})).status_code == 201
    assert (await http.post(URL, json={"title_id": title})).status_code == 200
    watched = await http.patch(f"{URL}/{title}/watched")
    assert (watched.status_code, watched.json()["watched_at"] is None) == (200, False)
    assert await listed(http, watched="false") == []
    told = await http.patch(
        f"{URL}/{title}/watched", json={"watched": True, "watched_at": "2026-01-02T03:04:05Z"}
    )
    assert told.json()["watched_at"] == "2026-01-02T03:04:05Z"
    history = (await http.get("/api/history")).json()["items"]
    assert [each["watched_at"] for each in history] == ["2026-01-02T03:04:05Z"]
    told = await http.patch(f"{URL}/{title}/watched", json={"watched": False})
    assert told.json()["watched_at"] is None
    assert (await http.get("/api/history")).json() == {"items": [], "next": None}
    gone = await http.delete(f"{URL}/{title}")
    assert (gone.status_code, gone.content) == (204, b"")
    assert (await http.delete(f"{URL}/{title}")).json()["code"] == "NOT_ON_THE_LIST"
    back = await http.post(f"{URL}/{title}/undo")
    assert (back.status_code, back.json()) == (200, told.json())


async def test_it_takes_a_session_or_a_token(services: Services, home: Household):
    title = await add_film(services, home)
    browser = home.browser
    calls = [
        ("GET", URL), ("POST", URL), ("DELETE", f"{URL}/{title}"), ("POST", f"{URL}/{title}/undo"),
        ("PATCH", f"{URL}/{title}/watched"), ("GET", "/api/history"), ("POST", "/api/history"),
        ("DELETE", "/api/history/watch_1"),
    ]  # fmt: skip
    browser.cookies.clear()
    for method, url in calls:
        answer = await browser.request(method, url)
        assert (answer.status_code, answer.json()["code"]) == (401, "UNAUTHENTICATED"), url
        assert answer.headers["www-authenticate"] == "Bearer"
    browser.headers["Authorization"] = f"Bearer {home.token}"
    assert (await browser.post(URL, json={"title_id": title})).status_code == 201
    assert await listed(browser) == [title]


async def test_filters_and_orders(services: Services, home: Household, http: httpx.AsyncClient):
    titles = {}
    for name, days in (("B", 3), ("A", 20), ("C", None)):
        until = None if days is None else TODAY + timedelta(days=days)
        titles[name] = await add_film(services, home, name, offers=[On(expires_on=until)])
        await http.post(URL, json={"title_id": titles[name]})
    a, b, c = titles["A"], titles["B"], titles["C"]
    assert await listed(http) == [b, a, c]
    assert await listed(http, sort="title") == [a, b, c]
    assert await listed(http, sort="added") == [c, a, b]
    assert await listed(http, leaving_within_days=7) == [b]
    assert await listed(http, on_my_platforms="false") == []
    for query in ({"sort": "price"}, {"leaving_within_days": "soon"}, {"watched": "maybe"}):
        assert (await http.get(URL, params=query)).status_code == 422


async def test_a_long_list_takes_as_many_statements_as_a_short_one(
    services: Services, home: Household, http: httpx.AsyncClient
):
    counts = []
    for number in range(6):
        title = await add_film(services, home, f"Film {number}")
        await http.post(URL, json={"title_id": title})
        await http.get(URL)  # the session is in the cache from here on
        with statements(services.database) as sent:
            assert len(await listed(http)) == number + 1
        counts.append(len(sent))
    assert counts == [3] * 6  # wishes, my platforms, offers


async def test_a_retry_has_the_same_status_and_body(
    services: Services, home: Household, http: httpx.AsyncClient
):
    title = await add_film(services, home)
    key = {"Idempotency-Key": "~" * 256}
    for method, url, body in (
        ("POST", URL, {"title_id": title}),
        ("PATCH", f"{URL}/{title}/watched", {"watched": True}),
        ("DELETE", f"{URL}/{title}", None),
        ("POST", f"{URL}/{title}/undo", None),
        ("POST", "/api/history", {"title_id": title}),
    ):
        first = await http.request(method, url, json=body, headers=key)
        assert first.is_success, first.text
        second = await http.request(method, url, json=body, headers=key)
        assert (second.status_code, second.content) == (first.status_code, first.content), url
    assert len(await rows(services.database, "SELECT * FROM watches")) == 2
    made = await http.post(URL, json={"title_id": title}, headers=key)
    assert (made.status_code, made.json()["watched_at"]) == (201, None)  # as it was then


async def test_retries_that_arrive_at_once_are_one_change(
    services: Services, home: Household, http: httpx.AsyncClient
):
    title = await add_film(services, home)
    key = {"Idempotency-Key": "once"}
    answers = await asyncio.gather(
        *(http.post(URL, json={"title_id": title}, headers=key) for _ in range(10))
    )
    assert {each.status_code for each in answers} == {201}
    assert len({each.content for each in answers}) == 1
    assert len(await events(services.database)) == 1


async def test_a_key_for_another_request_is_refused(
    services: Services, home: Household, http: httpx.AsyncClient
):
    one, two = [await add_film(services, home, name) for name in "ab"]
    key = {"Idempotency-Key": "k"}
    await http.post(URL, json={"title_id": one}, headers=key)
    answer = await http.post(URL, json={"title_id": two}, headers=key)
    assert (answer.status_code, answer.json()["code"]) == (422, "IDEMPOTENCY_KEY_REUSED")
    assert await listed(http) == [one]


async def test_a_key_means_the_same_in_graphql(
    services: Services, home: Household, http: httpx.AsyncClient
):
    title = await add_film(services, home)
    made = await http.post(URL, json={"title_id": title}, headers={"Idempotency-Key": "k"})
    assert made.status_code == 201
    await http.delete(f"{URL}/{title}")
    mutation = """mutation ($id: ID!) {
      addToWatchlist(input: { titleId: $id, clientMutationId: "k" }) {
        ... on WatchlistItemAdded { alreadyThere item { addedAt } } } }"""
    answer = await http.post("/graphql", json={"query": mutation, "variables": {"id": title}})
    told = answer.json()["data"]["addToWatchlist"]
    assert told["alreadyThere"] is False
    assert datetime.fromisoformat(told["item"]["addedAt"]) == datetime.fromisoformat(
        made.json()["added_at"]
    )
    assert await listed(http) == []


@pytest.mark.parametrize("key", ["", "two words", "x" * 257, "é"])
async def test_what_cannot_be_a_key_is_refused(
    services: Services, home: Household, http: httpx.AsyncClient, key: str
):
    title = await add_film(services, home)
    headers = [(b"Idempotency-Key", key.encode("latin-1"))]
    answer = await http.post(URL, json={"title_id": title}, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (422, "INVALID_INPUT")
    twice = [(b"Idempotency-Key", b"a"), (b"Idempotency-Key", b"b")]
    assert (await http.delete(f"{URL}/{title}", headers=twice)).status_code == 422
    assert await listed(http) == []


@pytest.mark.parametrize("given", ["title_1", "title_9999999999999999999", "42", "%00"])
async def test_an_address_of_no_title_is_404(http: httpx.AsyncClient, given: str):
    for method, url in (
        ("DELETE", f"{URL}/{given}"), ("PATCH", f"{URL}/{given}/watched"),
        ("POST", f"{URL}/{given}/undo"), ("DELETE", f"/api/history/{given}"),
    ):  # fmt: skip
        assert (await http.request(method, url)).status_code == 404


@pytest.mark.parametrize("given", [*HOSTILE, 1, None, [], {}])
async def test_a_body_of_nonsense_is_refused(http: httpx.AsyncClient, given: object):
    if isinstance(given, str) and given != given.encode(errors="ignore").decode():
        return  # not JSON, which every route refuses alike
    for body in ({"title_id": given}, {"title_id": "title_1", "platform_preference": given}):
        answer = await http.post(URL, json=body)
        assert answer.status_code in {404, 422}, answer.text
    for body in ({"watched": given}, {"watched_at": given}):
        answer = await http.patch(f"{URL}/title_1/watched", json=body)
        assert answer.status_code in {404, 422}, answer.text


async def test_a_moment_that_cannot_be_is_refused(
    services: Services, home: Household, http: httpx.AsyncClient
):
    title = await add_film(services, home)
    await http.post(URL, json={"title_id": title})
    for at in ("2999-01-01T00:00:00Z", "2026-01-01T00:00:00", "soon", 1_700_000_000, "0001-01-01"):
        answer = await http.patch(f"{URL}/{title}/watched", json={"watched_at": at})
        assert (answer.status_code, answer.json().get("field")) == (422, "watched_at"), at
    both = {"watched": False, "watched_at": "2026-01-01T00:00:00Z"}
    answer = await http.patch(f"{URL}/{title}/watched", json=both)
    assert (answer.status_code, answer.json().get("field")) == (422, "watched_at")


async def test_a_child_cannot_reach_what_is_not_for_it(
    services: Services, home: Household, http: httpx.AsyncClient
):
    title = await add_film(services, home, maturity=16)
    await http.post(URL, json={"title_id": title})
    await run(services.database, "UPDATE profiles SET maturity_ceiling = 7")
    await services.cache.drop()
    for method, url in (("DELETE", f"{URL}/{title}"), ("PATCH", f"{URL}/{title}/watched")):
        assert (await http.request(method, url)).status_code == 404
    assert (await http.post(URL, json={"title_id": title})).status_code == 404


async def test_history_page_by_page(services: Services, home: Household, http: httpx.AsyncClient):
    key, (one, two) = await series(services.database, [[], ["canon", "canon"]])
    first, second = [
        {"episode_id": f"episode_{episode}", "watched_at": f"2026-01-0{place}T00:00:00Z"}
        for place, episode in enumerate((one, two), 1)
    ]
    assert (await http.post("/api/history", json=first)).status_code == 201
    made = await http.post("/api/history", json=second)
    assert made.status_code == 201
    assert (await http.post("/api/history", json=second)).status_code == 200
    assert made.json() == {
        "watch_id": made.json()["watch_id"], "title_id": f"title_{key}", "title": "Dark",
        "year": 2020, "kind": "series", "episode_id": f"episode_{two}", "season": 1, "episode": 2,
        "watched_at": "2026-01-02T00:00:00Z", "source": "manual",
    }  # fmt: skip
    page = (await http.get("/api/history", params={"first": 1})).json()
    assert page["items"] == [made.json()]
    rest = (await http.get("/api/history", params={"first": 1, "after": page["next"]})).json()
    assert ([each["episode"] for each in rest["items"]], rest["next"]) == ([1], None)
    assert (await http.get("/api/history?title_id=title_9")).json()["items"] == []
    gone = await http.delete(f"/api/history/{made.json()['watch_id']}")
    assert gone.status_code == 204
    assert (await http.delete(f"/api/history/{made.json()['watch_id']}")).status_code == 404
