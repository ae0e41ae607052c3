"""Can I finish it, as one sentence that a person can act on. Pure."""

from datetime import date, timedelta

from domain.watchlists.finish import PaceSource, Plan, lost
from domain.why.words import MONTHS, WEEKDAYS, season_words

_NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_FAR_DAYS = 300  # from here on a date needs its year


def sentence(plan: Plan) -> str:
    """What to do: begin by a day, go on as they do, or choose what they can still see."""
    if plan.is_film:
        return f"Watch it {_by(plan.leaves_on, plan.today)}, its last day."
    if plan.start_by is None:
        return _too_late(plan)
    return _goes_on(plan) if plan.begun else _begin(plan, plan.start_by)


def _begin(plan: Plan, start_by: date) -> str:
    late = lost(plan.parts, plan.minutes_a_day, start_by + timedelta(1))
    what = "you lose " + season_words(late) if len(plan.parts) > 1 else "it leaves before its end"
    return f"Start {_by(start_by, plan.today)} or {what}."


def _goes_on(plan: Plan) -> str:
    pressing, done = plan.pressing, plan.finishes_on
    assert pressing.until is not None
    is_all = pressing == plan.parts[-1]
    what = "you finish" if is_all else f"you finish season {pressing.season}"
    days = (pressing.until - done).days
    early = "the day" if days == 0 else "the day before" if days == 1 else f"{_many(days)} before"
    at = (
        "your pace"
        if plan.pace.source is PaceSource.MEASURED
        else _hours(plan.pace.minutes) + " a day"
    )
    return f"At {at} {what} {_on(done, plan.today)}, {early} it leaves."


def _too_late(plan: Plan) -> str:
    if len(plan.parts) == 1:
        left = _hours(plan.minutes)
        return (
            f"You can't finish it: it leaves {_on(plan.leaves_on, plan.today)}, with {left} left."
        )
    by_day: dict[date, list[int]] = {}
    for part in plan.parts:
        if part.until is not None and part.season in plan.loses:
            by_day.setdefault(part.until, []).append(part.season)
    days = sorted(by_day)
    if len(days) > 2:
        leaving = f"{season_words(plan.loses)} leave from {_named(days[0], plan.today)} on"
    else:
        leaving = " and ".join(
            f"{season_words(by_day[day])} {'leaves' if len(by_day[day]) == 1 else 'leave'}"
            f" {_on(day, plan.today)}"
            for day in days
        )
    fit = [part.season for part in plan.parts if part.until and part.season not in plan.loses]
    stay = [part.season for part in plan.parts if part.until is None]
    if not fit and not stay:
        return f"You can't finish it: {leaving}."
    rest = [f"there is time for {season_words(fit)}"] if fit else []
    if stay:
        rest.append(f"{season_words(stay)} {'stays' if len(stay) == 1 else 'stay'}")
    return f"You can't finish it all: {leaving}, but {' and '.join(rest)}."


def _named(day: date, today: date) -> str:
    days = (day - today).days
    if days < 2:
        return "tomorrow" if days else "today"
    if days < 7:
        return WEEKDAYS[day.weekday()]
    year = f" {day.year}" if days > _FAR_DAYS else ""
    return f"{day.day} {MONTHS[day.month - 1]}{year}"


def _on(day: date, today: date) -> str:
    named = _named(day, today)
    return named if (day - today).days < 2 else f"on {named}"


def _by(day: date, today: date) -> str:
    return "today" if day == today else f"by {_named(day, today)}"


def _many(days: int) -> str:
    return f"{_NUMBERS[days] if days < len(_NUMBERS) else days} days"


def _hours(minutes: int) -> str:
    if minutes == 60:
        return "an hour"
    return f"{minutes} minutes" if minutes < 120 else f"{round(minutes / 60)} hours"
