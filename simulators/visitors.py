"""Keeps web pages out: a browser on this machine reaches what listens here for whatever page it
shows, and a page from anywhere could move the clock, read letters or have webhooks sent.
"""

import ipaddress
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Receive, Scope, Send

# Clients that play JustWatch's own page say that they come from there.
_PLAYED = frozenset({"https://www.justwatch.com"})


class NoPages:
    """ASGI middleware that refuses with 403 what a page of somebody else's made a browser ask.

    Only a name of this machine passes as the host, since a page may give its own name our address
    and be of the same origin then. On a socket file, which no browser opens, any does.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request through, or not."""
        if scope["type"] == "http" and not _is_welcome(scope):
            refusal = JSONResponse({"error": "The stand-ins are not there for web pages."}, 403)
            await refusal(scope, receive, send)
        else:
            await self._app(scope, receive, send)


def _is_welcome(scope: Scope) -> bool:
    headers = Headers(scope=scope)
    host, origin = headers.get("host", ""), headers.get("origin")
    if origin is not None and origin != f"http://{host}" and origin not in _PLAYED:
        return False
    if headers.get("sec-fetch-site") == "cross-site":  # an image's request says no origin
        return False
    _, port = scope.get("server") or (None, None)
    return port is None or not host or _is_ours(host)


def _is_ours(host: str) -> bool:
    try:
        name = urlsplit(f"//{host}").hostname or ""
        return name == "localhost" or ipaddress.ip_address(name).is_loopback
    except ValueError:
        return False
