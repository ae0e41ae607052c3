"""What the endpoint answers, in the words of the GraphQL over HTTP draft."""

import asyncio
import json
from collections.abc import AsyncIterator

import httpx
import pytest
from structlog.testing import capture_logs

from app.graphql.http import GRAPHQL, JSON, encode, negotiate

pytestmark = pytest.mark.anyio


async def test_a_query_is_answered_in_the_type_the_client_likes(client: httpx.AsyncClient) -> None:
    for accept, expected in {GRAPHQL: GRAPHQL, JSON: JSON, "*/*": JSON}.items():
        reply = await client.post("", json={"query": "{hello}"}, headers={"accept": accept})
        assert reply.status_code == 200
        assert reply.headers["content-type"] == f"{expected}; charset=utf-8"
        assert reply.json()["data"] == {"hello": "Hello world"}


@pytest.mark.parametrize(
    ("accept", "expected"),
    [
        ("", JSON),
        ("*/*", JSON),
        (f"{GRAPHQL}, {JSON}", GRAPHQL),
        (f"{JSON}, {GRAPHQL};q=0.9", JSON),
        (f"{GRAPHQL};q=0.1, */*;q=0.2", JSON),
        (f"{GRAPHQL}; charset=utf-8, text/event-stream", GRAPHQL),
        ("application/json;q=0", None),
        ("text/event-stream", None),
        ("application/json;q=much", None),
    ],
)
async def test_accept_is_read_with_its_weights(accept: str, expected: str | None) -> None:
    assert negotiate(accept) == expected


async def test_what_we_cannot_speak_is_406(client: httpx.AsyncClient) -> None:
    reply = await client.post("", json={"query": "{hello}"}, headers={"accept": "text/xml"})
    assert reply.status_code == 406


async def test_a_browser_gets_the_page_and_a_program_does_not(client: httpx.AsyncClient) -> None:
    page = await client.get("", headers={"accept": "text/html,application/xhtml+xml,*/*;q=0.8"})
    assert "GraphiQL" in page.text
    assert (await client.get("")).status_code == 400


async def test_get_runs_queries_and_nothing_else(client: httpx.AsyncClient) -> None:
    query = {"query": "query($n:String!){hello(name:$n)}", "variables": '{"n":"Ada"}'}
    reply = await client.get("", params=query)
    assert reply.json()["data"] == {"hello": "Hello Ada"}
    refused = await client.get("", params={"query": 'mutation{add(name:"x"){id}}'})
    assert (refused.status_code, refused.headers["allow"]) == (405, "POST")
    assert (await client.delete("")).headers["allow"] == "GET, POST"


@pytest.mark.parametrize(
    "kind",
    ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", ""],
)
async def test_only_json_is_read(client: httpx.AsyncClient, kind: str) -> None:
    reply = await client.post("", content=b'{"query":"{hello}"}', headers={"content-type": kind})
    assert reply.status_code == 415


async def test_a_body_of_a_byte_too_many_is_413(client: httpx.AsyncClient) -> None:
    body = b'{"query":"{hello}"}'.ljust(262_144)
    kind = {"content-type": "application/json"}
    assert (await client.post("", content=body, headers=kind)).status_code == 200
    assert (await client.post("", content=body + b" ", headers=kind)).status_code == 413


async def test_an_endless_body_is_not_read_to_the_end(client: httpx.AsyncClient) -> None:
    sent = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal sent
        while sent < 2**26:
            sent += 65_536
            yield b" " * 65_536

    reply = await client.post("", content=endless(), headers={"content-type": "application/json"})
    assert (reply.status_code, reply.headers["connection"]) == (413, "close")
    assert sent < 2**20


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\xff\xfe",
        b'"x"',
        b"null",
        b"[]",
        b"[" * 200_000,
        b'{"query":"{hello}","variables":{"a":' + b"1" * 4400 + b"}}",
        b'{"query":7}',
        b'{"query":""}',
        b'{"query":"{hello}","operationName":["a"]}',
        b'{"query":"{hello}","operationName":"\\ud800"}',
        b'{"query":"{hello}","operationName":"unknown"}',
        b'{"query":"{hello}","variables":[]}',
        b'{"query":"{hello}","variables":"{}"}',
        b'{"query":"{hello}","extensions":3}',
        b'{"query":"{hello}","variables":{"a":"\\u0000"}}',
        b'{"query":"{hello}","variables":{"a":["\\ud800"]}}',
        b'{"query":"{hello}","variables":{"a\\u0000":1}}',
        b'{"query":"{hello(name:\\"\\u0000\\")}"}',
        b'{"query":"{hello}","variables":{"a":[' + b"1," * 250 + b"1]}}",
    ],
)
async def test_a_request_that_is_none_is_400(client: httpx.AsyncClient, body: bytes) -> None:
    reply = await client.post("", content=body, headers={"content-type": "application/json"})
    assert reply.status_code == 400
    assert reply.json()["errors"][0]["message"]


