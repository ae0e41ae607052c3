"""A plan, what it loses and what would help, each as one sentence. Pure.

The sums are the plan's; nothing is rounded here. Days are named as of today where it is given
("tonight", "Friday"), and else so that they stay true ("24 January").
"""

from datetime import date

from domain.binge import advising
from domain.binge.phrases import Days, count_words, is_or_are, minutes_words, part_words
from domain.binge.values import Alternative, Change, Loss, Schedule, Trouble
from domain.why.words import short

_LONGEST = 200  # characters, as for any line
_COUNTED_DAYS = 31  # more days than these are easier told by the last of them
# What is said first of several troubles: what can be done about it soonest.
_ORDER = (Trouble.LEAVES_EARLIER, Trouble.TOO_LITTLE_TIME, Trouble.TOO_LONG_AN_EPISODE,
          Trouble.NOT_AVAILABLE, Trouble.AIRS_LATER)  # fmt: skip


def sentence(schedule: Schedule, name: str | None = None, today: date | None = None) -> str:
    """How a plan comes out, and where it doesn't fit, what would do. name: the title's."""
    name = (short(name) if name else "") or None
    if schedule.planned == 0:
        return _nothing(schedule, name)
    days = Days(today or schedule.wish.start, today)
    return (_fits if schedule.fits else _too_much)(schedule, name, days)


def advice(about: Loss | Alternative, today: date | None = None) -> str:
    """What is lost and why, or what a change brings."""
    if isinstance(about, Loss):
        return advising.of_loss(about, today)
    return advising.of_alternative(about, today)


def _nothing(schedule: Schedule, name: str | None) -> str:
    of = f" of {name}" if name else ""
    if schedule.episodes == 0:
        return f"Nothing{of} is left to watch."
    left, are = count_words(schedule.episodes, "episode"), is_or_are(schedule.episodes)
    return f"The {left}{of} that {are} left {are} filler."


def _fits(schedule: Schedule, name: str | None, days: Days) -> str:
    sittings = schedule.sittings
    what = count_words(schedule.planned, "episode") + (f" of {name}" if name else "")
    skipped = schedule.episodes - schedule.planned
    if skipped:
        what += f" without the {skipped} filler ones" if skipped > 1 else " without the filler one"
    first, last = sittings[0].day, sittings[-1].day
    if len(sittings) == 1:
        told = f"{minutes_words(schedule.minutes)} in a single sitting {days.evening(first)}."
        if schedule.episodes > 1:
            return f"{what}: {told}"
        return f"{name}: {told}" if name else told  # a film is no episode
    told = f"{what}: {_portions(schedule)} {days.since(first)}, done {days.on(last)}"
    start = schedule.latest_start
    if start is not None and start > first:
        longer = f"{told}, or start by {days.by(start)} at the latest."
        if len(longer) <= _LONGEST:
            return longer
    return told + "."


def _portions(schedule: Schedule) -> str:
    """What a sitting holds; where the minutes are the answer, those."""
    if schedule.wish.minutes is None:
        return f"{minutes_words(schedule.minutes_by_weekday[0])} a day"
    sittings = schedule.sittings
    counts = [len(sitting.episodes) for sitting in sittings[:-1]]  # the last has what is left
    low, high = min(counts), max(counts)
    many = str(low) if low == high else f"{low} {'or' if high == low + 1 else 'to'} {high}"
    daily = (sittings[-1].day - sittings[0].day).days + 1 == len(sittings)
    return f"{many} {'a day' if daily else 'at a sitting'}"


def _too_much(schedule: Schedule, name: str | None, days: Days) -> str:
    worst = min(schedule.losses, key=lambda loss: _ORDER.index(loss.trouble))
    head = _trouble(schedule, worst, name, days)
    ways = schedule.alternatives
    if ways:
        tail = f": {_noun(schedule, ways[0], days)} would do it"
        tail += f", or {_verb(schedule, ways[1], days)}" if len(ways) > 1 else ""
    elif schedule.sittings:
        seen = sum(len(sitting.episodes) for sitting in schedule.sittings)
        tail = f": the other {seen} {is_or_are(seen)} done {days.on(schedule.sittings[-1].day)}"
    else:
        tail = ""
    return f"{head}{tail}."


