"""What would make a plan fit that doesn't: each is planned before it is offered. Pure."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from domain.binge.packing import MOST_MINUTES, Attempt, attempt, fits, least, walk
from domain.binge.values import Alternative, Change, Episode, Verdict, Wish

_ROUND = 5  # minutes: nobody adds 23 to an evening
_MOST_TRIED = 5  # seasons that leave; more of them only cost time


def alternatives(
    episodes: Sequence[Episode], wish: Wish, pace: int, tried: Attempt
) -> tuple[Alternative, ...]:
    """The changes that help, each alone, the nearest to the wish first.

    tried: the wish as it is, which doesn't fit.
    """
    ways = (
        _more_minutes(wish, tried),
        _without_filler(episodes, wish, pace),
        _fewer_seasons(episodes, wish, pace, tried),
        _more_days(episodes, wish, pace, tried),
        _leaving_first(episodes, wish, pace, tried),
    )
    return tuple(way for way in ways if way is not None)


def _more_minutes(wish: Wish, tried: Attempt) -> Alternative | None:
    """As many more on every day that has any; on the others they have something else to do."""
    start, week = wish.start.toordinal(), tried.week
    room = MOST_MINUTES - max(week)

    def more(minutes: int) -> tuple[int, ...]:
        return tuple(day + minutes if day > 0 else 0 for day in week)

    def enough(minutes: int) -> bool:
        return fits(tried.story, more(minutes), start, tried.end)

    if room < 1 or max(week) < 1 or not enough(room):
        return None
    exact = least(1, room, enough)
    rounded = -(-exact // _ROUND) * _ROUND
    added = more(rounded if rounded <= room and enough(rounded) else exact)
    last = walk(tried.story, added, start, tried.end)[-1]
    return Alternative(Change.MORE_MINUTES, date.fromordinal(last.ordinal), minutes=added)


def _without_filler(episodes: Sequence[Episode], wish: Wish, pace: int) -> Alternative | None:
    if wish.skip_filler or not any(each.verdict is Verdict.FILLER for each in episodes):
        return None
    found = attempt(episodes, replace(wish, skip_filler=True), pace)
    if found.finishes_on is None:
        return None
    return Alternative(Change.SKIP_FILLER, found.finishes_on)


def _fewer_seasons(
    episodes: Sequence[Episode], wish: Wish, pace: int, tried: Attempt
) -> Alternative | None:
    """The most of the first seasons that fit: what is left out is the end of the story."""
    seasons = tried.story.seasons

    def keeping(count: int) -> Attempt:
        return attempt(episodes, replace(wish, seasons=frozenset(seasons[:count])), pace)

    # None at all fits always, and is no advice.
    kept = least(1, len(seasons), lambda count: not keeping(count).fits) - 1
    if kept < 1:
        return None
    finishes_on = keeping(kept).finishes_on
    if finishes_on is None:
        return None
    return Alternative(Change.FEWER_SEASONS, finishes_on, seasons=seasons[:kept])


def _more_days(
    episodes: Sequence[Episode], wish: Wish, pace: int, tried: Attempt
) -> Alternative | None:
    """A later end, where the end is theirs; without minutes of theirs, at their pace."""
    if wish.until is None:
        return None
    found = attempt(episodes, replace(wish, until=None), pace)
    if found.finishes_on is None:
        return None
    minutes = found.week if wish.minutes is None else None
    return Alternative(
        Change.MORE_DAYS, found.finishes_on, minutes=minutes, until=found.finishes_on
    )


def _leaving_first(
    episodes: Sequence[Episode], wish: Wish, pace: int, tried: Attempt
) -> Alternative | None:
    """A season that leaves before its turn, watched first; it breaks the order of the story."""
    story = tried.story
    seen = {place for day in tried.days for place in day.places}
    leaving: dict[int, int] = {}
    for place, episode in enumerate(story.episodes):
        if place not in seen and 0 < story.closes[place] < tried.end:
            leaving.setdefault(episode.season, story.closes[place])
    for season in sorted(leaving, key=lambda each: leaving[each])[:_MOST_TRIED]:
        found = attempt(episodes, wish, pace, first=season)
        if found.finishes_on is not None:
            return Alternative(Change.LEAVING_FIRST, found.finishes_on, first=season)
    return None
