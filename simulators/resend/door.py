"""What every call to Resend has to bring, how many are taken, and which were taken already."""

import hashlib
import json
import math
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from simulators.buckets import Window
from simulators.resend.refusals import MISSING_KEY, Refused, invalid
from simulators.resend.state import Key, State

_DAY_S = 86_400


@dataclass(slots=True)
class Call:
    """A call that was let in. sent: its JSON, None without a body."""

    request: Request
    key: Key
    sent: Any

    @property
    def path(self) -> dict[str, Any]:
        """What stands in the path."""
        return self.request.path_params


Answer = Callable[[Call], Awaitable[dict[str, Any]]]


@dataclass(slots=True)
class _Kept:
    digest: str
    at: float
    answer: dict[str, Any] | None = None  # None: still in progress


class Door:
    """Lets calls in. Every answer tells how many more it takes."""

    def __init__(self, state: State) -> None:
        self._state = state
        self._windows: dict[str, Window] = {}
        self._kept: dict[tuple[str, str], _Kept] = {}

    def endpoint(
        self, answer: Answer, *, sending: bool = False, status: int = 200
    ) -> Callable[[Request], Awaitable[Response]]:
        """A route's endpoint. sending: open to keys that may only send, and idempotent."""

        async def endpoint(request: Request) -> Response:
            headers: dict[str, str] = {}
            try:
                key = self._key(request, headers)
                if key.permission != "full_access" and not sending:
                    raise Refused(
                        401,
                        "restricted_api_key",
                        "This API key is restricted to only send emails.",
                    )
                call = Call(request, key, await _json(request))
                told = await (self._once(call, answer) if sending else answer(call))
                response = JSONResponse(told, status)
            except Refused as refused:
                response = JSONResponse(refused.body, refused.status, headers=refused.headers)
            response.headers.update({**headers, **self._quotas()})
            return response

        return endpoint

    def _key(self, request: Request, headers: dict[str, str]) -> Key:
        if not request.headers.get("user-agent"):
            raise Refused(403, "validation_error", "A User-Agent header is required.")
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() != "bearer" or not token:
            self._count("", headers, taking=False)
            raise Refused(401, "missing_api_key", MISSING_KEY)
        key = self._state.keys.get(token) or Key()
        if not token.startswith("re_") or key.permission == "revoked":
            self._count("", headers, taking=False)
            raise Refused(403, "invalid_api_key", "API key is invalid.")
        self._count(key.team, headers)
        return key

    def _count(self, team: str, headers: dict[str, str], *, taking: bool = True) -> None:
        limit, now = self._state.settings.rps, self._state.clock.seconds()
        window = self._windows.setdefault(team, Window(limit, 1))
        window.limit = limit
        allowed = not taking or window.take(now)
        reset = max(1, math.ceil(window.ends_at - now)) if window.used else 1
        headers["ratelimit-limit"] = str(limit)
        headers["ratelimit-remaining"] = str(window.remaining)
        headers["ratelimit-reset"] = str(reset)
        if not allowed:
            raise Refused(
                429,
                "rate_limit_exceeded",
                f"Too many requests. You can only make {limit} requests per second. See rate "
                "limit response headers for more information. Or contact support to increase "
                "rate limit.",
                {"retry-after": str(reset)},
            )

    async def _once(self, call: Call, answer: Answer) -> dict[str, Any]:
        key = call.request.headers.get("idempotency-key")
        if key is None:
            return await answer(call)
        if not 1 <= len(key) <= 256:
            raise Refused(400, "invalid_idempotency_key", "The key must be between 1-256 chars.")
        now = self._state.clock.seconds()
        path = call.request.url.path.encode()
        digest = hashlib.sha256(path + b"\0" + await call.request.body()).hexdigest()
        kept = self._kept.get((call.key.team, key))
        if kept is not None and now < kept.at + _DAY_S:
            if kept.digest != digest:
                raise Refused(
                    409,
                    "invalid_idempotent_request",
                    "Same idempotency key used with a different request payload.",
                )
            if kept.answer is None:
                raise Refused(
                    409,
                    "concurrent_idempotent_requests",
                    "Same idempotency key used while original request is still in progress.",
                )
            return kept.answer
        mine = self._kept[call.key.team, key] = _Kept(digest, now)
        try:
            told = mine.answer = await answer(call)
        finally:
            if mine.answer is None:  # a refusal is nothing to repeat
                del self._kept[call.key.team, key]
        return told

    def spend(self, team: str, recipients: int) -> None:
        """Count emails against the quotas, each recipient for itself. Raises Refused."""
        settings, now = self._state.settings, self._state.clock.now()
        day, month = now.date().isoformat(), f"{now:%Y-%m}"
        for name, period, most in (
            ("daily", day, settings.daily_quota),
            ("monthly", month, settings.monthly_quota),
        ):
            if most is not None and self._state.used.get((team, period), 0) + recipients > most:
                raise Refused(
                    429, f"{name}_quota_exceeded", f"You have reached your {name} email quota."
                )
        for period in (day, month):
            key = (team, period)
            self._state.used[key] = self._state.used.get(key, 0) + recipients

    def _quotas(self) -> dict[str, str]:
        settings, now = self._state.settings, self._state.clock.now()
        used = self._state.used
        told: dict[str, str] = {}
        if settings.daily_quota is not None:
            told["x-resend-daily-quota"] = str(used.get(("team", now.date().isoformat()), 0))
        if settings.monthly_quota is not None:
            told["x-resend-monthly-quota"] = str(used.get(("team", f"{now:%Y-%m}"), 0))
        return told


async def _json(request: Request) -> Any:
    body = await request.body()
    if not body:
        return None
    try:
        return json.loads(body)
    except ValueError:
        raise invalid("The request body must be valid JSON.", 400) from None
