"""From what JustWatch lists of a title to offers in our own words. Pure."""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any

from domain.availability.zones import day_in
from domain.platforms.values import Monetization, Quality
from domain.sync.values import SeenOffer
from integrations.justwatch.query import count_of
from integrations.upstreams.fields import (
    LARGEST,
    Unfit,
    amount,
    day_or_none,
    link_or_none,
    listing,
    mapping,
    moment_or_none,
    number,
)

_MONETIZATIONS = {
    "FLATRATE": Monetization.SUBSCRIPTION.value,
    "FLATRATE_AND_BUY": Monetization.SUBSCRIPTION.value,
    "ADS": Monetization.ADS.value,
    "FAST": Monetization.ADS.value,
    "FREE": Monetization.FREE.value,
    "RENT": Monetization.RENT.value,
    "BUY": Monetization.BUY.value,
    "CINEMA": Monetization.CINEMA.value,
}
_QUALITIES = {"SD": Quality.SD.value, "HD": Quality.HD.value, "_4K": Quality.UHD_4K.value}
_ASKED = frozenset(
    {
        "monetizationType", "presentationType", "retailPriceValue", "currency", "standardWebURL",
        "availableTo", "availableToTime", "availableFromTime", "package",
    }
)  # fmt: skip
_DISCS = frozenset({"BLURAY", "BLURAY_4K", "DVD"})
_SOLD = frozenset({"rent", "buy", "cinema"})
_MOST_REASONS = 20
_FOREVER = date.max
_INSTANT = timedelta(microseconds=1)
_PLAIN = re.compile(r"https?://[a-z0-9-]+(?:\.[a-z0-9-]+)*(?:/[!-~]*)?")
_LONGEST_PLAIN = 500

_Place = tuple[str, int, str]


@dataclass(slots=True)
class Seen:
    """What was read of a title so far. rejected: why some of it can't be offers."""

    offers: list[SeenOffer] = field(default_factory=list)
    rejected: list[str] = field(default_factory=list)

    def reject(self, reason: str) -> None:
        """Tell why something is left out; of many, the first."""
        if len(self.rejected) < _MOST_REASONS:
            self.rejected.append(reason)


def read(node: Any, asked_id: str, countries: Sequence[str]) -> Seen:
    """The offers of a title. Raises Unfit where the answer is no use.

    A single offer that can't be one is rejected, and so is what a film's list lacks that is shorter
    than it says: the rest counts, and nothing is missing. A list that isn't there, or of a show is
    short, spoils the answer.
    """
    node = mapping(node, "what it lists of the title")
    if node.get("id") != asked_id:
        raise Unfit("it answered about another title")
    seen = Seen()
    is_show = asked_id.startswith("ts")
    of_title = _offers(node, countries, 0, seen, whole=not is_show)
    if is_show:
        seasons = _seasons(node, countries, seen)
        of_title = _by_season(of_title, seasons)
    seen.offers = _unique(of_title)
    return seen


def _seasons(
    node: dict[str, Any], countries: Sequence[str], seen: Seen
) -> dict[int, list[SeenOffer]]:
    seasons: dict[int, list[SeenOffer]] = {}
    listed = listing(node.get("seasons"), "its list of seasons")
    if len(listed) < number(node.get("totalSeasonCount"), "its number of seasons"):
        seen.reject("it lists fewer seasons than it counts")
    for each in listed:
        season = mapping(each, "a season")
        content = mapping(season.get("content"), "what it says of a season")
        ordinal = number(content.get("seasonNumber"), "a season's number", 0, 9_999)
        if ordinal:  # specials are not offered by themselves
            seasons.setdefault(ordinal, []).extend(_offers(season, countries, ordinal, seen))
    return seasons


def _offers(
    node: dict[str, Any], countries: Sequence[str], season: int, seen: Seen, *, whole: bool = False
) -> list[SeenOffer]:
    """whole: the list is a film's, of which a part is true, too."""
    offers: list[SeenOffer] = []
    for country in countries:
        listed = listing(node.get(country), f"its list for {country}")
        if len(listed) < number(node.get(count_of(country)), f"its number for {country}"):
            reason = f"it lists fewer offers in {country} than it counts"
            if not whole:  # a list that is cut short looks as if its season were another one
                raise Unfit(reason)
            seen.reject(reason)
        for index, raw in enumerate(listed):
            try:
                offer = _offer(raw, country, season)
            except Unfit as unfit:
                seen.reject(f"{country}, offer {index + 1}: {unfit}")
            else:
                if offer:
                    offers.append(offer)
    return offers


