"""What each field of the schema answers that isn't simply read from its node."""

import re
from collections.abc import Callable
from datetime import date
from itertools import groupby
from typing import Any

from graphql import GraphQLError

from simulators.justwatch import offers as rules
from simulators.justwatch.lists import Lists, after, cursor, page
from simulators.justwatch.nodes import Nodes
from simulators.justwatch.offers import Node
from simulators.words import COUNTRIES
from simulators.world import Season, Title

Arguments = dict[str, Any]
Resolver = Callable[["Site", Node, Arguments], Any]

_LANGUAGE = re.compile(r"[a-z]{2}(-[0-9A-Z]+)?")


class Site:
    """What resolvers ask: the nodes and the lists."""

    def __init__(self, nodes: Nodes) -> None:
        self.nodes, self.lists = nodes, Lists(nodes)


def refusal(message: str, code: str = "BAD_USER_INPUT") -> GraphQLError:
    """An error as a resolver raises it: the answer has status 200."""
    return GraphQLError(message, extensions={"code": code})


def country_of(arguments: Arguments) -> str:
    """The country asked for, if there is one of that code."""
    country = arguments["country"]
    if country not in COUNTRIES:
        raise refusal(f"invalid country: {str(country)[:20]!r}")
    return country


def check_language(arguments: Arguments) -> None:
    """Refuse what no language is written like. One that isn't known is English."""
    language = arguments.get("language")
    if language is not None and not (isinstance(language, str) and _LANGUAGE.fullmatch(language)):
        raise refusal(f"invalid language: {str(language)[:20]!r}")


def popular_titles(site: Site, _: Node, arguments: Arguments) -> Node:
    """A page of what is popular, or of what a search finds."""
    country = country_of(arguments)
    titles = site.lists.popular(
        country, arguments.get("filter"), arguments["sortBy"], arguments.get("sortRandomSeed") or 0
    )
    start = _start(arguments)
    shown, info = page(titles, arguments["first"], start)
    edges = [
        {"cursor": cursor(start + place), "node": site.nodes.title(title)}
        for place, title in enumerate(shown, 1)
    ]
    return {"edges": edges, "pageInfo": info, "totalCount": len(titles)}


def node(site: Site, _: Node, arguments: Arguments) -> Node:
    """The node with an id. Raises GraphQLError where there is none."""
    found = site.nodes.by_id(arguments["id"])
    if found is None:
        raise refusal(f"no node with id {arguments['id'][:40]!r}", "NOT_FOUND")
    return found


def url(site: Site, _: Node, arguments: Arguments) -> Node | None:
    """What a page of the site is about; None for an address that isn't one."""
    path = arguments["fullPath"]
    found = site.nodes.by_path(path)
    return None if found is None else {"id": rules.encoded(f"ur|{path}"), "node": found}


def packages(site: Site, _: Node, arguments: Arguments) -> list[Node]:
    """All packages, by name."""
    country_of(arguments)
    return sorted(site.nodes.packages.values(), key=lambda each: each["clearName"].casefold())


def new_titles(site: Site, _: Node, arguments: Arguments) -> Node:
    """A page of what has arrived, or is to arrive."""
    found = _new(site, arguments, _day(arguments.get("date")))
    return _new_connection(site, found, arguments["first"], _start(arguments))


def new_title_buckets(site: Site, _: Node, arguments: Arguments) -> Node:
    """The same by day and package. Raises GraphQLError for more than sixteen."""
    if arguments["first"] > 16:
        raise refusal("too many buckets", "TOO_BIG")
    found = _new(site, arguments, None)
    found.sort(key=lambda each: (-each[0].toordinal(), each[1].package))
    buckets = [
        (key, list(each))
        for key, each in groupby(found, key=lambda each: (each[0], each[1].package))
    ]
    start = _start(arguments)
    shown, info = page(buckets, arguments["first"], start)
    edges = [
        {
            "cursor": cursor(start + place),
            "key": {
                "@type": "DatePackageAggregationKey",
                "date": day.isoformat(),
                "package": site.nodes.packages[package],
            },
            "node": _new_connection(site, of_bucket, arguments.get("bucketSize") or 10, 0),
        }
        for place, ((day, package), of_bucket) in enumerate(shown, 1)
    ]
    return {"edges": edges, "pageInfo": info}


