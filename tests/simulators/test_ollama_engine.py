"""The stand-in with a model behind it, which this one is not: `make test-llm` hears a real one."""

import json
from collections.abc import AsyncGenerator
from typing import Any

import httpx
import pytest

from simulators.clock import Clock
from simulators.ollama.app import make_of
from simulators.ollama.engine import Options
from simulators.ollama.models import CHAT, Models
from simulators.ollama.prompts import Prompt
from simulators.ollama.running import Metrics, Refused
from tests.simulators.receiving import Served

WORDS = ("One", " word", " after", " the", " other")


class Engine:
    """Says words, and how often it was let go of."""

    def __init__(self) -> None:
        self.kept: list[float] = []
        self.ended = 0

    async def load(self, kept_s: float) -> int:
        self.kept.append(kept_s)
        return 7

    async def say(
        self, prompt: Prompt, options: Options, metrics: Metrics
    ) -> AsyncGenerator[str, None]:
        if "refuse" in prompt.whole:
            raise Refused(400, "the input length exceeds the context length")
        metrics.prompt_tokens, metrics.reading_ns, metrics.saying_ns = 3, 11, 13
        try:
            for word in WORDS:
                metrics.said_tokens += 1
                yield word
        finally:
            self.ended += 1


@pytest.fixture
def engine() -> Engine:
    return Engine()


@pytest.fixture
def ollama(served: Served, clock: Clock, engine: Engine) -> httpx.Client:
    """The stand-in with that engine."""
    return served.stand_in(
        "ollama", lambda _world, clock, _seed: make_of(Models(clock), engine), clock
    )


def chat(ollama: httpx.Client, said: str = "Go on", **changes: Any) -> httpx.Response:
    messages = [{"role": "user", "content": said}]
    plain = {"model": CHAT, "messages": messages, "stream": False, **changes}
    return ollama.post("/api/chat", json=plain)


def test_what_a_model_says_and_what_it_cost_is_passed_on(
    ollama: httpx.Client, engine: Engine
) -> None:
    said = chat(ollama).json()
    assert said["message"]["content"] == "One word after the other"
    assert (said["prompt_eval_count"], said["eval_count"]) == (3, 5)
    assert (said["load_duration"], said["prompt_eval_duration"], said["eval_duration"]) == (
        7, 11, 13,
    )  # fmt: skip
    assert said["total_duration"] == 7 + 11 + 13
    *pieces, last = map(json.loads, chat(ollama, stream=True).text.splitlines())
    assert tuple(each["message"]["content"] for each in pieces) == WORDS
    assert last["done"]
    assert engine.ended == 2


def test_it_is_kept_for_as_long_as_was_asked(ollama: httpx.Client, engine: Engine) -> None:
    chat(ollama, keep_alive="30m")
    chat(ollama, keep_alive=0)
    assert engine.kept == [1800, 0]


def test_what_a_model_refuses_is_refused(ollama: httpx.Client) -> None:
    for stream in (False, True):
        refused = chat(ollama, "refuse", stream=stream)
        assert refused.status_code == 400
        assert "context length" in refused.json()["error"]


def test_a_fault_is_said_by_the_stand_in_itself(ollama: httpx.Client, engine: Engine) -> None:
    ollama.post("/_sim/faults", json={"kind": "wrong_language", "times": 1})
    assert chat(ollama).json()["message"]["content"] != "One word after the other"
    assert engine.ended == 0