def _offer(raw: Any, country: str, season: int) -> SeenOffer | None:
    """None for a disc, which nobody streams."""
    raw = mapping(raw, "it")
    if not raw.keys() >= _ASKED:  # no day said is not the same as no day
        raise Unfit("some of what we asked for is missing")
    quality = raw.get("presentationType")
    if not isinstance(quality, str):
        raise Unfit("its picture is no text")
    if quality in _DISCS:
        return None
    monetization = raw.get("monetizationType")
    paid = _MONETIZATIONS.get(monetization) if isinstance(monetization, str) else None
    if paid is None:
        raise Unfit("how it is paid for is a word that we don't know")
    package = mapping(raw.get("package"), "its service").get("packageId")
    price = currency = None
    if paid in _SOLD and (told := raw.get("retailPriceValue")) is not None:
        price, currency = amount(told, "its price"), _currency(raw.get("currency"))
    return SeenOffer(
        country,
        number(package, "its service's number", 1, LARGEST),
        season,
        paid,
        _QUALITIES.get(quality, Quality.UNKNOWN.value),
        price,
        currency,
        _link(raw.get("standardWebURL")),
        _first_day(raw, country),
        _last_day(raw, country),
    )


@lru_cache(4_096)
def _day_in(country: str, moment: datetime) -> date:
    return day_in(country, moment)


def _currency(value: Any) -> str:
    if isinstance(value, str) and len(value) == 3 and value.isascii() and value.isupper():
        return value
    raise Unfit("its currency is none")


def _link(value: Any) -> str | None:
    """As `link_or_none`, which takes such an address apart only to find what this shows at once."""
    if isinstance(value, str) and len(value) <= _LONGEST_PLAIN and _PLAIN.fullmatch(value):
        return value
    return link_or_none(value)


def _first_day(raw: dict[str, Any], country: str) -> date | None:
    moment = moment_or_none(raw.get("availableFromTime"), "its first moment")
    return moment and _day_in(country, moment)


def _last_day(raw: dict[str, Any], country: str) -> date | None:
    told = day_or_none(raw.get("availableTo"), "its last day")
    moment = moment_or_none(raw.get("availableToTime"), "its last moment")
    # What ends at midnight can be seen on the day before, and not on the one that begins.
    return _day_in(country, moment - _INSTANT) if moment else told


def _by_season(
    of_show: Iterable[SeenOffer], seasons: dict[int, list[SeenOffer]]
) -> list[SeenOffer]:
    """A show's offers where all of its seasons go with it, and a season's own where they don't."""
    whole: defaultdict[_Place, list[SeenOffer]] = defaultdict(list)
    for each in of_show:
        whole[_place(each)].append(each)
    parts: defaultdict[_Place, dict[int, list[SeenOffer]]] = defaultdict(dict)
    for ordinal, offers in seasons.items():
        for each in offers:
            parts[_place(each)].setdefault(ordinal, []).append(each)
    kept: list[SeenOffer] = []
    for place in whole.keys() | parts.keys():
        days = _days(whole[place])
        theirs = parts[place]
        alike = len(theirs) == len(seasons) and all(_days(each) == days for each in theirs.values())
        if alike or not theirs:  # of a show whose seasons nobody lists, the show's word is all
            kept += whole[place]
        else:
            kept += [each for offers in theirs.values() for each in offers]
    return kept


def _place(offer: SeenOffer) -> _Place:
    return offer.country, offer.package_id, offer.monetization


def _days(offers: Iterable[SeenOffer]) -> set[tuple[date | None, date | None]]:
    return {(each.available_from, each.expires_on) for each in offers}


def _unique(offers: Iterable[SeenOffer]) -> list[SeenOffer]:
    """One of each identity, whatever their order: the one that stays longest, then the cheapest."""
    best: dict[SeenOffer, SeenOffer] = {}
    for each in offers:
        other = best.get(each)
        if other is None or _preference(each) < _preference(other):
            best[each] = each
    return list(best.values())


def _preference(offer: SeenOffer) -> tuple[int, bool, float, str, str, int]:
    return (
        -(offer.expires_on or _FOREVER).toordinal(),
        offer.price is None,
        float(offer.price or 0),
        offer.currency or "",
        offer.url or "",
        (offer.available_from or date.min).toordinal(),
    )
