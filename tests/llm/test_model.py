"""A real model keeps Ollama's contract: by its JSON, its streams, its limits and its patience.

Nothing is asserted of what it says in words.
"""

import json
import threading
import time
from collections.abc import Callable
from typing import Any

import httpx
import jsonschema
import pytest

pytestmark = pytest.mark.llm
SCHEMA = {
    "type": "object",
    "properties": {
        "line": {"type": "string", "minLength": 1, "maxLength": 120},
        "mood": {"enum": ["calm", "tense"]},
        "sure": {"type": "boolean"},
    },
    "required": ["line", "mood", "sure"],
    "additionalProperties": False,
}
PROMPT = "Say in one sentence why a quiet film suits a calm evening. Answer in JSON."
FIXED = {"seed": 42, "temperature": 0, "num_predict": 150}


def asked(**changes: Any) -> dict[str, Any]:
    messages = [{"role": "user", "content": PROMPT}]
    plain = {"model": "mistral:7b-instruct", "messages": messages, "options": FIXED}
    return {**plain, "stream": False, **changes}


def chat(model: httpx.Client, **changes: Any) -> dict[str, Any]:
    said = model.post("/api/chat", json=asked(**changes))
    assert said.status_code == 200, said.text
    return said.json()


def eventually(holds: Callable[[], bool]) -> None:
    until = time.monotonic() + 60
    while not holds():
        assert time.monotonic() < until, "it never came"
        time.sleep(0.02)


def calls(model: httpx.Client) -> list[dict[str, Any]]:
    return model.get("/_sim/log").json()["calls"]


def test_a_schema_is_kept_whole_and_streamed(model: httpx.Client) -> None:
    whole = chat(model, format=SCHEMA)
    jsonschema.validate(json.loads(whole["message"]["content"]), SCHEMA)
    assert (whole["done"], whole["done_reason"]) == (True, "stop")
    streamed = model.post("/api/chat", json=asked(format=SCHEMA, stream=True))
    assert streamed.headers["content-type"].startswith("application/x-ndjson")
    *pieces, last = map(json.loads, streamed.text.splitlines())
    assert len(pieces) > 5  # as it thinks of it, not in one go
    assert not any(each["done"] for each in pieces)
    said = "".join(each["message"]["content"] for each in pieces)
    jsonschema.validate(json.loads(said), SCHEMA)
    assert said == whole["message"]["content"]  # the same for the same
    assert last["done_reason"] == "stop"
    assert last["eval_count"] >= len(pieces) - 1
    assert last["total_duration"] >= last["eval_duration"] > 0


def test_json_without_a_schema_is_json(model: httpx.Client) -> None:
    said = chat(model, format="json", options={**FIXED, "num_predict": 600})
    if said["done_reason"] == "stop":
        assert isinstance(json.loads(said["message"]["content"]), dict)
    assert said["message"]["content"].lstrip().startswith("{")


def test_the_same_seed_says_the_same_and_another_something_else(model: httpx.Client) -> None:
    def said(seed: int) -> str:
        options = {"seed": seed, "temperature": 1.2, "num_predict": 40}
        return chat(model, options=options)["message"]["content"]

    assert said(1) == said(1)
    assert len({said(seed) for seed in (1, 2, 3)}) > 1


def test_it_ends_at_what_it_was_told_to_end_at(model: httpx.Client) -> None:
    short = chat(model, options={**FIXED, "num_predict": 3})
    assert (short["done_reason"], short["eval_count"]) == ("length", 3)
    free = chat(model)["message"]["content"]
    word = free.split()[2]
    stopped = chat(model, options={**FIXED, "stop": [word]})
    assert stopped["message"]["content"] == free[: free.index(word)]
    assert stopped["done_reason"] == "stop"
    crowded = model.post("/api/chat", json=asked(options={**FIXED, "num_ctx": 8}))
    assert crowded.status_code == 400
    assert "context length" in crowded.json()["error"]


