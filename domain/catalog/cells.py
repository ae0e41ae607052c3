"""Cells of a JustWatch-derived list: numbers, and lists as Python writes them. Pure."""

import math
import re
from collections.abc import Mapping
from functools import lru_cache

from domain.titles.genres import Genre

Record = Mapping[str, str]

_LIST_LENGTH = 2_000
_QUOTED = r"""(?:'[^']*'|"[^"]*")"""
_LIST = re.compile(rf"\[\s*(?:{_QUOTED}(?:\s*,\s*{_QUOTED})*)?\s*\]")
_ITEM = re.compile(_QUOTED)


class Unusable(ValueError):
    """A cell that makes its record useless; the message is a clause that says why."""


def number(record: Record, column: str, least: float, most: float) -> float | None:
    """A number between two bounds, both included; None for an empty cell."""
    cell = record.get(column, "").strip()
    if not cell:
        return None
    try:
        found = float(cell)
    except ValueError:
        found = math.nan
    if math.isnan(found) or "_" in cell:
        raise Unusable(f"{column} {short(cell)} is not a number")
    if not least <= found <= most:
        raise Unusable(f"{column} {short(cell)} is not between {least:g} and {most:g}")
    return found


def whole(record: Record, column: str, least: int, most: int) -> int | None:
    """A whole number, also where pandas wrote '2.0' for a 2; None for an empty cell."""
    found = number(record, column, least, most)
    if found is None:
        return None
    if not found.is_integer():
        raise Unusable(f"{column} {short(record[column])} is not a whole number")
    return int(found)


@lru_cache(4096)
def genres(cell: str) -> tuple[str, ...]:
    """Our genres for a list of theirs, sorted."""
    # Theirs are finer than ours ("adventure" is our action) and some are none ("TV Movie").
    ours = (Genre.from_source(word) for word in _items("genres", cell))
    return tuple(sorted({genre.value for genre in ours if genre}))


@lru_cache(4096)
def countries(cell: str) -> tuple[str, ...]:
    """The codes in a list of countries, in its order."""
    # A few records spell a country out ("Lebanon") where a code belongs: not worth a title.
    codes = (item.strip().upper() for item in _items("production_countries", cell))
    return tuple(dict.fromkeys(code for code in codes if re.fullmatch("[A-Z]{2}", code)))


def _items(column: str, cell: str) -> list[str]:
    cell = cell.strip()
    if len(cell) > _LIST_LENGTH:
        raise Unusable(f"{column} is longer than {_LIST_LENGTH:,} characters")
    if cell and not _LIST.fullmatch(cell):
        raise Unusable(f"{column} {short(cell)} is not a list like ['drama', 'war']")
    return [item[1:-1] for item in _ITEM.findall(cell)]


def short(cell: str) -> str:
    """A cell as an error quotes it."""
    return repr(cell if len(cell) <= 40 else cell[:39] + "…")
