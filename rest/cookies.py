"""The cookie that holds a session's token."""

from starlette.requests import HTTPConnection
from starlette.responses import Response

from domain.accounts.rules import SESSION_IDLE


def cookie_name(https: bool) -> str:
    """Over TLS the prefix makes browsers refuse the cookie from a neighbour or without TLS."""
    return "__Host-session" if https else "session"


def put(response: Response, token: str, *, https: bool) -> None:
    """Give a session's token to the browser, for 30 days."""
    response.set_cookie(
        cookie_name(https),
        token,
        max_age=int(SESSION_IDLE.total_seconds()),
        path="/",
        secure=https,
        httponly=True,
        samesite="lax",
    )


def clear(response: Response, *, https: bool) -> None:
    """Take the session's token from the browser."""
    response.delete_cookie(
        cookie_name(https), path="/", secure=https, httponly=True, samesite="lax"
    )


def renew(request: HTTPConnection, response: Response, *, https: bool) -> None:
    """Let the cookie live as long as its session does, once `Doorman.viewer` has renewed it."""
    token = getattr(request.state, "renewed", None)
    if token is not None:
        put(response, token, https=https)
