"""Resend: what its clients can trip over."""

import base64
import hashlib
import hmac
import json
import threading
from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from typing import Any

import httpx
import pytest

from simulators.clock import Clock
from simulators.resend.app import make
from simulators.resend.events import WAITS
from tests.simulators.receiving import Receiver, Served, eventually, receiving

LETTER = {"from": "Guide <digest@guide.example>", "to": ["u@example.com"], "subject": "Leaving",
          "html": "<p>Soon</p>", "tags": [{"name": "category", "value": "weekly_digest"}],
          "headers": {"List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}}  # fmt: skip


@pytest.fixture
def resend(served: Served, clock: Clock) -> httpx.Client:
    http = served.stand_in("resend", make, clock)
    http.headers["authorization"] = "Bearer re_test"
    http.post("/_sim/settings", json={"rps": 100})
    return http


@pytest.fixture(scope="module")
def one_receiver() -> Iterator[Receiver]:
    with receiving() as receiver:
        yield receiver


@pytest.fixture
def receiver(one_receiver: Receiver) -> Receiver:
    return one_receiver.emptied()


def refused(answer: httpx.Response) -> tuple[int, str]:
    assert answer.headers["content-type"] == "application/json"
    assert answer.json()["statusCode"] == answer.status_code
    assert answer.json()["message"]
    return answer.status_code, answer.json()["name"]


def send(resend: httpx.Client, key: str | None = None, **changed: Any) -> httpx.Response:
    headers = {"idempotency-key": key} if key is not None else {}
    return resend.post("/emails", json={**LETTER, **changed}, headers=headers)


def listen(resend: httpx.Client, receiver: Receiver, *events: str) -> dict[str, Any]:
    sent = {"endpoint": receiver.url, "events": list(events)}
    made = resend.post("/webhooks", json=sent).json()
    assert made["object"] == "webhook"
    return made


def test_an_email_is_taken_kept_and_moves_on_with_the_clock(
    resend: httpx.Client, clock: Clock
) -> None:
    id = send(resend).json()["id"]
    email = resend.get(f"/emails/{id}").json()
    assert (email["object"], email["to"], email["last_event"]) == (
        "email", ["u@example.com"], "queued",
    )  # fmt: skip
    assert email["text"] == "Soon"
    assert email["tags"] == LETTER["tags"]
    clock.move(timedelta(seconds=1))
    assert resend.get(f"/emails/{id}").json()["last_event"] == "sent"
    clock.move(timedelta(seconds=1))
    assert resend.get(f"/emails/{id}").json()["last_event"] == "delivered"
    (kept,) = resend.get("/_sim/outbox").json()
    assert (kept["html"], kept["headers"]) == (LETTER["html"], LETTER["headers"])
    assert resend.get("/emails/nothing").status_code == 404


def test_who_may_not_is_told_by_name(resend: httpx.Client) -> None:
    resend.post("/_sim/keys", json={"key": "re_sends", "permission": "sending_access"})
    cases = [
        ({"authorization": ""}, 401, "missing_api_key"),
        ({"authorization": "Bearer wrong"}, 403, "invalid_api_key"),
        ({"authorization": "Bearer re_sends"}, 401, "restricted_api_key"),
        ({"user-agent": ""}, 403, "validation_error"),
    ]
    for headers, status, name in cases:
        assert refused(resend.get("/emails", headers=headers)) == (status, name)
    only = {"authorization": "Bearer re_sends"}
    assert resend.post("/emails", json=LETTER, headers=only).status_code == 200
    assert refused(resend.get("/nowhere")) == (404, "not_found")
    assert refused(resend.put("/emails")) == (405, "method_not_allowed")


@pytest.mark.parametrize(
    ("changed", "status", "name"),
    [
        ({"from": None}, 422, "missing_required_field"),
        ({"to": []}, 422, "missing_required_field"),
        ({"subject": ""}, 422, "missing_required_field"),
        ({"html": None}, 422, "missing_required_field"),
        ({"from": "nobody"}, 422, "invalid_from_address"),
        ({"to": "nobody"}, 422, "validation_error"),
        ({"to": [f"u{n}@example.com" for n in range(51)]}, 422, "validation_error"),
        ({"tags": [{"name": "ü", "value": "x"}]}, 422, "validation_error"),
        ({"headers": {"X-A": "b\r\nBcc: c@example.com"}}, 422, "validation_error"),
        ({"attachments": [{"filename": "a"}]}, 422, "invalid_attachment"),
        ({"scheduled_at": "2027-11-21T09:00:00Z"}, 422, "validation_error"),
        ({"from": "Me <onboarding@resend.dev>"}, 403, "validation_error"),
    ],
)
def test_emails_that_cannot_be_sent_are_refused_by_field(
    resend: httpx.Client, changed: dict[str, Any], status: int, name: str
) -> None:
    assert refused(send(resend, **changed)) == (status, name)
    assert resend.get("/_sim/outbox").json() == []


def test_domains_have_to_be_verified(resend: httpx.Client) -> None:
    resend.post("/_sim/settings", json={"verified_domains": ["guide.example"]})
    assert send(resend).status_code == 200
    assert refused(send(resend, **{"from": "a@b.example"})) == (403, "validation_error")


def test_the_same_key_sends_once_for_a_day(resend: httpx.Client, clock: Clock) -> None:
    first = send(resend, "digest/42").json()
    assert send(resend, "digest/42").json() == first
    other = refused(send(resend, "digest/42", subject="Else"))
    assert other == (409, "invalid_idempotent_request")
    assert len(resend.get("/_sim/outbox").json()) == 1
    team = {"idempotency-key": "digest/42", "authorization": "Bearer re_other"}
    resend.post("/_sim/keys", json={"key": "re_other", "team": "other"})
    assert resend.post("/emails", json=LETTER, headers=team).json() != first
    clock.move(timedelta(hours=24))
    assert send(resend, "digest/42").json() != first
    for key in ("", "k" * 257):
        assert refused(send(resend, key)) == (400, "invalid_idempotency_key")


def test_a_refused_email_leaves_its_key_free(resend: httpx.Client) -> None:
    assert send(resend, "key", subject="").status_code == 422
    assert send(resend, "key").status_code == 200


def test_the_same_key_at_the_same_time_has_to_wait(resend: httpx.Client) -> None:
    resend.post("/_sim/settings", json={"latency_s": 1.0})
    answers: list[httpx.Response] = []
    threads = [threading.Thread(target=lambda: answers.append(send(resend, "k"))) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    waited, sent = sorted(answers, key=lambda each: each.status_code, reverse=True)
    assert refused(waited) == (409, "concurrent_idempotent_requests")
    assert send(resend, "k").json() == sent.json()


def test_a_batch_is_all_or_none_unless_it_is_permissive(resend: httpx.Client) -> None:
    batch = [LETTER, {**LETTER, "to": "nobody"}, LETTER]
    assert refused(resend.post("/emails/batch", json=batch)) == (422, "validation_error")
    assert resend.get("/_sim/outbox").json() == []
    permissive = {"x-batch-validation": "permissive"}
    told = resend.post("/emails/batch", json=batch, headers=permissive).json()
    assert (len(told["data"]), [each["index"] for each in told["errors"]]) == (2, [1])
    assert "errors" not in resend.post("/emails/batch", json=[LETTER]).json()
    for wrong in ([], [LETTER] * 101, LETTER, [{**LETTER, "scheduled_at": "in 1 hour"}]):
        assert refused(resend.post("/emails/batch", json=wrong))[0] == 422
    assert len(resend.post("/emails/batch", json=[LETTER] * 100).json()["data"]) == 100


def test_two_a_second_with_headers_on_every_answer(resend: httpx.Client, clock: Clock) -> None:
    resend.post("/_sim/settings", json={"rps": 2})
    clock.move(timedelta(seconds=1))
    remaining = [resend.get("/emails").headers["ratelimit-remaining"] for _ in range(2)]
    assert remaining == ["1", "0"]
    full = send(resend)
    assert refused(full) == (429, "rate_limit_exceeded")
    assert (full.headers["retry-after"], full.headers["ratelimit-limit"]) == ("1", "2")
    assert "ratelimit-reset" in resend.get("/emails", headers={"authorization": ""}).headers
    clock.move(timedelta(seconds=1))
    assert send(resend).status_code == 200


def test_quotas_count_recipients_and_end_with_the_day(resend: httpx.Client, clock: Clock) -> None:
    resend.post("/_sim/settings", json={"daily_quota": 3})
    two = send(resend, cc=["v@example.com"])
    assert (two.status_code, two.headers["x-resend-daily-quota"]) == (200, "2")
    assert refused(send(resend, cc=["v@example.com"])) == (429, "daily_quota_exceeded")
    assert send(resend).status_code == 200
    clock.move(timedelta(days=1))
    assert send(resend).status_code == 200


def test_what_is_scheduled_waits_and_can_be_stopped(resend: httpx.Client, clock: Clock) -> None:
    id = send(resend, scheduled_at="in 1 hour").json()["id"]
    stopped = send(resend, scheduled_at="2026-11-21T10:00:00Z").json()["id"]
    assert resend.get(f"/emails/{id}").json()["last_event"] == "scheduled"
    later = {"scheduled_at": "2026-11-21T12:00:00Z"}
    assert resend.patch(f"/emails/{id}", json=later).json() == {"object": "email", "id": id}
    assert resend.post(f"/emails/{stopped}/cancel").status_code == 200
    clock.move(timedelta(hours=2))
    assert resend.get(f"/emails/{id}").json()["last_event"] == "scheduled"
    clock.move(timedelta(hours=2))
    assert resend.get(f"/emails/{id}").json()["last_event"] == "delivered"
    assert resend.get(f"/emails/{stopped}").json()["last_event"] == "canceled"
    assert refused(resend.post(f"/emails/{id}/cancel")) == (422, "validation_error")


def test_emails_are_listed_by_cursor(resend: httpx.Client) -> None:
    ids = [send(resend).json()["id"] for _ in range(5)][::-1]
    first = resend.get("/emails", params={"limit": 2}).json()
    assert ([each["id"] for each in first["data"]], first["has_more"]) == (ids[:2], True)
    rest = resend.get("/emails", params={"limit": 3, "after": ids[1]}).json()
    assert ([each["id"] for each in rest["data"]], rest["has_more"]) == (ids[2:], False)
    assert refused(resend.get("/emails", params={"limit": 0}))[0] == 422


@pytest.mark.parametrize(
    ("address", "events"),
    [
        ("delivered@resend.dev", ["sent", "delivered"]),
        ("bounced@resend.dev", ["sent", "bounced"]),
        ("complained+label@resend.dev", ["sent", "delivered", "complained"]),
        ("suppressed@resend.dev", ["suppressed"]),
    ],
)
def test_test_addresses_tell_what_became_of_them_signed(
    resend: httpx.Client, clock: Clock, receiver: Receiver, address: str, events: list[str]
) -> None:
    names = ("sent", "delivered", "bounced", "complained", "suppressed")
    endpoint = listen(resend, receiver, *(f"email.{name}" for name in names))
    id = send(resend, to=address).json()["id"]
    for place in range(len(events)):
        clock.move(timedelta(seconds=1.5))
        receiver.until(place + 1)
    assert len(receiver.came) == len(events)
    key = base64.b64decode(endpoint["signing_secret"].removeprefix("whsec_"))
    for (headers, body), event in zip(receiver.came, events, strict=True):
        signed = f"{headers['svix-id']}.{headers['svix-timestamp']}.".encode() + body
        told = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
        assert headers["svix-signature"] == f"v1,{told}"
        said = json.loads(body)
        assert (said["type"], said["data"]["email_id"]) == (f"email.{event}", id)
        assert said["data"]["tags"] == {"category": "weekly_digest"}
    assert len({headers["svix-id"] for headers, _ in receiver.came}) == len(events)
    assert resend.get("/suppressions").json()["data"] == []


def test_bounces_and_complaints_end_on_the_suppression_list(
    resend: httpx.Client, clock: Clock, receiver: Receiver
) -> None:
    listen(resend, receiver, "email.bounced", "email.suppressed", "suppression.added")
    resend.post("/_sim/outcomes", json={"address": "u@example.com", "outcome": "bounced"})
    send(resend)
    clock.move(timedelta(seconds=2))
    said = {json.loads(body)["type"]: json.loads(body)["data"] for _, body in receiver.until(2)}
    assert said["email.bounced"]["bounce"]["type"] == "Permanent"
    assert said["suppression.added"]["email"] == "u@example.com"
    id = send(resend).json()["id"]
    clock.move(timedelta(seconds=2))
    receiver.until(3)
    assert resend.get(f"/emails/{id}").json()["last_event"] == "suppressed"
    assert resend.delete("/suppressions/u@example.com").json()["deleted"]
    send(resend, to="transient@resend.dev")
    clock.move(timedelta(seconds=2))
    receiver.until(4)
    assert json.loads(receiver.came[-1][1])["data"]["bounce"]["type"] == "Transient"


def test_deliveries_are_tried_eight_times_by_the_clock_with_one_id(
    resend: httpx.Client, clock: Clock, receiver: Receiver
) -> None:
    endpoint = listen(resend, receiver, "email.sent")
    receiver.answers.extend([(500, b"", {})] * len(WAITS))

    def heard(count: int) -> bool:
        return len(resend.get("/_sim/attempts").json()[endpoint["id"]]) == count

    send(resend)
    clock.move(timedelta(seconds=0.6))
    for place, wait in enumerate(WAITS):
        if place > 1:
            # Not a second early.
            clock.move(timedelta(seconds=wait - 1))
            assert len(receiver.came) == place
        clock.move(timedelta(seconds=1 if place > 1 else wait))
        receiver.until(place + 1)
        eventually(partial(heard, place + 1))  # the sender, of the answer
    assert len({headers["svix-id"] for headers, _ in receiver.came}) == 1
    assert len({headers["svix-timestamp"] for headers, _ in receiver.came}) == len(WAITS)
    eventually(lambda: resend.get(f"/webhooks/{endpoint['id']}").json()["status"] == "disabled")


def test_endpoints_are_changed_and_removed(resend: httpx.Client, receiver: Receiver) -> None:
    id = listen(resend, receiver, "email.sent")["id"]
    assert resend.patch(f"/webhooks/{id}", json={"status": "disabled"}).status_code == 200
    (kept,) = resend.get("/webhooks").json()["data"]
    assert (kept["status"], kept["events"]) == ("disabled", ["email.sent"])
    assert "signing_secret" not in kept
    assert resend.delete(f"/webhooks/{id}").json()["deleted"]
    assert refused(resend.get(f"/webhooks/{id}")) == (404, "not_found")
    assert refused(resend.post("/webhooks", json={"endpoint": "x", "events": ["a"]}))[0] == 422


def test_openings_are_told_when_they_are_made_to_happen(
    resend: httpx.Client, clock: Clock, receiver: Receiver
) -> None:
    listen(resend, receiver, "email.clicked")
    id = send(resend).json()["id"]
    clock.move(timedelta(seconds=5))
    resend.post(f"/_sim/emails/{id}/events", json={"event": "clicked", "link": "https://a.example"})
    ((_, body),) = receiver.until(1)
    assert json.loads(body)["data"]["click"]["link"] == "https://a.example"
    assert resend.get(f"/emails/{id}").json()["last_event"] == "clicked"
