"""Ollama heard while it writes: every piece, stopped at once, and nothing half said for a whole."""

import asyncio
import json
import time
from collections.abc import Iterator
from typing import Any

import pytest

from domain.ports import Stopped
from domain.sync.ports import UpstreamAway
from integrations.ollama.client import PATIENCE, Ollama
from integrations.upstreams.breaker import Breaker
from integrations.upstreams.errors import Garbled
from simulators.clock import Clock
from simulators.ollama.app import make
from simulators.server import running
from simulators.world import World
from tests.integrations.upstreams.hearing import (
    END,
    LONG_S,
    MODEL,
    PROMPT,
    Ear,
    ask,
    said,
    streamed,
)
from tests.integrations.upstreams.stand_ins import StandIns
from tests.integrations.upstreams.wire import Opened, Wire

pytestmark = pytest.mark.anyio
SCHEMA = {
    "type": "object",
    "properties": {"why": {"type": "string", "minLength": 1}},
    "required": ["why"],
    "additionalProperties": False,
}


@pytest.fixture
def ollama(stand_ins: StandIns, opened: Opened) -> Iterator[Ollama]:
    yield Ollama(opened(stand_ins.base + "/ollama", "Ollama", patience=PATIENCE), MODEL)
    stand_ins.control.delete("/ollama/_sim/faults")
    plain = {"token_s": 0, "max_queue": 512, "parallel": 1}
    stand_ins.control.post("/ollama/_sim/settings", json=plain)


def change(stand_ins: StandIns, **settings: float) -> None:
    assert stand_ins.control.post("/ollama/_sim/settings", json=settings).status_code == 200


def go_wrong(stand_ins: StandIns, kind: str, times: int | None = None) -> None:
    put = stand_ins.control.post("/ollama/_sim/faults", json={"kind": kind, "times": times})
    assert put.status_code == 200


def logged(stand_ins: StandIns) -> dict[str, Any]:
    return stand_ins.control.get("/ollama/_sim/log").json()


async def settled(stand_ins: StandIns) -> dict[str, Any]:
    """Its log, when nobody is served any more."""
    for _ in range(500):
        if not (log := logged(stand_ins))["running"]:
            return log
        await asyncio.sleep(0.02)
    raise AssertionError("somebody is still served")


@pytest.mark.parametrize("schema", [None, SCHEMA])
async def test_what_is_heard_grows_to_the_answer_that_comes_in_one_piece(
    ollama: Ollama, schema: dict[str, Any] | None
):
    ear = Ear()
    said = await ask(ollama, ear, schema=schema)
    assert len(ear.texts) > 5
    assert all(b.startswith(a) and b != a for a, b in zip(ear.texts, ear.texts[1:], strict=False))
    assert ear.texts[-1].strip() == said
    assert said == await ollama.write(
        PROMPT, schema=schema, seed=7, most_tokens=400, deadline_s=LONG_S
    )
    if schema:
        assert json.loads(said)["why"]


async def test_it_is_asked_for_as_a_stream_that_nobody_packs(line: Wire, opened: Opened):
    line.says(streamed(said("yes"), END))
    assert await ask(Ollama(opened(line.base), MODEL), Ear()) == "yes"
    head, _, body = line.requests[0].partition(b"\r\n\r\n")
    assert b"accept-encoding: identity" in head.lower()
    sent = json.loads(body)
    assert (sent["stream"], sent["think"], sent["keep_alive"]) == (True, False, "30m")


async def test_who_wants_no_more_stops_the_model_itself(stand_ins: StandIns, ollama: Ollama):
    change(stand_ins, token_s=0.02)
    go_wrong(stand_ins, "endless")
    ear = Ear(most=3)
    with pytest.raises(Stopped):
        await ask(ollama, ear, most_tokens=100_000)
    assert len(ear.texts) == 3
    assert (await settled(stand_ins))["calls"][-1]["outcome"] == "canceled"


async def test_who_is_cancelled_stops_the_model_itself(stand_ins: StandIns, ollama: Ollama):
    change(stand_ins, token_s=0.02)
    go_wrong(stand_ins, "endless")
    ear = Ear()
    gone = asyncio.create_task(ask(ollama, ear, most_tokens=100_000))
    async with asyncio.timeout(LONG_S):
        await ear.first.wait()
    gone.cancel()
    with pytest.raises(asyncio.CancelledError):
        await gone
    assert (await settled(stand_ins))["calls"][-1]["outcome"] == "canceled"
    stand_ins.control.delete("/ollama/_sim/faults")
    assert "Silent Harbour" in await ask(ollama, Ear()), "and there is room for the next"


async def test_a_slow_one_is_left_and_stopped_at_the_deadline(stand_ins: StandIns, opened: Opened):
    change(stand_ins, token_s=0.05)
    go_wrong(stand_ins, "endless")
    breaker = Breaker(failures=1)
    upstream = opened(stand_ins.base + "/ollama", "Ollama", patience=PATIENCE, breaker=breaker)
    ear, started = Ear(), time.monotonic()
    with pytest.raises(UpstreamAway, match="did not answer within"):
        await ask(Ollama(upstream, MODEL), ear, deadline_s=1.0)
    assert time.monotonic() - started < LONG_S
    assert ear.texts
    assert breaker.open, "it was too slow, not the one who asked"
    assert (await settled(stand_ins))["calls"][-1]["outcome"] == "canceled"
    stand_ins.control.delete("/ollama/_sim/faults")
    change(stand_ins, token_s=0)


