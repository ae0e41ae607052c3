"""Telegram: what its clients can trip over."""

import json
import threading
import time
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import httpx
import pytest

from simulators.clock import Clock
from simulators.telegram.app import make
from tests.simulators.receiving import Receiver, Served, eventually, receiving

BOT = "/bot42:TEST"


@pytest.fixture
def telegram(served: Served, clock: Clock) -> httpx.Client:
    return served.stand_in("telegram", make, clock)


@pytest.fixture(scope="module")
def one_receiver() -> Iterator[Receiver]:
    with receiving() as receiver:
        yield receiver


@pytest.fixture
def receiver(one_receiver: Receiver) -> Receiver:
    return one_receiver.emptied()


def ok(answer: httpx.Response) -> Any:
    assert answer.status_code == 200, answer.text
    assert answer.json()["ok"] is True
    return answer.json()["result"]


def refused(answer: httpx.Response) -> tuple[int, str]:
    said = answer.json()
    assert (said["ok"], said["error_code"]) == (False, answer.status_code)
    return answer.status_code, said["description"]


def call(http: httpx.Client, method: str, **given: Any) -> httpx.Response:
    return http.post(f"{BOT}/{method}", json=given)


def write(http: httpx.Client, text: str, sender: int = 7) -> dict[str, Any]:
    return http.post("/_sim/updates", json={"from": sender, "text": text}).json()["update"]


def test_methods_are_called_in_four_ways_and_any_case(telegram: httpx.Client) -> None:
    markup = {"inline_keyboard": [[{"text": "Seen", "callback_data": "seen:tm1"}]]}
    telegram.post("/_sim/settings", json={"limits": False})
    given = {"chat_id": "7", "text": "Grüße & mehr", "reply_markup": json.dumps(markup)}
    answers = [
        telegram.get(f"{BOT}/sendMessage", params=given),
        telegram.post(f"{BOT}/SENDMESSAGE", data=given),
        telegram.post(f"{BOT}/sendmessage", files={k: (None, v) for k, v in given.items()}),
        telegram.post(f"{BOT}/sendMessage", json={**given, "chat_id": 7, "reply_markup": markup}),
    ]
    for answer in answers:
        message = ok(answer)
        assert (message["text"], message["chat"]["id"]) == ("Grüße & mehr", 7)
        assert message["reply_markup"] == markup
        assert message["from"]["id"] == 42
    assert len({ok(answer)["message_id"] for answer in answers}) == 4
    sent = telegram.get("/_sim/outbox").json()
    assert [each["answer"]["result"]["text"] for each in sent] == ["Grüße & mehr"] * 4


def test_files_are_sent_as_they_are(telegram: httpx.Client) -> None:
    picture = {"photo": ("a.png", b"\x89PNG\r\n\x1a\n\x00", "image/png")}
    message = ok(
        telegram.post(f"{BOT}/sendPhoto", data={"chat_id": 7, "caption": "x"}, files=picture)
    )
    assert message["photo"][0]["file_id"]
    assert message["caption"] == "x"
    assert telegram.get("/_sim/outbox").json()[0]["params"]["photo"]["file_size"] == 9


def test_tokens_have_to_be_known(telegram: httpx.Client) -> None:
    assert refused(telegram.get("/bot43:X/getMe")) == (401, "Unauthorized")
    malformed = refused(telegram.get("/botx/getMe"))
    assert malformed == (401, "Unauthorized: invalid token specified")
    telegram.post("/_sim/bots", json={"token": "43:X", "username": "other_bot"})
    assert ok(telegram.get("/bot43:X/getMe"))["username"] == "other_bot"
    assert refused(call(telegram, "fly"))[0] == 404


@pytest.mark.parametrize(
    ("given", "status", "description"),
    [
        ({"chat_id": 8}, 400, "Bad Request: chat not found"),
        ({"text": " "}, 400, "Bad Request: message text is empty"),
        ({"text": "x" * 4097}, 400, "Bad Request: message is too long"),
        ({"text": "🎬" * 2049}, 400, "Bad Request: message is too long"),
        (
            {"text": "a <tt>b</tt>", "parse_mode": "HTML"}, 400,
            'Bad Request: can\'t parse entities: Unsupported start tag "tt" at byte offset 2',
        ),
        (
            {"text": "é <b>b", "parse_mode": "HTML"}, 400,
            "Bad Request: can't parse entities: Can't find end tag corresponding to start tag "
            '"b"',
        ),
        (
            {"text": "<b><i>x</b></i>", "parse_mode": "HTML"}, 400,
            "Bad Request: can't parse entities: Unmatched end tag at byte offset 7, expected "
            '"</i>", found "</b>"',
        ),
        (
            {"text": "1 < 2", "parse_mode": "HTML"}, 400,
            'Bad Request: can\'t parse entities: Unsupported start tag "" at byte offset 2',
        ),
        (
            {"text": "Mr. & Mrs. Smith (2005)!", "parse_mode": "MarkdownV2"}, 400,
            "Bad Request: can't parse entities: Character '.' is reserved and must be escaped "
            "with the preceding '\\'",
        ),
        (
            {"reply_markup": {"inline_keyboard": [[{"text": "a", "callback_data": "ü" * 33}]]}},
            400, "Bad Request: BUTTON_DATA_INVALID",
        ),
        ({"reply_parameters": {"message_id": 99}}, 400,
         "Bad Request: message to be replied not found"),
    ],
)  # fmt: skip
def test_messages_that_cannot_be_sent_are_refused_in_its_words(
    telegram: httpx.Client, given: dict[str, Any], status: int, description: str
) -> None:
    answer = call(telegram, "sendMessage", **{"chat_id": 7, "text": "hello", **given})
    assert refused(answer) == (status, description)


