"""Episodes into evenings: in their order, as many as a day's minutes hold. Pure.

To take what fits and never to wait is the earliest way to finish, so one walk through the days
decides whether a plan fits. Days are ordinals here.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from domain.binge.story import HORIZON_DAYS, NEVER, Story, story_of
from domain.binge.values import Episode, Wish

MOST_MINUTES = 960  # a day: sixteen hours, and nobody is advised more

Week = Sequence[int]
"""Minutes for each weekday, Monday first."""


@dataclass(frozen=True, slots=True)
class Day:
    """What is watched on a day: places in the story, and the minutes that takes."""

    ordinal: int
    places: tuple[int, ...]
    minutes: int


@dataclass(frozen=True, slots=True)
class Attempt:
    """A wish, packed. end: the last day (ordinal) that was looked at."""

    story: Story
    week: tuple[int, ...]
    end: int
    days: tuple[Day, ...]

    @property
    def seen(self) -> int:
        """How many episodes have their evening."""
        return _seen(self.days)

    @property
    def fits(self) -> bool:
        """Whether all of them have."""
        return self.seen == len(self.story.episodes)

    @property
    def finishes_on(self) -> date | None:
        """The last evening, where everything fits and there is anything."""
        return date.fromordinal(self.days[-1].ordinal) if self.fits and self.days else None


def attempt(
    episodes: Sequence[Episode], wish: Wish, pace: int, first: int | None = None
) -> Attempt:
    """Packs a wish; with no minutes of its own, into the least that do, or else into the pace.

    first: a season that is watched before the others.
    """
    story = story_of(episodes, wish, first)
    end = last_day(wish, wish.start.toordinal())
    week = wish.minutes or (_minutes_for(story, wish, end, pace),) * 7
    return Attempt(story, week, end, walk(story, week, wish.start.toordinal(), end))


def walk(story: Story, week: Week, start: int, end: int) -> tuple[Day, ...]:
    """The evenings from start to end. What has left before its turn, airs after the end or is
    longer than every day is passed over; the story goes on with what comes next.
    """
    whole, short, opens, closes = story.whole, story.short, story.opens, story.closes
    longest, count = max(week), len(whole)
    days: list[Day] = []
    day, at = start, 0
    while at < count and day <= end:
        allowed = allowed_on(story, week, day)
        used = 0
        places: list[int] = []
        while at < count:
            if closes[at] < max(day, opens[at]) or opens[at] > end or whole[at] > longest:
                at += 1
                continue
            cost = short[at] if places else whole[at]
            if opens[at] > day or used + cost > allowed:
                break
            places.append(at)
            used += cost
            at += 1
        if places:
            days.append(Day(day, tuple(places), used))
        day = max(day + 1, opens[at]) if at < count else end + 1
    return tuple(days)


def allowed_on(story: Story, week: Week, day: int) -> int:
    """Minutes there are on a day."""
    minutes = week[(day - 1) % 7]  # day 1 of the calendar was a Monday
    return max(0, minutes - story.spent) if day == story.spent_on else minutes


def fits(story: Story, week: Week, start: int, end: int) -> bool:
    """Whether everything has its evening."""
    weeks, rest = divmod(max(0, end - start + 1), 7)
    most = weeks * sum(week) + sum(week[(start + each - 1) % 7] for each in range(rest))
    if sum(story.short) > most:
        return False  # no need to try
    return _seen(walk(story, week, start, end)) == len(story.episodes)


def last_day(wish: Wish, start: int) -> int:
    """The last day (ordinal) for a sitting, when somebody begins on start."""
    horizon = min(start + HORIZON_DAYS, NEVER)
    return min(wish.until.toordinal(), horizon) if wish.until else horizon


def least(low: int, high: int, enough: Callable[[int], bool]) -> int:
    """The smallest number from low to high that is enough; high is taken to be."""
    while low < high:
        middle = (low + high) // 2
        if enough(middle):
            high = middle
        else:
            low = middle + 1
    return high


def _minutes_for(story: Story, wish: Wish, end: int, pace: int) -> int:
    """Minutes a day, alike: the least that see by the end what can be seen at all; without an end
    the pace, and what the longest episode needs where that is more.
    """
    usual = max(pace, min(story.longest, MOST_MINUTES))
    if wish.until is None:
        return usual
    start = wish.start.toordinal()

    def seen(minutes: int) -> int:
        return _seen(walk(story, (minutes,) * 7, start, end))

    possible = seen(MOST_MINUTES)
    if not possible:
        return usual
    if possible == len(story.episodes):
        return least(1, MOST_MINUTES, lambda minutes: fits(story, (minutes,) * 7, start, end))
    return least(1, MOST_MINUTES, lambda minutes: seen(minutes) == possible)


def _seen(days: Sequence[Day]) -> int:
    return sum(len(day.places) for day in days)
