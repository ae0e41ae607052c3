"""What every call to Trakt has to bring, and how many calls it takes from whom."""

import json
import math
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from simulators.buckets import Window
from simulators.trakt.oauth import Grants
from simulators.trakt.state import State, User

Endpoint = Callable[[Request], Awaitable[Response]]
Answering = Callable[[Request, User], Awaitable[Response]]


@dataclass(slots=True)
class Limits:
    """How many calls are let through. silent: 429 without the headers that explain it."""

    authed: bool = True
    unauthed: bool = True
    get: int = 500
    get_period_s: float = 300
    post: int = 1
    post_period_s: float = 1
    silent: bool = False
    windows: dict[tuple[str, str], Window] = field(default_factory=dict)

    def window(self, name: str, whose: str) -> Window:
        """Where calls of somebody's are counted."""
        key = (name, whose)
        if key not in self.windows:
            by_post = name == "AUTHED_API_POST_LIMIT"
            self.windows[key] = (
                Window(self.post, self.post_period_s)
                if by_post
                else Window(self.get, self.get_period_s)
            )
        return self.windows[key]


class Door:
    """Lets a call in, as somebody or as nobody, or refuses it with a status."""

    def __init__(self, state: State, grants: Grants) -> None:
        self.limits = Limits()
        self.log: deque[dict[str, object]] = deque(maxlen=5_000)
        self._state, self._grants = state, grants

    def open(self, answer: Endpoint) -> Endpoint:
        """An endpoint that needs nobody's permission."""

        async def endpoint(request: Request) -> Response:
            return await self._answer(request, self._who(request), lambda: answer(request))

        return endpoint

    def signed_in(self, answer: Answering) -> Endpoint:
        """An endpoint for somebody with a token."""

        async def endpoint(request: Request) -> Response:
            user = self._who(request)
            if user is None:
                raise HTTPException(401, headers=_CHALLENGE)
            return await self._answer(request, user, lambda: answer(request, user))

        return endpoint

    def _who(self, request: Request) -> User | None:
        headers = request.headers
        if not headers.get("user-agent"):
            raise HTTPException(403)  # where Cloudflare stands
        client = self._state.client(headers.get("trakt-api-key", ""))
        if client is None or not client.approved:
            raise HTTPException(403)
        if headers.get("trakt-api-version") != "2":
            raise HTTPException(400)
        if request.method in ("POST", "PUT") and not is_json(request):
            raise HTTPException(412)
        sent = headers.get("authorization")
        if sent is None:
            return None
        user = self._grants.user_of(sent.removeprefix("Bearer ").strip())
        if user is None:
            raise HTTPException(401, headers=_CHALLENGE)
        return user

    async def _answer(
        self, request: Request, user: User | None, answer: Callable[[], Awaitable[Response]]
    ) -> Response:
        told = self._count(request, user)
        self.log.append(
            {"method": request.method, "path": str(request.url.path), "user": user and user.name}
        )
        if user is not None and user.answers is not None:
            raise HTTPException(user.answers, headers=told)
        try:
            response = await answer()
        except HTTPException as refused:
            raise HTTPException(
                refused.status_code, headers={**told, **(refused.headers or {})}
            ) from None
        response.headers.update(told)
        return response

    def _count(self, request: Request, user: User | None) -> dict[str, str]:
        limits = self.limits
        reading = request.method in ("GET", "HEAD")
        if user is not None:
            name = "AUTHED_API_GET_LIMIT" if reading else "AUTHED_API_POST_LIMIT"
            on, whose = limits.authed, user.name
        else:
            name, on = "UNAUTHED_API_GET_LIMIT", limits.unauthed
            host = request.client.host if request.client else ""
            whose = f"{request.headers['trakt-api-key']} {host}"
        if not on:
            return {}
        window, now = limits.window(name, whose), self._state.clock.seconds()
        allowed = window.take(now)
        told = {
            "name": name,
            "period": int(window.period),
            "limit": window.limit,
            "remaining": window.remaining,
            "until": datetime.fromtimestamp(math.ceil(window.ends_at), UTC).isoformat()[:19] + "Z",
        }
        headers = {"X-Ratelimit": json.dumps(told)}
        if not allowed:
            wait = max(1, math.ceil(window.ends_at - now))
            raise HTTPException(
                429, headers={} if limits.silent else {**headers, "Retry-After": str(wait)}
            )
        return headers


_CHALLENGE = {"WWW-Authenticate": 'Bearer realm="The API", error="invalid_token"'}


def is_json(request: Request) -> bool:
    """Whether the call says that it brings JSON."""
    return request.headers.get("content-type", "").partition(";")[0].strip() == "application/json"
