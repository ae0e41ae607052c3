"""Which episode of ours a source means: by its number through all seasons, by its season and number
there, by its name, and by its day. Pure.

Seasons are cut differently by everybody, and specials stand in between or don't. So all ways that a
source offers are followed, and where two of them point to different episodes, none is believed.
"""

import re
from collections.abc import Hashable, Iterable, Mapping, Sequence, Set
from dataclasses import replace
from datetime import timedelta
from typing import TypeVar

from domain.filler.values import Item, Known, Mapped, Place, Show
from domain.titles.names import fold

_DAY = timedelta(days=1)
_NO_NAME = re.compile(r"((s\d+ ?)?(e|ep|episode|episodio|folge|capitulo|part|teil)?\.? ?\d+)?")
_BY_ABS, _BY_PLACE, _BY_NAME, _BY_DAY = "abs", "place", "name", "day"
_COUNTED = (_BY_ABS, _BY_PLACE)
_IDS = ("imdb_id", "tmdb_id", "mal_id", "trakt_id")
K = TypeVar("K", bound=Hashable)


def recognise(show: Show, known: Iterable[Known]) -> Known | str:
    """The series of ours that a source means; or why none, in words.

    Its ids come first; a name counts where no id that both have says otherwise.
    """
    given = [(name, value) for name in _IDS if (value := getattr(show, name)) is not None]
    known = list(known)
    by_id = {each.id: each for each in known for n, value in given if getattr(each, n) == value}
    if by_id:
        one, *others = by_id.values()
        return "its ids are those of several titles here" if others else one
    if not show.name:
        return "no series here has that id"
    key = fold(show.name)
    by_name = [
        each
        for each in known
        if each.name_key == key
        and show.year in (None, each.year)
        and all(getattr(each, name) in (None, value) for name, value in given)
    ]
    match by_name:
        case [one]:
            return one
        case []:
            return "no series here has that name and year"
        case _:
            return "several series here have that name: give its year, or an id"


class Shelf:
    """Series by all that they can be recognised by: a file may name a hundred thousand shows."""

    def __init__(self, known: Iterable[Known]) -> None:
        self._by: dict[tuple[str, object], list[Known]] = {}
        for each in known:
            for name in (*_IDS, "name_key"):
                self._by.setdefault((name, getattr(each, name)), []).append(each)

    def like(self, show: Show) -> Iterable[Known]:
        """Those that have an id of a show, or its name."""
        keys = [(name, getattr(show, name)) for name in _IDS if getattr(show, name) is not None]
        keys += [("name_key", fold(show.name))] if show.name else []
        return {each.id: each for key in keys for each in self._by.get(key, ())}.values()


def place(items: Sequence[Item], places: Sequence[Place]) -> Mapped:
    """Which episodes of a series the items mean.

    A number that was contradicted once, by a name or a day or the other number, isn't enough by
    itself for any other episode of the show: it counts differently there than here.
    """
    ways = _Ways(places)
    pointed = [ways.point(each) for each in items]
    contradicted = {
        way
        for points in pointed
        if len(set(points.values())) > 1
        for way in _COUNTED
        if way in points
    }
    found: dict[int, Item] = {}
    unplaced: list[Item] = []
    doubtful: list[Item] = []
    torn: set[int] = set()
    for item, points in zip(items, pointed, strict=True):
        if not points:
            unplaced.append(item)
            continue
        key = _agreed(points, contradicted)
        if key is None or key in torn:
            doubtful.append(item)
        elif key not in found or found[key].verdict is item.verdict:
            found[key] = _surer(item, found.get(key))
        else:  # it says both of the same episode
            doubtful += [item, found.pop(key)]
            torn.add(key)
    return Mapped(found, tuple(unplaced), tuple(doubtful))


def _agreed(points: Mapping[str, int], contradicted: Set[str]) -> int | None:
    """The episode that all ways lead to; one way alone has to be one that is never contradicted."""
    if len(points) == 1 and contradicted >= points.keys():
        return None
    targets = set(points.values())
    return targets.pop() if len(targets) == 1 else None


def _surer(item: Item, other: Item | None) -> Item:
    if other is None:
        return item
    best = max(item, other, key=lambda each: each.confidence)
    return replace(best, url=best.url or item.url or other.url)


class _Ways:
    """The ways to an episode; those that lead to several are closed."""

    def __init__(self, places: Sequence[Place]) -> None:
        self._by_abs = _unique(
            (each.number_abs, each) for each in places if each.season and each.number_abs
        )
        self._by_place = _unique(((each.season, each.number), each) for each in places)
        self._counts_through = bool(self._by_abs)
        self._names: dict[str, list[Place]] = {}
        self._days: dict[object, list[Place]] = {}
        for each in places:
            if key := _name(each.name):
                self._names.setdefault(key, []).append(each)
            if each.air_date:
                self._days.setdefault(each.air_date, []).append(each)

    def point(self, item: Item) -> Mapping[str, int]:
        """To which episode each way leads; those that lead nowhere are left out."""
        ways: dict[str, int] = {}
        found = self._by_abs.get(item.number_abs) if item.number_abs else None
        if found:
            ways[_BY_ABS] = found.id
        is_beyond = item.number_abs is not None and self._counts_through and not found
        place = None
        if item.season is not None and item.number is not None:
            place = self._by_place.get((item.season, item.number))
        # They count further than we do, so their seasons are none of ours either.
        if place and not (is_beyond and item.season):
            ways[_BY_PLACE] = place.id
        named, aired = self._names.get(_name(item.name), []), self._aired(item)
        if len(named) > 1:  # two of one name: its day tells them apart
            named = [each for each in named if each in aired]
        if len(named) == 1:
            ways[_BY_NAME] = named[0].id
        elif len(aired) == 1:
            ways[_BY_DAY] = aired[0].id
        return ways

    def _aired(self, item: Item) -> list[Place]:
        """Those of its day; where there are none, of the days beside it: it is another zone's."""
        if item.air_date is None:
            return []
        if same := self._days.get(item.air_date):
            return same
        beside = (item.air_date - _DAY, item.air_date + _DAY)
        return [each for day in beside for each in self._days.get(day, [])]


def _unique(pairs: Iterable[tuple[K, Place]]) -> dict[K, Place]:
    found: dict[K, Place] = {}
    twice: set[K] = set()
    for key, each in pairs:
        if key in found:
            twice.add(key)
        found[key] = each
    return {key: each for key, each in found.items() if key not in twice}


def _name(name: str | None) -> str:
    """A name as it is compared; "" for none, and for "Episode 12", which is only a number."""
    key = fold(name or "")
    return "" if _NO_NAME.fullmatch(key) else key
