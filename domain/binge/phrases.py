"""Days, counts and seasons of a plan, as people say them. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from domain.why.words import MONTHS, WEEKDAYS, season_words

_FAR_DAYS = 300  # from here on a date needs its year


def day_name(day: date, near: date | None, today: date | None) -> str:
    """ "today", "tomorrow", "Friday" within the week where today is known; else "24 January", and
    with its year where it is far from near (None: always).
    """
    if today is not None and 0 <= (day - today).days < 7:
        days = (day - today).days
        return ("today", "tomorrow")[days] if days < 2 else WEEKDAYS[day.weekday()]
    far = near is None or abs((day - near).days) > _FAR_DAYS
    return f"{day.day} {MONTHS[day.month - 1]}{f' {day.year}' if far else ''}"


def on_day(day: date, today: date | None, near: date | None = None) -> str:
    """A day as it stands behind a verb: "tomorrow", "on Friday"."""
    name = day_name(day, near or today, today)
    return name if name in ("today", "tomorrow") else f"on {name}"


@dataclass(frozen=True, slots=True)
class Days:
    """Days by their names, as seen from near; today: where it is known."""

    near: date
    today: date | None = None

    def on(self, day: date) -> str:
        """ "tomorrow", "on Friday", "on 24 January"."""
        return on_day(day, self.today, self.near)

    def by(self, day: date) -> str:
        """ "tomorrow", "Friday", "24 January"."""
        return day_name(day, self.near, self.today)

    def evening(self, day: date) -> str:
        """ "tonight", "tomorrow", "on Friday"."""
        return "tonight" if day == self.today else self.on(day)

    def since(self, day: date) -> str:
        """ "from tonight", "from Friday"."""
        return "from tonight" if day == self.today else f"from {self.by(day)}"


def week_words(minutes: Sequence[int]) -> str:
    """Minutes of the weekdays: "60 minutes a day", "75 minutes on 4 days a week"."""
    some = sorted({each for each in minutes if each > 0})
    if len(some) > 1:
        return f"{some[0]} to {minutes_words(some[-1])} a day"
    count = sum(each > 0 for each in minutes)
    often = "a day" if count == 7 else f"on {count_words(count, 'day')} a week"
    return f"{minutes_words(some[0] if some else 0)} {often}"


def part_words(numbers: Sequence[int]) -> str:
    """Seasons in order, and season 0 by its name: "season 9 and the specials"."""
    named = season_words([each for each in numbers if each])
    specials = "the specials" if 0 in numbers else ""
    return f"{named} and {specials}" if named and specials else named or specials


def minutes_words(minutes: int) -> str:
    """A length: "1 minute", "1,200 minutes"."""
    return count_words(minutes, "minute")


def count_words(number: int, thing: str) -> str:
    """A number in digits with what it counts: "1 episode", "130 episodes"."""
    return f"{number:,} {thing}{'' if number == 1 else 's'}"


def is_or_are(number: int) -> str:
    """The verb behind a count."""
    return "is" if number == 1 else "are"
