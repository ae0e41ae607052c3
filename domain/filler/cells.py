"""How files say which episodes they mean: `26 97 101-106 S02E05 S02E07-E09`. Pure."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any

from domain.binge.values import Verdict
from domain.filler.values import Item
from domain.titles.names import clean

LARGEST = 9_999
_RANGE = re.compile(r"(\d{1,4})(?:-(\d{1,4}))?", re.ASCII)
_PLACES = re.compile(r"s(\d{1,4})e(\d{1,4})(?:-(?:s(\d{1,4}))?e?(\d{1,4}))?", re.I | re.ASCII)
_WORDS = {
    "filler": Verdict.FILLER,
    "mixed": Verdict.MIXED,
    "mixed canon/filler": Verdict.MIXED,
    "canon": Verdict.CANON,
    "manga canon": Verdict.CANON,
    "anime canon": Verdict.CANON,
}
_IMDB = re.compile(r"tt\d{5,12}", re.ASCII)
_LONGEST_URL = 500


class Bad(ValueError):
    """A cell that can't be what it should. Its text says why, for people."""


def episodes(cell: str, like: Item) -> Iterator[Item]:
    """An item like another for each episode that a cell names; raises Bad."""
    for word in re.split(r"[\s,;]+", cell.strip()):
        if not word:
            continue
        if match := _RANGE.fullmatch(word):
            for number in _span(word, match[1], match[2]):
                yield replace(like, number_abs=number)
        elif match := _PLACES.fullmatch(word):
            season, first, other, last = match.groups()
            if other is not None and int(other) != int(season):
                raise Bad(f"{word!r} goes from one season into another: name each by itself")
            for number in _span(word, first, last):
                yield replace(like, season=int(season), number=number)
        else:
            raise Bad(f"{word[:40]!r} names no episode: write 26, 101-106 or S02E05")


def _span(word: str, first: str, last: str | None) -> range:
    span = range(int(first), int(last or first) + 1)
    if not span or span[0] < 1:
        raise Bad(f"{word!r} is no range of episodes, which are counted from 1 on")
    return span


def verdict(cell: Any) -> Verdict:
    """What is said of them; raises Bad."""
    found = _WORDS.get(cell.strip().casefold()) if isinstance(cell, str) else None
    if found is None:
        raise Bad("the verdict has to be filler, mixed or canon")
    return found


def share(cell: Any) -> float | None:
    """A confidence from 0 to 1, None for none; raises Bad."""
    if cell is None or cell == "":
        return None
    try:
        value = float(cell) if isinstance(cell, (str, int, float)) else -1.0
    except (ValueError, OverflowError):
        value = -1.0
    if isinstance(cell, bool) or not 0 <= value <= 1:
        raise Bad("the confidence has to be a number from 0 to 1")
    return value


def number(cell: Any, what: str, most: int = 2**31 - 1) -> int | None:
    """A whole number from 1 on, None for none; raises Bad."""
    if cell is None or cell == "":
        return None
    if isinstance(cell, str) and cell.strip().isascii() and cell.strip().isdecimal():
        cell = int(cell.strip()[:12])
    if type(cell) is not int or not 1 <= cell <= most:
        raise Bad(f"the {what} has to be a number from 1 to {most}")
    return cell


def imdb(cell: Any) -> str | None:
    """An id of IMDb, None for none; raises Bad."""
    if cell is None or cell == "":
        return None
    if not isinstance(cell, str) or not _IMDB.fullmatch(cell.strip()):
        raise Bad("the imdb_id has to look like tt0409591")
    return cell.strip()


def words(cell: Any, what: str, most: int = 300) -> str | None:
    """Text, cleaned, None for none; raises Bad."""
    if cell is None:
        return None
    if not isinstance(cell, str):
        raise Bad(f"the {what} has to be text")
    return clean(cell, most) or None


def day(cell: Any) -> date | None:
    """A day like 2003-04-02, None for none; raises Bad."""
    if cell is None or cell == "":
        return None
    try:
        return date.fromisoformat(cell.strip() if isinstance(cell, str) else "")
    except ValueError:
        raise Bad("the air_date has to be a day like 2003-04-02") from None


def link(cell: Any) -> str | None:
    """The address of a web page, None for none; raises Bad."""
    found = words(cell, "url", _LONGEST_URL)
    if found is None:
        return None
    if not found.startswith(("https://", "http://")) or not found.isprintable() or " " in found:
        raise Bad("the url has to begin with https://")
    return found
