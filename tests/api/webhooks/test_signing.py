"""signWebhook: an admin's signature is taken by the route, and the secret stays where it is."""

import base64
import json
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import httpx
import orjson
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from redis.asyncio import Redis
from starlette.applications import Starlette

from domain.accounts import admin
from domain.db import Database
from domain.errors import InvalidInput
from domain.services import Services
from domain.webhooks import signatures, signing
from tests.accounts.people import run as execute
from tests.api.conftest import SITE, Household, make_app, move_in
from tests.api.webhooks.bridge import PATH, at
from tests.webhooks.sender import KEYS, SECRET, UNTIL, event, offers, rows, webhook

pytestmark = pytest.mark.anyio

SIGN = """
mutation ($body: String!) { signWebhook(body: $body) {
  ... on SignedWebhook { id timestamp signature }
  ... on UserError { code message }
  ... on InvalidInputError { field }
  ... on RateLimitedError { retryAfter }
} }"""
# What a browser says of itself when a page of ours sends something.
PAGE = {"Origin": SITE, "Sec-Fetch-Site": "same-origin", "Sec-Fetch-Mode": "cors"}
SECOND_KEY = b"another key of thirty-two bytes!"


async def say(browser: httpx.AsyncClient, body: str) -> dict[str, Any]:
    told = {"query": SIGN, "variables": {"body": body}}
    answer = await browser.post("/graphql", json=told, headers=PAGE)
    assert answer.status_code == 200, answer.text
    return answer.json()["data"]["signWebhook"]


def headers_of(signed: dict[str, Any]) -> dict[str, str]:
    parts = {f"webhook-{name}": signed[name] for name in ("id", "timestamp", "signature")}
    return {"Content-Type": "application/json", **parts, **PAGE}


@pytest.fixture
async def household(app: Starlette, services: Services) -> AsyncIterator[Household]:
    """A member's."""
    async with at(app, "203.0.113.20") as browser:
        yield await move_in(browser, services)


@pytest.fixture
async def admins(household: Household, services: Services, client: Redis) -> Household:
    """An admin's."""
    async with services.database.transaction() as session:
        await admin.grant(session, household.email, "admin")
    await client.flushdb()  # what the session proves
    return household


async def test_what_is_signed_for_an_admin_is_taken_from_the_page(
    admins: Household, database: Database
) -> None:
    body = webhook(event(node_id="tm1", url="https://x.test/é"))
    signed = await say(admins.browser, body.decode())
    sent = await admins.browser.post(PATH, content=body, headers=headers_of(signed))
    assert (sent.status_code, sent.json()) == (202, {"accepted": 1, "duplicates": 0})
    assert [row[3] for row in await offers(database)] == [UNTIL]
    again = await admins.browser.post(PATH, content=body, headers=headers_of(signed))
    assert (again.status_code, again.json()) == (202, {"accepted": 0, "duplicates": 1})
    broken = headers_of(await say(admins.browser, body.decode()))
    broken["webhook-signature"] = signed["signature"]
    refused = await admins.browser.post(PATH, content=body, headers=broken)
    assert (refused.status_code, refused.json()["code"]) == (401, "BAD_SIGNATURE")
    # What was signed is the body to the letter.
    fresh = headers_of(await say(admins.browser, body.decode()))
    other = await admins.browser.post(PATH, content=body + b"\n", headers=fresh)
    assert other.status_code == 401


async def test_signing_sends_nothing_and_each_has_an_id_of_its_own(
    admins: Household, database: Database
) -> None:
    body = webhook(event()).decode()
    first, second = await say(admins.browser, body), await say(admins.browser, body)
    assert first["id"] != second["id"]
    assert abs(int(first["timestamp"]) - datetime.now(UTC).timestamp()) < 30
    assert await rows(database, "SELECT 1 FROM webhook_deliveries") == []


async def test_others_are_refused(
    household: Household, app: Starlette, services: Services, client: Redis
) -> None:
    body = webhook(event()).decode()
    assert (await say(household.browser, body))["code"] == "FORBIDDEN"
    async with at(app, "203.0.113.21") as stranger:
        assert (await say(stranger, body))["code"] == "UNAUTHENTICATED"
    async with services.database.transaction() as session:
        await admin.grant(session, household.email, "admin")
    await execute(
        services.database,
        "UPDATE profiles SET maturity_ceiling = 12 WHERE id = :id",
        id=household.viewer.profile_id,
    )
    await client.flushdb()
    refused = await say(household.browser, body)
    assert refused["code"] == "FORBIDDEN"
    assert "maturity limit" in refused["message"]


async def test_a_page_of_another_site_has_nothing_signed(admins: Household) -> None:
    told = {"query": SIGN, "variables": {"body": webhook(event()).decode()}}
    answer = await admins.browser.post(
        "/graphql", json=told, headers={"Origin": "https://evil.example"}
    )
    assert answer.status_code in {200, 403}
    assert "v1," not in answer.text


