"""How somebody lets an application in: codes for devices and browsers, tokens, and their end."""

import random
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from simulators.trakt.pages import body
from simulators.trakt.state import Client, State, User

_LETTERS = "0123456789ABCDEF"


@dataclass(slots=True)
class Asking:
    """A device that waits for somebody. outcome: None | 'allowed' | 'denied' | 'used'."""

    user_code: str
    client_id: str
    expires_at: float
    interval_s: float
    outcome: str | None = None
    user: str = ""
    polled_at: float | None = None


@dataclass(slots=True)
class Grant:
    """What somebody has allowed an application; ends with any of its tokens."""

    user: str
    client_id: str
    access: dict[str, float] = field(default_factory=dict)  # and when each ends
    refresh: str = ""


class Grants:
    """All of them, and the codes that lead to them."""

    def __init__(self, state: State) -> None:
        self.state = state
        self.lifetime_s = 604_800
        self.interval_s = 5
        self.code_lifetime_s = 600
        self.asking: dict[str, Asking] = {}
        self.browser_codes: dict[str, tuple[str, str, str]] = {}
        self._grants: list[Grant] = []
        # Apart from the draws that seed users, so that one doesn't move the other.
        self._draw = random.Random(state.draw.random())

    def user_of(self, token: str) -> User | None:
        """Whose an access token is; None where it is unknown or has ended."""
        now = self.state.clock.seconds()
        for grant in self._grants:
            if grant.access.get(token, 0) > now:
                return self.state.users.get(grant.user)
        return None

    def issue(self, grant: Grant) -> dict[str, Any]:
        """A new pair; the refresh token before it is worth nothing any more."""
        now = self.state.clock.seconds()
        access, grant.refresh = self.secret(), self.secret()
        grant.access[access] = now + self.lifetime_s
        if grant not in self._grants:
            self._grants.append(grant)
        return {
            "access_token": access,
            "token_type": "bearer",
            "expires_in": self.lifetime_s,
            "refresh_token": grant.refresh,
            "scope": "public",
            "created_at": int(now),
        }

    def by_refresh(self, token: str, client_id: str) -> Grant | None:
        """What a refresh token that was never used stands for."""
        if not token:
            return None
        fits = (g for g in self._grants if (g.refresh, g.client_id) == (token, client_id))
        return next(fits, None)

    def revoke(self, token: str) -> None:
        """End what a token of either sort stands for."""
        self._grants = [g for g in self._grants if token != g.refresh and token not in g.access]

    def revoke_all(self, user: str) -> None:
        """What somebody does in their settings."""
        self._grants = [grant for grant in self._grants if grant.user != user]

    def secret(self) -> str:
        """64 hexadecimal digits."""
        return f"{self._draw.getrandbits(256):064x}"

    def user_code(self) -> str:
        """Eight characters to type in."""
        return "".join(self._draw.choices(_LETTERS, k=8))


async def _read(request: Request) -> dict[str, Any]:
    if request.headers.get("content-type", "").partition(";")[0].strip() != "application/json":
        raise HTTPException(412)
    return await body(request)


def routes(grants: Grants) -> list[Route]:
    """Everything under /oauth."""
    state = grants.state

    def client_of(sent: dict[str, Any], *, secret: bool = True) -> Client:
        client = state.client(str(sent.get("client_id") or ""))
        given = sent.get("client_secret")
        if client is None or (secret and client.secret is not None and client.secret != given):
            raise HTTPException(401)
        if not client.approved:
            raise HTTPException(403)
        return client

    async def code(request: Request) -> Response:
        client = client_of(await _read(request), secret=False)
        device_code, user_code = grants.secret(), grants.user_code()
        grants.asking[device_code] = Asking(
            user_code, client.id, state.clock.seconds() + grants.code_lifetime_s, grants.interval_s
        )
        return JSONResponse(
            {
                "device_code": device_code,
                "user_code": user_code,
                "verification_url": "https://trakt.tv/activate",
                "expires_in": grants.code_lifetime_s,
                "interval": grants.interval_s,
            }
        )

    async def device_token(request: Request) -> Response:
        sent = await _read(request)
        client = client_of(sent)
        asking, now = grants.asking.get(str(sent.get("code"))), state.clock.seconds()
        if asking is None or asking.client_id != client.id:
            return Response(status_code=404)
        if asking.outcome == "used":
            return Response(status_code=409)
        if now >= asking.expires_at:
            return Response(status_code=410)
        if asking.outcome == "denied":
            return Response(status_code=418)
        # Half a second is forgiven: networks are not regular.
        early = asking.polled_at is not None and now - asking.polled_at < asking.interval_s - 0.5
        asking.polled_at = now
        if early:
            return Response(status_code=429, headers={"Retry-After": str(int(asking.interval_s))})
        if asking.outcome is None:
            return Response(status_code=400)
        asking.outcome = "used"
        return JSONResponse(grants.issue(Grant(asking.user, client.id)))

    async def token(request: Request) -> Response:
        sent = await _read(request)
        try:
            client = client_of(sent)
        except HTTPException as refused:
            return _error(refused.status_code, "invalid_client", "client authentication failed")
        if sent.get("grant_type") == "refresh_token":
            grant = grants.by_refresh(str(sent.get("refresh_token") or ""), client.id)
            if grant is None:
                return _error(400, "invalid_grant", "session not found")
            return JSONResponse(grants.issue(grant))
        if sent.get("grant_type") == "authorization_code":
            kept = grants.browser_codes.pop(str(sent.get("code")), None)
            if kept is None or kept[1:] != (client.id, sent.get("redirect_uri")):
                return _error(400, "invalid_grant", "code is not valid")
            return JSONResponse(grants.issue(Grant(kept[0], client.id)))
        return _error(400, "unsupported_grant_type", "grant type is not supported")

    async def revoke(request: Request) -> Response:
        sent = await _read(request)
        client_of(sent)
        grants.revoke(str(sent.get("token") or ""))
        return JSONResponse({})

    async def authorize(request: Request) -> Response:
        # Whoever opens the page here is signed in as the first user, and agrees at once.
        asked = request.query_params
        client = state.client(asked.get("client_id", ""))
        if client is None or asked.get("response_type") != "code" or "redirect_uri" not in asked:
            raise HTTPException(400)
        user = asked.get("_user") or next(iter(state.users))
        browser_code = grants.secret()
        grants.browser_codes[browser_code] = (user, client.id, asked["redirect_uri"])
        told = {"code": browser_code, "state": asked.get("state", "")}
        return RedirectResponse(f"{asked['redirect_uri']}?{urlencode(told)}", 302)

    return [
        Route("/oauth/device/code", code, methods=["POST"]),
        Route("/oauth/device/token", device_token, methods=["POST"]),
        Route("/oauth/token", token, methods=["POST"]),
        Route("/oauth/revoke", revoke, methods=["POST"]),
        Route("/oauth/authorize", authorize, methods=["GET"]),
    ]


def _error(status: int, error: str, description: str) -> JSONResponse:
    return JSONResponse({"error": error, "error_description": description}, status)
