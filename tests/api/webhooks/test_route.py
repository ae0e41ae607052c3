"""POST /webhooks/justwatch: what is taken in, what is refused, and that nothing is our fault."""

import asyncio
import os
import re
import shutil
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import orjson
import pytest
import uvicorn
from standardwebhooks import Webhook as Library
from starlette.applications import Starlette

from domain.db import Database
from domain.services import Limits, Services
from domain.webhooks import deliveries
from rest.webhooks import MOST_BYTES
from tests.api.conftest import make_app
from tests.api.webhooks.bridge import PATH, at, post
from tests.webhooks.sender import (
    KEYS,
    SECRET,
    UNTIL,
    event,
    offers,
    rows,
    sealed,
    webhook,
)

pytestmark = pytest.mark.anyio
DOCS = Path("docs/webhooks.md").read_text()
OTHER_KEY = b"another key of thirty-two bytes!"


async def test_a_webhook_is_taken_in_and_applied_at_once(
    sender: httpx.AsyncClient, database: Database
) -> None:
    body = webhook(event(node_id="tm1"), event(node_id="tm2"), event(node_id="tm404"))
    answer = await post(sender, body)
    assert (answer.status_code, answer.json()) == (202, {"accepted": 3, "duplicates": 0})
    assert [row[3] for row in await offers(database)] == [UNTIL, UNTIL]
    again = await post(sender, body)
    assert (again.status_code, again.json()) == (202, {"accepted": 0, "duplicates": 3})


async def test_what_the_contract_shows_is_taken_in(sender: httpx.AsyncClient) -> None:
    for told in re.findall(r"```json\n(.*?)```", DOCS, re.S):
        answer = await post(sender, told.encode(), f"msg_{len(told)}")
        assert (answer.status_code, answer.json()) == (202, {"accepted": 1, "duplicates": 0})


async def test_what_the_library_of_the_standard_signs_is_taken_in(
    sender: httpx.AsyncClient,
) -> None:
    body, now = webhook(event()), datetime.now(UTC)
    headers = {
        "Content-Type": "application/json",
        "webhook-id": "msg_library",
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": Library(SECRET).sign("msg_library", now, body.decode()),
    }
    assert (await sender.post(PATH, content=body, headers=headers)).status_code == 202


async def test_no_events_are_no_trouble(sender: httpx.AsyncClient) -> None:
    answer = await post(sender, webhook(type="offer.added"))
    assert (answer.status_code, answer.json()) == (202, {"accepted": 0, "duplicates": 0})


async def test_the_old_names_of_the_headers_will_do(sender: httpx.AsyncClient) -> None:
    body = webhook(event())
    headers = {
        name.replace("webhook-", "svix-"): value for name, value in sealed(body, "msg_s").items()
    }
    assert (await sender.post(PATH, content=body, headers=headers)).status_code == 202


async def test_keys_are_exchanged_without_a_deaf_moment(services: Services) -> None:
    both = replace(services, webhook_keys=(OTHER_KEY, *KEYS))
    body = webhook(event())
    async with at(make_app(both), "203.0.113.8") as sender:
        for number, key in enumerate((OTHER_KEY, KEYS[0])):
            headers = sealed(body, f"msg_{number}", key=key)
            assert (await sender.post(PATH, content=body, headers=headers)).status_code == 202
    headers = sealed(body, "msg_both")
    wrong = sealed(body, "msg_both", key=OTHER_KEY)["webhook-signature"]
    headers["webhook-signature"] = f"{wrong} {headers['webhook-signature']}"
    async with at(make_app(services), "203.0.113.8") as sender:
        assert (await sender.post(PATH, content=body, headers=headers)).status_code == 202


async def test_all_that_is_not_genuine_gets_the_same_answer(
    sender: httpx.AsyncClient, services: Services, database: Database
) -> None:
    body, now = webhook(event()), datetime.now(UTC)
    good = sealed(body)
    refused = [
        {name: value for name, value in good.items() if name != missing}
        for missing in ("webhook-id", "webhook-timestamp", "webhook-signature")
    ]
    refused += [
        {"Content-Type": "application/json"},
        sealed(body, key=OTHER_KEY),
        sealed(body + b" "),
        sealed(body, now=now - timedelta(minutes=5, seconds=2)),
        sealed(body, now=now + timedelta(minutes=5, seconds=2)),
        good | {"webhook-id": "msg_2"},
        good | {"webhook-id": "x" * 3_000},
        good | {"webhook-timestamp": "soon"},
        good | {"webhook-signature": good["webhook-signature"].removeprefix("v1,")},
        good | {"webhook-signature": ""},
    ]
    answers = [await sender.post(PATH, content=body, headers=headers) for headers in refused]
    # What is in the body is not looked at before.
    answers.append(await sender.post(PATH, content=b"{", headers=good))
    async with at(make_app(replace(services, webhook_keys=())), "203.0.113.7") as closed:
        answers.append(await closed.post(PATH, content=body, headers=good))
    assert {answer.status_code for answer in answers} == {401}
    assert len({answer.content for answer in answers}) == 1
    assert answers[0].json()["code"] == "BAD_SIGNATURE"
    assert await rows(database, "SELECT 1 FROM webhook_deliveries") == []
    assert (await sender.post(PATH, content=body, headers=good)).status_code == 202


