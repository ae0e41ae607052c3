"""Which night's run is due: every night begins at 02:00 by the instance's clock. Pure.

A night in which nobody was awake is made up for once, by the run of the last one that has begun.
"""

from datetime import UTC, date, datetime, time, timedelta, tzinfo

BEGINS = time(2)
_DAY = timedelta(days=1)


def begins_at(night: date, zone: tzinfo) -> datetime:
    """When a night begins, in UTC. Where clocks skip 02:00: when they do; where they show it
    twice: the first time.
    """
    return datetime.combine(night, BEGINS, zone).astimezone(UTC)


def last_night(now: datetime, zone: tzinfo) -> date:
    """The night that has begun last; now: aware."""
    day = now.astimezone(zone).date()
    while begins_at(day, zone) > now:
        day -= _DAY
    return day
