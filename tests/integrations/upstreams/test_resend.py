"""Resend: each letter once, whatever happens on the way, and no after a no is not asked again."""

import asyncio
import json
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from itertools import count
from typing import Any

import pytest

from domain.delivery.errors import DeliveryRefused, MaybeSent, QuotaUsedUp
from domain.delivery.values import Email
from domain.errors import DomainError
from domain.ports import Mailer
from domain.sync.ports import UpstreamAway
from integrations.resend.client import Resend
from integrations.resend.letters import body_of
from integrations.upstreams.errors import SlowDown
from tests.integrations.upstreams.stand_ins import StandIns
from tests.integrations.upstreams.wire import QUICK, Opened, Wire, response

pytestmark = pytest.mark.anyio
ANA = Email(
    "Guide <digest@guide.example>",
    "ana@example.com",
    "Leaving soon\r\nBcc: eve@example.com \ud800",
    "<p>Café</p>",
    "Café",
    (("List-Unsubscribe", "<https://guide.example/u/abc>"),),
    (("category", "weekly_digest"),),
)
NOW = datetime(2026, 12, 30, 22, 30, tzinfo=UTC)
KEYS = (f"weekly/{number}" for number in count())


def put(stand_ins: StandIns, **changes: Any) -> None:
    assert stand_ins.control.post("/resend/_sim/settings", json=changes).status_code == 200


@pytest.fixture
def settings(stand_ins: StandIns) -> Iterator[StandIns]:
    put(stand_ins, rps=1000)
    stand_ins.control.delete("/resend/_sim/outbox")
    yield stand_ins
    plain = {"daily_quota": None, "monthly_quota": 50_000, "verified_domains": None}
    put(stand_ins, rps=1000, latency_s=0, **plain)


@pytest.fixture
def resend(settings: StandIns, opened: Opened) -> Resend:
    return Resend(opened(settings.base + "/resend", "Resend"), "re_of_tests", clock=lambda: NOW)


def on(line: Wire, opened: Opened, **changes: Any) -> Resend:
    upstream = opened(line.base, "Resend", **changes)
    return Resend(upstream, "re_secret_key", clock=lambda: NOW)


def outbox(stand_ins: StandIns) -> list[dict[str, Any]]:
    return stand_ins.control.get("/resend/_sim/outbox").json()


def refusal(status: int, name: str, *headers: str, message: str = "Because.") -> bytes:
    body = json.dumps({"statusCode": status, "name": name, "message": message})
    return response(body.encode(), *headers, status=f"{status} No")


async def test_a_letter_is_sent_as_it_was_written(settings: StandIns, resend: Resend):
    mailer: Mailer = resend
    (id,) = await mailer.send([ANA], next(KEYS))
    (said,) = outbox(settings)
    assert (said["id"], said["to"], said["html"]) == (id, ["ana@example.com"], "<p>Café</p>")
    assert said["subject"] == "Leaving soon Bcc: eve@example.com ?", "one line, whatever is in it"
    assert said["headers"] == {"List-Unsubscribe": "<https://guide.example/u/abc>"}
    assert said["tags"] == [{"name": "category", "value": "weekly_digest"}]


async def test_a_hundred_go_in_one_request_and_their_ids_come_in_order(
    settings: StandIns, resend: Resend
):
    letters = [replace(ANA, to=f"u{number}@example.com") for number in range(100)]
    before = settings.count("resend")
    ids = await resend.send(letters, next(KEYS))
    assert settings.count("resend") == before + 1
    assert [each["id"] for each in outbox(settings)] == list(ids)
    assert [each["to"] for each in outbox(settings)] == [[each.to] for each in letters]
    with pytest.raises(ValueError, match="101"):
        await resend.send([*letters, ANA], next(KEYS))
    assert await resend.send([], next(KEYS)) == ()


async def test_one_letter_that_cannot_be_taken_keeps_back_all(settings: StandIns, resend: Resend):
    with pytest.raises(DeliveryRefused, match="Invalid `to`"):
        await resend.send([ANA, replace(ANA, to="nobody")], next(KEYS))
    assert outbox(settings) == []


