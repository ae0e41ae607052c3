"""What tests ask of Trakt behind its back: let people in, make users, move limits."""

from random import Random
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from simulators.trakt.door import Door
from simulators.trakt.oauth import Grant, Grants
from simulators.trakt.pages import body
from simulators.trakt.seeding import fill
from simulators.trakt.state import Client, State, User


def routes(state: State, grants: Grants, door: Door) -> list[Route]:
    """Everything under /_sim."""

    async def activate(request: Request) -> Response:
        """Type in a device's code, as a user. {"user_code","user"} ; "deny": true"""
        sent = await body(request)
        code = str(sent.get("user_code") or "").upper()
        asking = next((a for a in grants.asking.values() if a.user_code == code), None)
        if asking is None or asking.outcome is not None:
            return _problem(404, "No device waits with this code.")
        if sent.get("deny"):
            asking.outcome = "denied"
        else:
            user = sent.get("user") or next(iter(state.users))
            if user not in state.users:
                return _problem(404, f"There is no user {user!r}.")
            asking.outcome, asking.user = "allowed", user
        return JSONResponse({"outcome": asking.outcome})

    async def tokens(request: Request) -> Response:
        """A pair for a user at once, without the way through a device. {"user","client_id"}"""
        sent = await body(request)
        if sent.get("user") not in state.users:
            return _problem(404, f"There is no user {sent.get('user')!r}.")
        return JSONResponse(grants.issue(Grant(sent["user"], str(sent.get("client_id", "app")))))

    async def users(request: Request) -> Response:
        """Make or change somebody. {"user","vip","private","answers","history","revoke"}"""
        sent = await body(request)
        name = sent.get("user")
        if not isinstance(name, str) or not name:
            return _problem(400, "Say who: user.")
        known = name in state.users
        user = state.users.setdefault(name, User(name))
        user.vip = bool(sent.get("vip", user.vip))
        user.private = bool(sent.get("private", user.private))
        if "answers" in sent:
            user.answers = sent["answers"]
        if not known or sent.get("history"):
            fill(state, user, Random(name), int(sent.get("history", 0)))
        if sent.get("revoke"):
            grants.revoke_all(name)
        return JSONResponse(_user(user))

    async def all_users(request: Request) -> Response:
        """Everybody, with how much they have."""
        return JSONResponse([_user(user) for user in state.users.values()])

    async def clients(request: Request) -> Response:
        """Register an application. {"client_id","client_secret","approved"}"""
        sent = await body(request)
        if not sent.get("client_id"):
            return _problem(400, "Say which: client_id.")
        client = Client(sent["client_id"], sent.get("client_secret"), sent.get("approved", True))
        state.clients[client.id] = client
        return JSONResponse({"client_id": client.id, "approved": client.approved})

    async def limits(request: Request) -> Response:
        """Change how many calls are let through, and count anew. Keys as of `door.Limits`."""
        for name, value in (await body(request)).items():
            if name == "enabled":
                door.limits.authed = door.limits.unauthed = bool(value)
            elif name in ("authed", "unauthed", "silent"):
                setattr(door.limits, name, bool(value))
            elif name in ("get", "get_period_s", "post", "post_period_s"):
                setattr(door.limits, name, value)
            else:
                raise HTTPException(400)
        door.limits.windows.clear()
        return Response(status_code=204)

    async def oauth(request: Request) -> Response:
        """Change how long tokens and codes live, and how often to ask, in seconds."""
        for name, value in (await body(request)).items():
            if name not in ("lifetime_s", "code_lifetime_s", "interval_s"):
                raise HTTPException(400)
            setattr(grants, name, value)
        return Response(status_code=204)

    async def log(request: Request) -> Response:
        """Calls that got as far as being counted, and by whom."""
        return JSONResponse(list(door.log))

    return [
        Route("/_sim/activate", activate, methods=["POST"]),
        Route("/_sim/tokens", tokens, methods=["POST"]),
        Route("/_sim/users", users, methods=["POST"]),
        Route("/_sim/users", all_users, methods=["GET"]),
        Route("/_sim/clients", clients, methods=["POST"]),
        Route("/_sim/limits", limits, methods=["POST"]),
        Route("/_sim/oauth", oauth, methods=["POST"]),
        Route("/_sim/log", log, methods=["GET"]),
    ]


def _user(user: User) -> dict[str, Any]:
    return {
        "user": user.name,
        "vip": user.vip,
        "history": len(user.plays),
        "ratings": len(user.ratings),
        "watchlist": len(user.watchlist),
    }


def _problem(status: int, text: str) -> JSONResponse:
    return JSONResponse({"error": text}, status)
