"""The OpenAPI document and its page: they say what is there, and all of it."""

import hashlib
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import httpx
import pytest
from jsonschema import Draft202012Validator
from openapi_spec_validator import OpenAPIV31SpecValidator
from starlette.applications import Starlette
from starlette.routing import Route

from rest.json import SHAPES
from rest.operations import Resource
from rest.routes import OPERATIONS, api_routes
from tests.api.conftest import PASSWORD, Client, Household

pytestmark = pytest.mark.anyio
STATIC = Path("app/static/docs")
UNDOCUMENTED = {"/", "/api", "/api/openapi.json", "/api/docs", "/problems/{slug}"}
Document = Mapping[str, Any]


async def read(http: Client) -> Document:
    return (await http.get("/api/openapi.json")).json()


async def test_the_document_is_valid(http: Client) -> None:
    OpenAPIV31SpecValidator(await read(http)).validate()


async def test_routes_and_document_agree_both_ways(http: Client, app: Starlette) -> None:
    told = {
        (method.upper(), path)
        for path, operations in (await read(http))["paths"].items()
        for method in operations
    }
    there: set[tuple[str, str]] = set()
    for route in app.routes:
        if not isinstance(route, Route) or route.path in UNDOCUMENTED or route.path == "/graphql":
            continue
        if not route.path.startswith(("/api", "/webhooks", "/livez", "/readyz", "/metrics")):
            continue
        assert isinstance(route.endpoint, Resource), route.path
        there |= {(method, route.path) for method in route.endpoint.operations}
    assert told == there == {(each.method, each.path) for each in OPERATIONS}


def test_figures_are_documented_where_they_are_served() -> None:
    paths = {route.path for route in api_routes(metrics=True) if isinstance(route, Route)}
    assert "/metrics" in paths


async def test_everything_is_described_with_an_example(http: Client) -> None:
    document = await read(http)
    for name, schema in document["components"]["schemas"].items():
        assert schema.get("description") or "enum" in schema, name
        for field, about in schema.get("properties", {}).items():
            where = f"{name}.{field}"
            assert about.get("description") or "$ref" in about, where
            assert about.get("examples") or refers(about), where
            for example in about.get("examples", ()):
                check(document, about, example)
    for operations in document["paths"].values():
        for told in operations.values():
            assert told["summary"]
            assert told["description"]
            for parameter in told.get("parameters", ()):
                assert parameter["description"]
                check(document, parameter["schema"], parameter["examples"]["one"]["value"])


def refers(about: Document) -> bool:
    """Whether a property is made of another schema, whose own fields have examples."""
    branches = [about[key] for key in ("items",) if key in about] + about.get("anyOf", [])
    return "$ref" in about or any(refers(each) for each in branches)


def check(document: Document, schema: Document, value: Any) -> None:
    Draft202012Validator({**schema, "components": document["components"]}).validate(value)


ANSWERS: list[tuple[str, str, Any, int]] = [
    ("POST", "/api/recommend", {"mood": "cozy", "subscribed_platforms": ["netflix"]}, 200),
    ("POST", "/api/recommend", {"mood": "scary", "subscribed_platforms": ["hulu"]}, 200),
    ("POST", "/api/recommend", {"mood": "sleepy", "time_min": "x"}, 422),
    ("POST", "/api/recommend", [], 400),
    ("GET", "/api/search?q=cozy", None, 200),
    ("GET", "/api/search?page=0", None, 422),
    ("GET", "/api/platforms", None, 200),
    ("GET", "/api/session", None, 200),
    ("GET", "/api/me/platforms", None, 401),
    ("POST", "/api/session", {"email": "nobody@example.com", "password": "wrong one"}, 401),
    ("GET", "/livez", None, 200),
    ("GET", "/readyz", None, 200),
]
MINE: list[tuple[str, str, Any, int]] = [
    ("PUT", "/api/me/platforms", {"platforms": ["netflix"]}, 200),
    ("GET", "/api/me/platforms", None, 200),
    ("PATCH", "/api/me/preferences", {"mood_preferences": ["cozy"]}, 200),
    ("GET", "/api/me/preferences", None, 200),
    ("POST", "/api/watchlist", {"title_id": "title_1"}, 201),
    ("POST", "/api/watchlist", {"title_id": "title_1"}, 200),
    ("POST", "/api/watchlist", {"title_id": "title_999999"}, 404),
    ("GET", "/api/watchlist?watched=false", None, 200),
    ("POST", "/api/history", {"title_id": "title_1", "watched_at": "2026-01-01T00:00:00Z"}, 201),
    ("GET", "/api/history", None, 200),
    ("GET", "/api/session", None, 200),
    ("DELETE", "/api/session", None, 204),
]


