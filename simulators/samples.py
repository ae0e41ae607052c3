"""Worlds made up by a seed: a small one with something of everything, and big ones for benches."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from random import Random

from simulators.world import Episode, Offer, Package, Season, Title, World

PACKAGES = (
    Package(8, "Netflix", "netflix", "nfx"),
    Package(9, "Amazon Prime Video", "amazon-prime-video", "amp"),
    Package(337, "Disney Plus", "disney-plus", "dnp"),
    Package(350, "Apple TV", "apple-tv-plus", "atp"),
    Package(1899, "HBO Max", "hbo-max", "mxx"),
    Package(73, "Tubi TV", "tubi-tv", "tbv", "free"),
    Package(300, "Pluto TV", "pluto-tv", "ptv", "ads"),
    Package(2, "Apple TV Store", "apple-itunes", "itu", "rent"),
    Package(3, "Google Play Movies", "google-play-movies", "ply", "buy"),
)
COUNTRIES = ("US", "GB", "DE")
CURRENCIES = {"US": "USD", "GB": "GBP", "DE": "EUR"}
GENRES = (
    "action",
    "comedy",
    "drama",
    "horror",
    "science-fiction",
    "thriller",
    "romance",
    "documentary",
)
_FIRST = (
    "Silent", "Crimson", "Hidden", "Broken", "Golden", "Distant", "Electric", "Paper", "Winter",
    "Salt", "Midnight", "Hollow", "Northern", "Little", "Burning", "Glass",
)  # fmt: skip
_SECOND = (
    "Harbour", "Empire", "Letters", "Garden", "Signal", "Orchard", "Witness", "River", "Machine",
    "Parade", "Kingdom", "Station", "Summer", "Detective", "Voyage", "Mirror",
)  # fmt: skip
_FIRST_NUMBER, _FIRST_TMDB = 1001, 50_001


def sample_world(seed: int = 0, titles: int = 60, today: date | None = None) -> World:
    """Films and series in three countries on nine services; some with last days, some by season.

    The last days are counted from today (by UTC, where none is told). Every third title
    is a series.
    """
    random = Random(f"sample {seed}")  # the same for the same seed, whatever Python's hash says
    today = today or datetime.now(UTC).date()
    world = World(packages={each.id: each for each in PACKAGES})
    for place in range(titles):
        title = _title(random, place, episodes=True)
        world.titles[title.number] = title
        world.offers[title.number] = _offers(random, title, today)
    return world


def big_world(
    titles: int, offers_per_title: int = 10, seed: int = 0, today: date | None = None
) -> World:
    """Many titles with so many offers each, for benches; series have seasons without episodes."""
    random = Random(f"big {seed}")
    today = today or datetime.now(UTC).date()
    world = World(packages={each.id: each for each in PACKAGES})
    places = [
        (package, country, quality)
        for package in PACKAGES
        for quality in ("hd", "4k", "sd")
        for country in COUNTRIES
    ]
    for place in range(titles):
        title = _title(random, place, episodes=False)
        world.titles[title.number] = title
        chosen = random.sample(places, min(offers_per_title, len(places)))
        world.offers[title.number] = [
            _offer(random, title, package, country, quality, today)
            for package, country, quality in chosen
        ]
    return world


def _title(random: Random, place: int, *, episodes: bool) -> Title:
    kind = "series" if place % 3 == 2 else "film"
    # Enough pairs of words for a small world; the others are told apart by a number.
    pair, again = divmod(place * 7, 256), place // 256
    name = f"{_FIRST[(pair[1] // 16 + place) % 16]} {_SECOND[pair[1] % 16]}"
    name = f"{name} {again + 1}" if again else name
    year = random.randint(1960, 2026)
    return Title(
        number=_FIRST_NUMBER + place,
        kind=kind,
        name=name,
        year=year,
        tmdb_id=_FIRST_TMDB + place,
        imdb_id=f"tt{9_000_000 + place}",
        runtime_min=random.randint(75, 170) if kind == "film" else random.choice((25, 45, 55)),
        synopsis=f"What happened at the {name.lower()}, told by those who were there.",
        genres=tuple(random.sample(GENRES, 2)),
        keywords=("based on novel",) if random.random() < 0.3 else (),
        countries=(random.choice(("US", "GB", "DE", "FR", "JP")),),
        ratings=(("US", "PG-13" if kind == "film" else "TV-14"), ("GB", "12A"), ("DE", "12")),
        audience=round(random.uniform(4, 9), 1),
        votes=random.randint(10, 20_000),
        critics=random.randint(20, 99),
        popularity=round(random.uniform(1, 200), 3),
        seasons=_seasons(random, year, episodes=episodes) if kind == "series" else (),
    )


def _seasons(random: Random, year: int, *, episodes: bool) -> tuple[Season, ...]:
    seasons: list[Season] = []
    absolute = 0
    for number in range(1, random.randint(1, 4) + 1):
        aired = date(year + number - 1, 3, 1)
        told: list[Episode] = []
        for episode in range(1, random.randint(4, 10) + 1 if episodes else 1):
            absolute += 1
            on = aired + timedelta(weeks=episode - 1)
            told.append(Episode(episode, f"Chapter {absolute}", 45, on, absolute))
        seasons.append(Season(number, tuple(told), f"Season {number}", aired.year))
    return tuple(seasons)


def _offers(random: Random, title: Title, today: date) -> list[Offer]:
    offers: list[Offer] = []
    for country in COUNTRIES:
        for package in random.sample(PACKAGES, random.randint(1, 4)):
            offer = _offer(random, title, package, country, random.choice(("hd", "4k")), today)
            if title.seasons and package.monetization == "subscription" and random.random() < 0.3:
                offers += _by_season(random, title, offer, today)
            else:
                offers.append(offer)
    return offers


def _by_season(random: Random, title: Title, offer: Offer, today: date) -> list[Offer]:
    kept = [season.number for season in title.seasons][: random.randint(1, len(title.seasons))]
    return [
        Offer(
            offer.title, offer.package, offer.country, offer.monetization, offer.quality, number,
            url=f"{offer.url}/{number}", expires_on=_last_day(random, today, share=0.5),
        )
        for number in kept
    ]  # fmt: skip


def _offer(
    random: Random, title: Title, package: Package, country: str, quality: str, today: date
) -> Offer:
    priced = package.monetization in ("rent", "buy")
    return Offer(
        title=title.number,
        package=package.id,
        country=country,
        monetization=package.monetization,
        quality=quality,
        price=Decimal(random.choice(("2.99", "3.99", "9.99"))) if priced else None,
        currency=CURRENCIES[country] if priced else None,
        url=f"https://{package.slug}.example/{country.lower()}/{title.justwatch_id}",
        available_from=today - timedelta(days=random.randint(1, 900)),
        expires_on=None if priced else _last_day(random, today, share=0.25),
    )


def _last_day(random: Random, today: date, *, share: float) -> date | None:
    return today + timedelta(days=random.randint(1, 60)) if random.random() < share else None
