"""Every number of a line with what it counts, in digits and in words. Pure."""

from dataclasses import dataclass
from enum import StrEnum

from domain.why.spelling import Token, number_at
from domain.why.words import MONTHS


class Unit(StrEnum):
    """What a number counts, as far as its neighbours say."""

    MINUTES = "minutes"
    EPISODES = "episodes"
    SEASONS = "seasons"
    SEASON = "season"  # which one
    OF_10 = "of 10"
    OF_100 = "of 100"
    DAY = "day"  # of a month
    DAYS = "days"
    BARE = "bare"


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number and its unit, from one piece of a line up to another (exclusive)."""

    start: int
    end: int
    unit: Unit
    value: float


_UNITS = {
    "minute": Unit.MINUTES, "minutes": Unit.MINUTES, "min": Unit.MINUTES, "mins": Unit.MINUTES,
    "episode": Unit.EPISODES, "episodes": Unit.EPISODES, "instalments": Unit.EPISODES,
    "installments": Unit.EPISODES, "season": Unit.SEASONS, "seasons": Unit.SEASONS,
    "day": Unit.DAYS, "days": Unit.DAYS,
}  # fmt: skip
_HOURS = ("hour", "hours")
_MONTHS = frozenset(month.lower() for month in MONTHS)


def quantities(line: list[Token]) -> list[Quantity]:
    """The numbers of a line, in order. "a warm one" and "this one" count nothing."""
    found: list[Quantity] = []
    at = 0
    while at < len(line):
        quantity = _at(line, at)
        if quantity is not None and not _pronoun(line, quantity):
            found.append(quantity)
        at = at + 1 if quantity is None else quantity.end
    return found


def _pronoun(line: list[Token], quantity: Quantity) -> bool:
    alone = quantity.end == quantity.start + 1 and line[quantity.start].low == "one"
    after = _low(line, quantity.end)
    whole = after in ("evening", "night", "sitting", "go", "person", "viewer", "friend")
    return quantity.unit is Unit.BARE and alone and not whole


def _at(line: list[Token], at: int) -> Quantity | None:
    begin, word = at, line[at].low
    if word == "half" and _low(line, at + 1) in ("an", "-"):
        value, at = 0.5, at + 2
    elif word == "half-hour":
        return Quantity(begin, at + 1, Unit.MINUTES, 30)
    elif word in ("a", "an") and _low(line, at + 1) in _HOURS:
        value, at = 1.0, at + 1
    else:
        number = number_at(line, at)
        if number is None:
            return None
        value, at = number
    if _says(line, at, "and", "a", "half"):
        value, at = value + 0.5, at + 3
    if _low(line, at) == "-" and line[at].glued:
        at += 1
    return _with_unit(line, begin, at, value)


def _with_unit(line: list[Token], begin: int, at: int, value: float) -> Quantity:
    word = _low(line, at)
    if word in _HOURS:
        return _hours(line, begin, at + 1, value)
    if word in _UNITS:
        return Quantity(begin, at + 1, _UNITS[word], value)
    if word in _MONTHS:
        return Quantity(begin, at + 1, Unit.DAY, value)
    before = _low(line, begin - 1)
    if before in _MONTHS and not 1900 <= value <= 2100:
        return Quantity(begin, at, Unit.DAY, value)
    if before in ("season", "seasons"):
        return Quantity(begin, at, Unit.SEASON, value)
    scale = at + (2 if _says(line, at, "out", "of") else 1 if word == "of" else 0)
    most = number_at(line, scale) if scale > at else None
    if most is not None and most[0] in (10, 100):
        return Quantity(begin, most[1], Unit.OF_10 if most[0] == 10 else Unit.OF_100, value)
    return Quantity(begin, at, Unit.BARE, value)


def _hours(line: list[Token], begin: int, at: int, value: float) -> Quantity:
    """Hours with the minutes behind them: "an hour and a half", "2 hours and 4 minutes"."""
    if _says(line, at, "and", "a", "half"):
        return Quantity(begin, at + 3, Unit.MINUTES, value * 60 + 30)
    rest = number_at(line, at + 1 if _low(line, at) == "and" else at)
    if rest is None:
        return Quantity(begin, at, Unit.MINUTES, value * 60)
    minutes, end = rest
    named = _UNITS.get(_low(line, end)) is Unit.MINUTES
    return Quantity(begin, end + named, Unit.MINUTES, value * 60 + minutes)


def _low(line: list[Token], at: int) -> str:
    return line[at].low if 0 <= at < len(line) else ""


def _says(line: list[Token], at: int, *words: str) -> bool:
    return tuple(token.low for token in line[at : at + len(words)]) == words