async def test_a_nul_written_in_the_query_is_refused(client: httpx.AsyncClient) -> None:
    for literal in (r'"\u0000"', r'"\u{0}"', '"""a\0"""'):
        query = {"query": f"{{hello(name:{literal})}}"}
        reply = await client.post("", json=query, headers={"accept": GRAPHQL})
        assert reply.status_code == 400


async def test_nothing_is_suggested(client: httpx.AsyncClient) -> None:
    for query, variables in [
        ("{helo}", {}),
        ("{hello(nam:1)}", {}),
        ("query($w:Wante!){hello}", {}),
        ("query($w:Wanted!){wanted(wanted:$w)}", {"w": {"genre": "DRAM", "nams": 1}}),
        ("{wanted(wanted:{genre:DRAM})}", {}),
    ]:
        reply = await client.post("", json={"query": query, "variables": variables})
        assert reply.json()["errors"]
        assert "Did you mean" not in reply.text


async def test_a_crash_is_masked_and_logged_under_the_id_it_tells(
    client: httpx.AsyncClient,
) -> None:
    with capture_logs() as logged:
        reply = await client.post("", json={"query": "{crash}"}, headers={"accept": GRAPHQL})
    assert reply.status_code == 200
    (error,) = reply.json()["errors"]
    assert error["extensions"]["code"] == "INTERNAL"
    assert error["path"] == ["crash"]
    assert error["message"].startswith("Something went wrong on our side. Tell us this id: ")
    assert "hunter2" not in reply.text
    (line,) = logged
    assert line["id"] == error["extensions"]["id"]
    assert "hunter2" in repr(line["exc_info"])


async def test_a_crash_before_any_field_is_a_masked_500(client: httpx.AsyncClient) -> None:
    reply = await client.post("", json={"query": "{hello}"}, headers={"x-crash": "1"})
    assert reply.status_code == 500
    assert reply.json()["errors"][0]["extensions"]["code"] == "INTERNAL"
    assert "secret" not in reply.text


async def test_what_was_said_on_purpose_is_not_masked(client: httpx.AsyncClient) -> None:
    query = '{title(id:"t1"){name refuses}}'
    reply = (await client.post("", json={"query": query})).json()
    assert reply["data"]["title"]["refuses"] is None
    assert reply["errors"][0]["message"] == "Not for you."
    assert reply["errors"][0]["extensions"]["code"] == "FORBIDDEN"
    wrong = {"query": "query($d:Date!){on(day:$d)}", "variables": {"d": "soon"}}
    message = (await client.post("", json=wrong)).json()["errors"][0]["message"]
    assert "soon" in message


async def test_the_deadline_is_kept(hurried: httpx.AsyncClient) -> None:
    slow = {"query": "{sleeps(seconds:5)}"}
    for accept, status in {GRAPHQL: 503, JSON: 200}.items():
        reply = await hurried.post("", json=slow, headers={"accept": accept})
        assert reply.status_code == status
        assert reply.json()["errors"][0]["extensions"]["code"] == "DEADLINE_EXCEEDED"


async def test_a_body_that_never_comes_meets_the_deadline(hurried: httpx.AsyncClient) -> None:
    async def stuck() -> AsyncIterator[bytes]:
        yield b"{"
        await asyncio.sleep(5)

    reply = await hurried.post("", content=stuck(), headers={"content-type": "application/json"})
    assert reply.json()["errors"][0]["extensions"]["code"] == "DEADLINE_EXCEEDED"


async def test_the_context_may_set_cookies(client: httpx.AsyncClient) -> None:
    reply = await client.post("", json={"query": "{hello}"}, headers={"x-cookie": "1"})
    assert "session=abc" in reply.headers["set-cookie"]


async def test_one_of_several_operations_must_be_named(client: httpx.AsyncClient) -> None:
    both = {"query": "query a{hello} query b{sleeps}"}
    assert "errors" in (await client.post("", json=both)).json()
    reply = await client.post("", json={**both, "operationName": "b"})
    assert reply.json()["data"] == {"sleeps": "woke"}


async def test_numbers_and_text_beyond_json_are_still_encoded(client: httpx.AsyncClient) -> None:
    reply = await client.post("", json={"query": "{huge}"})
    assert json.loads(reply.content)["data"]["huge"]["huge"] == 2**70
    assert encode({"odd": "\ud800"}) == b'{"odd": "\\ud800"}'
