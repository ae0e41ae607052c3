"""Our catalogue as the world that the stand-ins pretend: the same titles, services and offers."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any

from domain.catalog import platforms
from domain.catalog.demo import offers as demo_offers
from domain.catalog.demo import rows as demo_rows
from domain.catalog.demo.cells import DemoSeason
from domain.catalog.snapshot import Snapshot
from domain.db import Record
from simulators.world import Episode, Offer, Package, Season, Title, World

_UNKNOWN = 1_000_000_000  # behind all ids that TMDB has given


def of_catalogue(found: Snapshot) -> World:
    """What the database has, as far as JustWatch has an id for it."""
    world = World()
    packages = {row.id: _package(row.package_id, row.name, row.slug) for row in found.platforms}
    world.packages = {each.id: each for each in packages.values()}
    seasons, ratings, given = _seasons(found), _by_title(found.ratings), _by_title(found.offers)
    for number, row in enumerate(found.titles, 1):
        world.titles[number] = Title(
            number=number,
            kind=row.kind,
            name=row.name,
            year=row.year,
            tmdb_id=row.tmdb_id or _UNKNOWN + number,
            imdb_id=row.imdb_id,
            runtime_min=row.runtime_min,
            synopsis=row.synopsis or "",
            genres=tuple(row.genres),
            keywords=tuple(row.keywords or ()),
            countries=tuple(row.countries),
            ratings=tuple((each.country, each.rating) for each in ratings[row.id]),
            audience=row.audience_score,
            votes=row.audience_votes,
            critics=row.critics_score,
            popularity=row.popularity,
            seasons=seasons.get(row.id, ()),
            node=row.justwatch_id,
        )
        world.offers[number] = [
            _offer(number, packages[each.platform_id].id, each.season_number, each)
            for each in given[row.id]
            if each.platform_id in packages
        ]
    return world


def of_demo(today: date) -> World:
    """The demo catalogue from its files, with its offers as they stand on a day."""
    known = platforms.known()
    world = World(packages={each.package_id: _known(each) for each in known.values()})
    for number, row in enumerate(demo_rows.titles(platforms.DEMO_FILES), 1):
        world.titles[number] = Title(
            number=number,
            kind=row.kind,
            name=row.name,
            year=row.year,
            tmdb_id=row.tmdb_id or _UNKNOWN + number,
            imdb_id=row.imdb_id,
            runtime_min=row.runtime_min,
            synopsis=row.synopsis,
            genres=row.genres,
            keywords=row.keywords,
            countries=row.countries,
            ratings=tuple(row.ratings.items()),
            audience=row.audience_score,
            votes=row.audience_votes,
            critics=row.critics_score,
            popularity=row.popularity,
            seasons=tuple(
                Season(season.number, tuple(_episodes(season))) for season in row.seasons
            ),
            node=row.stand_in,
        )
        world.offers[number] = [
            _offer(number, known[each.platform].package_id, each.season_number, each)
            for each in demo_offers.offers(row, today)
        ]
    return world


def _offer(number: int, package: int, season: int | None, told: Any) -> Offer:
    return Offer(
        title=number, package=package, country=told.country, monetization=told.monetization,
        quality="hd" if told.quality == "unknown" else told.quality, season=season,
        price=told.price, currency=told.currency, url=told.url or "",
        available_from=told.available_from, expires_on=told.expires_on,
    )  # fmt: skip


def _package(id: int, name: str, slug: str) -> Package:
    known = platforms.known().get(slug)
    return Package(id, name, slug, f"{slug[:3]}", known.monetization if known else "subscription")


def _known(platform: platforms.KnownPlatform) -> Package:
    return _package(platform.package_id, platform.name, platform.slug)


def _episodes(season: DemoSeason) -> Iterator[Episode]:
    for number in range(1, season.episodes + 1):
        yield Episode(
            number, f"Episode {number}", season.minutes, number_abs=season.first + number - 1
        )


def _by_title(rows: Iterable[Record]) -> Mapping[int, list[Record]]:
    found: defaultdict[int, list[Record]] = defaultdict(list)
    for row in rows:
        found[row.title_id].append(row)
    return found


def _seasons(found: Snapshot) -> Mapping[int, tuple[Season, ...]]:
    episodes: defaultdict[tuple[int, int], list[Episode]] = defaultdict(list)
    for row in found.episodes:
        episodes[row.title_id, row.season_number].append(
            Episode(
                row.number, row.name or f"Episode {row.number}", row.runtime_min, row.air_date,
                row.number_abs,
            )
        )  # fmt: skip
    made: defaultdict[int, list[Season]] = defaultdict(list)
    for row in found.seasons:
        told = tuple(episodes[row.title_id, row.number])
        made[row.title_id].append(Season(row.number, told, row.name, row.year))
    return {title: tuple(each) for title, each in made.items()}
