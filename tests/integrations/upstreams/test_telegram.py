"""Telegram: long messages in whole parts, each sent once, a pause for all, and a secret token."""

import asyncio
import json
import logging
import time
import traceback
from dataclasses import replace
from itertools import count
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.logs import configure_logs
from domain.delivery.errors import ChatClosed, ChatMoved, DeliveryRefused, MaybeSent, PartlySent
from domain.delivery.values import Button
from domain.ports import Messenger
from domain.sync.ports import UpstreamAway
from integrations.telegram.client import Telegram
from integrations.telegram.parts import LONGEST, split
from integrations.upstreams.errors import SlowDown
from simulators.telegram.text import formatted, units
from tests.integrations.upstreams.stand_ins import StandIns
from tests.integrations.upstreams.wire import QUICK, Opened, Wire, response

pytestmark = pytest.mark.anyio
TOKEN = "42:TEST"
SECRET = "77:AAF-very_secret"
CHATS = count(1_000)
SENT = response(b'{"ok":true,"result":{"message_id":5}}')
SLOW = {"ok": False, "error_code": 429, "description": "Too Many Requests: retry after 1"}


@pytest.fixture
def chat(stand_ins: StandIns) -> int:
    """Somebody new, who lets the bot write."""
    id = next(CHATS)
    change(stand_ins, id)
    stand_ins.control.delete("/telegram/_sim/outbox")
    return id


@pytest.fixture
def telegram(stand_ins: StandIns, opened: Opened) -> Telegram:
    patient = opened(
        stand_ins.base + "/telegram", "Telegram", patience=replace(QUICK, deadline_s=4)
    )
    return Telegram(patient, TOKEN)


def change(stand_ins: StandIns, id: int, **changes: Any) -> None:
    put = stand_ins.control.post("/telegram/_sim/users", json={"id": id, **changes})
    assert put.status_code == 200


def outbox(stand_ins: StandIns) -> list[dict[str, Any]]:
    return stand_ins.control.get("/telegram/_sim/outbox").json()


def on(line: Wire, opened: Opened, **changes: Any) -> Telegram:
    return Telegram(opened(line.base, "Telegram", **changes), SECRET, per_chat=None)


def refusal(status: int, description: str, **parameters: int) -> bytes:
    body = {"ok": False, "error_code": status, "description": description}
    said = json.dumps(body | ({"parameters": parameters} if parameters else {}))
    return response(said.encode(), status=f"{status} No")


async def test_a_message_arrives_with_its_formatting_and_buttons(
    stand_ins: StandIns, telegram: Telegram, chat: int
):
    messenger: Messenger = telegram
    rows = [[Button("Seen", data="seen:tm1"), Button("Watch", url="https://example.com/1")]]
    id = await messenger.send(chat, "<b>Glass &amp; River</b> leaves", rows)
    (said,) = outbox(stand_ins)
    message = said["answer"]["result"]
    assert (message["message_id"], message["text"]) == (id, "Glass & River leaves")
    assert message["entities"] == [{"type": "bold", "offset": 0, "length": 13}]
    assert message["reply_markup"]["inline_keyboard"] == [
        [{"text": "Seen", "callback_data": "seen:tm1"},
         {"text": "Watch", "url": "https://example.com/1"}]
    ]  # fmt: skip


@pytest.mark.parametrize(
    "wrong", [{}, {"data": "é" * 33}, {"data": "x", "url": "https://x.example"}]
)
def test_a_button_does_one_thing(wrong: dict[str, str]):
    with pytest.raises(ValueError, match="64"):
        Button("Seen", **wrong)


async def test_a_long_message_comes_in_parts_in_order_with_the_buttons_at_its_end(
    stand_ins: StandIns, telegram: Telegram, chat: int
):
    lines = [f"<i>{number:04}</i> {'😀' * 40}" for number in range(110)]
    id = await telegram.send(chat, "\n".join(lines), [[Button("Seen", data="s")]])
    said = [each["answer"]["result"] for each in outbox(stand_ins)]
    assert len(said) == 3
    assert [line[:4] for each in said for line in each["text"].splitlines()] == [
        f"{number:04}" for number in range(110)
    ]
    assert said[-1]["message_id"] == id
    assert ["reply_markup" in each for each in said] == [False, False, True]


