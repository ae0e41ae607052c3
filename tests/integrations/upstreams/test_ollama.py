"""Ollama: one question at a time, never for long, and nothing half said is taken for an answer."""

import asyncio
import json
import time
from collections.abc import Iterator
from typing import Any

import pytest

from domain.errors import DomainError
from domain.ports import Writer
from domain.sync.ports import UpstreamAway
from integrations.ollama.client import PATIENCE, Ollama
from integrations.ollama.shapes import check
from integrations.upstreams.breaker import Breaker
from integrations.upstreams.errors import Garbled, Refused
from integrations.upstreams.fields import Unfit
from tests.integrations.upstreams.stand_ins import StandIns
from tests.integrations.upstreams.wire import Opened, Wire, response

pytestmark = pytest.mark.anyio
MODEL = "mistral:7b-instruct"
PROMPT = 'Why would anybody watch "Silent Harbour"? Answer in JSON.'
SCHEMA = {
    "type": "object",
    "properties": {
        "id": {"enum": ["tm1", "tm2"]},
        "why": {"type": "string", "minLength": 1},
        "share": {"type": "number", "minimum": 0, "maximum": 1},
        "tags": {"type": "array", "items": {"type": "string"}, "maxItems": 3},
    },
    "required": ["id", "why"],
    "additionalProperties": False,
}
FITTING: dict[str, Any] = {"id": "tm1", "why": "x", "share": 0.5, "tags": ["a"]}


@pytest.fixture
def ollama(stand_ins: StandIns, opened: Opened) -> Iterator[Ollama]:
    yield Ollama(opened(stand_ins.base + "/ollama", "Ollama", patience=PATIENCE), MODEL)
    stand_ins.control.delete("/ollama/_sim/faults")
    stand_ins.control.post("/ollama/_sim/settings", json={"token_s": 0, "max_queue": 512})


def go_wrong(stand_ins: StandIns, kind: str) -> None:
    put = stand_ins.control.post("/ollama/_sim/faults", json={"kind": kind, "times": None})
    assert put.status_code == 200


async def ask(ollama: Writer, schema: dict[str, Any] | None = None, **changes: Any) -> str:
    plain: dict[str, Any] = {"seed": 7, "most_tokens": 400, "deadline_s": 5.0}
    return await ollama.write(PROMPT, schema=schema, **(plain | changes))


async def test_it_writes_text_and_the_same_for_the_same_seed(ollama: Ollama):
    said = await ask(ollama)
    assert "Silent Harbour" in said
    assert said == await ask(ollama)


async def test_with_a_schema_it_writes_json_that_fits(ollama: Ollama):
    said = json.loads(await ask(ollama, SCHEMA))
    check(said, SCHEMA)
    assert said["id"] in {"tm1", "tm2"}


async def test_what_it_asks_is_kept_short_and_asked_in_one_piece(line: Wire, opened: Opened):
    good = {"message": {"content": " yes \n"}, "done": True, "done_reason": "stop"}
    line.says(response(json.dumps(good).encode()))
    model = Ollama(opened(line.base), MODEL)
    assert await model.write("a\ud800b", seed=7, most_tokens=60, deadline_s=2) == "yes"
    sent = json.loads(line.requests[0].partition(b"\r\n\r\n")[2])
    assert sent["stream"] is False
    assert sent["options"] == {"seed": 7, "temperature": 0, "num_predict": 60}
    assert "format" not in sent
    assert sent["messages"] == [{"role": "user", "content": "a?b"}]


@pytest.mark.parametrize(
    ("kind", "changes"),
    [("invalid_json", {}), ("endless", {"most_tokens": 50})],
)
async def test_what_ends_early_is_no_answer(
    stand_ins: StandIns, ollama: Ollama, kind: str, changes: dict[str, Any]
):
    go_wrong(stand_ins, kind)
    with pytest.raises(Garbled):
        await ask(ollama, SCHEMA if kind == "invalid_json" else None, **changes)


async def test_what_is_cut_off_says_so(ollama: Ollama):
    with pytest.raises(Garbled, match="longer than allowed"):
        await ask(ollama, SCHEMA, most_tokens=2)


@pytest.mark.parametrize(
    "said",
    [
        {},
        {"message": None},
        {"message": {"content": 7}, "done": True, "done_reason": "stop"},
        {"message": {"content": " "}, "done": True, "done_reason": "stop"},
        {"message": {"content": "x"}, "done": True, "done_reason": "load"},
        {"message": {"content": "x"}, "done": False},
    ],
)
async def test_what_is_no_answer_is_not_taken_for_one(
    line: Wire, opened: Opened, said: dict[str, Any]
):
    line.says(response(json.dumps(said).encode()))
    with pytest.raises(Garbled):
        await ask(Ollama(opened(line.base), MODEL))


@pytest.mark.parametrize("kind", ["crash", "out_of_memory"])
async def test_trouble_of_its_own_is_told_in_plain_words(
    stand_ins: StandIns, ollama: Ollama, kind: str
):
    go_wrong(stand_ins, kind)
    with pytest.raises(UpstreamAway, match="trouble of its own") as away:
        await ask(ollama)
    assert not away.value.permanent


