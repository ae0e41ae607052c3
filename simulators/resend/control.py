"""What tests ask of Resend behind its back: what was sent, and what shall become of it."""

from dataclasses import asdict, fields
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from simulators.resend.events import Events
from simulators.resend.state import STORIES, Email, Key, Settings, State

_OPENED = ("opened", "clicked", "complained", "bounced", "delivery_delayed")


def routes(state: State, events: Events) -> list[Route]:
    """Everything under /_sim."""

    async def outbox(request: Request) -> Response:
        """Every email that was taken, oldest first, with all that was sent."""
        return JSONResponse([_said(email, state) for email in state.emails.values()])

    async def clear(request: Request) -> Response:
        """Forget them."""
        state.emails.clear()
        return Response(status_code=204)

    async def outcomes(request: Request) -> Response:
        """What becomes of emails to an address. {"address","outcome"}"""
        sent = await request.json()
        if sent.get("outcome") not in STORIES:
            return _problem(400, f"outcome is one of {', '.join(STORIES)}.")
        state.outcomes[str(sent.get("address", "")).lower()] = sent["outcome"]
        return Response(status_code=204)

    async def happen(request: Request) -> Response:
        """Let something happen to an email now. {"event":"opened", ...}"""
        sent, email = await request.json(), state.emails.get(request.path_params["id"])
        if email is None or sent.get("event") not in _OPENED:
            return _problem(400, f"Name an email and one of {', '.join(_OPENED)}.")
        now = state.clock.now()
        email.more.append((now, sent["event"]))
        extra = {key: value for key, value in sent.items() if key != "event"}
        events.happened(email, sent["event"], now, extra)
        return Response(status_code=204)

    async def keys(request: Request) -> Response:
        """Give a key a team or fewer rights. {"key","team","permission"}"""
        sent = await request.json()
        permission = sent.get("permission", "full_access")
        if permission not in ("full_access", "sending_access", "revoked"):
            return _problem(400, "permission is full_access, sending_access or revoked.")
        state.keys[str(sent.get("key"))] = Key(str(sent.get("team", "team")), permission)
        return Response(status_code=204)

    async def settings(request: Request) -> Response:
        """Read them, or change some; keys as of `state.Settings`."""
        if request.method == "POST":
            known = {each.name for each in fields(Settings)}
            for name, value in (await request.json()).items():
                if name not in known:
                    return _problem(400, f"settings are {', '.join(sorted(known))}.")
                setattr(state.settings, name, value)
        return JSONResponse(asdict(state.settings))

    async def attempts(request: Request) -> Response:
        """Every attempt to deliver a webhook, by endpoint."""
        return JSONResponse({each.id: list(each.attempts) for each in state.endpoints.values()})

    return [
        Route("/_sim/outbox", outbox, methods=["GET"]),
        Route("/_sim/outbox", clear, methods=["DELETE"]),
        Route("/_sim/outcomes", outcomes, methods=["POST"]),
        Route("/_sim/emails/{id}/events", happen, methods=["POST"]),
        Route("/_sim/keys", keys, methods=["POST"]),
        Route("/_sim/settings", settings, methods=["GET", "POST"]),
        Route("/_sim/attempts", attempts, methods=["GET"]),
    ]


def _said(email: Email, state: State) -> dict[str, Any]:
    letter = asdict(email.letter)
    letter["scheduled_at"] = email.scheduled_at and email.scheduled_at.isoformat()
    return {
        "id": email.id,
        "team": email.team,
        "created_at": email.created_at.isoformat(),
        "last_event": email.last_event(state.clock.now()),
        **{("from" if name == "sender" else name): value for name, value in letter.items()},
    }


def _problem(status: int, text: str) -> JSONResponse:
    return JSONResponse({"error": text}, status)