def test_who_cannot_be_written_to_is_told(telegram: httpx.Client) -> None:
    cases = [
        ({"blocked": True}, "Forbidden: bot was blocked by the user"),
        ({"deactivated": True}, "Forbidden: user is deactivated"),
        ({"started": False}, "Forbidden: bot can't initiate conversation with a user"),
    ]
    for id, (how, description) in enumerate(cases, 100):
        telegram.post("/_sim/users", json={"id": id, **how})
        assert refused(call(telegram, "sendMessage", chat_id=id, text="x")) == (403, description)
    telegram.post("/_sim/users", json={"id": -5, "type": "group", "migrated_to": -1005})
    moved = call(telegram, "sendMessage", chat_id=-5, text="x")
    assert moved.json()["parameters"] == {"migrate_to_chat_id": -1005}


def test_formatting_is_counted_in_utf16_units(telegram: httpx.Client) -> None:
    text = '🎬 <b>Mr. &amp; Mrs.</b> &nbsp; <a href="https://a.example/?x=1&amp;y=2">ü</a>'
    said = ok(call(telegram, "sendMessage", chat_id=7, text=text, parse_mode="HTML"))
    assert said["text"] == "🎬 Mr. & Mrs. &nbsp; ü"
    assert said["entities"] == [
        {"offset": 3, "length": 10, "type": "bold"},
        {"offset": 21, "length": 1, "type": "text_link", "url": "https://a.example/?x=1&y=2"},
    ]
    marked = r"*bold* _it_ \. [link](https://a.example/\)) `a.b`"
    said = ok(call(telegram, "sendMessage", chat_id=7, text=marked, parse_mode="MarkdownV2"))
    assert said["text"] == "bold it . link a.b"
    assert [each["type"] for each in said["entities"]] == ["bold", "italic", "text_link", "code"]
    full = f"<b>{'x' * 4096}</b>"
    ok(call(telegram, "sendMessage", chat_id=7, text=full, parse_mode="html"))


def test_too_fast_is_said_in_three_places(telegram: httpx.Client, clock: Clock) -> None:
    for _ in range(3):  # a short burst is let through
        ok(call(telegram, "sendMessage", chat_id=7, text="x"))
    fast = call(telegram, "sendMessage", chat_id=7, text="x")
    assert refused(fast) == (429, "Too Many Requests: retry after 1")
    assert fast.json()["parameters"] == {"retry_after": 1}
    assert fast.headers["retry-after"] == "1"
    clock.move(timedelta(seconds=1))
    ok(call(telegram, "sendMessage", chat_id=7, text="x"))
    for id in range(200, 240):
        telegram.post("/_sim/users", json={"id": id})
    clock.move(timedelta(seconds=60))
    told = [call(telegram, "sendMessage", chat_id=id, text="x") for id in range(200, 240)]
    assert [answer.status_code for answer in told] == [200] * 30 + [429] * 10
    paid = call(telegram, "sendMessage", chat_id=239, text="x", allow_paid_broadcast=True)
    assert paid.status_code == 200


def test_updates_wait_until_they_are_confirmed(telegram: httpx.Client, clock: Clock) -> None:
    first, second = write(telegram, "/start link-k3"), write(telegram, "hello")
    assert first["message"]["entities"] == [{"offset": 0, "length": 6, "type": "bot_command"}]
    assert ok(call(telegram, "getUpdates")) == [first, second]
    clock.move(timedelta(seconds=1))
    assert ok(call(telegram, "getUpdates", limit=1)) == [first]
    assert ok(call(telegram, "getUpdates", offset=first["update_id"] + 1)) == [second]
    clock.move(timedelta(hours=24, seconds=1))
    assert ok(call(telegram, "getUpdates", offset=1, timeout=0)) == []


def test_asking_is_held_until_something_happens_or_the_time_is_over(
    telegram: httpx.Client,
) -> None:
    begun = time.monotonic()
    assert ok(call(telegram, "getUpdates", offset=5, timeout=1)) == []
    assert time.monotonic() - begun >= 0.9
    came: list[Any] = []
    poll = threading.Thread(
        target=lambda: came.append(ok(call(telegram, "getUpdates", offset=6, timeout=30)))
    )
    poll.start()
    time.sleep(0.1)
    assert came == []
    update = write(telegram, "now")
    poll.join(5)
    assert came == [[update]]