async def test_parts_that_have_arrived_are_not_sent_again(line: Wire, opened: Opened):
    text = "\n".join(["x" * 3000] * 3)
    waiting = refusal(429, "Too Many Requests: retry after 99", retry_after=99)
    line.says(SENT, waiting)
    telegram = on(line, opened)
    with pytest.raises(PartlySent) as partly:
        await telegram.send(7, text)
    assert (partly.value.parts, partly.value.retry_after_s) == (1, pytest.approx(99, abs=1))
    line.says(SENT, None)
    with pytest.raises(MaybeSent) as unsure:
        await on(line, opened).send(7, text, skip=1)
    assert unsure.value.parts == 2
    with pytest.raises(ValueError, match="nothing left"):
        await on(line, opened).send(7, text, skip=3)
    with pytest.raises(ValueError, match="nothing left"):
        await on(line, opened).send(7, " <b>\n</b>")


@pytest.mark.parametrize(
    ("changes", "reason"),
    [({"blocked": True}, "blocked"), ({"deactivated": True}, "blocked"),
     ({"started": False}, "blocked")],
)  # fmt: skip
async def test_who_has_blocked_us_is_told_from_who_is_gone(
    stand_ins: StandIns, telegram: Telegram, chat: int, changes: dict[str, bool], reason: str
):
    change(stand_ins, chat, **changes)
    with pytest.raises(ChatClosed, match="connect Telegram anew") as closed:
        await telegram.send(chat, "x")
    assert closed.value.reason == reason
    with pytest.raises(ChatClosed) as closed:
        await telegram.send(-12345, "x")
    assert closed.value.reason == "gone"


async def test_a_group_that_moved_says_where(stand_ins: StandIns, telegram: Telegram, chat: int):
    change(stand_ins, chat, type="group", migrated_to=-100123)
    with pytest.raises(ChatMoved) as moved:
        await telegram.send(chat, "x")
    assert moved.value.chat_id == -100123


async def test_what_cannot_be_parsed_is_refused_once(
    stand_ins: StandIns, telegram: Telegram, chat: int
):
    with pytest.raises(DeliveryRefused, match="can't parse entities"):
        await telegram.send(chat, "<marquee>x</marquee>")
    assert len(outbox(stand_ins)) == 1


async def test_a_bot_that_is_not_known_has_to_be_put_right(
    stand_ins: StandIns, opened: Opened, chat: int
):
    for base in ("/telegram", "/tmdb"):
        upstream = opened(stand_ins.base + base, "Telegram")
        with pytest.raises(UpstreamAway, match="token in the settings") as away:
            await Telegram(upstream, SECRET).send(chat, "x")
        assert away.value.permanent


@pytest.mark.parametrize(
    "bad",
    [None, response(b"", status="502 Bad"), response(b"{"), response(b"[]"),
     response(b'{"ok":true,"result":{}}'), response(b'{"ok":true,"result":true}')],
)  # fmt: skip
async def test_what_may_have_arrived_is_never_sent_again(
    line: Wire, opened: Opened, bad: bytes | None
):
    line.says(bad, SENT)
    with pytest.raises(MaybeSent, match="not sent again"):
        await on(line, opened).send(7, "x")
    assert len(line.requests) == 1


async def test_nobody_there_means_not_sent(opened: Opened):
    with pytest.raises(UpstreamAway) as away:
        await Telegram(opened("http://127.0.0.1:1"), SECRET).send(7, "x")
    assert not isinstance(away.value, MaybeSent)


async def test_a_wait_is_for_the_whole_bot(line: Wire, opened: Opened):
    patient = replace(QUICK, deadline_s=4)
    line.says(refusal(429, "Too Many Requests: retry after 1", retry_after=1), SENT)
    telegram = on(line, opened, patience=patient)
    started = time.monotonic()
    first = asyncio.create_task(telegram.send(7, "x"))
    await line.heard.wait()
    await asyncio.sleep(0.1)
    assert await telegram.send(8, "x") == 5
    assert time.monotonic() - started > 0.95
    assert await first == 5


async def test_a_long_wait_is_handed_on_and_nobody_else_asks(line: Wire, opened: Opened):
    line.says(refusal(429, "Too Many Requests: retry after 600", retry_after=600))
    telegram = on(line, opened)
    started = time.monotonic()
    for chat in (7, 8):
        with pytest.raises(SlowDown) as slow:
            await telegram.send(chat, "x")
        assert slow.value.retry_after_s == pytest.approx(600, abs=2)
    assert len(line.requests) == 1
    assert time.monotonic() - started < 0.5


async def test_nobody_is_written_to_faster_than_once_a_second(
    stand_ins: StandIns, telegram: Telegram, chat: int
):
    for _ in range(4):
        await telegram.send(chat, "x")
    assert [each["status"] for each in outbox(stand_ins)] == [200] * 4, "no refusal on the way"


