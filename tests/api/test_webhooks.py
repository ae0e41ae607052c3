"""POST /webhooks/justwatch: what is taken in, what is refused, and that nothing is our fault."""

import asyncio
import os
import random
import re
import shutil
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

import httpx
import orjson
import pytest
import uvicorn
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from redis.asyncio import Redis
from standardwebhooks import Webhook as Library
from starlette.applications import Starlette

from app.database import open_database
from domain.db import Database
from domain.services import Limits, Services
from domain.webhooks import deliveries
from integrations.limiter import ValkeyLimiter
from integrations.valkey import ValkeyCache
from rest.webhooks import MOST_BYTES
from tests.api.conftest import SITE, make_app, make_services
from tests.support import servers
from tests.webhooks.sender import (
    KEYS,
    SECRET,
    UNTIL,
    add_film,
    add_netflix,
    event,
    offers,
    rows,
    sealed,
    webhook,
)

pytestmark = pytest.mark.anyio
PATH = "/webhooks/justwatch"
DOCS = Path("docs/webhooks.md").read_text()
OTHER_KEY = b"another key of thirty-two bytes!"
_numbers = count()


@pytest.fixture
async def database() -> AsyncIterator[Database]:
    """Three films that others know and that are nowhere yet."""
    url = await servers.clone()
    opened = open_database(url, application="tests")
    async with opened.transaction() as session:
        await add_netflix(session)
        for number in (1, 2, 3):
            await add_film(session, f"Film {number}", justwatch_id=f"tm{number}")
        await add_film(session, "Pulp Fiction", justwatch_id=None, imdb_id="tt0110912")
    yield opened
    await opened.engine.dispose()
    await servers.drop(url)


@pytest.fixture
async def services(database: Database, client: Redis) -> Services:
    """The services, with a key and an empty Valkey."""
    await client.flushdb()
    made = make_services(database, ValkeyCache(client), ValkeyLimiter(client))
    return replace(made, webhook_keys=KEYS)


@pytest.fixture
def app(services: Services) -> Starlette:
    return make_app(services)


@pytest.fixture
async def sender(app: Starlette) -> AsyncIterator[httpx.AsyncClient]:
    """A bridge somewhere."""
    async with at(app, "203.0.113.7") as opened:
        yield opened


def at(app: Starlette, address: str) -> httpx.AsyncClient:
    transport = httpx.ASGITransport(app, client=(address, 50_000))
    return httpx.AsyncClient(transport=transport, base_url=SITE)


async def post(
    sender: httpx.AsyncClient, body: bytes, webhook_id: str = "msg_1", **other: str
) -> httpx.Response:
    """A genuine webhook; other: headers to have instead, with underscores."""
    headers = sealed(body, webhook_id) | {
        name.replace("_", "-"): value for name, value in other.items()
    }
    return await sender.post(PATH, content=body, headers=headers)


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


DATES = st.sampled_from(["2026-11-30", "0000-00-00", "9999-12-31", "2026-02-30", "\x00", ""])
MOMENTS = st.sampled_from(["2026-11-21T08:58:10Z", "0001-01-01T00:00:00+23:59", "now", "\x00"])
ANY = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**64 - 1) | st.floats() | st.text()
    | DATES | MOMENTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)  # fmt: skip
EVENTS = st.fixed_dictionaries(
    {},
    optional={
        "change": st.sampled_from(["added", "expiring", "expired", "changed"]) | ANY,
        "node_id": st.sampled_from(["tm1", "ts2", "tss3", "tm999"]) | ANY,
        "object_type": st.sampled_from(["MOVIE", "SHOW", "SHOW_SEASON"]) | ANY,
        "tmdb_id": st.integers(0, 10**10) | st.sampled_from(["1", "1:1", "1:"]) | ANY,
        "imdb_id": st.sampled_from(["tt0110912"]) | ANY,
        "season_number": st.integers(0, 5) | ANY,
        "package_id": st.sampled_from([8, 9]) | ANY,
        "monetization_type": st.sampled_from(["FLATRATE", "RENT", "FAST"]) | ANY,
        "presentation_type": st.sampled_from(["HD", "_4K"]) | ANY,
        "available_from": DATES | ANY,
        "available_to": DATES | ANY,
        "retail_price": st.floats(0, 10) | st.sampled_from(["NaN", "1e9999", "-0"]) | ANY,
        "currency": st.sampled_from(["USD"]) | ANY,
        "url": st.text() | ANY,
        "observed_at": MOMENTS | ANY,
    },
)
LIKELY = st.builds(
    lambda base, change: base | change,
    st.just(event(change="added")),
    EVENTS.flatmap(
        lambda drawn: st.sets(st.sampled_from(sorted(drawn) or ["change"]), max_size=2).map(
            lambda names: {name: drawn[name] for name in names if name in drawn}
        )
    ),
)
BODIES = st.builds(
    lambda events, country, more: {"data": {"country": country, "events": events}} | more,
    st.lists(LIKELY | EVENTS, max_size=3),
    st.sampled_from(["US", "de", "XX"]) | st.text(max_size=3),
    st.dictionaries(st.sampled_from(["type", "timestamp", "source", "data"]), ANY, max_size=1),
)


@pytest.fixture
async def tireless(services: Services) -> AsyncIterator[httpx.AsyncClient]:
    """A bridge that may send as much as it likes."""
    app = make_app(replace(services, limits=Limits(webhooks=1_000_000)))
    async with at(app, "203.0.113.12") as opened:
        yield opened


@settings(
    max_examples=1_000,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(told=BODIES | ANY)
async def test_any_json_is_answered_and_what_is_accepted_is_applied(
    tireless: httpx.AsyncClient, database: Database, told: Any
) -> None:
    webhook_id = f"msg_{next(_numbers)}"
    body = orjson.dumps(told, option=orjson.OPT_NON_STR_KEYS)
    answer = await post(tireless, body, webhook_id)
    assert answer.status_code in {202, 400, 422}, answer.text
    if answer.status_code == 202:
        question = f"SELECT problem FROM webhook_deliveries WHERE webhook_id = '{webhook_id}'"
        assert [tuple(row) for row in await rows(database, question)] == [(None,)]


async def test_bytes_that_were_damaged_on_their_way_are_answered(
    tireless: httpx.AsyncClient, database: Database
) -> None:
    draw, sound = random.Random(20261121), webhook(event(url="https://x.test/é"), source="feed")
    statuses: set[int] = set()
    for number in range(1_500):
        body = bytearray(sound)
        for _ in range(draw.randint(1, 3)):
            place = draw.randrange(len(body))
            body[place : place + draw.randint(0, 2)] = draw.randbytes(draw.randint(0, 2))
        answer = await post(tireless, bytes(body), f"msg_{number}")
        statuses.add(answer.status_code)
    assert statuses == {202, 400, 422}
    assert await rows(database, "SELECT 1 FROM webhook_deliveries WHERE problem <> ''") == []


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
