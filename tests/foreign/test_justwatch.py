"""simple-justwatch-python-api understands the stand-in, and gets what is in the world."""

from base64 import b64encode
from collections import Counter
from datetime import date
from typing import Any

import pytest

from simulators.drift import Drift
from simulators.world import Offer, Title, World
from tests.foreign.conftest import Held

COUNTRIES = ("US", "GB", "DE")
MONETIZATIONS = {
    "subscription": "FLATRATE", "free": "FREE", "ads": "ADS", "rent": "RENT", "buy": "BUY",
    "cinema": "CINEMA",
}  # fmt: skip
QUALITIES = {"sd": "SD", "hd": "HD", "4k": "_4K"}


@pytest.fixture(scope="module")
def leaving(world: World) -> Title:
    """A film that leaves a service in the United States."""
    return next(
        title
        for title in world.titles.values()
        if title.kind == "film"
        and any(each.country == "US" and each.expires_on for each in world.offers[title.number])
    )


@pytest.fixture(scope="module")
def got(conversation: Held, film: Title, series: Title, leaving: Title) -> dict[str, Any]:
    """What the client got."""
    wishes = {
        "film": film.justwatch_id,
        "name": film.name,
        "leaving": leaving.justwatch_id,
        "series": series.justwatch_id,
        "country": "US",
        "countries": COUNTRIES,
        "service": "nfx",
        "package": 8,
        "from_year": 1990,
    }
    return conversation("justwatch", wishes)


def told(offers: list[dict[str, Any]]) -> Counter[tuple[object, ...]]:
    """Offers as the client got them, in what the world knows of them."""
    return Counter(
        (
            each["package"]["package_id"], each["monetization_type"], each["presentation_type"],
            each["price_value"], each["available_to"], each["url"],
        )
        for each in offers
    )  # fmt: skip


def true(offers: list[Offer], country: str) -> Counter[tuple[object, ...]]:
    """The same, from the world."""
    return Counter(
        (
            each.package, MONETIZATIONS[each.monetization], QUALITIES[each.quality],
            None if each.price is None else float(each.price),
            each.expires_on and each.expires_on.isoformat(), each.url,
        )
        for each in offers
        if each.country == country
    )  # fmt: skip


def test_a_film_has_its_details_and_its_offers_in_every_country(
    got: dict[str, Any], world: World, film: Title
):
    for country in COUNTRIES:
        found = got["film"][country]
        assert found["entry_id"] == film.justwatch_id
        assert found["object_id"] == film.number
        assert found["object_type"] == "MOVIE"
        assert (found["title"], found["release_year"]) == (film.name, film.year)
        assert (found["imdb_id"], found["tmdb_id"]) == (film.imdb_id, str(film.tmdb_id))
        assert found["runtime_minutes"] == film.runtime_min
        assert found["short_description"] == film.synopsis
        assert len(found["genres"]) == len(film.genres)
        assert found["age_certification"] == dict(film.ratings).get(country)
        assert found["scoring"]["tomatometer"] == film.critics
        assert told(found["offers"]) == true(world.offers[film.number], country)


def test_offers_of_several_countries_come_in_one_answer(
    got: dict[str, Any], world: World, film: Title
):
    assert got["offers"].keys() == {"us", "gb", "de"}
    for country, offers in got["offers"].items():
        assert told(offers) == true(world.offers[film.number], country.upper())
        assert all(each["type"] == "STANDARD" for each in offers)


def test_services_are_told_by_the_ids_that_tmdb_has_too(got: dict[str, Any], world: World):
    for country in COUNTRIES:
        found = {each["package_id"]: each for each in got["providers"][country]}
        offered = {
            each.package
            for offers in world.offers.values()
            for each in offers
            if each.country == country
        }
        assert offered <= found.keys() <= world.packages.keys()
        for id, each in found.items():
            assert each["id"] == b64encode(f"pa|{id}".encode()).decode()
            assert each["name"] == world.packages[id].name
    assert {each["short_name"] for each in got["providers"]["US"]} <= {
        each.short_name for each in world.packages.values()
    }


def test_best_only_keeps_the_best_quality_of_a_service_and_a_way_to_pay(got: dict[str, Any]):
    found = {
        name: sorted((each["monetization_type"], each["presentation_type"]) for each in offers)
        for name, offers in got["in_every_quality"].items()
    }
    assert found["best"] == [("FLATRATE", "_4K"), ("RENT", "HD")]
    assert found["all"] == [
        ("FLATRATE", "HD"), ("FLATRATE", "SD"), ("FLATRATE", "_4K"), ("RENT", "HD"),
    ]  # fmt: skip


