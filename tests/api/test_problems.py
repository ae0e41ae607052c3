"""Errors: each is a problem with a page about it, and none tells what only we should know."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from app.middleware import Hardened
from domain.errors import DomainError
from rest.problems import slug
from rest.routes import EXCEPTION_HANDLERS
from tests.api.conftest import SITE, Client, Connect, Household

pytestmark = pytest.mark.anyio
JSON = {"Content-Type": "application/json"}


def check(answer: httpx.Response, status: int, code: str) -> None:
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    told = answer.json()
    assert (told["status"], told["code"]) == (status, code)
    assert told["type"] == f"/problems/{slug(code)}"
    assert told["title"]
    assert len(told["detail"]) > 15


async def test_addresses_and_methods_that_are_not_there(http: Client) -> None:
    check(await http.get("/api/nothing"), 404, "NO_SUCH_ADDRESS")
    refused = await http.get("/api/recommend")
    check(refused, 405, "METHOD_NOT_ALLOWED")
    assert refused.headers["allow"] == "OPTIONS, POST"
    assert "OPTIONS, POST" in refused.json()["detail"]
    check(await http.request("BREW", "/api/search"), 405, "METHOD_NOT_ALLOWED")


async def test_head_and_options_answer(http: Client) -> None:
    assert (await http.head("/api/search")).status_code == 200
    answer = await http.options("/api/session")
    assert answer.status_code == 204
    assert answer.headers["allow"] == "DELETE, GET, HEAD, OPTIONS, POST"
    assert "access-control-allow-origin" not in answer.headers


BODIES = [
    (b"", 400),
    (b"{", 400),
    (b"[]", 400),
    (b"null", 400),
    (b'"text"', 400),
    (b"NaN", 400),
    (b'{"mood": NaN}', 400),
    (b'{"mood": "\xff"}', 400),
    (b'{"mood": "\xed\xa0\x80"}', 400),
    (b'{"mood": "\\ud800"}', 400),
    (b'{"\\udc00": 1}', 400),
    (b'{"mood": "\\u0000"}', 422),
    ('{"mood": "cozy"}'.encode("utf-16"), 400),
    (b'\xef\xbb\xbf{"mood": "cozy"}', 400),
    (b'{"time_min": ' + b"9" * 400 + b"}", 400),
    (b'{"time_min": 18446744073709551616}', 422),
    (b'{"mood": ' + b"[" * 5_000 + b"]" * 5_000 + b"}", 400),
    (b'{"mood": ' + b"[" * 500 + b"]" * 500 + b"}", 422),
    (b'{"watch_history": [' + b'{"title_id":' * 300 + b"1" + b"}" * 300 + b"]}", 422),
    (b'{"a": 1, "' + b"k" * 5_000 + b'": 2}', 422),
]


async def test_bodies_that_are_not_what_was_asked_for(http: Client) -> None:
    for body, status in BODIES:
        for path in ("/api/recommend", "/api/session"):
            answer = await http.post(path, content=body, headers=JSON)
            check(answer, status, {400: "BAD_BODY", 422: "INVALID_INPUT"}[status])
            assert len(answer.text) < 3_000


@pytest.mark.parametrize(
    ("sent", "detail"),
    [
        ({"time_min": 0}, "time_min must be at least 1."),
        ({"time_min": 100_000}, "time_min must be at most 1440."),
        ({"time_min": "90"}, "time_min must be a whole number."),
        ({"time_min": 90.5}, "time_min must be a whole number."),
        ({"mood": 1}, "mood must be text."),
        ({"mood": "x" * 201}, "mood must have at most 200 characters."),
        ({"subscribed_platforms": "netflix"}, "subscribed_platforms must be a list."),
        ({"tine_min": 90}, "There is no field 'tine_min' here."),
    ],
)
async def test_what_is_wrong_with_a_field_is_said_in_plain_words(
    http: Client, sent: dict[str, object], detail: str
) -> None:
    answer = await http.post("/api/recommend", json=sent)
    check(answer, 422, "INVALID_INPUT")
    assert answer.json()["detail"] == detail


async def test_what_is_wrong_elsewhere_is_plain_too(http: Client, free: Household) -> None:
    told = (await http.get("/api/platforms?country=USA")).json()
    assert told["detail"] == "country must be two letters, like US."
    told = (await http.get("/api/search?page=one")).json()
    assert told["detail"] == "page must be a whole number."
    told = (await http.get("/api/search?genre=slapstick")).json()
    assert told["detail"].startswith("genre.0 must be 'action', ")
    hours = {"notifications": {"quiet_hours": {"start": "10pm", "end": "07:00"}, "email": 1}}
    told = (await free.browser.patch("/api/me/preferences", json=hours)).json()
    assert [each["detail"] for each in told["errors"]] == [
        "notifications.email must be true or false.",
        "notifications.quiet_hours.start must be a time, like 22:00.",
    ]
    told = (await http.post("/api/session", json={"email": "ann@example.com"})).json()
    assert told["detail"] == "password is missing."


async def test_a_bad_token_is_told_where_good_ones_are_made(client_of: Connect) -> None:
    stranger = client_of(headers={"Authorization": "Bearer sst_nonsense"})
    answer = await stranger.get("/api/session")
    check(answer, 401, "BAD_TOKEN")
    for said in (answer.json()["detail"], (await client_of().get("/problems/bad-token")).text):
        assert "`streaming-stack token`" in said
        assert "createApiToken" in said


async def test_other_media_types_are_refused(http: Client) -> None:
    for headers in (
        {},
        {"Content-Type": "text/plain"},
        {"Content-Type": "application/x-www-form-urlencoded"},
        {"Content-Type": "multipart/form-data; boundary=x"},
        {"Content-Type": "application/json; charset=utf-16"},
        {"Content-Type": "application/json", "Content-Encoding": "gzip"},
    ):
        answer = await http.post("/api/recommend", content=b"{}", headers=headers)
        check(answer, 415, "BAD_BODY")


async def test_json_may_say_that_it_is_utf_8(http: Client) -> None:
    headers = {"Content-Type": 'Application/JSON; charset="UTF-8"'}
    body = b'{"subscribed_platforms": ["netflix"]}'
    answer = await http.post("/api/recommend", content=body, headers=headers)
    assert answer.status_code == 200


async def test_a_large_body_is_refused_before_it_has_arrived(http: Client) -> None:
    sent = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal sent
        while True:
            sent += 64 * 1024
            yield b" " * 64 * 1024

    answer = await http.post("/api/recommend", content=endless(), headers=JSON)
    check(answer, 413, "BAD_BODY")
    assert sent <= 512 * 1024
    declared = {**JSON, "Content-Length": "9" * 30}
    answer = await http.post("/api/recommend", content=b"{}", headers=declared)
    check(answer, 413, "BAD_BODY")


async def test_a_crash_tells_its_id_and_nothing_else() -> None:
    async def crash(request: Request) -> Response:
        raise RuntimeError("the password is hunter2")

    app = Starlette(routes=[Route("/crash", crash)], exception_handlers=EXCEPTION_HANDLERS)
    app.add_middleware(Hardened)
    async with Client(transport=httpx.ASGITransport(app), base_url=SITE) as http:
        answer = await http.get("/crash")
    check(answer, 500, "INTERNAL")
    assert answer.json()["id"] == answer.headers["x-request-id"]
    assert "hunter2" not in answer.text
    assert answer.headers["x-content-type-options"] == "nosniff"


async def test_every_problem_has_a_page(http: Client) -> None:
    def codes(kind: type[DomainError]) -> set[str]:
        return {kind.code}.union(*(codes(each) for each in kind.__subclasses__()))

    known = {"NO_SUCH_ADDRESS", "METHOD_NOT_ALLOWED", "UNAVAILABLE", "INTERNAL"}
    for code in known | codes(DomainError):
        told = (await http.get(f"/problems/{slug(code)}")).json()
        assert told["type"] == f"/problems/{slug(code)}"
        assert told["title"]
        assert len(told["advice"]) > 15
    page = await http.get("/problems/rate-limited", headers={"Accept": "text/html,*/*"})
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert "Retry-After" in page.text
    check(await http.get("/problems/<b>"), 404, "NO_SUCH_ADDRESS")


async def test_every_answer_is_hardened_and_none_is_kept(http: Client, free: Household) -> None:
    calls: list[Callable[[], Awaitable[httpx.Response]]] = [
        lambda: http.get("/api/search"),
        lambda: http.get("/api/nothing"),
        lambda: http.get("/api/docs"),
        lambda: free.browser.get("/api/session"),
        lambda: http.post("/api/recommend"),
    ]
    for call in calls:
        headers = (await call()).headers
        assert "default-src 'self'" in headers["content-security-policy"]
        assert "frame-ancestors 'none'" in headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "same-origin"
        assert "strict-transport-security" not in headers
        assert len(headers["x-request-id"]) == 16
    assert (await http.get("/api/session")).headers["cache-control"] == "no-store"


async def test_hsts_is_said_over_https_alone(http: Client) -> None:
    answer = await http.get("https://films.test/livez")
    assert "max-age" in answer.headers["strict-transport-security"]


async def test_a_request_id_is_taken_over_where_it_is_harmless(http: Client) -> None:
    for given, kept in (("trace-12345678", True), ("x" * 65, False), ("a\tb", False)):
        answer = await http.get("/livez", headers={"X-Request-Id": given})
        assert (answer.headers["x-request-id"] == given) is kept


async def test_a_body_that_never_ends_arriving_is_not_waited_for(
    http: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def slow() -> AsyncIterator[bytes]:
        yield b"{"
        await asyncio.sleep(60)

    monkeypatch.setattr("rest.json.DEADLINE_S", 0.05)
    answer = await http.post("/api/recommend", content=slow(), headers=JSON)
    check(answer, 408, "BAD_BODY")
    assert answer.headers["connection"] == "close"
