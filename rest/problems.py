"""Errors as problems (RFC 9457): for people by their sentence, for programs by their code."""

from collections.abc import Mapping
from typing import Any

import orjson
from pydantic import Field
from starlette.responses import Response

from domain import errors
from rest.shapes import Told

MEDIA_TYPE = "application/problem+json"
TITLES = {
    400: "Bad request", 401: "Not signed in", 403: "Forbidden", 404: "Not found",
    405: "Method not allowed", 408: "Too slow", 409: "Conflict", 413: "Too large",
    415: "Wrong media type", 422: "Invalid input", 429: "Too many requests", 500: "Our fault",
    503: "Not available",
}  # fmt: skip


class FieldProblem(Told):
    """What is wrong with one field."""

    field: str | None = Field(description="Which.", examples=["time_min"])
    detail: str = Field(description="What is wrong.", examples=["time_min should be a number."])


class Problem(Told):
    """Why something was not done (RFC 9457)."""

    type: str = Field(description="A page about it.", examples=["/problems/invalid-input"])
    title: str = Field(description="Its kind.", examples=["Invalid input"])
    status: int = Field(description="The HTTP status.", examples=[422])
    detail: str = Field(
        description="What happened, why, and what to do next.",
        examples=["time_min is from 1 to 1440 minutes."],
    )
    code: str = Field(description="The same for programs.", examples=["INVALID_INPUT"])
    field: str | None = Field(
        default=None, description="The input that caused it, if one did.", examples=["time_min"]
    )
    errors: list[FieldProblem] | None = Field(
        default=None, description="All that is wrong with the input, where it is more than that."
    )
    id: str | None = Field(
        default=None, description="Of our own fault: what to ask us about.", examples=["5f0c2a9b"]
    )


class BadRequest(errors.DomainError):
    """A body that is not the JSON that was asked for."""

    code = "BAD_BODY"

    def __init__(self, message: str, status: int = 400) -> None:
        super().__init__(message)
        self.status = status


class InvalidFields(errors.InvalidInput):
    """More than one field that cannot be used, or one of a shape that nobody can use."""

    def __init__(self, found: list[FieldProblem]) -> None:
        super().__init__(found[0].detail, field=found[0].field)
        self.found = found


def slug(code: str) -> str:
    """A code as the pages about problems have it in their address."""
    return code.lower().replace("_", "-")


def problem(
    status: int, message: str, code: str, headers: Mapping[str, str] | None = None, **more: Any
) -> Response:
    """The answer that tells a problem. more: Problem's other members; None leaves one out."""
    told: dict[str, Any] = {
        "type": f"/problems/{slug(code)}",
        "title": TITLES.get(status, "Error"),
        "status": status,
        "detail": message,
        "code": code,
    }
    body = orjson.dumps(told | {key: value for key, value in more.items() if value is not None})
    return Response(body, status, dict(headers or {}), MEDIA_TYPE)
