"""How the demo's CSV files write what a cell has no form for. Pure.

A place to watch is written `US:netflix+rent GB:now-tv`, a season `1:7x48` (number, episodes, and
minutes of each), filler by the numbers that count through all seasons: `26 97 101-106`.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate

from domain.titles.genres import Genre


@dataclass(frozen=True, slots=True)
class DemoSeason:
    """A season. minutes: of each episode; first: its first episode's number through all seasons."""

    number: int
    episodes: int
    minutes: int
    first: int


def words(cell: str, between: str | None = None) -> tuple[str, ...]:
    """The words of a cell, trimmed, without empty ones."""
    return tuple(word.strip() for word in cell.split(between) if word.strip())


def pairs(cell: str) -> dict[str, str]:
    """`US:PG-13 GB:12A` by country; a word without a country belongs to the one before it."""
    found: dict[str, str] = {}
    country = ""
    for word in cell.split():
        head, colon, rest = word.partition(":")
        if colon:
            country, found[head] = head, rest
        else:
            found[country] += f" {word}"
    return found


def genre(word: str) -> str:
    """Our genre of that name; raises ValueError where there is none."""
    found = Genre.from_source(word)
    if found is None:
        raise ValueError(f"there is no genre {word!r}")
    return found.value


def seasons(cell: str) -> tuple[DemoSeason, ...]:
    """The seasons of `1:7x48 2:13x47`."""
    told: list[tuple[int, int, int]] = []
    for word in cell.split():
        number, _, rest = word.partition(":")
        episodes, _, minutes = rest.partition("x")
        told.append((int(number), int(episodes), int(minutes)))
    firsts = accumulate((episodes for _, episodes, _ in told), initial=1)
    return tuple(DemoSeason(*season, first) for season, first in zip(told, firsts, strict=False))


def usual_minutes(told: tuple[DemoSeason, ...]) -> int:
    """How long most episodes are."""
    counts: Counter[int] = Counter()
    for season in told:
        counts[season.minutes] += season.episodes
    return counts.most_common(1)[0][0]


def filler_numbers(cell: str) -> Iterator[int]:
    """The numbers of `26 97 101-106`."""
    for word in cell.split():
        first, _, last = word.partition("-")
        yield from range(int(first), int(last or first) + 1)
