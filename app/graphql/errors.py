"""Which errors a client is told: what was said on purpose as it is, and of the rest an id."""

import secrets
from typing import Any

import structlog
from graphql import GraphQLError
from strawberry.extensions import MaskErrors

from domain.db import is_away
from domain.errors import DomainError, TooManyRequests

log = structlog.get_logger(__name__)


def masked(error: GraphQLError) -> GraphQLError:
    """Keep what was said on purpose; log the rest and hand out its id.

    Errors in what the client sent also have a cause, but they point at the place in the document
    and not at a field; a crash before any field ran points at neither.
    """
    cause = error.original_error
    if isinstance(cause, DomainError):
        return GraphQLError(
            cause.message, error.nodes, path=error.path, extensions=_extensions(cause)
        )
    if cause is None or isinstance(cause, GraphQLError) or (error.nodes and not error.path):
        return error
    if is_away(cause):
        log.warning("postgres.unreachable", problem=type(cause).__name__)
        text = "The database doesn't answer at this moment; try again in a few seconds."
        extensions = {"code": "UNAVAILABLE"}
        return GraphQLError(text, error.nodes, path=error.path, extensions=extensions)
    number = secrets.token_hex(6)
    log.error("graphql.unexpected", id=number, path=error.path, exc_info=cause)
    return GraphQLError(
        f"Something went wrong on our side. Tell us this id: {number}",
        error.nodes,
        path=error.path,
        extensions={"code": "INTERNAL", "id": number},
    )


def _extensions(refusal: DomainError) -> dict[str, Any]:
    told: dict[str, Any] = {"code": refusal.code}
    if refusal.field is not None:
        told["field"] = refusal.field
    if isinstance(refusal, TooManyRequests):
        told["retryAfter"] = refusal.retry_after
    return told


class Masks(MaskErrors):
    """The same for what strawberry streams itself, over sockets."""

    def _process_errors(self, errors: list[GraphQLError]) -> list[GraphQLError]:
        return [masked(error) for error in errors]
