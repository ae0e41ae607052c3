"""Whatever is sent is answered, and nothing that is accepted is lost."""

import random
from collections.abc import AsyncIterator
from dataclasses import replace
from itertools import count
from typing import Any

import httpx
import orjson
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from domain.db import Database
from domain.services import Limits, Services
from tests.api.conftest import make_app
from tests.api.webhooks.bridge import at, post
from tests.webhooks.sender import (
    event,
    rows,
    webhook,
)

pytestmark = pytest.mark.anyio
_numbers = count()

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
