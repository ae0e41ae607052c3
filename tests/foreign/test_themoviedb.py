"""themoviedb, which has a type for every answer, understands the stand-in."""

from typing import Any

import pytest

from simulators.world import Title, World
from tests.foreign.conftest import Held, told

NETFLIX = 8


@pytest.fixture(scope="module")
def got(conversation: Held, film: Title, series: Title) -> dict[str, Any]:
    """What the client got."""
    wishes = {"film": told(film), "series": told(series), "service": str(NETFLIX)}
    return conversation("themoviedb", wishes)


def on_netflix(world: World, title: Title, country: str) -> bool:
    return any(
        each.package == NETFLIX and each.country == country for each in world.offers[title.number]
    )


def test_a_film_is_read_into_its_type(got: dict[str, Any], world: World, film: Title):
    found = got["film"]
    assert (found["id"], found["title"]) == (film.tmdb_id, film.name)
    assert (found["imdb_id"], found["runtime"]) == (film.imdb_id, film.runtime_min)
    assert found["release_date"][:4] == str(film.year)
    assert found["media_type"] == "movie"
    assert [each["name"] for each in found["keywords"]["results"]] == list(film.keywords)
    assert found["external_ids"]["imdb_id"] == film.imdb_id
    countries = {
        each.country for each in world.offers[film.number] if each.monetization != "cinema"
    }
    assert found["watch_providers"]["results"].keys() == countries
    assert {each["iso_3166_1"] for each in found["release_dates"]["results"]} == {
        country for country, _ in film.ratings
    }
    assert got["film_providers"]["results"] == found["watch_providers"]["results"]
    assert got["film_keywords"]["results"] == found["keywords"]["results"]
    assert got["film_release_dates"]["results"] == found["release_dates"]["results"]
    assert got["film_recommendations"]["results"] == found["recommendations"]["results"]


def test_a_series_its_season_and_its_episode_are_read_into_their_types(
    got: dict[str, Any], world: World, series: Title
):
    found = got["series"]
    assert (found["id"], found["name"]) == (series.tmdb_id, series.name)
    assert (found["number_of_seasons"], found["media_type"]) == (len(series.seasons), "tv")
    assert [each["rating"] for each in found["content_ratings"]["results"]] == [
        rating for _, rating in series.ratings
    ]
    offered = {each.country for each in world.offers[series.number]}
    assert got["series_providers"]["results"].keys() == offered
    season = series.seasons[0]
    assert [(each["name"], each["air_date"]) for each in got["season"]["episodes"]] == [
        (each.name, str(each.air_date)) for each in season.episodes
    ]
    assert got["episode"]["name"] == season.episodes[1].name
    assert [each["id"] for each in got["find"]["tv_results"]] == [series.tmdb_id]


def test_lists_are_read_into_their_types(
    got: dict[str, Any], world: World, film: Title, series: Title
):
    assert film.tmdb_id in [each["id"] for each in got["search"]["movies"]["results"]]
    assert series.tmdb_id in [each["id"] for each in got["search"]["tv"]["results"]]
    multi = {each["id"]: each["media_type"] for each in got["search"]["multi"]["results"]}
    assert multi[film.tmdb_id] == "movie"
    films = [each for each in world.titles.values() if each.kind == "film"]
    assert got["discover"]["movie"]["total_results"] == sum(
        on_netflix(world, each, "US") for each in films
    )
    liked = [
        each
        for each in world.titles.values()
        if each.kind == "series" and (each.audience or 0) >= 7
    ]
    assert got["discover"]["tv"]["total_results"] == len(liked)
    assert got["popular"]["results"][0]["id"] == max(films, key=lambda t: t.popularity).tmdb_id
    assert len(got["trending"]["results"]) == 20
    assert {each["id"] for each in got["film"]["genres"]} <= {
        each["id"] for each in got["genres"]["genres"]
    }
    assert NETFLIX in [each["provider_id"] for each in got["services"]["results"]]
    assert {"US", "GB", "DE"} <= {each["iso_3166_1"] for each in got["regions"]["results"]}


def test_the_client_that_waits_gets_the_same(got: dict[str, Any], film: Title):
    assert got["other"]["film"]["title"] == film.name
    assert got["other"]["refused"]["type"] == "TMDbHTTPError"
    assert got["other"]["refused"]["status_code"] == 404


@pytest.mark.parametrize(
    ("case", "type", "status"),
    [
        ("film", "TMDbHTTPError", 404),
        ("key", "TMDbAuthenticationError", 401),
        ("too_many", "TMDbRateLimitError", 429),
        ("too_many_silent", "TMDbRateLimitError", 429),
        ("server_error", "TMDbHTTPError", 503),
        ("html", "TMDbResponseDecodeError", None),
        ("stall", "TMDbTimeoutError", None),
    ],
)
def test_what_goes_wrong_is_the_error_that_the_client_has_for_it(
    got: dict[str, Any], case: str, type: str, status: int | None
):
    error = got["errors"][case]
    assert (error["type"], error["status_code"]) == (type, status)


def test_the_client_knows_when_to_come_back_if_it_was_told(got: dict[str, Any]):
    assert got["errors"]["too_many"]["retry_after"] == 3
    assert got["errors"]["too_many_silent"]["retry_after"] is None