async def test_the_same_key_sends_once(settings: StandIns, resend: Resend):
    key = next(KEYS)
    assert await resend.send([ANA], key) == await resend.send([ANA], key)
    assert len(outbox(settings)) == 1
    with pytest.raises(DeliveryRefused, match="under the same key"):
        await resend.send([replace(ANA, subject="Another")], key)
    assert body_of([ANA, ANA]) == body_of([replace(ANA), replace(ANA)])


async def test_an_answer_that_got_lost_is_asked_for_under_the_same_key(
    settings: StandIns, resend: Resend
):
    settings.fault("resend", "cut", times=1)
    ids = await resend.send([ANA], next(KEYS))
    assert [each["id"] for each in outbox(settings)] == list(ids)


@pytest.mark.parametrize("bad", [None, response(b'{"id":7}'), response(b"{", kind="text/html")])
async def test_without_an_answer_it_may_be_sent(line: Wire, opened: Opened, bad: bytes | None):
    line.says(bad)
    with pytest.raises(MaybeSent, match="nobody gets it twice"):
        await on(line, opened).send([ANA], "k")
    heads = {each.partition(b"\r\n\r\n")[2] for each in line.requests}
    assert heads == {body_of([ANA])}, "the same bytes each time"
    assert all(b"idempotency-key: k\r\n" in each for each in line.requests)
    assert all(b"user-agent: streaming-stack" in each for each in line.requests)


async def test_fewer_ids_than_letters_are_no_answer(line: Wire, opened: Opened):
    line.says(response(b'{"data":[{"id":"a"}]}'))
    with pytest.raises(MaybeSent):
        await on(line, opened).send([ANA, ANA], "k")


async def test_trouble_of_theirs_is_tried_again_and_then_in_doubt(line: Wire, opened: Opened):
    broken = refusal(500, "internal_server_error")
    line.says(broken, response(b'{"id":"a"}'))
    assert await on(line, opened).send([ANA], "k") == ("a",)
    line.says(broken)
    with pytest.raises(MaybeSent):
        await on(line, opened).send([ANA], "k")
    assert len(line.requests) == QUICK.attempts


async def test_nobody_there_means_not_sent(opened: Opened):
    with pytest.raises(UpstreamAway) as away:
        await Resend(opened("http://127.0.0.1:1"), "re_x").send([ANA], "k")
    assert not isinstance(away.value, MaybeSent)


async def test_a_first_try_still_in_progress_is_asked_for_later(settings: StandIns, resend: Resend):
    put(settings, latency_s=0.2)
    key = next(KEYS)
    twice = [resend.send([ANA], key) for _ in range(2)]
    ended = await asyncio.gather(*twice, return_exceptions=True)
    (unsure,) = [each for each in ended if isinstance(each, MaybeSent)]
    assert unsure.retry_after_s
    assert await resend.send([ANA], key) in ended
    assert len(outbox(settings)) == 1


@pytest.mark.parametrize(
    ("status", "name"),
    [(400, "invalid_idempotency_key"), (422, "validation_error"), (422, "missing_required_field"),
     (409, "invalid_idempotent_request")],
)  # fmt: skip
async def test_a_no_to_a_letter_is_final(line: Wire, opened: Opened, status: int, name: str):
    line.says(refusal(status, name))
    with pytest.raises(DeliveryRefused):
        await on(line, opened).send([ANA], "k")
    assert len(line.requests) == 1


@pytest.mark.parametrize(
    ("status", "name"),
    [(401, "missing_api_key"), (401, "restricted_api_key"), (403, "invalid_api_key"),
     (403, "validation_error"), (404, "not_found"), (405, "method_not_allowed"),
     (451, "security_error")],
)  # fmt: skip
async def test_a_no_to_us_has_to_be_put_right_first(
    line: Wire, opened: Opened, status: int, name: str
):
    line.says(refusal(status, name, message="No re_secret_key here"))
    with pytest.raises(UpstreamAway, match="API key and the sender's address") as away:
        await on(line, opened).send([ANA], "k")
    assert away.value.permanent
    assert "re_secret_key" not in repr(away.value) + away.value.message
    assert len(line.requests) == 1