def test_only_one_may_ask_at_a_time(telegram: httpx.Client) -> None:
    first: list[httpx.Response] = []
    poll = threading.Thread(
        target=lambda: first.append(call(telegram, "getUpdates", offset=1, timeout=30))
    )
    poll.start()
    time.sleep(0.2)
    second = call(telegram, "getUpdates", offset=2, timeout=1)
    poll.join(5)
    assert refused(first[0]) == (
        409,
        "Conflict: terminated by other getUpdates request; make sure that only one bot instance "
        "is running",
    )
    assert ok(second) == []


def test_only_what_a_bot_wants_reaches_it(telegram: httpx.Client) -> None:
    call(telegram, "getUpdates", allowed_updates=json.dumps(["callback_query"]), offset=1)
    assert write(telegram, "hello") is None


def test_a_button_is_pressed_and_answered_once(telegram: httpx.Client, clock: Clock) -> None:
    button = {"inline_keyboard": [[{"text": "Seen", "callback_data": "seen:tm1"}]]}
    message = ok(call(telegram, "sendMessage", chat_id=7, text="x", reply_markup=button))
    pressed = {"from": 7, "data": "seen:tm1", "message_id": message["message_id"]}
    query = telegram.post("/_sim/updates", json=pressed).json()["update"]["callback_query"]
    assert (query["data"], query["from"]["id"], query["message"]["text"]) == ("seen:tm1", 7, "x")
    assert ok(call(telegram, "answerCallbackQuery", callback_query_id=query["id"])) is True
    late = refused(call(telegram, "answerCallbackQuery", callback_query_id=query["id"]))
    assert late[1].endswith("query is too old and response timeout expired or query ID is invalid")
    at = {"chat_id": 7, "message_id": message["message_id"]}
    same = call(telegram, "editMessageText", **at, text="x", reply_markup=button)
    assert "message is not modified" in refused(same)[1]
    assert "edit_date" in ok(call(telegram, "editMessageText", **at, text="y"))
    assert ok(call(telegram, "deleteMessage", **at)) is True
    assert refused(call(telegram, "deleteMessage", **at))[0] == 400


def test_who_blocks_a_bot_says_so_and_is_written_to_no_more(telegram: httpx.Client) -> None:
    said = telegram.post("/_sim/updates", json={"from": 7, "blocked": True}).json()["update"]
    assert said["my_chat_member"]["new_chat_member"]["status"] == "kicked"
    assert call(telegram, "sendMessage", chat_id=7, text="x").status_code == 403
    write(telegram, "/start")
    ok(call(telegram, "sendMessage", chat_id=7, text="x"))


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ({"url": "http://a.example/"}, "bad webhook: An HTTPS URL must be provided for webhook"),
        (
            {"url": "https://a.example:8080/"},
            "bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443",
        ),
        ({"url": "https://"}, "invalid webhook URL specified"),
        ({"url": "https://a.example", "secret_token": "x" * 257}, "secret token is too long"),
        (
            {"url": "https://a.example", "secret_token": "a b"},
            "secret token contains unallowed characters",
        ),
    ],
)
def test_webhooks_that_cannot_be_are_refused(
    telegram: httpx.Client, given: dict[str, str], why: str
) -> None:
    assert refused(call(telegram, "setWebhook", **given)) == (400, f"Bad Request: {why}")


def test_a_webhook_is_told_with_its_secret_and_again_until_it_takes_it(
    telegram: httpx.Client, receiver: Receiver, clock: Clock
) -> None:
    telegram.post("/_sim/settings", json={"local_webhooks": True})
    assert ok(call(telegram, "setWebhook", url=receiver.url, secret_token="s-1")) is True
    assert refused(call(telegram, "getUpdates"))[1].startswith("Conflict: can't use getUpdates")
    reply = json.dumps({"method": "sendMessage", "chat_id": 7, "text": "Welcome"}).encode()
    receiver.answers.extend([(500, b"", {}), (503, b"", {"retry-after": "30"}), (200, reply, {})])
    first, second = write(telegram, "/start"), write(telegram, "hello")
    receiver.until(1)

    def waiting(why: str) -> bool:
        info = ok(call(telegram, "getWebhookInfo"))
        return info.get("last_error_message", "").endswith(why) and (
            info["pending_update_count"] == 2
        )

    eventually(lambda: waiting("500"))
    clock.move(timedelta(seconds=1))
    receiver.until(2)
    eventually(lambda: waiting("503"))
    clock.move(timedelta(seconds=29))
    time.sleep(0.1)
    assert len(receiver.came) == 2
    clock.move(timedelta(seconds=1))
    came = receiver.until(4)
    assert [json.loads(body)["update_id"] for _, body in came] == [
        *[first["update_id"]] * 3, second["update_id"],
    ]  # fmt: skip
    assert {headers["x-telegram-bot-api-secret-token"] for headers, _ in came} == {"s-1"}
    sent = telegram.get("/_sim/outbox").json()
    assert [each["answer"]["result"]["text"] for each in sent] == ["Welcome"]
    eventually(lambda: ok(call(telegram, "getWebhookInfo"))["pending_update_count"] == 0)
    assert ok(call(telegram, "deleteWebhook")) is True
    assert ok(call(telegram, "getUpdates", offset=9)) == []
