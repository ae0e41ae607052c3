"""When to ask again, when to give up, and when too much is missing to be believed. Pure."""

from datetime import datetime, timedelta

LOOKED_AT_ONCE = "simulator"  # what the names of stand-ins begin with
MOST_FAILURES = 5
UNKNOWN_AGAIN = timedelta(days=30)
"""When a title that the upstream doesn't have is asked about once more."""

HELD_SHARE = 0.05
HELD_LEAST = 10
HELD_APART = timedelta(hours=6)
"""How much later a second run has to miss what a held one missed, to be believed."""

GIVE_UP = timedelta(hours=6)
"""How long an upstream may be away before a run ends without it."""

_NIGHT = timedelta(days=1)
_EARLY = timedelta(hours=4)  # a night's turn comes a little earlier or later than the last one's
_SHORTEST_WAIT, _LONGEST_WAIT = timedelta(seconds=30), timedelta(minutes=15)
_LONGEST_TOLD_WAIT = timedelta(hours=1)
_QUICK_S, _SLOW_S = 0.5, 2.0
_MOST_AT_ONCE = 2_000
_MOST_DEADLY = 5


def pause_after(failures: int) -> timedelta:
    """How long a title rests after so many failures in a row: one night, then 2, 4 and 8."""
    return _NIGHT * 2 ** (min(failures, MOST_FAILURES) - 1) - _EARLY


def second_look_s(source: str, wanted: float) -> float:
    """How long to wait until what was missing is asked about again: not at all with stand-ins."""
    return 0 if source.startswith(LOOKED_AT_ONCE) else wanted


def is_too_much(missing: int, seen: int) -> bool:
    """Whether so many offers are missing of those that were seen that somebody should look."""
    return missing > HELD_LEAST and missing > seen * HELD_SHARE


def wait_for(away: timedelta, told_s: float | None) -> timedelta | None:
    """How long to wait for an upstream that has been away for so long; None: no longer.

    told_s: how long it says itself. Otherwise as long as it has been away, within limits.
    """
    if away >= GIVE_UP:
        return None
    if told_s is not None:
        return min(max(timedelta(seconds=min(told_s, 86_400)), timedelta(seconds=1)),
                   _LONGEST_TOLD_WAIT)  # fmt: skip
    return min(max(away, _SHORTEST_WAIT), _LONGEST_WAIT)


def is_to_blame(tries: int) -> bool:
    """Whether a title is why workers die: three did that took in nothing else. tries: so many."""
    return tries >= 3


def may_be_chance(deadly: int) -> bool:
    """Whether titles may be why workers died, and not whatever they do.

    deadly: at how many titles of a run somebody died twice.
    """
    return deadly < _MOST_DEADLY


def next_size(size: int, took_s: float, batch: int) -> int:
    """How many titles to ask about between two checkpoints, about a second apart."""
    if took_s < _QUICK_S:
        return min(size * 2, max(_MOST_AT_ONCE, batch))
    return max(size // 2, batch) if took_s > _SLOW_S else size


def is_second(missed_before: datetime, now: datetime, wanted_s: float) -> bool:
    """Whether a look is late enough after the one that missed something to confirm it."""
    return now - missed_before >= timedelta(seconds=wanted_s)