async def test_a_model_that_is_not_there_names_the_way_to_get_it(
    stand_ins: StandIns, opened: Opened
):
    missing = Ollama(opened(stand_ins.base + "/ollama", "Ollama"), "llama9:70b")
    with pytest.raises(UpstreamAway, match=r"`ollama pull llama9:70b`") as away:
        await ask(missing)
    assert away.value.permanent


async def test_an_address_of_somebody_else_is_told_from_a_missing_model(
    stand_ins: StandIns, opened: Opened
):
    with pytest.raises(UpstreamAway, match="Look at the address") as away:
        await ask(Ollama(opened(stand_ins.base + "/tmdb/elsewhere", "Ollama"), MODEL))
    assert away.value.permanent


async def test_a_model_that_cannot_chat_is_refused_with_its_reason(line: Wire, opened: Opened):
    line.says(response(b'{"error":"\\"m\\" does not support chat"}', status="400 No"))
    with pytest.raises(Refused, match="does not support chat"):
        await ask(Ollama(opened(line.base), MODEL))
    assert len(line.requests) == 1


async def test_one_question_at_a_time_in_their_order(stand_ins: StandIns, ollama: Ollama):
    done: list[int] = []

    async def one(number: int) -> None:
        await ask(ollama, seed=number)
        done.append(number)

    await asyncio.gather(*map(one, range(5)))
    assert done == [0, 1, 2, 3, 4]
    assert stand_ins.control.get("/ollama/_sim/log").json()["most_running"] == 1
    busy = stand_ins.control.get("/ollama/_sim/log").json()
    assert (busy["running"], busy["waiting"]) == (0, 0)


async def test_nobody_waits_beyond_the_deadline(stand_ins: StandIns, ollama: Ollama):
    stand_ins.control.post("/ollama/_sim/settings", json={"token_s": 0.05})
    go_wrong(stand_ins, "endless")
    started = time.monotonic()
    ended = await asyncio.gather(
        *(ask(ollama, deadline_s=0.4) for _ in range(3)), return_exceptions=True
    )
    assert time.monotonic() - started < 1.2
    assert all(isinstance(each, UpstreamAway) for each in ended)
    assert any("busy with other questions" in str(each) for each in ended)


async def test_who_goes_away_makes_room_for_the_next(stand_ins: StandIns, ollama: Ollama):
    stand_ins.control.post("/ollama/_sim/settings", json={"token_s": 0.05})
    go_wrong(stand_ins, "endless")
    gone = asyncio.create_task(ask(ollama))
    await asyncio.sleep(0.2)
    gone.cancel()
    await asyncio.gather(gone, return_exceptions=True)
    stand_ins.control.delete("/ollama/_sim/faults")
    stand_ins.control.post("/ollama/_sim/settings", json={"token_s": 0})
    assert "Silent Harbour" in await ask(ollama)


async def test_one_that_is_silent_again_and_again_is_left_alone(
    stand_ins: StandIns, opened: Opened
):
    stand_ins.control.post("/ollama/_sim/settings", json={"token_s": 1})
    breaker = Breaker(failures=2)
    upstream = opened(stand_ins.base + "/ollama", "Ollama", patience=PATIENCE, breaker=breaker)
    for _ in range(2):
        with pytest.raises(UpstreamAway, match="did not answer within"):
            await ask(Ollama(upstream, MODEL), deadline_s=0.15)
    started = time.monotonic()
    with pytest.raises(UpstreamAway, match="left alone") as away:
        await ask(Ollama(upstream, MODEL))
    assert away.value.retry_after_s
    assert time.monotonic() - started < 0.1
    stand_ins.control.post("/ollama/_sim/settings", json={"token_s": 0})


async def test_a_full_queue_is_asked_once_more_and_then_left(line: Wire, opened: Opened):
    busy = b'{"error":"server busy, please try again.  maximum pending requests exceeded"}'
    line.says(response(busy, status="503 Busy"))
    with pytest.raises(UpstreamAway):
        await ask(Ollama(opened(line.base, patience=PATIENCE), MODEL))
    assert len(line.requests) == PATIENCE.attempts


async def test_nobody_there_is_told_in_plain_words(opened: Opened):
    with pytest.raises(DomainError, match="can't be reached"):
        await ask(Ollama(opened("http://127.0.0.1:1"), MODEL))


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"id": "tm3"}, "choose from"),
        ({"why": ""}, "too small"),
        ({"why": 7}, "no string"),
        ({"share": 2}, "too large"),
        ({"share": True}, "no number"),
        ({"tags": ["a", 7]}, "an item of tags"),
        ({"tags": list("abcd")}, "too large"),
        ({"more": 1}, "more in it"),
    ],
)
def test_a_shape_is_kept_to_the_letter(changes: dict[str, Any], reason: str):
    check(FITTING, SCHEMA)
    with pytest.raises(Unfit, match=reason):
        check(FITTING | changes, SCHEMA)


def test_shapes_of_choices_and_constants_are_kept():
    either = {"anyOf": [{"type": "null"}, {"const": 1}, {"type": ["boolean", "string"]}]}
    for fitting in (None, 1, False, "x"):
        check(fitting, either)
    for unfit in (2, [], {}):
        with pytest.raises(Unfit):
            check(unfit, either)
    with pytest.raises(Unfit):
        check(True, {"const": 1})
    with pytest.raises(Unfit, match="lacks why"):
        check({"id": "tm1"}, SCHEMA)
