"""One call to an upstream: repeated where it may be, patient as told, capped, and discreet."""

import asyncio
import gzip
import json
import logging
import re
import time
import tracemalloc
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from structlog.testing import capture_logs

from domain.errors import DomainError
from domain.sync.ports import UpstreamAway
from integrations.upstreams.breaker import Breaker
from integrations.upstreams.bucket import Bucket
from integrations.upstreams.errors import Garbled, Refused, SlowDown
from tests.integrations.upstreams.wire import ONCE, QUICK, Opened, Wire, response, serving

pytestmark = pytest.mark.anyio
GOOD = response(b'{"a":1}')
HTML = response(b"<html>Just a moment</html>", kind="text/html")
BUSY = response(b"", status="503 Busy")
CUT = response(b'{"a":1,"b":[').replace(b"Length: 12", b"Length: 99")


@pytest.mark.parametrize("bad", [HTML, BUSY, CUT, None, response(b'{"a":'), response(b"")])
async def test_what_may_pass_is_tried_again(line: Wire, opened: Opened, bad: bytes | None):
    line.says(bad, bad, GOOD)
    assert (await opened(line.base).ask("GET", "/")).value == {"a": 1}
    assert len(line.requests) == 3


@pytest.mark.parametrize("bad", [HTML, BUSY, CUT, None, response(b'{"a":')])
async def test_what_must_not_come_twice_is_asked_once(
    line: Wire, opened: Opened, bad: bytes | None
):
    line.says(bad, GOOD)
    with pytest.raises(DomainError):
        await opened(line.base).ask("POST", "/", body={}, repeatable=False)
    assert len(line.requests) == 1


async def test_what_never_got_there_may_be_sent_again(line: Wire, opened: Opened):
    line.says(response(b"", "Retry-After: 0", status="429 Slow"), GOOD)
    asked = opened(line.base).ask("POST", "/", body={}, repeatable=False)
    assert (await asked).value == {"a": 1}


async def test_nobody_there_is_said_in_plain_words(opened: Opened):
    with pytest.raises(UpstreamAway, match=r"Neighbour can't be reached.*We|we") as away:
        await opened("http://127.0.0.1:1").ask("GET", "/")
    assert not away.value.permanent


@pytest.mark.parametrize("status", [301, 400, 401, 404, 422, 501])
async def test_a_no_is_a_no(line: Wire, opened: Opened, status: int):
    said = b'{"status_message":"so\\u0000 it is\\nnow"}'
    line.says(response(said, "Location: http://127.0.0.1:1/", status=f"{status} No"))
    with pytest.raises(Refused) as refused:
        await opened(line.base).ask("GET", "/")
    assert (refused.value.status, refused.value.said) == (status, "so it is now")
    assert len(line.requests) == 1


@pytest.mark.parametrize("dated", [False, True])
async def test_retry_after_is_obeyed(line: Wire, opened: Opened, dated: bool):
    when = format_datetime(datetime.now(UTC) + timedelta(seconds=2), usegmt=True)
    wait = when if dated else "1"
    line.says(response(b"", f"Retry-After: {wait}", status="429 Slow"), GOOD)
    patient = opened(line.base, patience=replace(QUICK, deadline_s=5))
    started = time.monotonic()
    assert (await patient.ask("GET", "/")).value == {"a": 1}
    assert 0.9 < time.monotonic() - started < 3.5


async def test_all_callers_wait_when_one_was_told_to(line: Wire, opened: Opened):
    line.says(response(b"", "Retry-After: 0.5", status="503 Slow"), GOOD)
    patient = opened(line.base)
    started = time.monotonic()
    first = asyncio.create_task(patient.ask("GET", "/"))
    await line.heard.wait()
    await asyncio.sleep(0.1)
    await patient.ask("GET", "/")
    assert time.monotonic() - started > 0.45
    await first


async def test_longer_than_our_patience_is_handed_on_at_once(line: Wire, opened: Opened):
    line.says(response(b"", "Retry-After: 3600", status="429 Slow"))
    started = time.monotonic()
    with pytest.raises(SlowDown, match="wait for 3600 seconds") as away:
        await opened(line.base).ask("GET", "/")
    assert away.value.retry_after_s == 3600
    assert time.monotonic() - started < 1
    assert len(line.requests) == 1


