"""The demo's files and what is invented about them: read whole, and always the same."""

from collections import Counter
from datetime import date, timedelta

import pytest

from domain.catalog import platforms
from domain.catalog.demo import offers, rows
from domain.catalog.demo.rows import DemoTitle
from domain.titles import names

TODAY = date(2026, 11, 21)


@pytest.fixture(scope="module")
def titles() -> list[DemoTitle]:
    return rows.titles(platforms.DEMO_FILES)


def named(titles: list[DemoTitle], name: str, year: int) -> DemoTitle:
    return next(title for title in titles if (title.name, title.year) == (name, year))


def test_there_are_enough_titles_of_every_sort(titles: list[DemoTitle]) -> None:
    kinds = Counter(title.kind for title in titles)
    long_anime = [t for t in titles if t.filler and sum(s.episodes for s in t.seasons) >= 100]
    assert len(titles) >= 500
    assert kinds["series"] >= 150
    assert len(long_anime) >= 10


def test_no_title_is_there_twice(titles: list[DemoTitle]) -> None:
    for key in (
        [title.stand_in for title in titles],
        [title.imdb_id for title in titles if title.imdb_id],
        [(title.kind, title.tmdb_id) for title in titles if title.tmdb_id],
        [(title.kind, names.fold(title.name), title.year) for title in titles],
    ):
        assert [item for item, count in Counter(key).items() if count > 1] == []


def test_stand_in_ids_are_of_the_range_that_no_real_id_uses(titles: list[DemoTitle]) -> None:
    for title in titles:
        prefix = "tm" if title.kind == "film" else "ts"
        assert title.stand_in.startswith(prefix)
        assert 9_000_000_000 < int(title.stand_in[2:]) < 10_000_000_000


def test_filler_counts_through_all_seasons(titles: list[DemoTitle]) -> None:
    naruto = named(titles, "Naruto", 2002)
    assert sum(season.episodes for season in naruto.seasons) == 220
    assert naruto.filler is not None
    assert Counter(naruto.filler.values()) == {"filler": 90}
    for title in titles:
        if title.filler:
            assert max(title.filler) <= sum(season.episodes for season in title.seasons), title.name


def test_every_place_is_a_platform_that_is_sold_there(titles: list[DemoTitle]) -> None:
    for title in titles:
        for country, slugs in title.where.items():
            for slug in set(slugs) - {"rent"}:
                sold = {plan.country for plan in platforms.known()[slug].plans}
                assert country in sold, f"{title.name} on {slug} in {country}"


def test_slugs_and_addresses_of_platforms_are_what_they_should_be() -> None:
    for slug, platform in platforms.known().items():
        assert slug == names.slug(platform.name)
        assert platform.home.startswith("https://")
        assert platform.search.startswith("https://")
        assert "{name}" in platform.search
    assert len({platform.package_id for platform in platforms.known().values()}) == 22


def test_about_an_eighth_leaves_and_some_series_leave_by_the_season(
    titles: list[DemoTitle],
) -> None:
    included = [
        offer for title in titles for offer in offers.offers(title, TODAY) if not offer.price
    ]
    whole = [offer for offer in included if offer.season_number is None]
    seasons = [offer for offer in included if offer.season_number is not None]
    assert 0.09 < sum(offer.expires_on is not None for offer in whole) / len(whole) < 0.15
    assert {offer.expires_on is None for offer in seasons} == {True, False}


def test_something_leaves_within_a_week_on_every_day_of_sixty(titles: list[DemoTitle]) -> None:
    for day in (TODAY + timedelta(days) for days in range(60)):
        for country in platforms.CURRENCIES:
            dates = [
                offer.expires_on
                for title in titles
                for offer in offers.offers(title, day)
                if offer.country == country and offer.expires_on
            ]
            assert min(dates) >= day
            assert any(leaves <= day + timedelta(7) for leaves in dates)
            assert any(leaves > day + timedelta(30) for leaves in dates)


def test_a_date_stays_until_it_has_passed_and_comes_again_after_sixty_days() -> None:
    leaves = offers.leaves_on("tm1:netflix:US", TODAY)
    for days in range((leaves - TODAY).days + 1):
        assert offers.leaves_on("tm1:netflix:US", TODAY + timedelta(days)) == leaves
    assert offers.leaves_on("tm1:netflix:US", leaves + timedelta(1)) == leaves + timedelta(60)


def test_links_are_https_and_hold_any_name(titles: list[DemoTitle]) -> None:
    for title in titles:
        for offer in offers.offers(title, TODAY):
            assert offer.url.startswith("https://")
            assert offer.url.isascii()
            assert not set(offer.url) & set(' "<>\\{}')
