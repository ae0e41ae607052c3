"""Offers as JustWatch's GraphQL tells them: of a film, of a season, summed up of a show."""

from base64 import b64encode
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from simulators.words import CURRENCIES
from simulators.world import Offer, Package, Title

Node = dict[str, Any]

MONETIZATIONS = {
    "subscription": "FLATRATE", "free": "FREE", "ads": "ADS", "rent": "RENT", "buy": "BUY",
    "cinema": "CINEMA",
}  # fmt: skip
PRESENTATIONS = {"sd": "SD", "hd": "HD", "4k": "_4K"}
_BEST = ("_4K", "HD", "SD")
_SIGNS = {"USD": "$", "GBP": "£", "EUR": "€"}
# The last day begins and ends at other moments everywhere; at this time it is that day in nearly
# every zone there is.
_HOUR = "T10:00:00Z"


def encoded(id: str) -> str:
    """An id as offers and packages have it."""
    return b64encode(id.encode()).decode()


def package_node(package: Package) -> Node:
    """A package, without its icons, which depend on what was asked for."""
    return {
        "@type": "Package",
        "id": encoded(f"pa|{package.id}"),
        "packageId": package.id,
        "clearName": package.name,
        "technicalName": package.slug.replace("-", ""),
        "shortName": package.short_name,
        "slug": package.slug,
        "monetizationTypes": [MONETIZATIONS.get(package.monetization, "FLATRATE")],
    }


def offer_node(
    offer: Offer, owner: str, package: Node, *, of_parts: int = 0, until: date | None = None
) -> Node:
    """An offer of the film or season with an id, or one that sums up so many parts of a show."""
    monetization = MONETIZATIONS[offer.monetization]
    presentation = PRESENTATIONS.get(offer.quality, "HD")
    short = package["shortName"]
    currency = offer.currency or CURRENCIES.get(offer.country, "USD")
    since = offer.available_from and offer.available_from.isoformat()
    day = until.isoformat() if until else None
    price = None if offer.price is None else float(offer.price)
    id = f"of|{owner}:{offer.country}:{short}:{monetization.lower()}:{offer.quality}"
    return {
        "@type": "Offer",
        "@since": since,
        "id": encoded(id),
        "monetizationType": monetization,
        "presentationType": presentation,
        "retailPrice": None if price is None else f"{_SIGNS.get(currency, currency)}{price:.2f}",
        "retailPriceValue": price,
        "currency": currency,
        "lastChangeRetailPriceValue": None,
        "type": "AGGREGATED" if of_parts else "STANDARD",
        "package": package,
        "standardWebURL": offer.url or f"https://watch.example/{short}/{owner}",
        "elementCount": of_parts,
        "newElementCount": 0,
        "availableTo": day,
        "availableToTime": day and day + _HOUR,
        "availableFromTime": since and since + _HOUR,
        "dateCreated": since,
        "subtitleLanguages": ["en"],
        "videoTechnology": ["DOLBY_VISION"] if presentation == "_4K" else [""],
        "audioTechnology": [],
        "audioLanguages": ["en"],
    }


def film_offers(offers: Iterable[Offer], owner: str, packages: dict[int, Node]) -> list[Node]:
    """The offers of a film."""
    return [
        offer_node(offer, owner, packages[offer.package], until=offer.expires_on)
        for offer in offers
    ]


def season_offers(
    offers: Sequence[Offer], season: int, parts: int, owner: str, packages: dict[int, Node]
) -> list[Node]:
    """The offers of a season: its own, and the whole show's where it has none of its own."""
    own = {_kind(offer): offer for offer in offers if offer.season is None}
    own |= {_kind(offer): offer for offer in offers if offer.season == season}
    return [
        offer_node(
            offer, owner, packages[offer.package], of_parts=max(1, parts), until=offer.expires_on
        )
        for offer in own.values()
    ]


def show_offers(
    title: Title, offers: Sequence[Offer], owner: str, packages: dict[int, Node]
) -> list[Node]:
    """The offers of a show, one for all of its seasons that are there in the same way.

    It has a last day when each of those seasons has, and then the latest of theirs.
    """
    kinds: dict[tuple[int, str, str, str], dict[int | None, Offer]] = {}
    for offer in offers:
        kinds.setdefault(_kind(offer), {})[offer.season] = offer
    nodes: list[Node] = []
    for by_season in kinds.values():
        whole = by_season.get(None)
        there = [offer for season, offer in by_season.items() if season is not None]
        if whole is not None:
            others = sum(season.number not in by_season for season in title.seasons)
            there += [whole] * (others or not there)
        days = [offer.expires_on for offer in there]
        until = max((day for day in days if day), default=None) if all(days) else None
        told = whole or there[0]
        node = offer_node(told, owner, packages[told.package], of_parts=len(there), until=until)
        nodes.append(node)
    return nodes


def filtered(nodes: list[Node], filter: dict[str, Any] | None) -> list[Node]:
    """Those that an OfferFilter leaves. Packages nobody knows do not filter at all."""
    if not filter:
        return nodes
    if filter.get("packages"):
        nodes = [node for node in nodes if node["package"]["shortName"] in filter["packages"]]
    if filter.get("excludePackages"):
        without = filter["excludePackages"]
        nodes = [node for node in nodes if node["package"]["shortName"] not in without]
    for field, name in (
        ("monetizationTypes", "monetizationType"),
        ("presentationTypes", "presentationType"),
    ):
        if filter.get(field):
            nodes = [node for node in nodes if node[name] in filter[field]]
    return _best(nodes) if filter.get("bestOnly") else nodes


def _best(nodes: list[Node]) -> list[Node]:
    """The best quality of each package and way to pay."""
    best: dict[tuple[int, str], Node] = {}
    for node in sorted(nodes, key=lambda each: _BEST.index(each["presentationType"])):
        best.setdefault((node["package"]["packageId"], node["monetizationType"]), node)
    return list(best.values())


def _kind(offer: Offer) -> tuple[int, str, str, str]:
    return (offer.package, offer.country, offer.monetization, offer.quality)