async def test_a_call_ends_with_its_deadline_however_slowly_it_drips(opened: Opened):
    async def drip(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n[")
        while True:
            writer.write(b" ")
            await writer.drain()
            await asyncio.sleep(0.05)

    async with serving(drip) as base:
        slow = opened(base, patience=replace(QUICK, deadline_s=0.6))
        started = time.monotonic()
        with pytest.raises(UpstreamAway, match=r"did not answer within 0\.6 seconds"):
            await slow.ask("GET", "/")
        assert time.monotonic() - started < 1.8


async def test_a_bomb_costs_little_memory_and_time(line: Wire, opened: Opened):
    bomb = gzip.compress(bytes(64 * 1024 * 1024))
    line.says(response(bomb, "Content-Encoding: gzip"))
    small = opened(line.base, patience=replace(ONCE, most_bytes=1024 * 1024))
    tracemalloc.start()
    started = time.monotonic()
    try:
        with pytest.raises(Garbled, match="larger than 1,024 KiB"):
            await small.ask("GET", "/")
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 4 * 1024 * 1024, f"{peak / 2**20:.1f} MiB"
    assert time.monotonic() - started < 1.5


async def test_after_failures_in_a_row_it_is_left_alone(line: Wire, opened: Opened):
    line.says(BUSY)
    tired = opened(line.base, breaker=Breaker(failures=4, rest_s=60))
    for _ in range(2):
        with pytest.raises(UpstreamAway):
            await tired.ask("GET", "/")
    asked = len(line.requests)
    with pytest.raises(UpstreamAway, match="left alone") as away:
        await tired.ask("GET", "/")
    assert 50 < (away.value.retry_after_s or 0) <= 60
    assert len(line.requests) == asked == 4


async def test_being_asked_to_wait_is_no_failure(line: Wire, opened: Opened):
    line.says(response(b"", "Retry-After: 0", status="429 Slow"))
    breaker = Breaker(failures=1)
    with pytest.raises(SlowDown):
        await opened(line.base, breaker=breaker).ask("GET", "/")
    assert not breaker.open


async def test_a_cancelled_call_stays_cancelled(line: Wire, opened: Opened):
    line.says(response(b"", "Retry-After: 1", status="503 Slow"))
    task = asyncio.create_task(opened(line.base).ask("GET", "/"))
    await line.heard.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


async def test_the_pace_is_kept_between_calls(line: Wire, opened: Opened):
    line.says(GOOD)
    paced = opened(line.base, bucket=Bucket(10))
    started = time.monotonic()
    await asyncio.gather(*(paced.ask("GET", "/") for _ in range(5)))
    assert 0.38 < time.monotonic() - started < 1.5


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
async def test_a_proxy_is_not_asked_for_what_is_on_this_machine(
    line: Wire, opened: Opened, monkeypatch: pytest.MonkeyPatch, host: str
):
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    monkeypatch.setenv("NO_PROXY", "")
    line.says(GOOD)
    here = opened(line.base.replace("127.0.0.1", host), patience=ONCE)
    assert (await here.ask("GET", "/")).value == {"a": 1}
    with pytest.raises(UpstreamAway):
        await opened("http://elsewhere.example", patience=ONCE).ask("GET", "/")


async def test_we_say_who_we_are(line: Wire, opened: Opened):
    line.says(GOOD)
    await opened(line.base).ask("GET", "/")
    assert re.search(
        rb"\r\nuser-agent: streaming-stack/[0-9.]+ \(self-hosted\)\r\n", line.requests[0], re.I
    )


async def test_no_secret_stands_in_what_is_said_or_logged(
    line: Wire, opened: Opened, caplog: pytest.LogCaptureFixture
):
    caplog.set_level(logging.DEBUG)
    secret, code = "s3cret-t0ken-of-ana", "c0de-of-ana-1234"
    echo = json.dumps({"message": f"bad key {secret}, bad code {code}"}).encode()
    answers = [response(echo, status="401 No"), BUSY, HTML, CUT, None]
    upstream = opened(line.base)
    told: list[str] = [repr(upstream), str(upstream)]
    with capture_logs() as logs:
        for answer in answers:
            line.says(answer)
            with pytest.raises(DomainError) as problem:
                await upstream.ask(
                    "POST",
                    "/",
                    body={"code": code},
                    headers={"authorization": f"Bearer {secret}"},
                )
            error: BaseException | None = problem.value
            while error:
                told += [str(error), repr(error), repr(vars(error))]
                error = error.__cause__ or error.__context__
    everything = "\n".join([*told, repr(logs), caplog.text])
    assert "Refused" in everything
    assert secret not in everything
    assert code not in everything