async def test_stopping_it_is_nothing_against_it(stand_ins: StandIns, opened: Opened):
    breaker = Breaker(failures=2)
    upstream = opened(stand_ins.base + "/ollama", "Ollama", patience=PATIENCE, breaker=breaker)
    for _ in range(3):
        with pytest.raises(Stopped):
            await ask(Ollama(upstream, MODEL), Ear(most=1))
    assert not breaker.open


@pytest.mark.parametrize(
    ("kind", "reason", "changes"),
    [
        ("mid_stream_error", "trouble of its own", {}),
        ("invalid_json", "no JSON", {"schema": SCHEMA}),
        ("endless", "longer than allowed", {"most_tokens": 50}),
    ],
)
async def test_what_goes_wrong_while_it_writes_is_no_answer(
    stand_ins: StandIns, ollama: Ollama, kind: str, reason: str, changes: dict[str, Any]
):
    go_wrong(stand_ins, kind)
    ear, before = Ear(), len(logged(stand_ins)["calls"])
    with pytest.raises(Garbled, match=reason):
        await ask(ollama, ear, **changes)
    assert ear.texts
    assert len(logged(stand_ins)["calls"]) == before + 1, "what was heard is not asked again"


@pytest.mark.parametrize("kind", ["crash", "out_of_memory"])
async def test_what_goes_wrong_before_the_first_word_is_asked_once_more(
    stand_ins: StandIns, ollama: Ollama, kind: str
):
    go_wrong(stand_ins, kind, times=1)
    assert "Silent Harbour" in await ask(ollama, Ear())
    go_wrong(stand_ins, kind)
    ear = Ear()
    with pytest.raises(UpstreamAway, match="trouble of its own") as away:
        await ask(ollama, ear)
    assert not ear.texts
    assert not away.value.permanent


async def test_a_model_that_is_not_there_names_the_way_to_get_it(
    stand_ins: StandIns, opened: Opened
):
    missing = Ollama(opened(stand_ins.base + "/ollama", "Ollama"), "llama9:70b")
    for asked in (ask(missing, Ear()), missing.warm(LONG_S)):
        with pytest.raises(UpstreamAway, match=r"`ollama pull llama9:70b`") as away:
            await asked
        assert away.value.permanent


async def test_a_full_server_is_asked_once_more_and_then_left(stand_ins: StandIns, opened: Opened):
    change(stand_ins, max_queue=0, token_s=0.02)
    go_wrong(stand_ins, "endless", times=1)

    def client() -> Ollama:
        return Ollama(opened(stand_ins.base + "/ollama", "Ollama", patience=PATIENCE), MODEL)

    first, ear = client(), Ear()
    busy = asyncio.create_task(ask(first, ear, most_tokens=100_000))
    async with asyncio.timeout(LONG_S):
        await ear.first.wait()
    with pytest.raises(UpstreamAway, match="status 503") as away:
        await ask(client(), Ear())
    assert not away.value.permanent
    busy.cancel()
    await asyncio.gather(busy, return_exceptions=True)
    await settled(stand_ins)
    change(stand_ins, max_queue=512, token_s=0)
    assert "Silent Harbour" in await ask(client(), Ear())


async def test_never_more_at_once_than_allowed(opened: Opened, world: World):
    with running(make(world, Clock())) as base:
        control = opened(base)
        await control.ask("POST", "/_sim/settings", body={"parallel": 8, "token_s": 0.002})
        two = Ollama(opened(base, "Ollama", patience=PATIENCE), MODEL, at_once=2)
        asked = [ask(two, Ear(), seed=seed) for seed in range(6)]
        await asyncio.gather(*asked, two.warm(LONG_S))
        log = await control.ask("GET", "/_sim/log")
        assert log.value["most_running"] == 2


async def test_warming_up_loads_the_model_and_says_nothing(stand_ins: StandIns, ollama: Ollama):
    stand_ins.control.post("/ollama/api/chat", json={"model": MODEL, "keep_alive": 0})
    assert MODEL not in loaded(stand_ins)
    await ollama.warm(LONG_S)
    assert MODEL in loaded(stand_ins)
    change(stand_ins, load_s=1)
    stand_ins.control.post("/ollama/api/chat", json={"model": MODEL, "keep_alive": 0})
    with pytest.raises(UpstreamAway, match="did not answer within"):
        await ollama.warm(0.2)
    change(stand_ins, load_s=0)


def loaded(stand_ins: StandIns) -> set[str]:
    return {each["name"] for each in stand_ins.control.get("/ollama/api/ps").json()["models"]}


async def test_what_hearing_does_wrong_is_not_said_of_ollama(stand_ins: StandIns, opened: Opened):
    breaker = Breaker(failures=1)
    upstream = opened(stand_ins.base + "/ollama", "Ollama", patience=PATIENCE, breaker=breaker)

    async def broken(text: str) -> bool:
        raise ConnectionResetError(text)

    with pytest.raises(ConnectionResetError):
        await ask(Ollama(upstream, MODEL), broken)
    assert not breaker.open
