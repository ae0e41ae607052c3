"""Refusals of the import desk."""

from domain.errors import DomainError, NotFound


class NoSuchImport(NotFound):
    """No import of this profile has that id."""

    def __init__(self) -> None:
        super().__init__("This profile has no import with that id.", field="batchId")


class NoSuchLine(NotFound):
    """No line of this import has that number."""

    def __init__(self, given: str) -> None:
        super().__init__(
            f"{given[:40]!r} is no line of this import; lines are named like '12' or '12.1'.",
            field="line",
        )


class NothingToImport(DomainError):
    """A file in which nothing can be used."""

    code = "NOTHING_TO_IMPORT"

    def __init__(self, reasons: list[str]) -> None:
        why = f" The first rows: {' '.join(reasons[:3])}" if reasons else ""
        super().__init__(f"Nothing in this file can be used.{why}")


class TooManyLines(DomainError):
    """A file with more lines than the desk takes."""

    code = "TOO_MANY_LINES"

    def __init__(self, most: int) -> None:
        super().__init__(f"An import has at most {most:,} lines; bring the file in parts.")


class ImportBusy(DomainError):
    """Another import of the same profile is at work."""

    code = "IMPORT_BUSY"

    def __init__(self) -> None:
        super().__init__("Another import is at work for this profile; wait until it is done.")


class AlreadyWritten(DomainError):
    """A line that was written can't be settled otherwise."""

    code = "ALREADY_WRITTEN"

    def __init__(self, line: str) -> None:
        super().__init__(
            f"Line {line} has been written to the history already; undo the import first.",
            field="line",
        )


class StillWritten(DomainError):
    """An import that has written something can't be thrown away."""

    code = "STILL_WRITTEN"

    def __init__(self) -> None:
        super().__init__(
            "This import has written to the history, and only it knows what; undo it first."
        )
