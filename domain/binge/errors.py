"""Refusals about binges."""

from domain.errors import DomainError, Forbidden, NotFound


class NothingListed(DomainError):
    """Nobody has listed the episodes of a series."""

    code = "NOTHING_LISTED"

    def __init__(self) -> None:
        super().__init__(
            "Nobody has told us the episodes of this series yet, so there is nothing to plan."
            " Put it on a watchlist: the nightly sync asks about what is wished for.",
            field="titleId",
        )


class TooManyEpisodes(DomainError):
    """There are more episodes than can be planned at once."""

    code = "TOO_MANY_EPISODES"

    def __init__(self, most: int) -> None:
        super().__init__(
            f"More than {most:,} episodes are left, which is more than we plan at once; name the"
            " seasons to watch.",
            field="seasons",
        )


class NothingLeft(DomainError):
    """All that a plan would be about has been watched, or is filler that it skips."""

    code = "NOTHING_LEFT"

    def __init__(self) -> None:
        super().__init__(
            "Nothing of that is left to watch, so there is nothing to follow: you have seen it, or"
            " what you haven't is filler. Send skipFiller: false to watch that, too.",
            field="titleId",
        )


class PlanNeedsPro(Forbidden):
    """The account is on the free plan."""

    code = "NEEDS_PRO"

    def __init__(self) -> None:
        super().__init__(
            "Following a binge plan takes a Pro account. On the free plan you can ask for a"
            " schedule as often as you like, and see its first three days."
        )


class TooManyBinges(DomainError):
    """The profile follows as many plans as it may."""

    code = "TOO_MANY_BINGES"

    def __init__(self, most: int) -> None:
        super().__init__(f"A profile follows at most {most} binges; stop following one first.")


class NotFollowed(NotFound):
    """The profile follows no plan for the title."""

    code = "NOT_FOLLOWED"

    def __init__(self) -> None:
        super().__init__("You follow no binge plan for that title.", field="titleId")