async def test_a_page_in_between_is_no_refusal_of_a_letter(line: Wire, opened: Opened):
    line.says(response(b"<html>", status="400 No", kind="text/html"))
    with pytest.raises(UpstreamAway) as away:
        await on(line, opened).send([ANA], "k")
    assert away.value.permanent


async def test_real_refusals_of_the_stand_in_are_told_apart(settings: StandIns, opened: Opened):
    wrong = Resend(opened(settings.base + "/resend", "Resend"), "wrong")
    with pytest.raises(UpstreamAway, match="API key is invalid"):
        await wrong.send([ANA], next(KEYS))
    put(settings, verified_domains=["other.example"])
    unverified = Resend(opened(settings.base + "/resend", "Resend"), "re_of_tests")
    with pytest.raises(UpstreamAway, match="not verified") as away:
        await unverified.send([ANA], next(KEYS))
    assert away.value.permanent


@pytest.mark.parametrize(
    ("name", "until"),
    [("daily", datetime(2026, 12, 31, tzinfo=UTC)), ("monthly", datetime(2027, 1, 1, tzinfo=UTC))],
)
async def test_a_quota_that_is_used_up_says_until_when(
    settings: StandIns, resend: Resend, name: str, until: datetime
):
    put(settings, **{f"{name}_quota": 0})
    before = settings.count("resend")
    with pytest.raises(QuotaUsedUp, match="used up") as used_up:
        await resend.send([ANA], next(KEYS))
    assert used_up.value.until == until
    assert used_up.value.retry_after_s == (until - NOW).total_seconds()
    assert settings.count("resend") == before + 1, "it is not asked again within seconds"


async def test_the_pace_is_what_they_say_it_is(settings: StandIns, opened: Opened):
    put(settings, rps=3)
    patient = opened(settings.base + "/resend", patience=replace(QUICK, deadline_s=5))
    resend = Resend(patient, "re_of_tests")
    before, started = settings.count("resend"), time.monotonic()
    await resend.send([ANA], next(KEYS))
    await asyncio.gather(*(resend.send([ANA], next(KEYS)) for _ in range(5)))
    assert time.monotonic() - started > 0.9
    assert settings.count("resend") <= before + 7, "hardly one too early"


async def test_a_wait_beyond_our_patience_is_handed_on(line: Wire, opened: Opened):
    line.says(refusal(429, "rate_limit_exceeded", "Retry-After: 3600"))
    with pytest.raises(SlowDown) as slow:
        await on(line, opened).send([ANA], "k")
    assert slow.value.retry_after_s == 3600
    assert len(line.requests) == 1


async def test_a_lost_answer_before_a_wait_leaves_it_in_doubt(line: Wire, opened: Opened):
    line.says(None, refusal(429, "rate_limit_exceeded", "Retry-After: 3600"))
    with pytest.raises(MaybeSent):
        await on(line, opened).send([ANA], "k")


async def test_headers_without_sense_change_no_pace(line: Wire, opened: Opened):
    odd = ("ratelimit-limit: 0", "ratelimit-remaining: 0", "ratelimit-reset: \xb2")
    line.says(response(b'{"id":"a"}', *odd))
    resend = on(line, opened)
    started = time.monotonic()
    for _ in range(3):
        await resend.send([ANA], "k")
    assert time.monotonic() - started < 0.5


@pytest.mark.parametrize("key", ["", "x" * 257, "a\r\nb", "é"])
async def test_a_key_has_to_fit_in_a_header(line: Wire, opened: Opened, key: str):
    with pytest.raises(ValueError, match="256"):
        await on(line, opened).send([ANA], key)
    assert "re_secret_key" not in repr(on(line, opened))


@pytest.mark.parametrize("kind", ["html", "gzip_bomb", "drop", "bad_encoding", "stall"])
async def test_whatever_breaks_is_told_in_plain_words(
    settings: StandIns, opened: Opened, kind: str
):
    settings.fault("resend", kind, seconds=1)
    quick = opened(settings.base + "/resend", patience=replace(QUICK, attempts=1))
    with pytest.raises(DomainError) as problem:
        await Resend(quick, "re_of_tests").send([ANA], next(KEYS))
    assert problem.value.message.endswith(".")
