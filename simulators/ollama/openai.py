"""The same model by the way that OpenAI's clients know."""

import json
from collections.abc import AsyncIterator
from contextlib import aclosing
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from simulators.ollama.asking import Asked, asked, body_of, model_of
from simulators.ollama.engine import tokens
from simulators.ollama.managing import Managing, texts_of
from simulators.ollama.running import Metrics, Refused, Runner
from simulators.ollama.talking import answered, whole

_TYPES = {400: "invalid_request_error", 404: "not_found_error"}
_FINGERPRINT = "fp_ollama"


def error(status: int, message: str) -> dict[str, Any]:
    """A refusal as these clients expect it."""
    type = _TYPES.get(status, "api_error")
    return {"error": {"message": message, "type": type, "param": None, "code": None}}


def _refusing(answer: Any) -> Any:
    async def endpoint(request: Request) -> Response:
        try:
            return await answer(request)
        except Refused as refused:
            return JSONResponse(error(refused.status, refused.error), refused.status)

    return endpoint


class OpenAI:
    """The endpoints under /v1."""

    def __init__(self, runner: Runner) -> None:
        self._runner = runner
        self._managing = Managing(runner)

    async def models(self, request: Request) -> Response:
        """What is on disk."""
        return JSONResponse(
            {
                "object": "list",
                "data": [
                    {
                        "id": each.name,
                        "object": "model",
                        "created": int(each.modified_at.timestamp()),
                        "owned_by": "library",
                    }
                    for each in self._runner.models.kept.values()
                ],
            }
        )

    async def embeddings(self, request: Request) -> Response:
        """The vectors of texts."""
        sent = await body_of(request)
        model, texts = model_of(self._runner.models, sent), texts_of(sent.get("input"))
        if not texts:
            raise Refused(400, "invalid input")
        async with self._runner.place():
            vectors = self._managing.vectors(model, texts, sent.get("dimensions"))
        used = sum(len(tokens(text)) for text in texts)
        return JSONResponse(
            {
                "object": "list",
                "data": [
                    {"object": "embedding", "embedding": vector, "index": place}
                    for place, vector in enumerate(vectors)
                ],
                "model": sent["model"],
                "usage": {"prompt_tokens": used, "total_tokens": used},
            }
        )

    async def chat(self, request: Request) -> Response:
        """The next message of a conversation."""
        sent = await body_of(request)
        if not sent.get("messages"):
            raise Refused(400, "[] is too short - 'messages'")
        call = asked(self._runner.models, _translated(sent))
        head = {
            "id": f"chatcmpl-{self._runner.turn + 1}",
            "created": int(self._runner.clock.seconds()),
            "model": call.name,
            "system_fingerprint": _FINGERPRINT,
        }
        if call.stream:
            options = sent.get("stream_options")
            usage = isinstance(options, dict) and bool(options.get("include_usage"))
            return await self._stream(call, request, head, usage=usage)
        text, metrics = await whole(self._runner, call, request)
        choice = {
            "index": 0,
            "message": {"role": "assistant", "content": text},
            "finish_reason": metrics.reason,
        }
        rest = {"choices": [choice], "usage": _usage(metrics)}
        return JSONResponse({**head, "object": "chat.completion", **rest})

    async def _stream(
        self, call: Asked, request: Request, head: dict[str, Any], *, usage: bool
    ) -> Response:
        head = {**head, "object": "chat.completion.chunk"}
        pieces = answered(self._runner, call, request)
        first = await anext(pieces)

        def chunk(delta: dict[str, Any], reason: str | None) -> bytes:
            choice = {"index": 0, "delta": delta, "finish_reason": reason}
            return _event({**head, "choices": [choice]})

        async def events() -> AsyncIterator[bytes]:
            async with aclosing(pieces):
                try:
                    piece, metrics = first
                    while metrics is None:
                        yield chunk({"role": "assistant", "content": piece}, None)
                        piece, metrics = await anext(pieces)
                    yield chunk({"role": "assistant", "content": ""}, metrics.reason)
                    if usage:
                        yield _event({**head, "choices": [], "usage": _usage(metrics)})
                    yield b"data: [DONE]\n\n"
                except Refused as refused:
                    yield _event(error(refused.status, refused.error))

        return StreamingResponse(events(), media_type="text/event-stream")


def _event(said: dict[str, Any]) -> bytes:
    return b"data: " + json.dumps(said, ensure_ascii=False).encode() + b"\n\n"


def _usage(metrics: Metrics) -> dict[str, int]:
    read, said = metrics.prompt_tokens, metrics.said_tokens
    return {"prompt_tokens": read, "completion_tokens": said, "total_tokens": read + said}


def _translated(sent: dict[str, Any]) -> dict[str, Any]:
    options = {
        "num_predict": sent.get("max_completion_tokens", sent.get("max_tokens")),
        "seed": sent.get("seed"),
        "temperature": sent.get("temperature", 1.0),
        "stop": sent.get("stop"),
    }
    wanted = sent.get("response_format")
    wanted = wanted if isinstance(wanted, dict) else {}
    format: Any = None
    if wanted.get("type") == "json_schema":
        format = (wanted.get("json_schema") or {}).get("schema")
    elif wanted.get("type") == "json_object":
        format = "json"
    messages = sent["messages"]
    if isinstance(messages, list):
        messages = [_message(each) for each in messages]
    return {
        "model": sent.get("model"),
        "messages": messages,
        "stream": bool(sent.get("stream", False)),
        "format": format,
        "tools": sent.get("tools"),
        "options": {name: value for name, value in options.items() if value is not None},
    }


def _message(given: Any) -> Any:
    # Content can come in parts, of which the text counts.
    if isinstance(given, dict) and isinstance(given.get("content"), list):
        texts = [part.get("text", "") for part in given["content"] if isinstance(part, dict)]
        return {**given, "content": "\n".join(texts)}
    return given


def routes(runner: Runner) -> list[Route]:
    """Everything under /v1."""
    openai = OpenAI(runner)
    return [
        Route("/v1/models", openai.models, methods=["GET"]),
        Route("/v1/chat/completions", _refusing(openai.chat), methods=["POST"]),
        Route("/v1/embeddings", _refusing(openai.embeddings), methods=["POST"]),
    ]
