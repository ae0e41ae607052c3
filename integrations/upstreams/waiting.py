"""How long an upstream asks us to wait: Retry-After, in seconds or as a date. Pure."""

import math
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

LONGEST_S = 24 * 3600.0
"""Beyond a day nobody means it: we ask again the next day."""


def retry_after_s(value: str | None, now: datetime) -> float | None:
    """Seconds to wait, 0 to a day; None where nothing usable is said. now: aware."""
    value = (value or "").strip()
    if not value:
        return None
    try:
        seconds = float(value)
    except ValueError:
        seconds = _until(value, now)
    return None if math.isnan(seconds) else min(LONGEST_S, max(0.0, seconds))


def _until(value: str, now: datetime) -> float:
    try:
        moment = parsedate_to_datetime(value)
        if moment.tzinfo is None:  # "-0000" says that the zone is not known; HTTP means UTC
            moment = moment.replace(tzinfo=UTC)
        return (moment - now).total_seconds()
    except (ValueError, OverflowError, TypeError):
        return math.nan
