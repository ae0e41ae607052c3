"""Two hundred bad bodies for every question of every client: a clear error, or all of the truth.

Never a crash, never an answer with fewer offers that passes for all, never long, never much memory.
"""

import resource
import time
from contextlib import suppress
from dataclasses import replace

import httpx
import pytest

from domain.errors import DomainError
from tests.integrations.upstreams import spoiled
from tests.integrations.upstreams.clients import ASKED, complete
from tests.integrations.upstreams.stand_ins import StandIns
from tests.integrations.upstreams.wire import ONCE, Opened, Wire, response

pytestmark = pytest.mark.anyio
BODIES = 200
OFFERS = {"justwatch film", "justwatch series", "tmdb offers"}
PATIENCE = replace(ONCE, most_bytes=2 * 2**20)
LONGEST_S, MOST_MEMORY_KIB = 3.0, 100 * 1024


@pytest.mark.parametrize("question", ASKED)
async def test_bad_bodies_end_in_a_clear_error_or_in_the_truth(
    question: str, line: Wire, opened: Opened, stand_ins: StandIns
):
    path, ask = ASKED[question]
    subject = stand_ins.subject()
    upstream = opened(line.base + path, patience=PATIENCE)
    seasons = subject.seasons if "series" in question else ()

    line.says(response(b"{"))  # to see what is asked, and have a good answer to it
    with suppress(DomainError):
        await ask(upstream, subject)
    good, headers = replayed(line.requests[0], stand_ins.base)
    line.says(response(good, *headers))
    truth = None
    if question in OFFERS:
        truth = complete(await ask(upstream, subject), seasons)
        assert truth

    bad = spoiled.written()
    bad = bad + spoiled.derived(good, BODIES - len(bad), question, *headers)
    assert len(bad) == BODIES
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    refused = 0
    for number, body in enumerate(bad):
        line.says(body)
        started = time.monotonic()
        try:
            found = await ask(upstream, subject)
        except DomainError as problem:
            refused += bool(problem.message)
        except Exception as crash:
            crash.add_note(f"body {number} of {question}: {body[:300]!r}")
            raise
        else:
            if truth is not None:
                said = complete(found, seasons)
                assert said is None or said == truth, f"body {number}: {body[:2000]!r}"
        assert time.monotonic() - started < LONGEST_S, f"body {number}: {body[:300]!r}"
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert grown < MOST_MEMORY_KIB, f"{grown / 1024:.0f} MiB"
    assert refused > 60 or question in OFFERS


def replayed(request: bytes, base: str) -> tuple[bytes, list[str]]:
    """What the stand-ins answer to a request: the body, and its headers that tell of pages."""
    head, _, body = request.partition(b"\r\n\r\n")
    first, *lines = head.decode().split("\r\n")
    method, path, _ = first.split(" ")
    headers = dict(each.split(": ", 1) for each in lines)
    kept = {key: value for key, value in headers.items() if key.lower() not in {"host"}}
    answer = httpx.request(method, base + path, content=body, headers=kept)
    assert answer.status_code == 200, answer.text
    told = [f"{k}: {v}" for k, v in answer.headers.items() if k.startswith("x-pagination")]
    return answer.content, told