def test_a_search_finds_the_title(got: dict[str, Any], film: Title):
    assert film.justwatch_id in [each["entry_id"] for each in got["search"]]
    assert len(got["search"]) <= 5


def test_popular_titles_come_in_order_and_page_by_page(got: dict[str, Any], world: World):
    pages = [[each["entry_id"] for each in page] for page in got["popular"]]
    assert [len(page) for page in pages] == [8, 8]
    by_popularity = sorted(world.titles.values(), key=lambda each: -each.popularity)
    assert pages[0] + pages[1] == [each.justwatch_id for each in by_popularity[:16]]


def test_a_service_a_kind_and_a_year_are_all_respected(got: dict[str, Any], world: World):
    netflix = next(each.id for each in world.packages.values() if each.short_name == "nfx")
    expected = {
        title.justwatch_id
        for title in world.titles.values()
        if title.kind == "film"
        and (title.year or 0) >= 1990
        and any(
            each.package == netflix and each.country == "US" for each in world.offers[title.number]
        )
    }
    assert expected
    assert {each["entry_id"] for each in got["films_on_a_service"]} == expected


def test_a_series_has_its_seasons_and_a_season_its_episodes(got: dict[str, Any], series: Title):
    assert got["series"]["object_type"] == "SHOW"
    assert got["series"]["total_season_count"] == len(series.seasons)
    assert [each["season_number"] for each in got["seasons"]] == [s.number for s in series.seasons]
    for found, season in zip(got["seasons"], series.seasons, strict=True):
        assert found["object_type"] == "SHOW_SEASON"
        assert found["total_episode_count"] == len(season.episodes)
        assert found["tmdb_id"] == f"{series.tmdb_id}:{season.number}"
    first = series.seasons[0]
    assert [
        (each["season_number"], each["episode_number"], each["title"], each["release_date"])
        for each in got["episodes"]
    ] == [
        (first.number, each.number, each.name, each.air_date and each.air_date.isoformat())
        for each in first.episodes
    ]


def test_an_offer_of_some_seasons_stands_at_these_seasons(
    got: dict[str, Any], world: World, series: Title
):
    for found, season in zip(got["seasons"], series.seasons, strict=True):
        expected = {
            (each.package, each.monetization)
            for each in world.offers[series.number]
            if each.country == "US" and each.season in (None, season.number)
        }
        assert {
            (each["package"]["package_id"], monetization(each)) for each in found["offers"]
        } == expected
    for each in got["series"]["offers"]:
        assert each["type"] == "AGGREGATED"
        assert each["element_count"] >= 1


def test_offers_come_and_go_as_time_goes_by(got: dict[str, Any], world: World, leaving: Title):
    clock = got["later"]["clock"]
    start, today = (date.fromisoformat(clock[name]) for name in ("started_on", "today"))
    assert (today - start).days == 61
    left = list(Drift(world, start, 0).offers(leaving.number, today))
    found = told(got["later"]["offers"])
    assert found == true(left, "US")
    assert found != true(world.offers[leaving.number], "US")


def monetization(offer: dict[str, Any]) -> str:
    """The world's word for a way to pay."""
    return next(ours for ours, its in MONETIZATIONS.items() if its == offer["monetization_type"])


@pytest.mark.parametrize("case", ["country", "language", "node", "too_much"])
def test_what_the_api_refuses_is_an_error_of_the_api(got: dict[str, Any], case: str):
    error = got["errors"][case]
    assert error["type"] == "JustWatchApiError"
    assert all(each["message"] for each in error["errors"])
    if case == "too_much":
        assert [each["extensions"]["code"] for each in error["errors"]] == [
            "COMPLEXITY_LIMIT_EXCEEDED"
        ]


@pytest.mark.parametrize(
    ("case", "status"), [("wrong_kind", "422"), ("too_many", "429"), ("server_error", "503")]
)
def test_a_status_is_an_error_of_http_with_its_body(got: dict[str, Any], case: str, status: str):
    error = got["errors"][case]
    assert error["type"] == "JustWatchHttpError"
    assert status in error["text"]
    assert error["response"] is not None


@pytest.mark.parametrize("case", ["drop", "cut"])
def test_a_broken_connection_is_an_error_of_http(got: dict[str, Any], case: str):
    error = got["errors"][case]
    assert (error["type"], error["response"]) == ("JustWatchHttpError", None)


def test_a_page_in_place_of_json_is_not_taken_for_an_answer(got: dict[str, Any]):
    assert got["errors"]["html"]["type"] == "JSONDecodeError"
