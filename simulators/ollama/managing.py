"""Models: which there are, which are loaded, getting and losing them, and their vectors."""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route

from simulators.ollama.asking import body_of, model_of
from simulators.ollama.engine import tokens
from simulators.ollama.models import VERSION, Model, embedding
from simulators.ollama.running import Refused, Runner
from simulators.ollama.talking import refusing

_UNKNOWN = ("missing", "nowhere")  # in a name: there is nothing to pull


class Managing:
    """The endpoints about models."""

    def __init__(self, runner: Runner) -> None:
        self._runner, self._models = runner, runner.models

    async def root(self, request: Request) -> Response:
        """That it runs."""
        return PlainTextResponse("Ollama is running")

    async def version(self, request: Request) -> Response:
        """Which it is."""
        return JSONResponse({"version": VERSION})

    async def tags(self, request: Request) -> Response:
        """What is on disk."""
        return JSONResponse(
            {
                "models": [
                    {**each.said, "modified_at": each.modified_at.isoformat()}
                    for each in self._models.kept.values()
                ]
            }
        )

    async def ps(self, request: Request) -> Response:
        """What is in memory."""
        return JSONResponse({"models": [_loaded(each) for each in self._models.loaded()]})

    async def show(self, request: Request) -> Response:
        """What a model is."""
        model = model_of(self._models, await body_of(request))
        return JSONResponse(
            {
                "license": "Apache License, Version 2.0",
                "modelfile": f"# {model.about or 'Made up.'}\nFROM {model.name}\n",
                "parameters": f'stop                           "{model.stop}"',
                "template": model.template,
                "details": model.details,
                "model_info": {
                    "general.architecture": model.family,
                    f"{model.family}.context_length": model.context,
                    f"{model.family}.embedding_length": model.dimensions,
                },
                "capabilities": list(model.capabilities),
                "modified_at": model.modified_at.isoformat(),
            }
        )

    async def embed(self, request: Request) -> Response:
        """The vectors of texts."""
        sent = await body_of(request)
        model = model_of(self._models, sent)
        texts = texts_of(sent.get("input"))
        async with self._runner.place():
            load_ns = await self._runner.load(model, sent.get("keep_alive"))
            vectors = self.vectors(model, texts, sent.get("dimensions"))
        return JSONResponse(
            {
                "model": sent["model"],
                "embeddings": vectors,
                "total_duration": load_ns + 1_000_000,
                "load_duration": load_ns,
                "prompt_eval_count": sum(len(tokens(text)) for text in texts),
            }
        )

    def vectors(self, model: Model, texts: list[str], dimensions: Any) -> list[list[float]]:
        """One for each text, each of length 1."""
        if self._models.fixed and "embedding" not in model.capabilities:
            raise Refused(501, "this model does not support embeddings")
        if dimensions is not None and (not isinstance(dimensions, int) or dimensions < 1):
            raise Refused(400, "dimensions must be a positive number")
        size = min(dimensions or model.dimensions, model.dimensions)
        return [embedding(text, size) for text in texts]

    async def pull(self, request: Request) -> Response:
        """Get a model, telling how far it is."""
        sent = await body_of(request)
        name = sent.get("model") or sent.get("name")
        if not isinstance(name, str) or not name:
            raise Refused(400, "model is required")
        known = self._models.find(name) is not None or not self._models.fixed
        if not known or any(each in name for each in _UNKNOWN):
            problem = {"error": "pull model manifest: file does not exist"}
            if sent.get("stream") is False:
                return JSONResponse(problem, 500)
            return StreamingResponse(_lines([problem]), media_type="application/x-ndjson")
        model = self._models.add(name)
        if sent.get("stream") is False:
            return JSONResponse({"status": "success"})
        part = {"status": f"pulling {model.digest[:12]}", "digest": f"sha256:{model.digest}"}
        told = [
            {"status": "pulling manifest"},
            *({**part, "total": model.size, "completed": model.size * n // 4} for n in range(5)),
            {"status": "verifying sha256 digest"},
            {"status": "writing manifest"},
            {"status": "success"},
        ]
        return StreamingResponse(_lines(told), media_type="application/x-ndjson")

    async def delete(self, request: Request) -> Response:
        """Lose a model."""
        model = model_of(self._models, await body_of(request))
        self._models.remove(model.name)
        return Response()

    async def copy(self, request: Request) -> Response:
        """Have a model under another name, too."""
        sent = await body_of(request)
        source = model_of(self._models, sent, "source")
        if not isinstance(sent.get("destination"), str) or not sent["destination"]:
            raise Refused(400, "destination is required")
        self._models.add(sent["destination"], source if self._models.fixed else None)
        return Response()


def texts_of(given: Any) -> list[str]:
    """One text or several. Raises Refused 400."""
    if isinstance(given, str):
        return [given]
    if given is None:
        return []
    if not isinstance(given, list) or not all(isinstance(each, str) for each in given):
        raise Refused(400, "invalid input type")
    return given


async def _lines(told: list[dict[str, Any]]) -> AsyncIterator[bytes]:
    for each in told:
        yield json.dumps(each).encode() + b"\n"
        await asyncio.sleep(0)


def _loaded(model: Model) -> dict[str, Any]:
    until = model.loaded_until.isoformat() if model.loaded_until else ""
    return {**model.said, "expires_at": until, "size_vram": 0, "context_length": model.num_ctx}


def routes(runner: Runner) -> list[Route]:
    """Everything about models."""
    managing = Managing(runner)
    return [
        Route("/", managing.root, methods=["GET"]),
        Route("/api/version", managing.version, methods=["GET"]),
        Route("/api/tags", managing.tags, methods=["GET"]),
        Route("/api/ps", managing.ps, methods=["GET"]),
        Route("/api/show", refusing(managing.show), methods=["POST"]),
        Route("/api/embed", refusing(managing.embed), methods=["POST"]),
        Route("/api/pull", refusing(managing.pull), methods=["POST"]),
        Route("/api/delete", refusing(managing.delete), methods=["DELETE"]),
        Route("/api/copy", refusing(managing.copy), methods=["POST"]),
    ]