async def test_without_a_secret_the_log_says_so(
    services: Services, capfd: pytest.CaptureFixture[str]
) -> None:
    async with at(make_app(replace(services, webhook_keys=())), "203.0.113.7") as sender:
        assert (await post(sender, webhook(event()))).status_code == 401
    said = capfd.readouterr().err
    assert "STREAMING_STACK_JUSTWATCH_WEBHOOK_SECRET is not set" in said


async def test_five_minutes_off_is_still_now(sender: httpx.AsyncClient) -> None:
    body, now = webhook(event()), datetime.now(UTC)
    for number, seconds in enumerate((-298, 298)):
        headers = sealed(body, f"msg_{number}", now + timedelta(seconds=seconds))
        assert (await sender.post(PATH, content=body, headers=headers)).status_code == 202


async def test_a_mebibyte_is_taken_in_and_one_byte_more_is_not(
    sender: httpx.AsyncClient,
) -> None:
    body = webhook(event(), padding="")
    most = body.replace(b'"padding":""', b'"padding":"%s"' % (b"x" * (MOST_BYTES - len(body))))
    assert len(most) == MOST_BYTES
    assert (await post(sender, most)).status_code == 202
    refused = await post(sender, most + b" ", "msg_2")
    assert (refused.status_code, refused.json()["code"]) == (413, "BAD_BODY")

    async def chunks() -> AsyncIterator[bytes]:
        yield most
        yield b" "

    headers = sealed(most + b" ", "msg_3")
    assert (await sender.post(PATH, content=chunks(), headers=headers)).status_code == 413


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Content_Type": "text/plain"}, 415),
        ({"Content_Type": ""}, 415),
        ({"Content_Type": "application/json; charset=utf-16"}, 415),
        ({"Content_Encoding": "gzip"}, 415),
        ({"Content_Type": "application/cloudevents+json"}, 202),
        ({"Origin": "https://evil.example", "Sec_Fetch_Site": "cross-site"}, 202),
        ({"Cookie": "session=somebody", "Origin": "https://evil.example"}, 202),
        ({"Authorization": "Bearer sst_unknown"}, 202),
    ],
)
async def test_only_the_type_and_the_signature_count(
    sender: httpx.AsyncClient, headers: dict[str, str], status: int
) -> None:
    answer = await post(sender, webhook(event()), **headers)
    assert answer.status_code == status, answer.text
    assert "set-cookie" not in answer.headers


BAD_JSON = [
    b"", b"{", b"[]", b"null", b'"text"', b"\xff", b'{"data": NaN}', b'{"data": "\\ud800"}',
    b"[" * 100_000, b'{"a":' * 100_000, '{"data": {}}'.encode("utf-16"),
]  # fmt: skip
BAD_SHAPES: list[Any] = [
    ({}, "data"),
    ({"data": None}, "data"),
    ({"data": []}, "data"),
    ({"data": {"country": "USA", "events": []}, "type": "offer.added"}, "data.country"),
    ({"data": {"country": "U\x00", "events": []}, "type": "offer.added"}, "data.country"),
    ({"data": {"country": "US", "events": {}}}, "data.events"),
    ({"data": {"country": "US", "events": [7]}}, "data.events.0"),
    ({"data": {"country": "US", "events": [event(available_to="9999-12-31")]}},
     "data.events.0.available_to"),
    ({"data": {"country": "US", "events": [event(node_id="tm1\x00")]}}, "data.events.0.node_id"),
    ({"data": {"country": "US", "events": [event(change=None)]}}, None),
    ({"data": {"country": "US", "events": [event(change=None)]}, "type": "offer.sold"}, None),
    ({"data": {"country": "US", "events": [event()]}, "source": "demo"}, None),
    ({"data": {"country": "US", "events": [event()]}, "source": "x\x00"}, "source"),
    ({"data": {"country": "US", "events": [event()]}, "timestamp": "yesterday"}, "timestamp"),
]  # fmt: skip


