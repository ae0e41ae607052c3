"""In which order a file writes day, month and year: decided from all its days together. Pure.

Each day votes against the orders in which it would be none, or lie in the future or before there
was anything to watch. Where several orders are left, the one wins in which the file is most nearly
sorted, since histories are written newest first; then custom.
"""

import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import lru_cache

_DAY = re.compile(r"\D*(\d{1,4})\D+(\d{1,2})\D+(\d{1,4})\D*")
_LONGEST = 40
_BUDDHIST = 543  # years that Thai calendars are ahead


class Order(StrEnum):
    """How a day is written."""

    DMY = "day/month/year"
    MDY = "month/day/year"
    YMD = "year/month/day"


def read(cell: str, order: Order) -> date | None:
    """The day that a cell means in that order; None where it is no day."""
    numbers = _numbers(cell)
    return _day(numbers, order) if numbers else None


@lru_cache(16_384)
def _numbers(cell: str) -> tuple[int, int, int, bool] | None:
    """Its three numbers, and whether the first is a whole year."""
    found = _DAY.fullmatch(cell) if len(cell) <= _LONGEST else None
    if found is None:
        return None
    first, second, third = found.groups()
    return int(first), int(second), int(third), len(first) == 4


@lru_cache(16_384)
def _day(numbers: tuple[int, int, int, bool], order: Order) -> date | None:
    first, second, third, year_first = numbers
    if year_first != (order is Order.YMD) and (year_first or third > 99):
        return None
    if order is Order.YMD:
        year, month, day = first, second, third
    elif order is Order.MDY:
        month, day, year = first, second, third
    else:
        day, month, year = first, second, third
    if year < 100:
        year += 2000
    elif year > 2400:
        year -= _BUDDHIST
    try:
        return date(year, month, day)
    except ValueError:
        return None


@dataclass(slots=True)
class _Tally:
    """What speaks against an order. rises, falls: how often a day is later, or earlier, than the
    one before it.
    """

    order: Order
    wrong: int = 0
    rises: int = 0
    falls: int = 0
    last: date | None = None

    @property
    def disorder(self) -> tuple[int, bool]:
        """How often the file changes its direction when it is read so, and whether it rises."""
        return min(self.rises, self.falls), self.rises > self.falls


class Ballot:
    """Counts what speaks against each order, in one pass and no memory."""

    def __init__(self, earliest: date, latest: date) -> None:
        """earliest, latest: between which all days must lie, both included."""
        self._between = earliest, latest
        self._last_cell, self._sample, self._short = "", "", True
        self._tallies = tuple(_Tally(order) for order in Order)

    def count(self, cell: str) -> None:
        """Hear what one more cell has to say."""
        if cell == self._last_cell:
            return
        self._last_cell = cell
        numbers = _numbers(cell)
        if numbers is None:
            return
        if not self._sample:
            self._sample, self._short = cell, not numbers[3]
        earliest, latest = self._between
        for tally in self._tallies:
            day = _day(numbers, tally.order)
            if day is None or not earliest <= day <= latest:
                tally.wrong += 1
                continue
            if tally.last is not None:
                tally.rises += day > tally.last
                tally.falls += day < tally.last
            tally.last = day

    def decide(self) -> tuple[Order, str | None]:
        """The order, and what people should hear of how it was chosen."""
        fewest = min(tally.wrong for tally in self._tallies)
        fit = [tally for tally in self._tallies if tally.wrong == fewest]
        left = [tally.order for tally in fit]
        if len(left) == 1 or not self._sample:
            return left[0], None
        best = min(tally.disorder for tally in fit)
        likely = [tally.order for tally in fit if tally.disorder == best]
        if len(likely) > 1 and self._short:
            # Hardly anybody begins a day with a year of two digits.
            likely = [order for order in likely if order is not Order.YMD] or likely
        if len(likely) == 1:
            return likely[0], (
                f"Days like {self._sample!r} can be read in more than one way. They were read as"
                f" {likely[0]}, since the file is sorted that way."
            )
        order = self._custom(likely)
        return order, (
            f"Days like {self._sample!r} can be read in more than one way, and nothing in the file"
            f" decides it. They were read as {order}."
        )

    def _custom(self, orders: list[Order]) -> Order:
        """Short days with slashes are American; others mostly begin with the day."""
        american = "/" in self._sample and len(self._sample) < len("01/02/23")
        wanted = Order.MDY if american else Order.DMY
        return wanted if wanted in orders else orders[0]
