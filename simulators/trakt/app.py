"""Trakt's API, v2, with its OAuth on the same host."""

import re

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from simulators.clock import Clock
from simulators.trakt import control, lists, oauth, people, shows, sync
from simulators.trakt.door import Door
from simulators.trakt.seeding import seeded
from simulators.world import World


def make(world: World, clock: Clock, seed: int = 0) -> Starlette:
    """Trakt with the titles of a world, and users out of a seed."""
    state = seeded(world, clock, seed)
    grants = oauth.Grants(state)
    door = Door(state, grants)
    app = Starlette(
        routes=[
            *control.routes(state, grants, door),
            *oauth.routes(grants),
            *sync.routes(state, door),
            *people.routes(state, door),
            *lists.routes(state, door),
            *shows.routes(state, door),
        ],
        exception_handlers={HTTPException: _refuse},
        middleware=[Middleware(_OneSlash)],
    )
    app.router.redirect_slashes = False
    return app


class _OneSlash:
    """Reads several slashes as one, as Trakt does: clients join `…/` and `/oauth`."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and "//" in scope["path"]:
            scope = {**scope, "path": re.sub("/{2,}", "/", scope["path"])}
        await self._app(scope, receive, send)


async def _refuse(request: Request, refused: Exception) -> Response:
    """Refusals have a status and headers, and nothing to read."""
    assert isinstance(refused, HTTPException)
    return Response(status_code=refused.status_code, headers=refused.headers)
