"""Chat and generate: answers in one piece, or a line of JSON for each token."""

import json
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable
from contextlib import aclosing
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from simulators.ollama.asking import Asked, asked, body_of
from simulators.ollama.prompts import Message
from simulators.ollama.running import Metrics, Refused, Runner

Json = dict[str, Any]
_GONE = 499


def stamp(runner: Runner) -> str:
    """Now, in nanoseconds' precision."""
    return f"{runner.clock.now():%Y-%m-%dT%H:%M:%S.%f}000Z"


def refusing(answer: Callable[[Request], Awaitable[Response]]) -> Any:
    """An endpoint whose refusals are said as this API says them."""

    async def endpoint(request: Request) -> Response:
        try:
            return await answer(request)
        except Refused as refused:
            return JSONResponse({"error": refused.error}, refused.status)

    return endpoint


async def answered(
    runner: Runner, call: Asked, request: Request
) -> AsyncGenerator[tuple[str, Metrics | None], None]:
    """Tokens, and last the metrics. The first thing is there when it is certain to be answered.

    Raises Refused; once tokens have come, that is an answer that breaks off.
    """
    said: dict[str, Any] = {"path": request.url.path, "model": call.name, "outcome": "canceled"}
    runner.log.append(said)
    said["messages"] = [[each.role, each.content] for each in call.prompt.messages]
    try:
        async with runner.place():
            if await request.is_disconnected():
                raise Refused(_GONE, "request canceled")  # while it waited for its turn
            runner.served += 1
            said["place"] = runner.served
            fault = runner.fault()
            load_ns = await runner.load(call.model, call.keep_alive)
            metrics = runner.begin(call.prompt, call.options, fault, load_ns)
            pieces = runner.say(call.model, call.prompt, call.options, fault, metrics)
            async with aclosing(pieces):
                async for piece in pieces:
                    yield piece, None
            said["outcome"] = metrics.reason
            yield "", metrics
    except Refused as refused:
        if refused.status != _GONE:
            said["outcome"] = refused.error
        raise


async def whole(runner: Runner, call: Asked, request: Request) -> tuple[str, Metrics]:
    """The answer in one piece. Raises Refused, 499 where the client has gone meanwhile."""
    said: list[str] = []
    # Only a stream tells that nobody listens any more; here one has to ask now and then.
    async with aclosing(answered(runner, call, request)) as pieces:
        async for piece, metrics in pieces:
            if metrics is not None:
                return "".join(said), metrics
            said.append(piece)
            if (runner.engine or len(said) % 16 == 1) and await request.is_disconnected():
                raise Refused(_GONE, "request canceled")
    raise AssertionError("an answer ends with its metrics")


class Talking:
    """The endpoints that say something."""

    def __init__(self, runner: Runner) -> None:
        self._runner = runner

    async def chat(self, request: Request) -> Response:
        """The next message of a conversation."""
        call = asked(self._runner.models, await body_of(request))

        def said(text: str) -> Json:
            return {"message": {"role": "assistant", "content": text}}

        return await self._answer(call, request, said, {})

    async def generate(self, request: Request) -> Response:
        """What follows a prompt."""
        sent = await body_of(request)
        messages = [
            Message(role, str(sent[key]))
            for role, key in (("system", "system"), ("user", "prompt"))
            if sent.get(key)
        ]
        if not sent.get("prompt"):
            messages = []
        call = asked(self._runner.models, sent, messages)
        context = {"context": []} if messages else {}
        return await self._answer(call, request, lambda text: {"response": text}, context)

    async def _answer(
        self, call: Asked, request: Request, said: Callable[[str], Json], last: Json
    ) -> Response:
        runner = self._runner
        if not call.prompt.messages:
            async with runner.place():
                await runner.load(call.model, call.keep_alive)
            why = "unload" if str(call.keep_alive) in ("0", "0s", "0m") else "load"
            head = {"model": call.name, "created_at": stamp(runner)}
            return JSONResponse({**head, **said(""), "done": True, "done_reason": why})
        if not call.stream:
            text, metrics = await whole(runner, call, request)
            head = {"model": call.name, "created_at": stamp(runner)}
            return JSONResponse({**head, **said(text), "done": True, **last, **metrics.said})
        pieces = answered(runner, call, request)
        first = await anext(pieces)  # what is refused before it has a status of its own

        async def lines() -> AsyncIterator[bytes]:
            async with aclosing(pieces):
                try:
                    piece, metrics = first
                    while metrics is None:
                        yield _line(call.name, runner, said(piece), {"done": False})
                        piece, metrics = await anext(pieces)
                    end = {"done": True, **last, **metrics.said}
                    yield _line(call.name, runner, said(""), end)
                except Refused as refused:
                    yield json.dumps({"error": refused.error}).encode() + b"\n"

        return StreamingResponse(lines(), media_type="application/x-ndjson")


def _line(model: str, runner: Runner, said: Json, rest: Json) -> bytes:
    whole = {"model": model, "created_at": stamp(runner), **said, **rest}
    return json.dumps(whole, ensure_ascii=False).encode() + b"\n"


def routes(runner: Runner) -> list[Route]:
    """Chat and generate."""
    talking = Talking(runner)
    return [
        Route("/api/chat", refusing(talking.chat), methods=["POST"]),
        Route("/api/generate", refusing(talking.generate), methods=["POST"]),
    ]
