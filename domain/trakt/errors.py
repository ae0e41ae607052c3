"""Why an account at Trakt can't be connected or read, in words for whoever asked."""

from domain.errors import DomainError

ANOTHER_WAY = (
    "Trakt's own export works without: download your data at Trakt (a ZIP of JSON files) and bring"
    " that file here."
)


class TraktNotConfigured(DomainError):
    """This instance has no application of its own at Trakt."""

    code = "NOT_CONFIGURED"

    def __init__(self) -> None:
        super().__init__(
            "This instance can't ask Trakt: whoever runs it would have to make an application at"
            " trakt.tv/oauth/applications, and set STREAMING_STACK_TRAKT_CLIENT_ID and"
            f" STREAMING_STACK_TRAKT_CLIENT_SECRET. {ANOTHER_WAY}"
        )


class NotConnected(DomainError):
    """This profile has no account at Trakt connected."""

    code = "TRAKT_NOT_CONNECTED"

    def __init__(self) -> None:
        super().__init__("No Trakt account is connected to this profile. Connect one first.")


class NoSignIn(DomainError):
    """There is no code that somebody could have typed in."""

    code = "TRAKT_NO_SIGN_IN"

    def __init__(self) -> None:
        super().__init__("No sign-in to Trakt has been begun for this profile. Begin one first.")


class TraktBusy(DomainError):
    """Somebody else works with the same account at this moment."""

    code = "TRAKT_BUSY"

    def __init__(self) -> None:
        super().__init__("This Trakt account is being worked with; try again in a few seconds.")
