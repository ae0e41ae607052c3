"""How each upstream words that it can't answer now: what stands beside a 429 or a 5xx."""

import json
import math
from collections.abc import Callable
from http import HTTPStatus
from typing import Any

_PHRASES = {each.value: each.phrase for each in HTTPStatus}
_TMDB_CODES = {429: 25, 500: 11, 502: 43, 503: 9, 504: 24}


def refusal(upstream: str, status: int, wait_s: float | None = None) -> bytes:
    """The body of a refusal; b"" where an upstream says nothing. wait_s: what it asks to wait."""
    said = _WORDS[upstream](status, _PHRASES.get(status, "Error"), wait_s)
    return b"" if said is None else json.dumps(said).encode()


def _justwatch(status: int, phrase: str, wait_s: float | None) -> Any:
    return {"errors": [{"message": phrase}], "data": None}


def _tmdb(status: int, phrase: str, wait_s: float | None) -> Any:
    code = _TMDB_CODES.get(status, 11)
    return {"success": False, "status_code": code, "status_message": phrase}


def _trakt(status: int, phrase: str, wait_s: float | None) -> Any:
    return None


def _resend(status: int, phrase: str, wait_s: float | None) -> Any:
    name = "rate_limit_exceeded" if status == 429 else "application_error"
    return {"statusCode": status, "name": name, "message": phrase}


def _telegram(status: int, phrase: str, wait_s: float | None) -> Any:
    if wait_s is None:
        return {"ok": False, "error_code": status, "description": phrase}
    seconds = math.ceil(wait_s)
    return {
        "ok": False,
        "error_code": status,
        "description": f"{phrase}: retry after {seconds}",
        "parameters": {"retry_after": seconds},
    }


def _ollama(status: int, phrase: str, wait_s: float | None) -> Any:
    return {"error": phrase.lower()}


_WORDS: dict[str, Callable[[int, str, float | None], Any]] = {
    "justwatch": _justwatch,
    "tmdb": _tmdb,
    "trakt": _trakt,
    "resend": _resend,
    "telegram": _telegram,
    "ollama": _ollama,
}
