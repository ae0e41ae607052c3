"""What can be refused. The message is for people: what happened, why, what to do next."""


class DomainError(Exception):
    """A refusal that a person can understand and act on; the edge shows its message as it is.

    code: a stable word for programs.
    field: the input that caused it, as the client named it, where one did.
    """

    code = "REFUSED"

    def __init__(self, message: str, *, field: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.field = field


class InvalidInput(DomainError):
    """A value that cannot be used: too long, malformed, out of range."""

    code = "INVALID_INPUT"


class NotFound(DomainError):
    """Nothing has that id, or the viewer may not know that something has."""

    code = "NOT_FOUND"


class Forbidden(DomainError):
    """The viewer is known and may not do this."""

    code = "FORBIDDEN"


class NotSignedIn(DomainError):
    """It takes an account, and the caller showed none."""

    code = "UNAUTHENTICATED"

    def __init__(self, message: str = "Sign in first: this belongs to an account.") -> None:
        super().__init__(message)


class TooManyRequests(DomainError):
    """A limit is used up. retry_after: whole seconds until one more is allowed."""

    code = "RATE_LIMITED"

    def __init__(self, message: str, *, limit: int, retry_after: int) -> None:
        super().__init__(message)
        self.limit = limit
        self.retry_after = retry_after
