"""What stands in a cell: text, numbers, years, other people's ids. Pure, and never an exception.

None is for a cell that is empty, and for one that makes no sense.
"""

import math
import re
from functools import lru_cache
from typing import Any

from domain.imports import limits
from domain.imports.values import Reading

_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_IMDB = re.compile("tt[0-9]{5,12}")
_YEAR_IN_NAME = re.compile(r"(.+?)\s*\((1[89][0-9]{2}|20[0-9]{2})\)")
_LARGEST = 2**31 - 1


def text(value: Any) -> str | None:
    """Words of several lines, without what no screen can show."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    try:
        return _CONTROLS.sub("", str(value)).strip()[: limits.CELL_LENGTH] or None
    except ValueError:  # a number of more digits than Python writes
        return None


def name(value: Any) -> str | None:
    """A title: one line, not longer than a title can be."""
    found = text(value)
    return " ".join(found.split())[: limits.NAME_LENGTH] if found else None


def whole(value: Any, least: int = 0, most: int = _LARGEST) -> int | None:
    """A whole number between two bounds, also where it is written as '7.0'."""
    found = number(value)
    if found is None or not found.is_integer() or not least <= found <= most:
        return None
    return int(found)


def number(value: Any) -> float | None:
    """A finite number, also with a decimal comma."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    try:
        if isinstance(value, str):
            return _number(value) if len(value) <= 20 else None
        return float(value) if math.isfinite(value) else None
    except (OverflowError, ValueError):
        return None


@lru_cache(4096)
def _number(value: str) -> float | None:
    if "_" in value:
        return None
    found = float(value.strip().replace(",", "."))
    return found if math.isfinite(found) else None


def year(value: Any) -> int | None:
    """The year of a title, also out of its first day."""
    if isinstance(value, str):
        value = value.strip()[:4]
    return whole(value, 1870, 2100)


def imdb_id(value: Any) -> str | None:
    """IMDb's id of a title."""
    found = value.strip() if isinstance(value, str) else ""
    return found if _IMDB.fullmatch(found) else None


def key(value: Any) -> int | None:
    """Somebody's numeric id of a title."""
    return whole(value, 1)


def score(value: Any, factor: int = 1) -> int | None:
    """A rating from 1 to 10. factor: 2 for stars of five."""
    found = number(value)
    if found is None or found <= 0 or found * factor > 10:
        return None
    return max(1, math.floor(found * factor + 0.5))


def dated_name(value: str, kind: str | None) -> tuple[Reading, ...]:
    """Readings of a title that may have its year behind it: 'Dusk Lane (2011)'."""
    found = _YEAR_IN_NAME.fullmatch(value)
    whole_name = Reading(value, kind)
    return (Reading(found[1], kind, int(found[2])), whole_name) if found else (whole_name,)


def shown(value: str) -> str:
    """A cell as a reason quotes it."""
    return repr(value if len(value) <= 40 else value[:39] + "…")
