"""Why a file cannot be taken in, in words for whoever chose it."""

from domain.errors import DomainError


class UnknownExport(DomainError):
    """A file that is no export we understand."""

    code = "UNKNOWN_EXPORT"


class DamagedExport(DomainError):
    """An export that is broken, cut short, locked, or lacks what makes it useful."""

    code = "DAMAGED_EXPORT"


class TooLarge(DomainError):
    """A file with more in it than anybody's history, or one that unpacks to such a file."""

    code = "TOO_LARGE"
