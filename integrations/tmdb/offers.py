"""From where TMDB says a title can be watched to offers in our own words. Pure."""

import re
from collections.abc import Iterable
from typing import Any

from domain.platforms.values import Monetization
from domain.sync.values import SeenOffer
from integrations.upstreams.fields import Unfit, listing, mapping, number

_COUNTRY = re.compile(r"[A-Z]{2}")
_BUCKETS = {
    "flatrate": Monetization.SUBSCRIPTION.value,
    "flatrate_and_buy": Monetization.SUBSCRIPTION.value,
    "free": Monetization.FREE.value,
    "ads": Monetization.ADS.value,
    "rent": Monetization.RENT.value,
    "buy": Monetization.BUY.value,
}


def offers(value: Any, tmdb_id: int, countries: Iterable[str]) -> tuple[list[SeenOffer], list[str]]:
    """The offers of a title in some countries, and why others were rejected.

    Raises Unfit where the answer can't be all of them. A country of which nothing is said has none.
    """
    body = mapping(value, "it")
    if number(body.get("id"), "its id", 1) != tmdb_id:
        raise Unfit("it answered about another title")
    regions = mapping(body.get("results"), "its list of countries")
    if not all(_COUNTRY.fullmatch(each) for each in regions):
        raise Unfit("its list of countries names something else")
    seen: list[SeenOffer] = []
    rejected: list[str] = []
    for country in countries:
        region = mapping(regions.get(country, {}), f"what it says of {country}")
        for bucket, monetization in _BUCKETS.items():
            for each in listing(region.get(bucket, []), f"a list for {country}"):
                try:
                    package = number(mapping(each, "it").get("provider_id"), "its number", 1)
                except Unfit as unfit:
                    rejected.append(f"{country}, {bucket}: {unfit}")
                else:
                    seen.append(SeenOffer(country, package, 0, monetization))
    return seen, rejected[:20]
