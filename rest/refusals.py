"""From an exception to the problem that is told: one place for all routes."""

import re
from collections.abc import Mapping
from typing import Any

import asyncpg
import structlog
from sqlalchemy import exc
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from domain import errors
from domain.accounts.errors import EmailTaken, WrongCredentials, WrongPassword
from domain.db import is_away
from domain.profiles.errors import PinRequired, WrongPin
from rest.problems import BadRequest, InvalidFields, problem

log = structlog.get_logger()

_STATUSES: Mapping[type[errors.DomainError], int] = {
    WrongCredentials: 401, errors.NotSignedIn: 401,
    errors.Forbidden: 403, WrongPassword: 403, PinRequired: 403, WrongPin: 403,
    errors.NotFound: 404, EmailTaken: 409, errors.TooManyRequests: 429,
}  # fmt: skip
_HTTP = {
    404: ("NO_SUCH_ADDRESS", "Nothing is at this address; /api/docs lists what there is."),
    405: ("METHOD_NOT_ALLOWED", "This address doesn't answer that method, only {allow}."),
}
_HUMP = re.compile(r"(?<=[a-z])(?=[A-Z])")


def refusal(error: errors.DomainError) -> Response:
    """The problem that a refusal of the domain is."""
    if isinstance(error, BadRequest):
        # What is left of the body must not be taken for the next request.
        return problem(error.status, error.message, error.code, {"Connection": "close"})
    status = next((code for kind, code in _STATUSES.items() if isinstance(error, kind)), 422)
    headers: dict[str, str] = {}
    more: dict[str, Any] = {}
    if isinstance(error, errors.TooManyRequests):
        headers = {
            "Retry-After": str(error.retry_after),
            "RateLimit-Limit": str(error.limit),
            "RateLimit-Remaining": "0",
            "RateLimit-Reset": str(error.retry_after),
        }
    elif status == 401:
        headers = {"WWW-Authenticate": "Bearer"}
    if isinstance(error, InvalidFields) and len(error.found) > 1:
        more["errors"] = [each.model_dump() for each in error.found]
    if error.field:  # GraphQL's names, which the domain knows, are camelCase
        more["field"] = _HUMP.sub("_", error.field).lower()
    return problem(status, error.message, error.code, headers, **more)


async def _refused(request: Request, error: Exception) -> Response:
    assert isinstance(error, errors.DomainError)
    return refusal(error)


async def _http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    headers = {name.title(): value for name, value in (error.headers or {}).items()}
    allow = headers.get("Allow", "")
    code, sentence = _HTTP.get(error.status_code, (f"HTTP_{error.status_code}", error.detail))
    return problem(error.status_code, sentence.format(allow=allow), code, headers)


async def _away(request: Request, error: Exception) -> Response:
    log.warning("postgres.unreachable", problem=type(error).__name__)
    sentence = "The database doesn't answer at this moment; try again in a few seconds."
    return problem(503, sentence, "UNAVAILABLE", {"Retry-After": "5"})


async def _gone(request: Request, error: Exception) -> Response:
    return Response(status_code=400)  # nobody is left to read it


async def _database(request: Request, error: Exception) -> Response:
    if is_away(error):
        return await _away(request, error)
    raise error


EXCEPTION_HANDLERS: Mapping[Any, Any] = {
    errors.DomainError: _refused,
    HTTPException: _http,
    ClientDisconnect: _gone,
    OSError: _database,
    TimeoutError: _database,
    exc.SQLAlchemyError: _database,
    asyncpg.PostgresError: _database,
    asyncpg.InterfaceError: _database,
}
"""For Starlette. What is none of these is a bug: `app.middleware` tells it, with an id."""
