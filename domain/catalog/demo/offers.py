"""Where the demo's titles are, for how much and until when: invented, but the same every time.

Every draw is a hash of what it is about, so a second load says what the first one said. Pure.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from hashlib import blake2b
from urllib.parse import quote

from domain.catalog import platforms
from domain.catalog.demo.rows import DemoTitle

_CYCLE = 60  # days after which a date that has passed comes round again
_LEAVE, _BY_SEASON = 16, 5  # per cent of what a service has licensed
_MONTH = 30  # days after which what came is new no more, and comes again
_CAME = 6  # per cent of what is included
_RENT, _RENT_NEW = Decimal("3.99"), Decimal("5.99")
_BUY = {
    "film": (Decimal("9.99"), Decimal("12.99"), Decimal("14.99")),
    "series": (Decimal("14.99"), Decimal("19.99"), Decimal("24.99")),
}
_STORES = ("amazon-video", "apple-tv-store")
_NEW_FROM = 2024  # films of this year and later cost more to rent


@dataclass(frozen=True, slots=True)
class DemoOffer:
    """One way to see a title. price: None for what a plan includes.

    available_from, expires_on: the first day, of what came in the last month, and the last one.
    """

    season_number: int | None
    platform: str
    country: str
    monetization: str
    quality: str
    price: Decimal | None
    currency: str | None
    url: str
    available_from: date | None
    expires_on: date | None


def offers(title: DemoTitle, today: date) -> Iterator[DemoOffer]:
    """The offers of a title as they stand on a day; raises KeyError for an unknown platform."""
    for country, slugs in title.where.items():
        for slug in slugs:
            if slug == "rent":
                yield from _to_buy(title, country)
            else:
                yield from _included(title, platforms.known()[slug], country, today)


def leaves_on(key: str, today: date) -> date:
    """The next day, today or later, on which what `key` names leaves: every sixty days."""
    days = (_draw("day", key) - today.toordinal()) % _CYCLE
    return today + timedelta(days=days)


def came_on(key: str, today: date) -> date:
    """The last day, today or within the month before, on which what `key` names came."""
    return today - timedelta(days=(today.toordinal() - _draw("came on", key)) % _MONTH)


def _included(
    title: DemoTitle, platform: platforms.KnownPlatform, country: str, today: date
) -> Iterator[DemoOffer]:
    key = f"{title.stand_in}:{platform.slug}:{country}"
    is_4k = platform.has_4k and _draw("4k", key) % 3 == 0
    is_new = _draw("came", key) % 100 < _CAME
    seasons: list[int | None] = [None]
    licensed = not _is_original(title)
    leaving: list[int | None] = [None] if licensed and _draw("leaves", key) % 100 < _LEAVE else []
    numbers = [season.number for season in title.seasons if season.number]
    if licensed and len(numbers) > 1 and _draw("seasons", title.stand_in) % 100 < _BY_SEASON:
        # The older seasons go first, and at least one stays.
        seasons = [*numbers]
        leaving = [*numbers[: 1 + _draw("how many", key) % (len(numbers) - 1)]]
    for season in seasons:
        yield DemoOffer(
            season_number=season,
            platform=platform.slug,
            country=country,
            monetization=platform.monetization,
            quality="4k" if is_4k else "hd",
            price=None,
            currency=None,
            url=_search(platform, title),
            available_from=came_on(key, today) if is_new else None,
            expires_on=leaves_on(key, today) if season in leaving else None,
        )


def _is_original(title: DemoTitle) -> bool:
    """Whether a service probably owns it: it is there and nowhere else. Such titles stay."""
    everywhere = {slug for slugs in title.where.values() for slug in slugs}
    return len(everywhere - {"rent"}) == 1 and len(title.where) > 1


def _to_buy(title: DemoTitle, country: str) -> Iterator[DemoOffer]:
    prices = _BUY[title.kind]
    told = {"buy": prices[_draw("price", title.stand_in) % len(prices)]}
    if title.kind == "film":  # nobody lets series
        told["rent"] = _RENT_NEW if title.year >= _NEW_FROM else _RENT
    for slug in _STORES:
        for monetization, price in told.items():
            yield DemoOffer(
                season_number=None,
                platform=slug,
                country=country,
                monetization=monetization,
                quality="hd",
                price=price,
                currency=platforms.CURRENCIES[country],
                url=_search(platforms.known()[slug], title),
                available_from=None,
                expires_on=None,
            )


def _search(platform: platforms.KnownPlatform, title: DemoTitle) -> str:
    return platform.search.replace("{name}", quote(title.name, safe=""))


def _draw(*about: str) -> int:
    """A number that looks drawn and is not: the same for the same words on every machine."""
    return int.from_bytes(blake2b("\0".join(about).encode(), digest_size=8).digest())