async def test_what_is_no_json_or_no_webhook_is_refused_and_not_stored(
    sender: httpx.AsyncClient, database: Database
) -> None:
    for body in BAD_JSON:
        answer = await post(sender, body)
        assert (answer.status_code, answer.json()["code"]) == (400, "BAD_BODY"), body[:20]
    for told, field in BAD_SHAPES:
        answer = await post(sender, orjson.dumps(told))
        assert (answer.status_code, answer.json().get("field")) == (422, field), answer.text
        assert "Value error" not in answer.text
    assert await rows(database, "SELECT 1 FROM webhook_deliveries") == []


async def test_names_we_do_not_know_are_ignored(
    sender: httpx.AsyncClient, database: Database
) -> None:
    told = event(offer_id="b2Z8\x00", package_short_name="dnp", nested={"\x00": [{}]})
    body = webhook(told, type="something.new", id=7)
    assert (await post(sender, body)).json() == {"accepted": 1, "duplicates": 0}
    assert len(await offers(database)) == 1


async def test_of_many_at_the_same_moment_one_is_accepted(
    sender: httpx.AsyncClient, database: Database
) -> None:
    body = webhook(event())
    answers = await asyncio.gather(*(post(sender, body) for _ in range(15)))
    told = sorted((each.json()["accepted"], each.json()["duplicates"]) for each in answers)
    assert told == [(0, 1)] * 14 + [(1, 0)]
    (counted,) = await rows(database, "SELECT duplicates, applied_at FROM webhook_deliveries")
    assert counted.duplicates == 14
    assert counted.applied_at is not None


async def test_what_cannot_be_applied_is_accepted_all_the_same(
    sender: httpx.AsyncClient, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fail(*_: object) -> bool:
        raise RuntimeError("no luck\ntoday")

    with monkeypatch.context() as broken:
        broken.setattr(deliveries, "apply", fail)
        assert (await post(sender, webhook(event()))).status_code == 202
    (row,) = await rows(database, "SELECT applied_at, problem FROM webhook_deliveries")
    assert tuple(row) == (None, "RuntimeError: no luck")
    assert await deliveries.apply_waiting(database, datetime.now(UTC) + timedelta(seconds=6)) == 1
    assert len(await offers(database)) == 1


async def test_failed_signatures_are_limited_and_never_shut_a_genuine_sender_out(
    services: Services,
) -> None:
    few = replace(services, limits=Limits(webhook_failures=3))
    app, body = make_app(few), webhook(event())
    async with at(app, "203.0.113.9") as sender, at(app, "203.0.113.10") as neighbour:
        for _ in range(3):
            assert (await sender.post(PATH, content=body, headers=WRONG)).status_code == 401
        limited = await sender.post(PATH, content=body, headers=WRONG)
        assert limited.status_code == 429
        assert 1 <= int(limited.headers["retry-after"]) <= 60
        assert (await neighbour.post(PATH, content=body, headers=WRONG)).status_code == 401
        assert (await post(sender, body)).status_code == 202


WRONG = {"Content-Type": "application/json", "webhook-id": "msg_1", "webhook-signature": "v1,x"}


async def test_genuine_webhooks_are_limited_generously(services: Services) -> None:
    few = replace(services, limits=Limits(webhooks=3))
    async with at(make_app(few), "203.0.113.11") as sender:
        statuses = [(await post(sender, webhook(event()))).status_code for _ in range(4)]
        assert statuses == [202, 202, 202, 429]
        assert (await sender.post(PATH, content=b"{}", headers=WRONG)).status_code == 401


@pytest.fixture
async def address(app: Starlette) -> AsyncIterator[str]:
    """The application on a real port."""
    config = uvicorn.Config(app, port=0, lifespan="off", log_config=None, access_log=False)
    config.load()
    server = uvicorn.Server(config)
    server.lifespan = config.lifespan_class(config)
    await server.startup()
    running = asyncio.create_task(server.main_loop())
    yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    server.should_exit = True
    await running
    await server.shutdown()


@pytest.mark.skipif(
    not all(map(shutil.which, ("bash", "curl", "openssl"))), reason="it takes curl and openssl"
)
async def test_the_documented_lines_work_in_a_shell(address: str, database: Database) -> None:
    (lines,) = re.findall(r"```sh\n(.*?)```", DOCS, re.S)
    shell = await asyncio.create_subprocess_exec(
        "bash", "-euc", lines, stdout=asyncio.subprocess.PIPE,
        env={"PATH": os.environ["PATH"], "SECRET": SECRET, "URL": address},
    )  # fmt: skip
    said, _ = await shell.communicate()
    assert orjson.loads(said) == {"accepted": 1, "duplicates": 0}
    ((_, _, country, expires_on, there),) = await offers(database)
    assert (country, there) == ("US", True)
    assert expires_on > datetime.now(UTC).date()
