"""What holds for wishes. Pure: what clients send in, the kept form out, or InvalidInput."""

from domain.errors import InvalidInput
from domain.titles.names import clean
from domain.watchlists.values import LONGEST_NOTE, LeavingWarning

FARTHEST_DAYS = 365
_LEVELS = ((1, LeavingWarning.URGENT), (7, LeavingWarning.SOON), (30, LeavingWarning.LEAVING))


def warning(days_left: int | None) -> LeavingWarning:
    """How loud to say that something leaves; days_left: until its last day, None without one."""
    if days_left is None:
        return LeavingWarning.NONE
    return next((level for most, level in _LEVELS if days_left <= most), LeavingWarning.NONE)


def note(given: str | None) -> str | None:
    """A note, cleaned; one that says nothing is none."""
    if given is None:
        return None
    kept = clean(given, LONGEST_NOTE + 1)
    if len(kept) > LONGEST_NOTE:
        raise InvalidInput(f"A note has at most {LONGEST_NOTE} characters.", field="note")
    return kept or None


def days(given: int | None, field: str) -> int | None:
    """A number of days to look ahead."""
    if given is not None and not 0 <= given <= FARTHEST_DAYS:
        raise InvalidInput(f"{field} goes from 0 to {FARTHEST_DAYS}.", field=field)
    return given