@pytest.mark.parametrize(
    "bad",
    [
        None, SENT, response(b"{"), response(b"", status="302 Found"),
        refusal(401, f"Unauthorized {SECRET}"), refusal(400, f"Bad Request: /bot{SECRET}/x"),
        refusal(403, f"Forbidden {SECRET}"), refusal(500, SECRET),
        refusal(429, SECRET, retry_after=50),
    ],
)  # fmt: skip
async def test_the_token_never_leaves_in_words(
    line: Wire, opened: Opened, bad: bytes | None, capsys: pytest.CaptureFixture[str]
):
    configure_logs("debug")
    line.says(bad)
    telegram = on(line, opened)
    try:
        await telegram.send(7, "x")
    except Exception as problem:
        logging.getLogger("tests").exception("it failed")
        told = "".join(traceback.format_exception(problem)) + repr(problem) + repr(vars(problem))
        assert SECRET not in told
    finally:
        configure_logs("info")
    assert line.requests[0].startswith(f"POST /bot{SECRET}/sendMessage".encode())
    captured = capsys.readouterr()
    assert SECRET not in captured.out + captured.err + repr(telegram)


# Trees of text and tags, with everything that is easily torn apart.
_TEXT = st.text(st.sampled_from('ab \n\t&<>é😀"x'), max_size=40)
_ESCAPED = _TEXT.map(lambda t: t.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;"))
_TAGS = st.sampled_from(["b", "i", "code", "blockquote", 'a href="https://x.example/?a=1&amp;b"'])
_HTML = st.recursive(
    _ESCAPED,
    lambda inner: st.one_of(
        st.lists(inner, max_size=4).map("".join),
        st.tuples(_TAGS, inner).map(lambda each: f"<{each[0]}>{each[1]}</{each[0].split()[0]}>"),
    ),
    max_leaves=12,
)


def seen(html: str) -> list[tuple[str, tuple[str, ...]]]:
    """Each character that is no space, with what it is formatted as: as Telegram reads it."""
    text, entities = formatted(html, "HTML")
    found: list[tuple[str, tuple[str, ...]]] = []
    place = 0
    for letter in text:
        if not letter.isspace():
            around = (
                each["type"]
                for each in entities
                if each["offset"] <= place < each["offset"] + each["length"]
            )
            found.append((letter, tuple(sorted(around))))
        place += units(letter)
    return found


@given(_HTML, st.integers(32, 70))
def test_parts_are_short_and_balanced_and_together_the_whole(html: str, most: int):
    parts = split(html, most)
    for part in parts:
        text, _ = formatted(part, "HTML")  # raises for what is not balanced
        assert units(text) <= most
        assert text.strip()
    assert [each for part in parts for each in seen(part)] == seen(html)


@given(st.lists(st.text(st.sampled_from("ab &é😀"), min_size=1, max_size=12), max_size=30))
def test_a_line_that_fits_is_never_torn(lines: list[str]):
    html = "<b>" + "\n".join(each.replace("&", "&amp;") for each in lines) + "</b>"
    told = [formatted(part, "HTML")[0] for part in split(html, 32)]
    whole = [each.strip() for text in told for each in text.split("\n") if each.strip()]
    assert whole == [each.strip() for each in lines if each.strip()]


def test_words_are_kept_whole_where_a_line_is_too_long():
    parts = split("word " * 2_000)
    assert len(parts) == 3
    assert all(set(part.split()) == {"word"} for part in parts)
    assert sum(len(part.split()) for part in parts) == 2_000


def test_a_word_without_end_is_cut_between_characters():
    parts = split("😀" * 5_000)
    assert [len(part) for part in parts] == [LONGEST // 2, LONGEST // 2, 5_000 - LONGEST]


def test_what_fits_exactly_stays_in_one():
    text = "a" * 2_000 + "\n" + "b" * (LONGEST - 2_001)
    assert split(text) == [text]
    assert len(split(text + "c")) == 2
    assert split("") == split(" \n<b> </b>") == []
    assert split("&amp;" * LONGEST) == ["&amp;" * LONGEST]


def test_hostile_text_is_split_in_no_time():
    started = time.perf_counter()
    for text in ("<" * 50_000, "&" * 50_000, "<b>" * 3_000 + "x", "&lt" * 20_000, "\n" * 50_000):
        split(text)
    assert time.perf_counter() - started < 3
