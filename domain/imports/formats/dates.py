"""Days and moments as exports write them. Pure.

A moment with its zone is told as it is. Of one without a zone only the day is sure, unless the
format is known to mean a zone; a day is told as its noon in UTC.
"""

import re
from datetime import UTC, date, datetime, time, tzinfo
from functools import lru_cache
from typing import Any, NamedTuple

_NOON = time(12, tzinfo=UTC)
_EPOCH = re.compile(r"(?:[a-z-]+-)?([0-9]{10})(?:[0-9]{3})?")
_DAY_FIRST = re.compile(r"([0-9]{1,2})[-./]([0-9]{1,2})[-./]([0-9]{4})(?:[ T].*)?")
_ENGLISH = ("%a %b %d %H:%M:%S %Y", "%d %b %Y", "%b %d, %Y", "%d %B %Y", "%B %d, %Y")
_LONGEST = 40
_YEARS = range(1900, 2200)


class When(NamedTuple):
    """A moment, aware; and whether only its day is known."""

    at: datetime | None
    dated: bool = False


NEVER = When(None)


def on(day: date) -> When:
    """A day."""
    return When(datetime.combine(day, _NOON), dated=True)


def when(cell: Any, zone: tzinfo | None = None) -> When:
    """What a cell says. zone: of moments that don't tell theirs. NEVER for what is no date."""
    if isinstance(cell, str) and len(cell) <= _LONGEST:
        return _when(cell.strip(), zone)
    return NEVER


@lru_cache(16_384)
def _when(cell: str, zone: tzinfo | None) -> When:
    try:
        found = _read(cell, zone)
    except (ValueError, OverflowError, OSError):
        return NEVER
    at = found.at
    # The first second of 1970 is what programs write for "I don't know".
    if at is None or at.year not in _YEARS or at.timestamp() == 0:
        return NEVER
    return found


def _read(cell: str, zone: tzinfo | None) -> When:
    if not cell or cell.startswith("0000"):
        return NEVER
    if epoch := _EPOCH.fullmatch(cell):
        return When(datetime.fromtimestamp(int(epoch[1]), UTC))
    if found := _DAY_FIRST.fullmatch(cell):
        return on(date(int(found[3]), int(found[2]), int(found[1])))
    if cell.endswith(" UTC"):
        cell, zone = cell.removesuffix(" UTC"), UTC
    try:
        moment = datetime.fromisoformat(cell)
    except ValueError:
        return on(_english(cell))
    if len(cell) <= 10:
        return on(moment.date())
    if moment.tzinfo is None:
        if zone is None:
            return on(moment.date())
        moment = moment.replace(tzinfo=zone)
    return When(moment.astimezone(UTC))


def _english(cell: str) -> date:
    for pattern in _ENGLISH:
        try:
            return datetime.strptime(cell, pattern).date()  # noqa: DTZ007 - its day alone is used
        except ValueError:
            continue
    raise ValueError(cell)
