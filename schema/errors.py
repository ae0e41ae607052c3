"""Expected outcomes as types: every mutation ends in its success or in one of these."""

from typing import Any

import strawberry
from strawberry.types.field import StrawberryField

from domain import errors

_FIELD = "The input that caused it, where one did."


@strawberry.interface(description="Why something was not done, in words for people.")
class UserError:
    message: str = strawberry.field(description="What happened, why, and what to do next.")
    code: str = strawberry.field(description="The same for programs; it does not change.")


@strawberry.type(description="An input that can't be used.")
class InvalidInputError(UserError):
    field: str | None = strawberry.field(description=_FIELD)


@strawberry.type(description="Nothing has that id, or nothing that this viewer may know of.")
class NotFoundError(UserError):
    field: str | None = strawberry.field(description=_FIELD)


@strawberry.type(description="This viewer may not do that.")
class ForbiddenError(UserError):
    pass


@strawberry.type(description="It takes an account; sign in first.")
class NotSignedInError(UserError):
    pass


@strawberry.type(description="Too often; wait a little.")
class RateLimitedError(UserError):
    retry_after: int = strawberry.field(description="Seconds to wait.")


@strawberry.type(description="It can't be done as things are: taken, full, or not yours to pass.")
class RefusedError(UserError):
    field: str | None = strawberry.field(description=_FIELD)


Refusal = (
    InvalidInputError
    | NotFoundError
    | ForbiddenError
    | NotSignedInError
    | RateLimitedError
    | RefusedError
)
"""What any mutation may end in instead of its success."""


class RefusalHandler(strawberry.ExceptionHandler[errors.DomainError, Any]):
    """The one place where a refusal of the domain becomes a type of the schema."""

    # Which fields are ours to answer for is found by one type; every payload has them all.
    error_type = InvalidInputError

    def handle(
        self, exception: errors.DomainError, *, field: StrawberryField, info: strawberry.Info
    ) -> Refusal:
        """The type for a refusal."""
        message, code, at = exception.message, exception.code, exception.field
        match exception:
            case errors.TooManyRequests():
                return RateLimitedError(
                    message=message, code=code, retry_after=exception.retry_after
                )
            case errors.NotSignedIn():
                return NotSignedInError(message=message, code=code)
            case errors.Forbidden():
                return ForbiddenError(message=message, code=code)
            case errors.NotFound():
                return NotFoundError(message=message, code=code, field=at)
            case errors.InvalidInput():
                return InvalidInputError(message=message, code=code, field=at)
            case _:
                return RefusedError(message=message, code=code, field=at)
