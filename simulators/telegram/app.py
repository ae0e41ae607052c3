"""Telegram's Bot API."""

from random import Random
from typing import Any

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from simulators.clock import Clock
from simulators.telegram import control
from simulators.telegram.methods import Methods
from simulators.telegram.parameters import Parameters, parameters_of
from simulators.telegram.refusals import Refused
from simulators.telegram.state import Bot, Chat, Json, State
from simulators.telegram.updates import Updates
from simulators.world import World

TOKEN = "42:TEST"  # known from the start, as is Ana
_ASKING = ("get", "setwebhook", "deletewebhook")


def make(world: World, clock: Clock, seed: int = 0) -> Starlette:
    """Telegram with one bot and one user, who knows nothing of titles."""
    state = State(clock, Random(f"telegram {seed}"))
    state.bots[TOKEN] = Bot(TOKEN, "stream_guide_bot", "Guide")
    state.chats[7] = Chat(7, "Ana", "ana")
    updates = Updates(state)
    methods = Methods(state, updates)

    async def call(bot: Bot, name: str, given: Parameters) -> tuple[int, Json]:
        method = methods.named(name)
        try:
            if method is None:
                raise Refused(404, "Not Found")
            told: tuple[int, Json] = (200, {"ok": True, "result": await method(bot, given)})
        except Refused as refused:
            told = (refused.status, refused.body)
        if not name.lower().startswith(_ASKING):
            said = {"method": name, "params": given.values, "status": told[0]}
            bot.outbox.append({**said, "at": clock.seconds(), "answer": _copied(told[1])})
        return told

    updates.call = call

    async def endpoint(request: Request) -> Response:
        try:
            bot = state.bot(request.path_params["token"])
            given = await parameters_of(request)
        except Refused as refused:
            return JSONResponse(refused.body, refused.status)
        status, body = await call(bot, request.path_params["method"], given)
        wait = body.get("parameters", {}).get("retry_after")
        return JSONResponse(body, status, headers={"Retry-After": str(wait)} if wait else None)

    app = Starlette(
        routes=[
            *control.routes(state, updates),
            Route("/bot{token}/{method}", endpoint, methods=["GET", "POST"]),
        ],
        exception_handlers={HTTPException: _refuse},
    )
    app.router.redirect_slashes = False
    return app


def _copied(body: Json) -> Any:
    # A message is changed in place when it is edited; what was answered stays as it was.
    result = body.get("result")
    return {**body, "result": dict(result)} if isinstance(result, dict) else body


async def _refuse(request: Request, refused: Exception) -> Response:
    assert isinstance(refused, HTTPException)
    return JSONResponse(Refused(refused.status_code, refused.detail).body, refused.status_code)
