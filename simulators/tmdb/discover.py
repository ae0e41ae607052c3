"""Which titles a question to /discover leaves, and in which order."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date

from simulators.tmdb import views
from simulators.tmdb.errors import Refusal
from simulators.words import language_of
from simulators.world import Offer, Title

Condition = Callable[[Title], bool]

_WAYS = {
    "flatrate": "subscription", "free": "free", "ads": "ads", "rent": "rent", "buy": "buy",
}  # fmt: skip
_ORDERS: dict[str, Callable[[Title], object]] = {
    "popularity": lambda title: title.popularity,
    "vote_average": lambda title: title.audience or 0.0,
    "vote_count": lambda title: title.votes,
    "revenue": lambda title: title.number,
    "primary_release_date": views.aired,
    "release_date": views.aired,
    "first_air_date": views.aired,
    "title": lambda title: title.name.casefold(),
    "original_title": lambda title: title.name.casefold(),
    "name": lambda title: title.name.casefold(),
    "original_name": lambda title: title.name.casefold(),
}


def discover(
    titles: Iterable[Title], asked: Mapping[str, str], offers: Callable[[int], Sequence[Offer]]
) -> list[Title]:
    """The titles that pass everything asked, sorted. Raises Refusal for what can't be read."""
    conditions = [*_dates(asked), *_numbers(asked), *_sets(asked)]
    watch = _watch(asked, offers)
    if watch is not None:
        conditions.append(watch)
    found = [title for title in titles if all(each(title) for each in conditions)]
    field, _, direction = asked.get("sort_by", "popularity.desc").partition(".")
    order = _ORDERS.get(field)
    if order is None or direction not in ("asc", "desc"):
        raise Refusal(5)
    return sorted(found, key=order, reverse=direction == "desc")  # type: ignore[type-var]


def _dates(asked: Mapping[str, str]) -> Iterable[Condition]:
    for field in ("primary_release_date", "release_date", "first_air_date", "air_date"):
        least, most = asked.get(f"{field}.gte"), asked.get(f"{field}.lte")
        if least:
            first = day(least).isoformat()
            yield lambda title, first=first: views.aired(title) >= first
        if most:
            last = day(most).isoformat()
            yield lambda title, last=last: "" < views.aired(title) <= last
    for field in ("primary_release_year", "year", "first_air_date_year"):
        if told := asked.get(field):
            if not told.isdecimal():
                raise Refusal(5)
            yield lambda title, told=told: views.aired(title)[:4] == told


def _numbers(asked: Mapping[str, str]) -> Iterable[Condition]:
    of: dict[str, Callable[[Title], float]] = {
        "vote_average": lambda title: title.audience or 0.0,
        "vote_count": lambda title: title.votes,
        "with_runtime": lambda title: title.runtime_min or 0,
    }
    for field, value in of.items():
        least, most = _number(asked, f"{field}.gte"), _number(asked, f"{field}.lte")
        if least is not None:
            yield lambda title, value=value, least=least: value(title) >= least
        if most is not None:
            yield lambda title, value=value, most=most: value(title) <= most


def _number(asked: Mapping[str, str], name: str) -> float | None:
    try:
        return float(asked[name]) if asked.get(name) else None
    except ValueError as problem:
        raise Refusal(5) from problem


def _sets(asked: Mapping[str, str]) -> Iterable[Condition]:
    """Several values joined by a comma have to be there all, by a bar one of them."""
    of: dict[str, Callable[[Title], set[str]]] = {
        "genres": lambda title: {str(id) for id in views.genre_ids(title)},
        "keywords": lambda title: {str(views.keyword_id(each)) for each in title.keywords},
        "origin_country": lambda title: set(title.countries),
        "original_language": lambda title: {language_of(title.countries)},
    }
    for field, values in of.items():
        if told := asked.get(f"with_{field}"):
            every, wanted = "|" not in told, set(told.replace("|", ",").split(","))
            yield (
                lambda title, values=values, wanted=wanted, every=every: (
                    wanted <= values(title) if every else not wanted.isdisjoint(values(title))
                )
            )
        if told := asked.get(f"without_{field}"):
            unwanted = set(told.replace("|", ",").split(","))
            yield lambda title, values=values, unwanted=unwanted: unwanted.isdisjoint(values(title))


def _watch(asked: Mapping[str, str], offers: Callable[[int], Sequence[Offer]]) -> Condition | None:
    """Where it can be watched; without a region that says nothing."""
    region = asked.get("watch_region")
    told, ways = asked.get("with_watch_providers"), asked.get("with_watch_monetization_types")
    if not region or not (told or ways):
        return None
    packages = {int(each) for each in (told or "").replace("|", ",").split(",") if each.isdecimal()}
    every = bool(told) and "|" not in (told or "")
    wanted = {
        _WAYS.get(each, "") for each in (ways or "|".join(_WAYS)).replace(",", "|").split("|")
    }

    def there(title: Title) -> bool:
        found = {
            offer.package
            for offer in offers(title.number)
            if offer.country == region and offer.monetization in wanted
        }
        if not told:
            return bool(found)
        return packages <= found if every else not packages.isdisjoint(found)

    return there


def day(told: str) -> date:
    """A day as parameters write it. Raises Refusal for anything else."""
    try:
        if len(told) != 10:
            raise ValueError(told)
        return date.fromisoformat(told)
    except ValueError as problem:
        raise Refusal(23) from problem
