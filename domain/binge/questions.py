"""How somebody says that they want to watch: from what was sent to a wish, or a refusal. Pure."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from domain.binge.values import Wish
from domain.errors import InvalidInput

MOST_DAYS = 3_650
MOST_MINUTES = 1_440
MOST_SKIPPED = 15
MOST_SEASONS = 100
LATEST_START_DAYS = 366
SPECIALS = 0
"""The season that holds them."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What was sent; None where it was left out.

    until or days: the last day, or how many there are. minutes_per_day or by_weekday: one number
    for every day, or seven, Monday first. seasons: only these. start_on: the first day.
    skip_credits_min, skip_recap_min: minutes of each episode, in place of the profile's own.
    """

    until: date | None = None
    days: int | None = None
    minutes_per_day: int | None = None
    by_weekday: Sequence[int] | None = None
    skip_filler: bool = True
    specials: bool = False
    seasons: Sequence[int] | None = None
    start_on: date | None = None
    skip_credits_min: int | None = None
    skip_recap_min: int | None = None


@dataclass(frozen=True, slots=True)
class Habits:
    """Minutes of each episode that a profile skips."""

    credits: int = 0
    recap: int = 0


def wish_of(asked: Asked, today: date, habits: Habits, known: Collection[int]) -> Wish:
    """The wish that was sent; raises InvalidInput, which names its field.

    today: the viewer's; known: the seasons that the title has.
    """
    start = _start(asked.start_on, today)
    seasons = _seasons(asked.seasons, known)
    return Wish(
        start=start,
        until=_until(asked, start),
        minutes=_minutes(asked),
        skip_filler=asked.skip_filler,
        specials=asked.specials or (seasons is not None and SPECIALS in seasons),
        seasons=seasons,
        skip_credits=_skipped(asked.skip_credits_min, habits.credits, "skipCreditsMin"),
        skip_recap=_skipped(asked.skip_recap_min, habits.recap, "skipRecapMin"),
    )


def skipped(given: int, field: str) -> int:
    """Minutes of each episode that are skipped; raises InvalidInput."""
    if not 0 <= given <= MOST_SKIPPED:
        raise InvalidInput(
            f"Of each episode 0 to {MOST_SKIPPED} minutes can be skipped.", field=field
        )
    return given


def _start(given: date | None, today: date) -> date:
    if given is None:
        return today
    if not today <= given <= today + timedelta(LATEST_START_DAYS):
        raise InvalidInput(
            "A binge begins today or within a year; leave startOn out for today.", field="startOn"
        )
    return given


def _until(asked: Asked, start: date) -> date | None:
    if asked.until is not None and asked.days is not None:
        raise InvalidInput("Say either until when or in how many days, not both.", field="days")
    if asked.days is not None:
        if not 1 <= asked.days <= MOST_DAYS:
            raise InvalidInput(f"A binge takes 1 to {MOST_DAYS:,} days.", field="days")
        return start + timedelta(asked.days - 1)  # the first day counts
    if asked.until is not None and not start <= asked.until < start + timedelta(MOST_DAYS):
        raise InvalidInput(
            f"The last day comes on or after the first one, and within {MOST_DAYS:,} days.",
            field="until",
        )
    return asked.until


def _minutes(asked: Asked) -> tuple[int, ...] | None:
    one, week = asked.minutes_per_day, asked.by_weekday
    if one is not None and week is not None:
        raise InvalidInput(
            "Say either the minutes of every day or those of each weekday, not both.",
            field="byWeekday",
        )
    if one is not None:
        if not 1 <= one <= MOST_MINUTES:
            raise InvalidInput(f"A day has 1 to {MOST_MINUTES:,} minutes.", field="minutesPerDay")
        return (one,) * 7
    if week is None:
        return None
    if len(week) != 7 or not all(0 <= each <= MOST_MINUTES for each in week) or not any(week):
        raise InvalidInput(
            f"Send seven numbers, Monday first, each 0 to {MOST_MINUTES:,} minutes and one of them"
            " more than 0.",
            field="byWeekday",
        )
    return tuple(week)


def _seasons(given: Sequence[int] | None, known: Collection[int]) -> frozenset[int] | None:
    if given is None:
        return None
    if not 1 <= len(given) <= MOST_SEASONS:
        raise InvalidInput(f"Name 1 to {MOST_SEASONS} seasons, or leave them out.", field="seasons")
    missing = sorted(set(given) - set(known))
    if missing:
        raise InvalidInput(f"This title has no season {missing[0]}.", field="seasons")
    return frozenset(given)


def _skipped(given: int | None, habit: int, field: str) -> int:
    return habit if given is None else skipped(given, field)