async def test_real_answers_are_what_the_document_says(http: Client, free: Household) -> None:
    document = await read(http)
    signing_in = ("POST", "/api/session", {"email": free.email, "password": PASSWORD}, 201)
    for client, asked in ((http, [*ANSWERS, signing_in]), (free.browser, MINE)):
        for method, url, body, status in asked:
            answer = await client.request(method, url, json=body)
            assert answer.status_code == status, (method, url, answer.text)
            told = document["paths"][url.partition("?")[0]][method.lower()]
            validate(document, told["responses"][str(status)], answer)


def validate(document: Document, response: Document, answer: httpx.Response) -> None:
    for name in response.get("headers", {}):
        assert name.lower() in answer.headers
    if "content" not in response:
        assert answer.content == b""
        return
    media_type = answer.headers["content-type"].partition(";")[0]
    check(document, response["content"][media_type]["schema"], answer.json())


async def test_the_page_loads_nothing_from_outside(http: Client) -> None:
    page = await http.get("/api/docs")
    assert page.headers["content-type"].startswith("text/html")
    assert "<style" not in page.text
    assert "onload" not in page.text
    linked = list(links(page.text))
    assert len(linked) == 4
    for link in linked:
        assert link.startswith("/static/docs/")
        assert (await http.get(link)).status_code == 200
    assert re.findall(r"<script(?![^>]*src=)", page.text) == []
    assert (await http.get("/api")).headers["location"] == "/api/docs"


async def test_a_lock_stands_only_where_an_account_is_needed(http: Client) -> None:
    paths = (await read(http))["paths"]
    for each in OPERATIONS:
        told = paths[each.path][each.method.lower()]
        wanted = [{"token": []}, {"cookie": []}] if each.account else []
        assert told["security"] == wanted, each.path
    assert "cookie raises the limit" in paths["/api/recommend"]["post"]["description"]
    assert "It takes no account" in paths["/api/search"]["get"]["description"]


async def test_the_root_leads_people_and_programs_on(http: Client) -> None:
    for_people = await http.get("/", headers={"Accept": "text/html,application/xhtml+xml"})
    assert for_people.headers["content-type"] == "text/html; charset=utf-8"
    for_programs = await http.get("/")
    assert for_programs.headers["content-type"] == "application/json"
    assert for_programs.json()["graphql"] == "/graphql"
    for address in set(for_programs.json().values()) - {"/graphql"}:
        assert (await http.get(address)).status_code == 200
    assert "Accept" in for_people.headers["vary"].split(", ")
    assert for_programs.headers["vary"] == "Accept"
    assert (await http.head("/")).status_code == 200


async def test_every_pattern_is_told_in_words(http: Client) -> None:
    patterns = re.findall(r'"pattern":"([^"]+)"', (await http.get("/api/openapi.json")).text)
    assert patterns
    assert set(patterns) <= set(SHAPES)


def links(page: str) -> Iterator[str]:
    yield from re.findall(r'(?:src|href)="(/static[^"]+)"', page)


def test_the_vendored_files_are_those_that_were_written_down() -> None:
    listed = re.findall(r"`([\w.-]+)` \| swagger-ui-dist \|.*`([0-9a-f]{64})`",
                        (STATIC / "VENDORED.md").read_text())  # fmt: skip
    assert len(listed) == 2
    for name, digest in listed:
        assert hashlib.sha256((STATIC / name).read_bytes()).hexdigest() == digest
