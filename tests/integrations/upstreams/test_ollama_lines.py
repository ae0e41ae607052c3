"""Lines of a model's answer: cut anywhere, garbled, huge, or without an end."""

import asyncio
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from random import Random

import pytest

from domain.errors import DomainError
from domain.ports import Hearing
from domain.sync.ports import UpstreamAway
from integrations.ollama.client import PATIENCE, Ollama
from integrations.upstreams.errors import Garbled, TooLarge
from tests.integrations.upstreams import spoiled
from tests.integrations.upstreams.hearing import END, LONG_S, MODEL, Ear, ask, said, streamed
from tests.integrations.upstreams.wire import ONCE, Opened, Wire, response, serving

pytestmark = pytest.mark.anyio


async def heard_in(pieces: Sequence[bytes], opened: Opened, ear: Hearing) -> str:
    """What comes of an answer whose bytes come in such pieces; the connection ends with it."""

    async def handler(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: application/x-ndjson\r\n\r\n")
        for piece in pieces:
            writer.write(piece)
            await writer.drain()
            await asyncio.sleep(0)
        writer.write_eof()
        await reader.read()

    async with serving(handler) as base:
        return await ask(Ollama(opened(base), MODEL), ear)


async def test_bytes_may_be_cut_anywhere_even_within_a_letter(opened: Opened):
    body = b"".join([said("Caf\u00e9 "), b"\r\n", said("\U0001f37f"), said(" \u6a31"), END])
    for size in (1, 2, 3, 7, len(body)):
        pieces = [body[at : at + size] for at in range(0, len(body), size)]
        ear = Ear()
        assert await heard_in(pieces, opened, ear) == "Caf\u00e9 \U0001f37f \u6a31"
        assert ear.texts == ["Caf\u00e9 ", "Caf\u00e9 \U0001f37f", "Caf\u00e9 \U0001f37f \u6a31"]


async def test_a_last_line_needs_no_end_and_what_follows_it_is_nothing_to_us(opened: Opened):
    assert await heard_in([said("yes"), END.strip()], opened, Ear()) == "yes"
    assert await heard_in([said("yes"), END, b"{garbage\n" * 50], opened, Ear()) == "yes"


async def test_one_that_does_not_stream_is_heard_in_one_piece(line: Wire, opened: Opened):
    line.says(response(said("yes", done=True, done_reason="stop").strip()))
    ear = Ear()
    assert await ask(Ollama(opened(line.base), MODEL), ear) == "yes"
    assert ear.texts == ["yes"]


@pytest.mark.parametrize(
    ("lines", "reason"),
    [
        ([b'{"message":'], "no JSON"),
        ([b"<html>\n"], "no JSON"),
        ([b"[]\n"], "no object"),
        ([b"null\n"], "no object"),
        ([b'{"message":{"content":7}}\n'], "says nothing"),
        ([b'{"message":[]}\n'], "no object"),
        ([b'{"response":"x","done":true}\n'], "no object"),
        ([b'{"message":{"content":"a"},"message":{"content":"b"}}\n'], "twice"),
        ([b'{"message":{"content":"\\ud83d"}}\n'], "no JSON"),
        ([b'{"error":"llama runner process has terminated"}\n'], "trouble of its own"),
    ],
)
async def test_a_line_that_is_none_ends_it(
    line: Wire, opened: Opened, lines: list[bytes], reason: str
):
    good = said("so far")
    line.says(streamed(good, *lines, END))
    ear = Ear()
    with pytest.raises(Garbled, match=reason):
        await ask(Ollama(opened(line.base), MODEL), ear)
    assert ear.texts == ["so far"]
    assert len(line.requests) == 1


@pytest.mark.parametrize(
    ("last", "reason"),
    [
        (b"", "cut off"),
        (b'{"message":{"content":"more"},"done":fal', "cut off"),
        (b'{"message":{"content":""},"done":true,"done_reason":"length"}\n', "longer than allowed"),
        (b'{"message":{"content":""},"done":true,"done_reason":"load"}\n', "come to its end"),
        (b'{"message":{"content":""},"done":true}\n', "come to its end"),
    ],
)
async def test_what_does_not_come_to_its_end_is_no_answer(
    line: Wire, opened: Opened, last: bytes, reason: str
):
    line.says(streamed(said("so far"), last))
    with pytest.raises(Garbled, match=reason):
        await ask(Ollama(opened(line.base), MODEL), Ear())


async def test_nothing_but_spaces_is_left_early(line: Wire, opened: Opened):
    line.says(streamed(said('{"why": "x"'), *[said("\n")] * 5_000, END))
    ear = Ear()
    with pytest.raises(Garbled, match="without a word"):
        await ask(Ollama(opened(line.base), MODEL), ear)
    assert len(ear.texts) < 300


async def test_a_huge_line_and_a_huge_answer_are_left(line: Wire, opened: Opened):
    small = replace(PATIENCE, most_bytes=64 * 1024, longest_line=4 * 1024)
    for lines in ([said("x" * 8_000)], [b"x" * 8_000], [said("word ")] * 2_000, [b"\n"] * 70_000):
        line.says(streamed(*lines, END))
        with pytest.raises(TooLarge):
            await ask(Ollama(opened(line.base, patience=small), MODEL), Ear())


def spoiled_streams(good: bytes, count: int) -> Iterator[bytes]:
    """What becomes of a good stream: cut, with garbage in it, or with values of another type."""
    random, lines = Random("streams"), good.splitlines(keepends=True)
    for index in range(count):
        place, at = random.randrange(len(good)), random.randrange(len(lines))
        before, after = b"".join(lines[:at]), b"".join(lines[at + 1 :])
        match index % 4:
            case 0:
                yield good[:place]
            case 1:
                stray = bytes([random.randrange(128, 256)]) * random.randrange(1, 9)
                yield good[:place] + stray + good[place + random.randrange(40) :]
            case 2:
                yield before + random.choice([b"{}\n", b"\x00\n", b'"x"\n', b"[" * 9_999]) + after
            case _:
                _, _, body = spoiled.derived(lines[at], 3, str(index))[
                    1 + index // 4 % 2
                ].partition(b"\r\n\r\n")
                yield before + body + b"\n" + after


async def test_of_two_hundred_bad_streams_none_is_taken_for_an_answer(line: Wire, opened: Opened):
    words = ["Since ", "you ", "liked ", "Caf\u00e9 ", "Noir, ", "this ", "is ", "yours."]
    good = b"".join([*map(said, words), END])
    bad = [*spoiled.written(), *map(streamed, spoiled_streams(good, 120))]
    assert len(bad) >= 200
    refused = 0
    for number, body in enumerate(bad):
        line.says(body)
        ear = Ear()
        try:
            found = await ask(Ollama(opened(line.base, patience=ONCE), MODEL), ear, deadline_s=5.0)
        except DomainError as problem:
            refused += bool(problem.message)
        except Exception as crash:
            crash.add_note(f"body {number}: {body[:300]!r}")
            raise
        else:
            assert found == "".join(words), f"body {number}: {body[:2000]!r}"
        assert all("".join(words).startswith(each) for each in ear.texts), number
    assert refused > 150


async def test_a_web_page_and_what_is_packed_are_no_stream(line: Wire, opened: Opened):
    for bad in (
        response(said("x") + END, kind="text/html"),
        response(said("x") + END, "Content-Encoding: gzip", kind="application/x-ndjson"),
    ):
        line.says(bad)
        with pytest.raises(Garbled):
            await ask(Ollama(opened(line.base), MODEL), Ear())


async def test_one_that_wants_a_token_gets_it_and_never_sees_it_quoted(line: Wire, opened: Opened):
    told = b'{"error":"no way in with hunter2"}'
    line.says(response(told, status="401 No"))
    upstream = opened(line.base, headers={"authorization": "Bearer hunter2"})
    with pytest.raises(UpstreamAway, match="behind a gate") as away:
        await ask(Ollama(upstream, MODEL), Ear())
    assert away.value.permanent
    assert b"authorization: bearer hunter2" in line.requests[0].lower()
    assert "hunter2" not in str(away.value) + str(away.value.__cause__)


async def test_asked_to_wait_longer_than_the_deadline_nobody_waits(line: Wire, opened: Opened):
    line.says(response(b"", "Retry-After: 60", status="503 Busy"))
    upstream = opened(line.base, patience=PATIENCE)
    with pytest.raises(UpstreamAway):
        await ask(Ollama(upstream, MODEL), Ear(), deadline_s=1.0)
    upstream.pause(60)
    started = time.monotonic()
    with pytest.raises(DomainError, match="did not answer within"):
        await ask(Ollama(upstream, MODEL), Ear(), deadline_s=0.3)
    assert time.monotonic() - started < LONG_S