def _trouble(schedule: Schedule, loss: Loss, name: str | None, days: Days) -> str:
    of = f" of {name}" if name else ""
    season = f"{part_words([loss.season])}{of}"
    whole = season[0].upper() + season[1:]
    unseen = f"{count_words(loss.episodes, 'episode')} of {season}"
    if schedule.planned == 1:  # it could be a film
        whole = unseen = name or "It"
    until = schedule.wish.until
    match loss.trouble:
        case Trouble.LEAVES_EARLIER:
            assert loss.until is not None
            begun = any(
                loss.season == each.season for s in schedule.sittings for each in s.episodes
            )
            many = loss.season == 0 and schedule.planned > 1  # "the specials"
            why = f"before {'their' if many else 'its'} {'end' if begun else 'turn'}"
            leaves = "leave" if many else "leaves"
            return f"{whole} {leaves} {days.on(loss.until)} {why}"
        case Trouble.TOO_LITTLE_TIME:
            by = f"by {days.by(until)}" if until else "within ten years"
            return f"You will not finish{f' {name}' if name else ''} {by}"
        case Trouble.TOO_LONG_AN_EPISODE:
            most = minutes_words(max(schedule.minutes_by_weekday))
            return f"{unseen} {is_or_are(loss.episodes)} longer than the {most} there are"
        case Trouble.NOT_AVAILABLE:
            return f"{unseen} {is_or_are(loss.episodes)} on none of your services"
        case Trouble.AIRS_LATER:
            airs = "airs" if loss.episodes == 1 else "air"
            late = f"only after {days.by(until)}" if until else "too late"
            return f"{unseen} {airs} {late}"


def _noun(schedule: Schedule, way: Alternative, days: Days) -> str:
    match way.change:
        case Change.MORE_MINUTES:
            return _more(schedule, way)
        case Change.SKIP_FILLER:
            return "skipping the filler"
        case Change.FEWER_SEASONS:
            return f"leaving out {part_words(_left_out(schedule, way))}"
        case Change.MORE_DAYS:
            return _longer(schedule, way, days)
        case Change.LEAVING_FIRST:
            return f"watching {part_words([way.first or 0])} first"


def _verb(schedule: Schedule, way: Alternative, days: Days) -> str:
    match way.change:
        case Change.MORE_MINUTES:
            return f"take {_more(schedule, way)}"
        case Change.SKIP_FILLER:
            return "skip the filler"
        case Change.FEWER_SEASONS:
            return f"leave out {part_words(_left_out(schedule, way))}"
        case Change.MORE_DAYS:
            return f"take {_longer(schedule, way, days)}"
        case Change.LEAVING_FIRST:
            return f"watch {part_words([way.first or 0])} first"


def _more(schedule: Schedule, way: Alternative) -> str:
    added = max(way.minutes or ()) - max(schedule.minutes_by_weekday)
    often = "a day" if min(schedule.minutes_by_weekday) > 0 else "each time"
    return f"{count_words(added, 'more minute')} {often}"


def _longer(schedule: Schedule, way: Alternative, days: Days) -> str:
    assert way.until is not None
    assert schedule.wish.until is not None
    more = (way.until - schedule.wish.until).days
    return (
        count_words(more, "more day")
        if more <= _COUNTED_DAYS
        else f"time until {days.by(way.until)}"
    )


def _left_out(schedule: Schedule, way: Alternative) -> list[int]:
    seen = {each.season for sitting in schedule.sittings for each in sitting.episodes}
    return sorted((seen | {loss.season for loss in schedule.losses}) - set(way.seasons or ()))
