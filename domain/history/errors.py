"""Refusals about histories."""

from domain.errors import DomainError, NotFound


class HistoryFull(DomainError):
    """The history has as many lines as it may."""

    code = "HISTORY_FULL"

    def __init__(self, most: int) -> None:
        super().__init__(f"A history has at most {most:,} lines; remove some first.")


class NoSuchWatch(NotFound):
    """No line of this profile's history has that id."""

    def __init__(self) -> None:
        super().__init__("Nothing in this history has that id.", field="id")


class NoSuchEpisode(NotFound):
    """No episode that this profile may see has that id."""

    def __init__(self, field: str = "episodeId") -> None:
        super().__init__("No episode has that id.", field=field)
