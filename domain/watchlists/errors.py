"""Refusals about watchlists."""

from domain.errors import DomainError, NotFound


class WatchlistFull(DomainError):
    """The list has as many titles as it may."""

    code = "WATCHLIST_FULL"

    def __init__(self, most: int) -> None:
        super().__init__(f"A watchlist has at most {most:,} titles; remove some first.")


class NotOnTheList(NotFound):
    """The title is not on the list of the profile that asks."""

    code = "NOT_ON_THE_LIST"

    def __init__(self) -> None:
        super().__init__("That title is not on this watchlist.", field="titleId")


class NothingToPutBack(NotFound):
    """The title was never removed, or too long ago."""

    code = "NOTHING_TO_PUT_BACK"

    def __init__(self, days: int) -> None:
        super().__init__(
            f"That title was not removed from this watchlist in the last {days} days.",
            field="titleId",
        )