def test_it_is_loaded_and_unloaded_and_says_what_it_is(model: httpx.Client) -> None:
    def loaded() -> list[str]:
        return [each["name"] for each in model.get("/api/ps").json()["models"]]

    name = "smollm2:135m"
    empty = {"model": name, "messages": [], "keep_alive": "30m"}
    assert model.post("/api/chat", json=empty).json()["done_reason"] == "load"
    assert name in loaded()
    gone = model.post("/api/generate", json={"model": name, "keep_alive": 0})
    assert gone.json()["done_reason"] == "unload"
    assert name not in loaded()
    names = {each["name"] for each in model.get("/api/tags").json()["models"]}
    assert names == {"mistral:7b-instruct", name}
    shown = model.post("/api/show", json={"model": "mistral:7b-instruct"}).json()
    assert "SmolLM2" in shown["modelfile"]
    assert shown["details"]["parameter_size"] == "135M"
    assert chat(model, options={**FIXED, "num_predict": 2})["eval_count"] == 2  # loads it again


@pytest.mark.parametrize(
    ("changes", "status", "error"),
    [
        ({"model": "llama9:70b"}, 404, "model 'llama9:70b' not found"),
        ({"format": {"$ref": "#/nowhere"}}, 400, "invalid JSON schema"),
        ({"format": {"$ref": "https://127.0.0.1:1/schema"}}, 400, "invalid JSON schema"),
        ({"format": "xml"}, 400, "invalid format"),
    ],
)
def test_what_it_cannot_do_is_refused_with_a_reason(
    model: httpx.Client, changes: dict[str, Any], status: int, error: str
) -> None:
    refused = model.post("/api/chat", json=asked(**changes))
    assert refused.status_code == status
    assert error in refused.json()["error"]


def test_it_has_no_vectors_and_gets_no_other_models(model: httpx.Client) -> None:
    vectors = model.post("/api/embed", json={"model": "smollm2:135m", "input": "x"})
    assert vectors.status_code == 501
    pulled = model.post("/api/pull", json={"model": "llama3.2", "stream": False})
    assert pulled.status_code == 500
    there = model.post("/api/pull", json={"model": "smollm2:135m", "stream": False})
    assert there.json() == {"status": "success"}


@pytest.mark.parametrize("stream", [False, True])
def test_whoever_hangs_up_stops_it_at_once(model: httpx.Client, stream: bool) -> None:
    before = len(calls(model))
    endless = asked(stream=stream, options={"seed": 1, "num_predict": 4000, "stop": []})
    endless["messages"] = [{"role": "user", "content": "Count from one to ten thousand."}]
    endless["format"] = {"type": "array", "items": {"type": "integer"}, "minItems": 100}
    if stream:
        with model.stream("POST", "/api/chat", json=endless) as answer:
            assert not json.loads(next(answer.iter_lines()))["done"]
    else:
        with pytest.raises(httpx.ReadTimeout):
            model.post("/api/chat", json=endless, timeout=httpx.Timeout(60, read=1.5))
    eventually(lambda: model.get("/_sim/log").json()["running"] == 0)
    assert [each["outcome"] for each in calls(model)[before:]] == ["canceled"]
    assert chat(model, options={**FIXED, "num_predict": 2})["done"]


def test_they_are_served_in_turn_and_too_many_are_refused(model: httpx.Client) -> None:
    model.post("/_sim/settings", json={"max_queue": 1})
    many = {"type": "array", "items": {"type": "integer"}, "minItems": 100}
    long = asked(stream=True, options={"seed": 1, "num_predict": 4000}, format=many)
    statuses: list[int] = []

    def second() -> None:
        short = asked(options={**FIXED, "num_predict": 2})
        statuses.append(model.post("/api/chat", json=short).status_code)

    try:
        with model.stream("POST", "/api/chat", json=long) as first:
            lines = first.iter_lines()
            next(lines)
            waiting = threading.Thread(target=second)
            waiting.start()
            eventually(lambda: model.get("/_sim/log").json()["waiting"] == 1)
            refused = model.post("/api/chat", json=asked())
            assert refused.status_code == 503
            assert "server busy" in refused.json()["error"]
        waiting.join(60)
        assert statuses == [200]
        assert model.get("/_sim/log").json()["most_running"] == 1
    finally:
        model.post("/_sim/settings", json={"max_queue": 512})
