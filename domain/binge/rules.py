"""A binge that ends in time: evenings, sums and dates, exact to the minute. Pure.

Nothing carries over from one day to the next, the order of the story is kept, and only what is
known to be filler is left out.
"""

from collections.abc import Iterator, Sequence
from datetime import date

from domain.binge.alternatives import alternatives
from domain.binge.packing import Attempt, allowed_on, attempt, fits, last_day
from domain.binge.story import NEVER, skipped_minutes, wished
from domain.binge.values import Episode, Loss, Schedule, Sitting, Trouble, Verdict, Wish


def plan(episodes: Sequence[Episode], wish: Wish, pace: int) -> Schedule:
    """When to watch what.

    episodes: those that are not watched yet, in any order, as a rule at most 5,000; pace: minutes
    a day of theirs, for a wish that has neither minutes nor an end. Days are looked at for ten
    years.
    """
    found = attempt(episodes, wish, pace)
    story = found.story
    asked = wished(episodes, wish)
    seen = {place for day in found.days for place in day.places}
    unseen = [place for place in range(len(story.episodes)) if place not in seen]
    minutes = sum(day.minutes for day in found.days) + sum(story.short[place] for place in unseen)
    return Schedule(
        wish=wish,
        episodes=len(asked),
        filler=sum(each.verdict is Verdict.FILLER for each in asked),
        planned=len(story.episodes),
        minutes=minutes,
        minutes_with_filler=minutes + skipped_minutes(episodes, wish),
        minutes_by_weekday=found.week,
        sittings=tuple(_sittings(found)),
        fits=not unseen,
        finishes_on=found.finishes_on,
        latest_start=_latest_start(found, wish),
        episodes_per_day=_episodes_per_day(found, wish),
        losses=_losses(found, unseen),
        alternatives=alternatives(episodes, wish, pace, found) if unseen else (),
    )


def _sittings(found: Attempt) -> Iterator[Sitting]:
    for each in found.days:
        episodes = tuple(found.story.episodes[place] for place in each.places)
        allowed = allowed_on(found.story, found.week, each.ordinal)
        yield Sitting(date.fromordinal(each.ordinal), episodes, each.minutes, allowed)


def _latest_start(found: Attempt, wish: Wish) -> date | None:
    """To begin later is never to be done earlier, so the last day that does is found by halving."""
    story = found.story
    ends = [last for last in story.closes if last < NEVER]
    if wish.until is not None:
        ends.append(found.end)
    if not (found.fits and found.days and ends):
        return None
    low, high = wish.start.toordinal(), min(ends)
    while low < high:
        middle = (low + high + 1) // 2
        if fits(story, found.week, middle, last_day(wish, middle)):
            low = middle
        else:
            high = middle - 1
    return date.fromordinal(low)


def _episodes_per_day(found: Attempt, wish: Wish) -> float:
    """How many must be watched on each day that has minutes, on average, to be done by their last
    day; without one, by the last evening. Two decimals.
    """
    if not found.days:
        return 0.0
    start = wish.start.toordinal()
    end = found.end if wish.until is not None else found.days[-1].ordinal
    weeks, rest = divmod(end - start + 1, 7)
    days = weeks * sum(minutes > 0 for minutes in found.week)
    days += sum(found.week[(start + each - 1) % 7] > 0 for each in range(rest))
    return round(len(found.story.episodes) / days, 2)


def _losses(found: Attempt, unseen: Sequence[int]) -> tuple[Loss, ...]:
    """What is not seen, counted by season and by why, in the order of the story."""
    groups: dict[tuple[int, Trouble], list[int]] = {}
    for place in unseen:
        key = (found.story.episodes[place].season, _trouble(found, place))
        groups.setdefault(key, []).append(place)
    return tuple(
        Loss(season, len(places), trouble, _until(found, places, trouble))
        for (season, trouble), places in groups.items()
    )


def _trouble(found: Attempt, place: int) -> Trouble:
    story = found.story
    if not story.closes[place]:
        return Trouble.NOT_AVAILABLE
    if story.whole[place] > max(found.week):
        return Trouble.TOO_LONG_AN_EPISODE
    if story.opens[place] > found.end:
        return Trouble.AIRS_LATER
    if story.closes[place] < found.end:
        return Trouble.LEAVES_EARLIER
    return Trouble.TOO_LITTLE_TIME


def _until(found: Attempt, places: Sequence[int], trouble: Trouble) -> date | None:
    if trouble is not Trouble.LEAVES_EARLIER:
        return None
    return date.fromordinal(min(found.story.closes[place] for place in places))
