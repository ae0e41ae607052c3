"""aiogram understands the stand-in: it polls and is told, takes webhooks, and reads refusals."""

from typing import Any

import pytest

from tests.foreign.conftest import Held


@pytest.fixture(scope="module")
def got(conversation: Held) -> dict[str, Any]:
    """What the client got."""
    return conversation("aiogram", {})


def test_a_bot_that_polls_is_told_what_happens_in_order(got: dict[str, Any]):
    polled = got["polled"]
    assert polled["linked"] == "link-k3Jx"
    assert polled["pressed"] == "link:yes"
    assert polled["answered"] is True
    assert polled["statuses"] == ["kicked", "member"]


def test_polling_waits_for_something_to_happen(got: dict[str, Any]):
    polls = sum(
        count
        for path, count in got["sim"]["requests"]["telegram"]["paths"].items()
        if path.lower().endswith("/getupdates")
    )
    # One for each update, one that is left when it stops, and one that is refused: none in between.
    assert polls <= 6


def test_what_a_bot_says_comes_back_with_its_entities_read(got: dict[str, Any]):
    answer = got["polled"]["answer"]
    assert answer["text"] == "Is it you, a&b?"
    assert answer["entities"] == [{"type": "bold", "offset": 6, "length": 3}]
    assert answer["chat"]["id"] == 7
    assert answer["from_user"]["id"] == 42
    buttons = answer["reply_markup"]["inline_keyboard"]
    assert buttons == [[{"text": "Yes", "callback_data": "link:yes"}]]


def test_a_message_can_be_edited_and_deleted(got: dict[str, Any]):
    edited = got["polled"]["edited"]
    assert edited["message_id"] == got["polled"]["answer"]["message_id"]
    assert edited["text"] == "Linked to a***@example.com"
    assert edited["edit_date"]
    assert got["sent"]["buttons"]["reply_markup"]["inline_keyboard"][0][0]["text"] == "Undo"
    assert "not modified" in got["sent"]["unchanged"]["message"]
    assert got["sent"]["deleted"] is True


def test_a_bot_knows_itself_and_how_to_be_found(got: dict[str, Any]):
    sent = got["sent"]
    assert (sent["me"]["id"], sent["me"]["is_bot"]) == (42, True)
    assert sent["link"] == f"https://t.me/{sent['me']['username']}?start=abc_DEF-123"
    assert sent["message"]["text"] == "Leaving: Paper Garden"
    assert sent["photo"]["caption"] == "A poster"
    assert sent["photo"]["photo"]
    assert sent["own"]["photo"]
    assert sent["typing"] is sent["commands"] is True


def test_updates_come_by_webhook_with_the_secret_and_polling_is_refused_meanwhile(
    got: dict[str, Any],
):
    hooked = got["hooked"]
    assert hooked["set_up"] is hooked["removed"] is True
    assert hooked["info"]["url"].endswith("/hooks")
    assert hooked["heard"] == ["by webhook"]
    assert hooked["secret"] == "a-secret-of-the-webhook"
    assert hooked["conflict"]["type"] == "TelegramConflictError"
    assert "webhook is active" in hooked["conflict"]["message"]
    assert "An HTTPS URL must be provided" in hooked["by_http"]["message"]
    assert hooked["after"] == ""


@pytest.mark.parametrize(
    ("case", "type", "said"),
    [
        ("chat", "TelegramBadRequest", "chat not found"),
        ("html", "TelegramBadRequest", "can't parse entities"),
        ("empty", "TelegramBadRequest", "message text is empty"),
        ("long", "TelegramBadRequest", "message is too long"),
        ("button", "TelegramBadRequest", "BUTTON_DATA_INVALID"),
        ("old_query", "TelegramBadRequest", "query is too old"),
        ("blocked", "TelegramForbiddenError", "bot was blocked by the user"),
        ("token", "TelegramUnauthorizedError", "Unauthorized"),
    ],
)
def test_what_is_refused_is_the_error_that_the_client_has_for_it(
    got: dict[str, Any], case: str, type: str, said: str
):
    error = got["refusals"][case]
    assert error["type"] == type
    assert said in error["message"]


def test_too_much_at_once_says_when_to_come_back(got: dict[str, Any]):
    error = got["refusals"]["too_many"]
    assert error["type"] == "TelegramRetryAfter"
    assert error["retry_after"] >= 1
    assert got["refusals"]["flood"]["type"] == "TelegramRetryAfter"
    assert got["refusals"]["flood"]["retry_after"] == 7


@pytest.mark.parametrize(
    ("case", "type"),
    [
        ("server_error", "TelegramServerError"),
        ("not_json", "ClientDecodeError"),
        ("drop", "TelegramNetworkError"),
    ],
)
def test_what_breaks_on_the_way_is_told_apart(got: dict[str, Any], case: str, type: str):
    assert got["refusals"][case]["type"] == type
