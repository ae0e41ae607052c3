"""Why a subscription ends before its listener wants it to."""

from domain.errors import DomainError


class SlowConsumer(DomainError):
    """A listener did not take what was ready for it."""

    code = "SLOW_CONSUMER"

    def __init__(self) -> None:
        super().__init__(
            "You read slower than things happen. Come back with the last cursor you have read."
        )


class HubClosed(DomainError):
    """The hub can't serve now: it stops, or has never reached its database."""

    code = "HUB_CLOSED"

    def __init__(self, why: str = "The server is stopping.") -> None:
        super().__init__(f"{why} Come back in a moment with the last cursor you have read.")


class NotRendered(HubClosed):
    """An update could not be put into words for an audience; `id` stands in the log."""

    code = "NOT_RENDERED"

    def __init__(self, id: str) -> None:
        super().__init__(f"Something went wrong on our side ({id}).")
