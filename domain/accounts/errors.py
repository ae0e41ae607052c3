"""Refusals at the door."""

from domain.errors import DomainError, NotSignedIn


class EmailTaken(DomainError):
    """Somebody signed up with this e-mail before."""

    code = "EMAIL_TAKEN"

    def __init__(self) -> None:
        super().__init__(
            "There is an account with this e-mail already; sign in instead.", field="email"
        )


class WrongCredentials(DomainError):
    """The same words whether the e-mail or the password is wrong, so that neither is given away."""

    code = "WRONG_CREDENTIALS"

    def __init__(self) -> None:
        super().__init__("No account has this e-mail and this password. Check both and try again.")


class WrongPassword(DomainError):
    """Somebody signed in could not repeat the account's password."""

    code = "WRONG_PASSWORD"

    def __init__(self, field: str = "password") -> None:
        super().__init__("That is not this account's password; nothing was changed.", field=field)


class BadToken(NotSignedIn):
    """A bearer token that nobody has, or nobody has any more."""

    code = "BAD_TOKEN"

    def __init__(self) -> None:
        super().__init__(
            "This API token is unknown or revoked; make a new one with `streaming-stack token`"
            " or the mutation createApiToken."
        )


class TooManyTokens(DomainError):
    """The account has as many API tokens as it may."""

    code = "TOO_MANY_TOKENS"

    def __init__(self, most: int) -> None:
        super().__init__(f"An account has at most {most} API tokens; revoke one you don't use.")
