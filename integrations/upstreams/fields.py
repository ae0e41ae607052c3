"""Strict readers of strangers' values: what fits, or Unfit with the reason. Pure."""

from datetime import UTC, date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit

from domain.titles.names import clean

LARGEST = 2**31 - 1
_YEARS = range(1870, 2200)
_NEVER = 2100  # from this year on, a last day is somebody's word for "none"
_CENT, _DEAREST = Decimal("0.01"), 100_000
_LONGEST_URL, _LONGEST_MOMENT = 2_000, 40


class Unfit(ValueError):
    """A value that can't be what it should. Its text is the reason, for people."""


def mapping(value: Any, what: str) -> dict[str, Any]:
    """A JSON object."""
    if isinstance(value, dict):
        return value
    raise Unfit(f"{what} is no object")


def listing(value: Any, what: str) -> list[Any]:
    """A JSON array."""
    if isinstance(value, list):
        return value
    raise Unfit(f"{what} is no list")


def number(value: Any, what: str, least: int = 0, most: int = LARGEST) -> int:
    """A whole number in bounds."""
    if type(value) is int and least <= value <= most:
        return value
    raise Unfit(f"{what} is no number from {least} to {most}")


def number_or_none(value: Any, what: str, least: int = 0, most: int = LARGEST) -> int | None:
    """The same, or nothing."""
    return None if value is None else number(value, what, least, most)


def decimal(value: Any, what: str, least: float = 0, most: float = 1e9) -> float:
    """A number, whole or not, in bounds; 0 for nothing."""
    if value is None:
        return 0.0
    if type(value) in (int, float) and least <= value <= most:
        return float(value)
    raise Unfit(f"{what} is no number from {least:g} to {most:g}")


def text(value: Any, what: str, most: int = 500) -> str:
    """Words, cleaned; at least one character."""
    words = text_or_none(value, what, most)
    if words is None:
        raise Unfit(f"{what} is missing")
    return words


def text_or_none(value: Any, what: str, most: int = 500) -> str | None:
    """Words, cleaned; None for null and for nothing but spaces."""
    if value is None:
        return None
    if not isinstance(value, str):
        raise Unfit(f"{what} is no text")
    return clean(value, most) or None


@lru_cache(4096)
def _day(value: str) -> date | None:
    try:
        found = date.fromisoformat(value) if len(value) == 10 else None
    except ValueError:  # the 31st of November
        return None
    return found if found and found.year in _YEARS else None


def day_or_none(value: Any, what: str) -> date | None:
    """A day like 2026-11-30; None for null and "", and for a year that means never."""
    if value is None or value == "":
        return None
    if isinstance(value, str):
        if value[:2] == "99" or (value[:4].isdecimal() and int(value[:4]) >= _NEVER):
            return None
        if found := _day(value):
            return found
    raise Unfit(f"{what} is no day like 2026-11-30")


@lru_cache(4096)
def _moment(value: str) -> datetime | None:
    try:
        found = datetime.fromisoformat(value) if len(value) <= _LONGEST_MOMENT else None
        return found.astimezone(UTC) if found and found.tzinfo else None
    except (ValueError, OverflowError):
        return None


def moment_or_none(value: Any, what: str) -> datetime | None:
    """A moment with its zone, in UTC; None as for days."""
    if value is None or value == "":
        return None
    if isinstance(value, str):
        if value[:4].isdecimal() and int(value[:4]) >= _NEVER:
            return None
        if (found := _moment(value)) and found.year in _YEARS:
            return found
    raise Unfit(f"{what} is no moment like 2026-11-21T08:58:10Z")


def amount(value: Any, what: str) -> Decimal:
    """An amount of money, to the cent."""
    if type(value) in (int, float) and 0 <= value < _DEAREST:
        return Decimal(str(value)).quantize(_CENT)
    raise Unfit(f"{what} is no amount of money")


def link_or_none(value: Any) -> str | None:
    """The address of a web page; None for all that a page must not link to."""
    if not isinstance(value, str) or len(value) > _LONGEST_URL:
        return None
    try:
        parts = urlsplit(value)
        web = parts.scheme in {"http", "https"} and bool(parts.hostname)
    except ValueError:
        return None
    return value if web and value.isprintable() and " " not in value else None
