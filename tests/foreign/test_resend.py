"""resend's own SDK understands the stand-in, and reads its signatures."""

from collections import Counter
from typing import Any

import pytest

from tests.foreign.conftest import Held


@pytest.fixture(scope="module")
def got(conversation: Held) -> dict[str, Any]:
    """What the client got."""
    return conversation("resend", {})


def test_a_mail_that_was_sent_can_be_looked_at(got: dict[str, Any]):
    mail = got["mails"]["got"]
    assert mail["id"] == got["mails"]["sent"]["id"]
    assert mail["object"] == "email"
    assert mail["subject"] == "Leaving soon: 3 titles"
    assert mail["to"] == ["delivered@resend.dev"]
    assert mail["from"] == "Guide <digest@guide.example>"
    assert mail["reply_to"] == ["help@guide.example"]
    assert mail["tags"] == [{"name": "category", "value": "weekly_digest"}]
    assert mail["html"] == "<p>Leaving soon: 3 titles</p>"
    assert mail["last_event"] in ("queued", "sent", "delivered")


def test_sending_without_blocking_is_the_same(got: dict[str, Any]):
    assert got["mails"]["got_other"]["id"] == got["mails"]["other"]["id"]
    assert got["mails"]["got_other"]["subject"] == "Not blocking"


def test_a_mail_that_waits_can_be_moved_and_called_off(got: dict[str, Any]):
    mail = got["scheduled"]
    assert mail["before"]["last_event"] == "scheduled"
    assert mail["moved"]["object"] == mail["called_off"]["object"] == "email"
    assert mail["after"]["scheduled_at"] != mail["before"]["scheduled_at"]
    assert mail["at_last"]["last_event"] == "canceled"


def test_the_same_key_is_one_mail_and_with_another_mail_a_conflict(got: dict[str, Any]):
    once = got["idempotency"]
    assert once["first"]["id"] == once["second"]["id"]
    assert once["other"]["code"] == 409
    assert once["other"]["error_type"] == "invalid_idempotent_request"
    assert once["too_long"]["code"] == 400
    assert once["too_long"]["error_type"] == "invalid_idempotency_key"


def test_a_batch_is_all_or_nothing_unless_it_is_permissive(got: dict[str, Any]):
    batches = got["batches"]
    assert len({each["id"] for each in batches["sent"]["data"]}) == 3
    assert batches["again"]["data"] == batches["sent"]["data"]
    assert batches["strict"]["type"] in ("ValidationError", "MissingRequiredFieldsError")
    assert len(batches["permissive"]["data"]) == 2
    assert [each["index"] for each in batches["permissive"]["errors"]] == [1]
    assert batches["too_many"]["code"] in (400, 422)


def test_every_mail_is_listed_once_page_by_page(got: dict[str, Any]):
    pages = got["listed"]["pages"]
    assert all(len(page) == 4 for page in pages[:-1])
    listed = [id for page in pages for id in page]
    assert len(set(listed)) == len(listed)
    sent = {
        got["mails"]["sent"]["id"],
        got["mails"]["other"]["id"],
        got["scheduled"]["before"]["id"],
        got["idempotency"]["first"]["id"],
        *(each["id"] for name in ("sent", "permissive") for each in got["batches"][name]["data"]),
    }
    assert set(listed) == sent


def test_the_stand_in_has_taken_each_mail_once_with_all_that_was_sent(got: dict[str, Any]):
    taken = Counter(each["subject"] for each in got["outbox"])
    assert taken["Once"] == 1
    assert taken["Twice"] == taken["Never"] == taken["Lost"] == 0
    assert [taken[f"Batch {number}"] for number in range(3)] == [2, 1, 2]
    mail = next(each for each in got["outbox"] if each["subject"] == "Leaving soon: 3 titles")
    assert mail["id"] == got["mails"]["sent"]["id"]
    assert mail["headers"]["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


def test_a_webhook_is_signed_as_the_sdk_expects(got: dict[str, Any]):
    hook = got["webhooks"]
    assert hook["made"]["signing_secret"].startswith("whsec_")
    assert hook["got"]["endpoint"] == hook["url"]
    assert hook["verified"] == hook["body"]
    assert hook["verified"]["type"] == "email.bounced"
    assert hook["verified"]["data"]["email_id"] == hook["sent"]["id"]
    assert hook["verified"]["data"]["bounce"]["type"] == "Permanent"
    assert hook["bounced"]["last_event"] == "bounced"
    for forged in ("forged", "other_secret"):
        assert hook[forged]["type"] == "ValueError"
        assert "no matching signature" in hook[forged]["text"]


def test_webhooks_are_listed_stopped_and_removed(got: dict[str, Any]):
    hook = got["webhooks"]
    id = hook["made"]["id"]
    assert [each["id"] for each in hook["all"]["data"]] == [id]
    assert hook["stopped"]["id"] == id
    assert hook["removed"]["deleted"] is True
    assert (hook["none"]["code"], hook["none"]["error_type"]) == (404, "not_found")


def test_an_address_can_be_suppressed_and_taken_off_again(got: dict[str, Any]):
    kept = got["suppressions"]
    assert kept["got"]["email"] == "enough@example.com"
    assert "enough@example.com" in [each["email"] for each in kept["all"]["data"]]
    assert kept["removed"]["deleted"] is True
    assert kept["none"]["code"] == 404


@pytest.mark.parametrize(
    ("case", "type", "code", "name"),
    [
        ("no_key", "MissingApiKeyError", 401, "missing_api_key"),
        ("bad_key", "InvalidApiKeyError", 403, "invalid_api_key"),
        ("no_subject", "MissingRequiredFieldsError", 422, "missing_required_field"),
        ("bad_address", "ValidationError", 422, "validation_error"),
        ("unknown", "ResendError", 404, "not_found"),
        ("too_many", "RateLimitError", 429, "rate_limit_exceeded"),
        ("html", "ApplicationError", 500, "application_error"),
        ("server_error", "ApplicationError", 500, "application_error"),
        ("drop", "ResendError", 500, "HttpClientError"),
    ],
)
def test_what_is_refused_is_the_error_that_the_sdk_has_for_it(
    got: dict[str, Any], case: str, type: str, code: int, name: str
):
    error = got["errors"][case]
    assert (error["type"], error["code"], error["error_type"]) == (type, code, name)


def test_whoever_hurries_is_told_the_limit_and_when_to_come_back(got: dict[str, Any]):
    headers = {name.lower(): it for name, it in got["errors"]["too_many"]["headers"].items()}
    assert int(headers["retry-after"]) >= 1
    assert headers["ratelimit-limit"] == "2"
    assert headers["ratelimit-remaining"] == "0"