def _new(site: Site, arguments: Arguments, day: date | None) -> list[Any]:
    upcoming = arguments["pageType"] == "UPCOMING"
    return site.lists.new(country_of(arguments), day, arguments.get("filter"), upcoming=upcoming)


def _new_connection(site: Site, found: list[Any], first: int, start: int) -> Node:
    shown, info = page(found, first, start)
    edges = [
        {"cursor": cursor(start + place), "@offer": offer, "node": about}
        for place, (offer, about) in enumerate(site.lists.new_edges(shown), 1)
    ]
    return {"edges": edges, "pageInfo": info, "totalCount": len(found)}


def content(site: Site, source: Node, arguments: Arguments) -> Node:
    """What a node is, in a country."""
    check_language(arguments)
    return site.nodes.content(source, country_of(arguments))


def all_offers(site: Site, source: Node, country: str) -> list[Node]:
    """The offers of a node in a country, unfiltered."""
    title: Title = source["@title"]
    here = [each for each in site.nodes.reality.offers(title.number) if each.country == country]
    season: Season | None = source.get("@season")
    owner, nodes = source["id"], site.nodes.packages
    if "@episode" in source:
        return rules.season_offers(here, source["@season"].number, 1, owner, nodes)
    if season is not None:
        return rules.season_offers(here, season.number, len(season.episodes), owner, nodes)
    if title.kind == "series":
        return rules.show_offers(title, here, owner, nodes)
    return rules.film_offers(here, owner, nodes)


def offers(site: Site, source: Node, arguments: Arguments) -> list[Node]:
    """The offers of a node in a country, filtered."""
    filter = arguments.get("filter") or {}
    # As with titles: a filter of nothing but unknown codes filters nothing.
    known = [each for each in filter.get("packages") or () if each in site.nodes.short_names]
    found = all_offers(site, source, country_of(arguments))
    return rules.filtered(found, filter | {"packages": known} if filter else None)


def offer_count(site: Site, source: Node, arguments: Arguments) -> int:
    """How many those are."""
    return len(offers(site, source, arguments))


def max_offer_updated_at(site: Site, source: Node, arguments: Arguments) -> str | None:
    """When the offers last changed; None where there are none."""
    if not all_offers(site, source, country_of(arguments)):
        return None
    return f"{site.nodes.reality.changed_on(source['@title'].number).isoformat()}T00:00:00Z"


def offers_history(site: Site, source: Node, arguments: Arguments) -> list[Node]:
    """Windows that are over, then those that are not."""
    country = country_of(arguments)
    title: Title = source["@title"]
    season: Season | None = source.get("@season")
    windows = [
        rules.offer_node(change.before, source["id"], package, until=change.day)
        for change in site.nodes.reality.gone(title.number)
        if change.before is not None and change.before.country == country
        if season is None or change.before.season in (None, season.number)
        for package in (site.nodes.packages[change.before.package],)
    ] + all_offers(site, source, country)
    return [
        {
            "id": each["id"],
            "country": country,
            "dateRanges": [{"start": each["@since"], "end": each["availableTo"]}],
            "package": each["package"],
            "monetizationType": each["monetizationType"],
            "presentationType": each["presentationType"],
        }
        for each in rules.filtered(windows, arguments.get("filterV2"))
    ]


def streaming_charts(site: Site, source: Node, arguments: Arguments) -> Node:
    """The place of a title among the popular; seasons have none."""
    country_of(arguments)
    if "@season" in source:
        return {"edges": []}
    return {"edges": [{"streamingChartInfo": site.nodes.chart(source["@title"])}]}


def available_to(site: Site, source: Node, arguments: Arguments) -> list[Node]:
    """The soonest last day at each package that has one."""
    soonest: dict[int, Node] = {}
    wanted = arguments.get("packages")
    for offer in all_offers(site, source, country_of(arguments)):
        package, day = offer["package"], offer["availableTo"]
        if day is None or (wanted and package["shortName"] not in wanted):
            continue
        known = soonest.get(package["packageId"])
        if known is None or day < known["availableToDate"]:
            soonest[package["packageId"]] = {"availableToDate": day, "package": package}
    return sorted(soonest.values(), key=lambda each: each["availableToDate"])


def count_down(site: Site, source: Node, arguments: Arguments) -> int:
    """In how many days a last day comes."""
    country_of(arguments)
    return (date.fromisoformat(source["availableToDate"]) - site.nodes.reality.clock.today()).days


