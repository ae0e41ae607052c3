"""The client that writes people's lines, unchanged, on a real model."""

import asyncio
import json
import time
from itertools import pairwise

import httpx
import pytest

from domain.ports import Stopped
from domain.sync.ports import UpstreamAway
from domain.why.check import so_far
from domain.why.prompt import MOST_TOKENS, SCHEMA, prompt
from domain.why.values import Sheet
from integrations.ollama.client import Ollama
from integrations.ollama.shapes import check
from tests.llm.test_model import calls, eventually

pytestmark = [pytest.mark.llm, pytest.mark.anyio]
SHEET = Sheet("pick", {"kind": "film", "mood": {"name": "tense", "strength": "thoroughly"}})
LONG = {"type": "array", "items": {"type": "integer"}, "minItems": 100}
ENOUGH_S = 60.0


async def asked(writer: Ollama, **changes: object) -> str:
    plain = {"schema": SCHEMA, "seed": 7, "most_tokens": MOST_TOKENS, "deadline_s": ENOUGH_S}
    return await writer.write(prompt(SHEET), **{**plain, **changes})  # type: ignore[arg-type]


async def test_it_is_warmed_and_writes_json_that_fits(writer: Ollama):
    await writer.warm(ENOUGH_S)
    began = time.monotonic()
    check(json.loads(await asked(writer)), SCHEMA)
    assert time.monotonic() - began < ENOUGH_S


async def test_it_is_heard_while_it_writes_and_never_takes_back_a_word(writer: Ollama):
    heard: list[str] = []

    async def hearing(told: str) -> bool:
        heard.append(told)
        return True

    whole = await asked(writer, hearing=hearing)
    assert len(heard) > 5
    assert all(later.startswith(told) for told, later in pairwise(heard))
    assert heard[-1].strip() == whole
    lines = [line for told in heard if (line := so_far(told)) is not None]
    assert lines[-1] == json.loads(whole)["line"]


async def test_who_wants_no_more_stops_it(writer: Ollama, model: httpx.Client):
    before = len(calls(model))

    async def hearing(told: str) -> bool:
        return len(told) < 5

    with pytest.raises(Stopped):
        await asked(writer, schema=LONG, most_tokens=2000, hearing=hearing)
    eventually(lambda: model.get("/_sim/log").json()["running"] == 0)
    assert [each["outcome"] for each in calls(model)[before:]] == ["canceled"]


async def test_a_deadline_and_a_cancelled_caller_stop_it(writer: Ollama, model: httpx.Client):
    before = len(calls(model))
    with pytest.raises(UpstreamAway):
        await asked(writer, schema=LONG, most_tokens=2000, deadline_s=1.0)
    going = asyncio.create_task(asked(writer, schema=LONG, most_tokens=2000))
    await asyncio.sleep(1.0)
    going.cancel()
    await asyncio.gather(going, return_exceptions=True)
    eventually(lambda: model.get("/_sim/log").json()["running"] == 0)
    assert {each["outcome"] for each in calls(model)[before:]} == {"canceled"}


async def test_a_model_that_it_has_not_got_is_told_of(writer: Ollama):
    unknown = Ollama(writer._upstream, "llama9:70b")
    with pytest.raises(UpstreamAway, match="ollama pull llama9:70b"):
        await asked(unknown)
