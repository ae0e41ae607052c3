"""What a binge is asked with, made of and answered with: frozen values, no I/O."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum


class Verdict(StrEnum):
    """Whether an episode belongs to the story. Only filler can be skipped."""

    CANON = "canon"
    MIXED = "mixed"
    FILLER = "filler"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Episode:
    """An episode that is not watched yet; a film is its own season 1, episode 1.

    season: 0 holds the specials. minutes: as it is listed, or assumed where nobody knows; verdict:
    by whom and how sure that is, 0 to 1, in source and confidence. available: whether any platform
    of theirs has it; until: the last day of that, None without an end. airs_on: where it is known.
    """

    id: int | None
    season: int
    number: int
    minutes: int
    number_abs: int | None = None
    name: str | None = None
    assumed: bool = False
    verdict: Verdict = Verdict.UNKNOWN
    source: str | None = None
    confidence: float | None = None
    available: bool = True
    until: date | None = None
    airs_on: date | None = None


@dataclass(frozen=True, slots=True)
class Wish:
    """How somebody wants to watch.

    start: the first day; until: the last one, None without an end. minutes: for each weekday,
    Monday first, None for as many as it takes. seasons: None for all. skip_credits, skip_recap:
    minutes of each episode that are skipped, though a minute of it always stays; the recap of a
    sitting's first episode is watched, and no recap is longer than the episode it tells of, the
    one before. spent: minutes of the day spent_on that are used already.
    """

    start: date
    until: date | None = None
    minutes: tuple[int, ...] | None = None
    skip_filler: bool = True
    specials: bool = False
    seasons: frozenset[int] | None = None
    skip_credits: int = 0
    skip_recap: int = 0
    spent: int = 0
    spent_on: date | None = None


@dataclass(frozen=True, slots=True)
class Sitting:
    """What is watched on a day, in order. minutes: what it takes; allowed: what there was."""

    day: date
    episodes: tuple[Episode, ...]
    minutes: int
    allowed: int


class Trouble(StrEnum):
    """Why a plan doesn't fit."""

    TOO_LITTLE_TIME = "too_little_time"  # not all of it is seen by the last day
    LEAVES_EARLIER = "leaves_earlier"  # a season is gone before its turn
    TOO_LONG_AN_EPISODE = "too_long_an_episode"  # longer than any day's minutes
    NOT_AVAILABLE = "not_available"  # some of it is on none of their platforms
    AIRS_LATER = "airs_later"  # some of it airs after the last day


@dataclass(frozen=True, slots=True)
class Loss:
    """A season of which something can't be seen. until: its last day, if that is why."""

    season: int
    episodes: int
    trouble: Trouble
    until: date | None = None


class Change(StrEnum):
    """What would make a plan fit."""

    MORE_MINUTES = "more_minutes"
    SKIP_FILLER = "skip_filler"
    FEWER_SEASONS = "fewer_seasons"
    MORE_DAYS = "more_days"
    LEAVING_FIRST = "leaving_first"  # the season that leaves, before those it comes after


@dataclass(frozen=True, slots=True)
class Alternative:
    """A change with which everything that it keeps is seen in time; it was planned to be sure.

    minutes: for each weekday, with more of them; seasons: those that are kept; until: with more
    days; first: the season that is watched before the others.
    """

    change: Change
    finishes_on: date
    minutes: tuple[int, ...] | None = None
    seasons: tuple[int, ...] | None = None
    until: date | None = None
    first: int | None = None


@dataclass(frozen=True, slots=True)
class Schedule:
    """A plan, and the sums it rests on.

    episodes: all that are not watched yet in the seasons that are wished for; filler: how many of
    them are; planned: those that are to be watched; minutes: of the planned ones, as they are
    watched; minutes_with_filler: of all. fits: whether every planned one is seen in time; losses:
    what isn't, and alternatives, the nearest first, what to do about it. minutes_by_weekday: the
    wish's, or what the plan takes. finishes_on: the last sitting's day if it fits; latest_start:
    the last day to begin and still see everything, None where it is too late or there is no end.
    """

    wish: Wish
    episodes: int
    filler: int
    planned: int
    minutes: int
    minutes_with_filler: int
    minutes_by_weekday: tuple[int, ...]
    sittings: tuple[Sitting, ...]
    fits: bool
    finishes_on: date | None
    latest_start: date | None
    episodes_per_day: float
    losses: Sequence[Loss] = ()
    alternatives: Sequence[Alternative] = field(default=())
