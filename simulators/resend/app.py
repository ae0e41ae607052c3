"""Resend's API: emails, batches, webhooks and the suppression list."""

from random import Random

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from simulators.clock import Clock
from simulators.resend import control, emails, endpoints
from simulators.resend.door import Door
from simulators.resend.events import Events
from simulators.resend.refusals import UNEXPECTED, Refused
from simulators.resend.state import State
from simulators.world import World

_NAMES = {
    404: ("not_found", "The requested endpoint does not exist."),
    405: ("method_not_allowed", "Method is not allowed for the requested path."),
}


def make(world: World, clock: Clock, seed: int = 0) -> Starlette:
    """Resend, which knows nothing of titles."""
    state = State(clock, Random(f"resend {seed}"))
    events, door = Events(state), Door(state)
    app = Starlette(
        routes=[
            *control.routes(state, events),
            *emails.routes(state, events, door),
            *endpoints.routes(state, events, door),
        ],
        exception_handlers={HTTPException: _refuse},
    )
    app.router.redirect_slashes = False
    return app


async def _refuse(request: Request, refused: Exception) -> Response:
    """What there is no route for, in the same words as everything else."""
    assert isinstance(refused, HTTPException)
    name, message = _NAMES.get(refused.status_code, ("application_error", UNEXPECTED))
    body = Refused(refused.status_code, name, message).body
    return JSONResponse(body, refused.status_code, headers=refused.headers)
