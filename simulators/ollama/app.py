"""Ollama's API, with a model that is made up: what it says is as its prompt wants it.

Or with a small one that is real, for whoever has no Ollama.
"""

from pathlib import Path

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response

from simulators.clock import Clock
from simulators.ollama import control, llama, managing, openai, talking
from simulators.ollama.models import Models
from simulators.ollama.running import Engine, Runner
from simulators.world import World


def make(world: World, clock: Clock, seed: int = 0) -> Starlette:
    """Ollama, which knows nothing of titles but what it is told."""
    return _serving(Runner(clock, Models(clock), turn=seed * 1_000))


def make_real(file: Path) -> Starlette:
    """The same with a real model, of which this is the file."""
    return make_of(llama.models(Clock(), file), llama.Llama(file))


def make_of(models: Models, engine: Engine) -> Starlette:
    """The same with these models, all of which are this one."""
    return _serving(Runner(models.clock, models, engine=engine))


def _serving(runner: Runner) -> Starlette:
    app = Starlette(
        routes=[
            *control.routes(runner),
            *talking.routes(runner),
            *openai.routes(runner),
            *managing.routes(runner),
        ],
        exception_handlers={HTTPException: _refuse},
    )
    app.router.redirect_slashes = False
    return app


async def _refuse(request: Request, refused: Exception) -> Response:
    assert isinstance(refused, HTTPException)
    if "/v1/" in request.url.path:
        return JSONResponse(openai.error(refused.status_code, refused.detail), refused.status_code)
    return PlainTextResponse(f"{refused.status_code} page not found", refused.status_code)
