"""ollama: what there is, talk whole and in pieces, answers by a schema, and what fails."""

import asyncio
from typing import Any

import ollama
from pydantic import BaseModel
from standin import BASE, control, described, failure, fault, tell

HOST = f"{BASE}/ollama"
MODEL = "mistral:7b-instruct"
SAID = ("error", "status_code")
client = ollama.Client(host=HOST, timeout=10)
OPTIONS = {"seed": 42, "temperature": 0, "num_predict": 200}


class Answer(BaseModel):
    """What an answer by a schema has to be."""

    title: str
    minutes: int
    moods: list[str]
    leaving: bool


def asked(text: str) -> list[dict[str, str]]:
    """A conversation that has just begun."""
    return [
        {"role": "system", "content": "You say in one sentence why somebody may like a film."},
        {"role": "user", "content": text},
    ]


def talk() -> dict[str, Any]:
    """In one piece, in many, and cut short."""
    question = asked("Candidates: Silent Harbour (1999), Paper Garden (2004). Which and why?")
    pieces = list(client.chat(MODEL, question, stream=True, options=OPTIONS))
    return {
        "whole": client.chat(MODEL, question, options=OPTIONS).model_dump(),
        "again": client.chat(MODEL, question, options=OPTIONS).model_dump(),
        "pieces": [each.model_dump() for each in pieces],
        "short": client.chat(MODEL, question, options={**OPTIONS, "num_predict": 3}).model_dump(),
        "loaded": client.chat(MODEL, [], keep_alive="10m").model_dump(),
        "generated": client.generate(MODEL, "Say hello.", options=OPTIONS).model_dump(),
        "generated_pieces": [
            each.model_dump()
            for each in client.generate(MODEL, "Say hello.", stream=True, options=OPTIONS)
        ],
    }


def structured() -> dict[str, Any]:
    """Answers by a schema, which the schema's own model reads."""
    chosen = {"type": "string", "enum": ["Silent Harbour", "Paper Garden"]}
    schema = {"type": "object", "properties": {"title": chosen}, "required": ["title"]}
    question = asked("Which is better, and as JSON?")
    answer = client.chat(MODEL, question, format=Answer.model_json_schema(), options=OPTIONS)
    choice = client.chat(MODEL, question, format=schema, options=OPTIONS)
    return {
        "answer": Answer.model_validate_json(answer.message.content or "").model_dump(),
        "choice": choice.message.content,
        "json": client.chat(MODEL, question, format="json", options=OPTIONS).message.content,
    }


async def at_once() -> dict[str, Any]:
    """The asynchronous client: three questions together, one in pieces."""
    other = ollama.AsyncClient(host=HOST, timeout=10)
    whole = await asyncio.gather(
        *(other.chat(MODEL, asked(f"Question {number}"), options=OPTIONS) for number in range(3))
    )
    pieces = [
        each.message.content or ""
        async for each in await other.chat(MODEL, asked("Question 0"), stream=True, options=OPTIONS)
    ]
    return {"whole": [each.message.content for each in whole], "pieces": pieces}


def broken_in_the_middle() -> dict[str, Any]:
    """A model that dies while it talks: what came before, and how the client ends it."""
    came: list[str] = []

    def listen() -> None:
        for each in client.chat(MODEL, asked("Which?"), stream=True, options=OPTIONS):
            came.append(each.message.content or "")

    control("POST", "/ollama/_sim/faults", {"kind": "mid_stream_error", "times": 1})
    return {**failure(listen, *SAID), "came": came}


async def crowded() -> list[dict[str, Any]]:
    """Six at once where one is answered at a time and one more may wait."""
    control("POST", "/ollama/_sim/settings", {"max_queue": 1, "token_s": 0.005})
    other = ollama.AsyncClient(host=HOST, timeout=10)

    async def ask(number: int) -> dict[str, Any]:
        try:
            await other.chat(MODEL, asked(f"Question {number}"), options=OPTIONS)
        except ollama.ResponseError as error:
            return described(error, *SAID)
        return {"type": None}

    answers = await asyncio.gather(*map(ask, range(6)))
    control("POST", "/ollama/_sim/settings", {"max_queue": 512, "token_s": 0.0})
    return answers


def fault_on_the_way(kind: str, **more: object) -> dict[str, Any]:
    """What the client makes of an answer that is none."""
    fault("ollama", kind, **more)
    return failure(client.list, *SAID)


tell(
    {
        "models": client.list().model_dump(),
        "loaded": client.ps().model_dump(),
        "shown": client.show(MODEL).model_dump(),
        "pulled": [each.model_dump() for each in client.pull("smollm2:135m", stream=True)],
        "models_after": client.list().model_dump(),
        "copied": client.copy("smollm2:135m", "mine:latest").model_dump(),
        "deleted": client.delete("smollm2:135m").model_dump(),
        "models_at_last": client.list().model_dump(),
        "embedded": client.embed(MODEL, ["a quiet film", "a loud film"]).model_dump(),
        "embedded_again": client.embed(MODEL, "a quiet film").model_dump(),
        "talk": talk(),
        "structured": structured(),
        "at_once": asyncio.run(at_once()),
        "errors": {
            "unknown": failure(lambda: client.chat("no-such-model", asked("-")), *SAID),
            "deleted": failure(lambda: client.show("smollm2:135m"), *SAID),
            "middle": broken_in_the_middle(),
            "crowded": asyncio.run(crowded()),
            "server_error": fault_on_the_way("server_error", status=500),
            "drop": fault_on_the_way("drop"),
            "nobody": failure(
                lambda: ollama.Client(host="http://127.0.0.1:9", timeout=2).list(), *SAID
            ),
        },
    }
)