def seasons(site: Site, source: Node, arguments: Arguments) -> list[Node]:
    """The seasons of a show, the last first where not asked otherwise."""
    title: Title = source["@title"]
    nodes = [site.nodes.season(title, season) for season in title.seasons]
    return nodes if arguments.get("sortDirection") == "ASC" else nodes[::-1]


def episodes(site: Site, source: Node, arguments: Arguments) -> list[Node]:
    """The episodes of a season, the last first where not asked otherwise."""
    nodes = site.nodes.episodes(source["@title"], source["@season"])
    nodes = nodes if arguments.get("sortDirection") == "ASC" else nodes[::-1]
    start = max(0, arguments.get("offset") or 0)
    limit = arguments.get("limit")
    return nodes[start : None if limit is None else start + max(0, limit)]


def show(site: Site, source: Node, _: Arguments) -> Node:
    """The show of a season."""
    return site.nodes.title(source["@title"])


def poster(_: Site, source: Node, arguments: Arguments) -> str:
    """Where a title's poster would be."""
    profile = (arguments.get("profile") or "S166").lower()
    format = (arguments.get("format") or "JPG").lower()
    return f"/poster/{source['@title'].number}/{profile}/poster.{format}"


def backdrops(_: Site, source: Node, arguments: Arguments) -> list[Node]:
    """Where its backdrop would be."""
    profile = (arguments.get("profile") or "S1920").lower()
    format = (arguments.get("format") or "JPG").lower()
    return [{"backdropUrl": f"/backdrop/{source['@title'].number}/{profile}/backdrop.{format}"}]


def icon(_: Site, source: Node, arguments: Arguments) -> str:
    """Where a package's icon would be."""
    profile = (arguments.get("profile") or "S100").lower()
    format = (arguments.get("format") or "PNG").lower()
    return f"/icon/{source['packageId']}/{profile}/{source['technicalName']}.{format}"


def price(_: Site, source: Node, arguments: Arguments) -> str | None:
    """A price with its sign."""
    check_language(arguments)
    return source["retailPrice"]


def _start(arguments: Arguments) -> int:
    try:
        return max(0, arguments.get("offset") or 0) or after(arguments.get("after"))
    except ValueError as problem:
        raise refusal("invalid cursor") from problem


def _day(told: Any) -> date | None:
    try:
        return None if told is None else date.fromisoformat(told)
    except (TypeError, ValueError) as problem:
        raise refusal("invalid date") from problem


def _genre_name(_: Site, source: Node, arguments: Arguments) -> str:
    check_language(arguments)
    return source["@name"]


def _new_offer(_: Site, source: Node, __: Arguments) -> Node:
    return source["@offer"]


def _none(_: Site, __: Node, ___: Arguments) -> None:
    return None


def _languages(_: Site, source: Node, arguments: Arguments) -> list[str]:
    check_language(arguments)
    return source["audioLanguages"]


_OFFERED: dict[str, Resolver] = {
    "content": content, "offers": offers, "offerCount": offer_count,
    "maxOfferUpdatedAt": max_offer_updated_at,
}  # fmt: skip
_SHOWN: dict[str, Resolver] = {
    **_OFFERED, "streamingCharts": streaming_charts, "availableTo": available_to,
    "offersHistory": offers_history,
}  # fmt: skip
_PICTURED: dict[str, Resolver] = {"posterUrl": poster, "backdrops": backdrops}

RESOLVERS: dict[str, dict[str, Resolver]] = {
    "Query": {
        "popularTitles": popular_titles, "node": node, "urlV2": url, "packages": packages,
        "newTitles": new_titles, "newTitleBuckets": new_title_buckets,
    },
    "Movie": _SHOWN,
    "Show": {**_SHOWN, "seasons": seasons},
    "Season": {**_SHOWN, "episodes": episodes, "show": show},
    "Episode": _OFFERED,
    "MovieContent": _PICTURED,
    "ShowContent": _PICTURED,
    "SeasonContent": _PICTURED,
    "Genre": {"translation": _genre_name},
    "AvailableTo": {"availableCountDown": count_down},
    "Offer": {"retailPrice": price, "deeplinkURL": _none, "audioLanguages": _languages},
    "Package": {"icon": icon, "iconWide": icon},
    "NewTitlesEdge": {"newOffer": _new_offer},
}  # fmt: skip
