"""Around every request: an id, a log line, figures, safe headers, and crashes kept to ourselves."""

import re
import secrets
import time

import structlog
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from rest.metrics import observe
from rest.problems import problem

log = structlog.get_logger()

POLICY = "; ".join(
    [
        "default-src 'self'",
        "img-src 'self' data:",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    ]
)
HEADERS = {
    "content-security-policy": POLICY,
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
}
HSTS = "max-age=31536000"
_ID = re.compile(r"[A-Za-z0-9_-]{8,64}")
_QUIET = frozenset({"/livez", "/readyz", "/metrics"})  # asked every few seconds, for ever


class Hardened:
    """ASGI middleware; what a route says of its own headers stands."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, and look after what comes back."""
        if scope["type"] not in {"http", "websocket"}:
            await self.app(scope, receive, send)
            return
        given = Headers(scope=scope).get("x-request-id", "")
        request_id = given if _ID.fullmatch(given) else secrets.token_hex(8)
        with structlog.contextvars.bound_contextvars(request_id=request_id):
            if scope["type"] == "http":
                await _Exchange(scope, send, request_id).run(self.app, receive)
            else:
                await self.app(scope, receive, send)


class _Exchange:
    """One request and its answer."""

    def __init__(self, scope: Scope, send: Send, request_id: str) -> None:
        self.scope, self._send, self.request_id = scope, send, request_id
        self.status = 0
        self.secure = _https(scope)

    async def run(self, app: ASGIApp, receive: Receive) -> None:
        began = time.perf_counter()
        try:
            await app(self.scope, receive, self.send)
        except Exception:
            log.exception("request.crashed", route=_route(self.scope))
            if self.status:
                raise  # half an answer is out: closing the connection is all that can be said
            await self._apologise(receive)
        finally:
            self._note(time.perf_counter() - began)

    async def send(self, message: Message) -> None:
        """Send on, with our headers where the answer begins."""
        if message["type"] == "http.response.start":
            self.status = message["status"]
            headers = MutableHeaders(scope=message)
            for name, value in HEADERS.items():
                headers.setdefault(name, value)
            if self.secure:
                headers.setdefault("strict-transport-security", HSTS)
            headers["x-request-id"] = self.request_id
        await self._send(message)

    async def _apologise(self, receive: Receive) -> None:
        sentence = f"Something went wrong on our side. Tell us this id: {self.request_id}"
        answer = problem(500, sentence, "INTERNAL", id=self.request_id)
        await answer(self.scope, receive, self.send)

    def _note(self, seconds: float) -> None:
        route, method = _route(self.scope), self.scope["method"]
        observe(method, route, self.status, seconds)
        write = log.debug if route in _QUIET else log.info
        # The path without its query, which is what people search for.
        write(
            "request",
            method=method,
            path=self.scope["path"][:200],
            status=self.status,
            ms=round(seconds * 1000, 1),
        )


def _route(scope: Scope) -> str:
    """The template of the route that answered: a handful, however many addresses are tried."""
    return getattr(scope.get("route"), "path", "") or "none"


def _https(scope: Scope) -> bool:
    doorman = getattr(scope["app"].state, "doorman", None) if "app" in scope else None
    return doorman.https(HTTPConnection(scope)) if doorman else scope.get("scheme") == "https"
