"""JustWatch's lists: what is popular or searched for, and what is new, in pages."""

import json
from base64 import b64decode
from binascii import Error as NoBase64
from collections import OrderedDict
from collections.abc import Callable
from datetime import date
from random import Random
from typing import Any

from simulators.justwatch.nodes import Nodes
from simulators.justwatch.offers import MONETIZATIONS, PRESENTATIONS, Node, encoded, offer_node
from simulators.words import GENRES
from simulators.world import Offer, Title

DEEPEST = 2000  # a page that would reach as far is empty
_LISTS_KEPT = 32
_OBJECT_TYPES = {"film": "MOVIE", "series": "SHOW"}

Filter = dict[str, Any]


class Lists:
    """Lists of a world's titles. The last ones are kept while the world stays as it is."""

    def __init__(self, nodes: Nodes) -> None:
        self._nodes = nodes
        self._kept: OrderedDict[str, list[Title]] = OrderedDict()

    def popular(self, country: str, filter: Filter | None, sort: str, seed: int) -> list[Title]:
        """All titles that a filter leaves, in the order asked for."""
        reality = self._nodes.reality
        key = json.dumps([country, filter, sort, seed, reality.version], sort_keys=True)
        found = self._kept.pop(key, None)
        if found is None:
            found = self._sorted(self._filtered(country, filter or {}), sort, seed, filter or {})
        self._kept[key] = found
        if len(self._kept) > _LISTS_KEPT:
            self._kept.popitem(last=False)
        return found

    def _filtered(self, country: str, filter: Filter) -> list[Title]:
        query = filter.get("searchQuery")
        index = self._nodes.index
        titles = index.popular if query is None else index.search(query)
        for fits in self._conditions(country, filter):
            titles = [title for title in titles if fits(title)]
        return titles

    def _conditions(self, country: str, filter: Filter) -> list[Callable[[Title], bool]]:
        conditions: list[Callable[[Title], bool]] = []
        if types := filter.get("objectTypes"):
            conditions.append(lambda title: _OBJECT_TYPES[title.kind] in types)
        if years := filter.get("releaseYear"):
            least, most = years.get("min") or 0, years.get("max") or 9999
            conditions.append(lambda title: title.year is not None and least <= title.year <= most)
        if genres := filter.get("genres"):
            conditions.append(lambda title: not _genres(title).isdisjoint(genres))
        if without := filter.get("excludeGenres"):
            conditions.append(lambda title: _genres(title).isdisjoint(without))
        if ratings := filter.get("ageCertifications"):
            conditions.append(lambda title: dict(title.ratings).get(country) in ratings)
        if made := filter.get("productionCountries"):
            conditions.append(lambda title: not set(made).isdisjoint(title.countries))
        fits_offer = self._offer_condition(filter)
        if fits_offer is not None:
            offers = self._nodes.reality.offers
            conditions.append(
                lambda title: any(
                    each.country == country and fits_offer(each) for each in offers(title.number)
                )
            )
        return conditions

    def _offer_condition(self, filter: Filter) -> Callable[[Offer], bool] | None:
        # A code that no package has does not filter: a list of such codes is as good as none.
        packages = {
            name for name in filter.get("packages") or () if name in self._nodes.short_names
        }
        monetizations = filter.get("monetizationTypes")
        presentations = filter.get("presentationTypes")
        if not (packages or monetizations or presentations):
            return None
        short_name = {id: node["shortName"] for id, node in self._nodes.packages.items()}

        def fits(offer: Offer) -> bool:
            return (
                (not packages or short_name[offer.package] in packages)
                and (not monetizations or MONETIZATIONS[offer.monetization] in monetizations)
                and (not presentations or PRESENTATIONS.get(offer.quality, "HD") in presentations)
            )

        return fits

    def _sorted(self, titles: list[Title], sort: str, seed: int, filter: Filter) -> list[Title]:
        match sort:
            case "RELEASE_YEAR":
                return sorted(titles, key=lambda each: -(each.year or 0))
            case "ALPHABETICAL":
                return sorted(titles, key=lambda each: each.name.casefold())
            case "IMDB_SCORE":
                return sorted(titles, key=lambda each: -(each.audience or 0))
            case "RANDOM":
                return Random(f"sort {seed}").sample(titles, len(titles))
            case _:
                return titles  # as they came: by popularity, or by likeness to what was searched

    def new(
        self, country: str, day: date | None, filter: Filter | None, *, upcoming: bool
    ) -> list[tuple[date, Offer]]:
        """Offers that began on a day, or by today and latest first, or those that are to begin."""
        filter = filter or {}
        today = self._nodes.reality.clock.today()
        found: list[tuple[date, Offer]] = []
        conditions = self._conditions(country, filter | {"objectTypes": None})
        types = filter.get("objectTypes")
        fits = self._offer_condition(filter)
        for title in self._nodes.index.popular:
            if not all(condition(title) for condition in conditions):
                continue
            kind = "MOVIE" if title.kind == "film" else "SHOW_SEASON"
            if (types and kind not in types) or (title.kind == "series" and not title.seasons):
                continue
            for offer in self._nodes.reality.offers(title.number):
                since = offer.available_from
                if since is None or offer.country != country or (fits and not fits(offer)):
                    continue
                if (since == day) if day else ((since > today) if upcoming else (since <= today)):
                    found.append((since, offer))
        return sorted(found, key=lambda each: each[0], reverse=not upcoming)

    def new_edges(self, found: list[tuple[date, Offer]]) -> list[tuple[Node, Node]]:
        """Each with its offer and the film or season it is about."""
        edges: list[tuple[Node, Node]] = []
        for _, offer in found:
            title = self._nodes.reality.world.titles[offer.title]
            if title.kind == "film":
                node = self._nodes.title(title)
            else:
                seasons = {season.number: season for season in title.seasons}
                node = self._nodes.season(title, seasons.get(offer.season or 0, title.seasons[-1]))
            package = self._nodes.packages[offer.package]
            edges.append((offer_node(offer, node["id"], package, until=offer.expires_on), node))
        return edges


def page(items: list[Any], first: int, start: int) -> tuple[list[Any], Node]:
    """A page of a list with its PageInfo. first + start >= 2000: nothing."""
    deep = first + start >= DEEPEST
    shown = [] if deep else items[start : start + max(0, first)]
    following = start + len(shown)
    info = {
        "@type": "PageInfo",
        "startCursor": cursor(start + 1) if shown else "",
        "endCursor": cursor(following) if shown else "",
        "hasPreviousPage": start > 0,
        "hasNextPage": bool(shown) and following < len(items),
    }
    return shown, info


def cursor(place: int) -> str:
    """The cursor of the item in a place, counted from 1."""
    return encoded(str(place))


def after(told: str | None) -> int:
    """How many items are before what follows a cursor; raises ValueError for one that is none."""
    if not told:
        return 0
    try:
        return max(0, int(b64decode(told, validate=True)))
    except NoBase64 as problem:
        raise ValueError("not a cursor") from problem


def _genres(title: Title) -> set[str]:
    return {GENRES[each].short for each in title.genres if each in GENRES}
