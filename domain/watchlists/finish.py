"""Can I finish it? What is left of a title, against the days until it leaves. Pure.

Somebody watches a series in its order, at their pace, from a day on. A season that leaves before
its turn is over is lost, and the days it took are gone; what follows starts when it has left.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

TYPICAL_MIN: Mapping[str, int] = {"film": 110, "series": 45}
"""Minutes of a film or an episode whose length nobody knows."""
PACE_DAYS = 28  # long enough for a week of guests or of flu not to decide
USUAL_PACE = 60  # minutes a day, where there is too little to go by: an episode or two
_LEAST_PACE, _MOST_PACE = 15, 300
_LONGEST_DAY_MIN = 360  # more on one day is somebody who ticks off what they saw elsewhere
_FOREVER_DAYS = 36_500  # what takes or lasts longer has no date
_LEAST_DAYS_WATCHED, _LEAST_DAYS_KNOWN = 3, 7


class PaceSource(StrEnum):
    """Where a pace comes from."""

    MEASURED = "measured"
    ASSUMED = "assumed"


@dataclass(frozen=True, slots=True)
class Pace:
    """How much somebody watches: minutes a day, 15 to 300."""

    minutes: int = USUAL_PACE
    source: PaceSource = PaceSource.ASSUMED


@dataclass(frozen=True, slots=True)
class Left:
    """Episodes of a season that are not watched yet and alike; a film is its own season 1.

    season: 0 holds the specials; minutes: of each, None where nobody knows; filler: 'filler' is
    what the story can do without, 'mixed', 'canon' and 'unknown' belong to it.
    """

    season: int
    count: int
    minutes: int | None = None
    filler: str = "unknown"


@dataclass(frozen=True, slots=True)
class Stay:
    """That a platform of theirs has a season, or with None the whole title, until a last day.

    until: None where no end is known.
    """

    season: int | None = None
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Watching:
    """A title and somebody who could watch it. runtime_min: of the film or a usual episode;
    begun: whether they have seen any of it.
    """

    kind: str
    runtime_min: int | None
    left: Sequence[Left]
    stays: Sequence[Stay]
    begun: bool = False


@dataclass(frozen=True, slots=True)
class Until:
    """That something can be watched: until a day, or with None without an end in sight."""

    day: date | None


@dataclass(frozen=True, slots=True)
class Part:
    """A season of which something is left. minutes: in all; until: its last day, if any."""

    season: int
    minutes: int
    until: date | None


@dataclass(frozen=True, slots=True)
class Plan:
    """Whether and how a title can be finished in time.

    parts: what is left to see of it on their platforms, in order; filler_skipped: episodes that
    were left out; minutes_a_day: the pace, or a whole film; leaves_on: the first last day among
    the parts; start_by: the last day to begin, None where it is too late; loses: the seasons that
    are lost when beginning today; pressing: the part that must be begun first for its length and
    its end, and finishes_on the day it is seen when they begin today.
    """

    parts: tuple[Part, ...]
    episodes: int
    filler_skipped: int
    pace: Pace
    minutes_a_day: int
    today: date
    leaves_on: date
    start_by: date | None
    loses: tuple[int, ...]
    pressing: Part
    finishes_on: date
    is_film: bool = False
    begun: bool = False

    @property
    def minutes(self) -> int:
        """What is left, in minutes."""
        return sum(part.minutes for part in self.parts)

    @property
    def can_finish(self) -> bool:
        """Whether nothing is lost when beginning today."""
        return not self.loses


def pace_of(minutes_by_day: Sequence[int], days_known: int) -> Pace:
    """The pace of somebody by the days on which they watched, out of the last 28.

    days_known: how many days ago they were first seen to watch anything. Who is new is measured by
    the days since then, and who has shown too little of themselves is not measured at all.
    """
    days = [min(minutes, _LONGEST_DAY_MIN) for minutes in minutes_by_day if minutes > 0]
    if len(days) < _LEAST_DAYS_WATCHED or days_known < _LEAST_DAYS_KNOWN:
        return Pace()
    measured = round(sum(days) / min(days_known, PACE_DAYS))
    return Pace(max(_LEAST_PACE, min(_MOST_PACE, measured)), PaceSource.MEASURED)


def plan(watching: Watching, pace: Pace, today: date) -> Plan | None:
    """How to finish a title; None where nothing leaves that they haven't seen."""
    seasons = {each.season for each in watching.left if each.season != 0}
    there = {season: until for season in seasons if (until := until_of(watching.stays, season))}
    story = [each for each in watching.left if each.season in there]
    needed = [each for each in story if each.filler != "filler" and each.count > 0]
    usual = watching.runtime_min or TYPICAL_MIN[watching.kind]
    minutes: Counter[int] = Counter()
    for each in needed:
        minutes[each.season] += each.count * (each.minutes or usual)
    parts = [
        Part(season, minutes[season], _in_sight(there[season].day, today))
        for season in sorted(minutes)
    ]
    ends = [part.until for part in parts if part.until is not None]
    if not ends:
        return None
    is_film = watching.kind == "film"
    # A film is one evening, however little somebody watches on others.
    a_day = max(pace.minutes, minutes.total()) if is_film else pace.minutes
    pressing, start_by, finishes_on = _pressing(parts, a_day, today)
    return Plan(
        parts=tuple(parts),
        episodes=sum(each.count for each in needed),
        filler_skipped=sum(each.count for each in story if each.filler == "filler"),
        pace=pace,
        minutes_a_day=a_day,
        today=today,
        leaves_on=min(ends),
        start_by=start_by if start_by >= today else None,
        loses=lost(parts, a_day, today),
        pressing=pressing,
        finishes_on=finishes_on,
        is_film=is_film,
        begun=watching.begun,
    )


def until_of(stays: Iterable[Stay], season: int) -> Until | None:
    """How long any of their platforms has a season; None where none of them has it."""
    lasts = [stay.until for stay in stays if stay.season in (season, None)]
    if not lasts:
        return None
    ends = [last for last in lasts if last is not None]
    return Until(max(ends) if len(ends) == len(lasts) else None)


def _in_sight(day: date | None, today: date) -> date | None:
    """A last day that somebody alive may see; some senders write "no end" as the year 9999."""
    return day if day is not None and (day - today).days <= _FOREVER_DAYS else None


def lost(parts: Sequence[Part], minutes_a_day: int, start: date) -> tuple[int, ...]:
    """The seasons that leave before they are watched, when somebody begins on a day."""
    spent = 0  # minutes since the start
    gone: list[int] = []
    for part in parts:
        done = spent + part.minutes
        if part.until is not None:
            there = minutes_a_day * max(0, (part.until - start).days + 1)
            if done > there:
                gone.append(part.season)
                done = max(spent, there)  # it has left in the middle
        spent = done
    return tuple(gone)


def _pressing(parts: Sequence[Part], minutes_a_day: int, today: date) -> tuple[Part, date, date]:
    """The part that must be begun first, the last day to begin, and when it is done from today."""
    found: list[tuple[date, Part, date]] = []
    total = 0
    for part in parts:
        total += part.minutes
        if part.until is not None:
            evenings = min(-(-total // minutes_a_day), _FOREVER_DAYS)
            days = timedelta(evenings - 1)  # the first day counts
            found.append((part.until - days, part, today + days))
    start_by, part, finishes_on = min(found, key=lambda each: each[0])
    return part, start_by, finishes_on