async def test_without_a_secret_it_is_said_what_to_type(
    admins: Household, services: Services
) -> None:
    async with at(make_app(replace(services, webhook_keys=())), "203.0.113.22") as browser:
        browser.cookies = admins.browser.cookies
        refused = await say(browser, webhook(event()).decode())
    assert refused["code"] == "NO_SECRET"
    assert "STREAMING_STACK_JUSTWATCH_WEBHOOK_SECRET" in refused["message"]
    assert "openssl rand -base64 32" in refused["message"]


async def test_while_secrets_are_exchanged_the_first_signs(
    admins: Household, services: Services
) -> None:
    both = replace(services, webhook_keys=(SECOND_KEY, *KEYS))
    body = webhook(event())
    async with at(make_app(both), "203.0.113.23") as browser:
        browser.cookies = admins.browser.cookies
        signed = await say(browser, body.decode())
        sent = await browser.post(PATH, content=body, headers=headers_of(signed))
        assert sent.status_code == 202
    told = signatures.sign(SECOND_KEY, signed["id"], signed["timestamp"], body)
    assert signed["signature"] == told


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("", "not JSON"),
        ("{", "not JSON"),
        ("[]", "the whole of it"),
        ("null", "the whole of it"),
        ("[" * 50_000, "not JSON"),
        ('{"data": NaN}', "not JSON"),
        ('{"data": "\\ud800"}', "not JSON"),
        ("<script>alert(1)</script>", "not JSON"),
        ('{"data": {"country": "USA", "events": []}}', "data.country"),
        (webhook(event(package_id="8")).decode(), "data.events.0.package_id"),
        (webhook(event(available_to="9999-12-31")).decode(), "data.events.0.available_to"),
        (webhook(event(), source="demo").decode(), "our own"),
    ],
)
async def test_a_body_that_is_no_webhook_is_refused_in_words(
    admins: Household, body: str, said: str
) -> None:
    refused = await say(admins.browser, body)
    assert (refused["code"], refused["field"]) == ("INVALID_INPUT", "body")
    assert said in refused["message"]
    assert "script" not in refused["message"]
    assert len(refused["message"]) < 400


async def test_text_that_no_utf_8_can_hold_is_refused(admins: Household) -> None:
    for bad in ('"\\ud800"', '"a\\u0000b"'):
        told = b'{"query": %s, "variables": {"body": %s}}' % (orjson.dumps(SIGN), bad.encode())
        answer = await admins.browser.post(
            "/graphql", content=told, headers={**PAGE, "Content-Type": "application/json"}
        )
        assert answer.status_code < 500, answer.text
        assert "signature" not in answer.text


ANY = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=8,
)


@settings(max_examples=150, deadline=None)
@example("\ud800")
@given(st.text() | st.builds(json.dumps, ANY | st.fixed_dictionaries({"data": ANY})))
async def test_any_text_is_signed_or_refused_in_words(body: str) -> None:
    with suppress(InvalidInput):
        assert signing.sign(KEYS, body, datetime.now(UTC)).signature.startswith("v1,")


async def test_a_mebibyte_is_signed_and_one_byte_more_is_not() -> None:
    body, now = webhook(event(), padding="").decode(), datetime.now(UTC)
    most = body.replace('"padding":""', f'"padding":"{"x" * (signing.MOST_BYTES - len(body))}"')
    assert len(most) == signing.MOST_BYTES
    assert signing.sign(KEYS, most, now).signature.startswith("v1,")
    with pytest.raises(InvalidInput, match="1,048,577 bytes"):
        signing.sign(KEYS, most + " ", now)


async def test_the_secret_is_in_no_answer_and_in_no_log(
    admins: Household, capfd: pytest.CaptureFixture[str]
) -> None:
    said: list[str] = []
    for body in (webhook(event()).decode(), "", SECRET, webhook(event(package_id=SECRET)).decode()):
        told = {"query": SIGN, "variables": {"body": body}}
        answer = await admins.browser.post("/graphql", json=told, headers=PAGE)
        said += [answer.text, str(answer.headers)]
    said += capfd.readouterr()
    assert "webhook.signed" in "".join(said), "who had what signed is written down"
    key = KEYS[0]
    for form in (
        SECRET.removeprefix("whsec_"),
        base64.b64encode(key).decode(),
        key.hex(),
        repr(key),
    ):
        assert all(form not in each for each in said)


async def test_sixty_a_minute_are_signed_for_an_account(admins: Household) -> None:
    body = webhook(event()).decode()
    for _ in range(3):  # what is refused does not count
        assert (await say(admins.browser, "{"))["code"] == "INVALID_INPUT"
    codes = [(await say(admins.browser, body)).get("code") for _ in range(signing.A_MINUTE)]
    assert set(codes) == {None}
    limited = await say(admins.browser, body)
    assert limited["code"] == "RATE_LIMITED"
    assert 1 <= limited["retryAfter"] <= 61
