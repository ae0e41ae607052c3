"""What stands in the body of a refusal, without what we handed over: some quote what they got."""

from collections.abc import Iterable, Mapping
from typing import Any

import httpx
import orjson

from domain.titles.names import clean
from integrations.upstreams import bodies

_LONGEST = 200
_MOST_BYTES = 64 * 1024
_OAUTH = ("invalid_grant", "invalid_client", "invalid_request", "unauthorized_client")
_HANDED_OVER = frozenset({"client_secret", "refresh_token", "token", "code"})


async def told(response: httpx.Response) -> Any:
    """What its JSON says; None where it is none. Never raises for it."""
    try:
        encoding = response.headers.get("content-encoding", "")
        return orjson.loads(await bodies.read(response.aiter_raw(), encoding, _MOST_BYTES))
    except (ValueError, httpx.HTTPError, httpx.StreamError, OSError):
        return None


def said(value: Any, secrets: Iterable[str]) -> tuple[str, str]:
    """The reason that a refusal gives, and OAuth's word for it; "" where it gives none."""
    reason = clean(_reason(value))
    for secret in secrets:
        reason = reason.replace(secret, "…")
    error = value.get("error") if isinstance(value, dict) else ""
    return reason[:_LONGEST], error if error in _OAUTH else ""


def secrets(request: httpx.Request, body: Mapping[str, Any] | bytes | None) -> list[str]:
    """What must not be quoted: the key of a request, and what its body hands over by name."""
    told = [request.headers.get("authorization", "").partition(" ")[2]]
    told += [
        value
        for key, value in (body.items() if isinstance(body, Mapping) else ())
        if key in _HANDED_OVER and isinstance(value, str)
    ]
    return sorted((each for each in told if each), key=len, reverse=True)


def _reason(value: Any) -> str:
    if not isinstance(value, dict):
        return ""
    for key in ("status_message", "error_description", "message", "error", "errors"):
        told = value.get(key)
        if isinstance(told, list) and told:
            told = told[0].get("message") if isinstance(told[0], dict) else told[0]
        if isinstance(told, str) and told.strip():
            return told
    return ""
