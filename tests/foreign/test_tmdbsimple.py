"""tmdbsimple understands the stand-in, and gets what is in the world."""

from datetime import date
from typing import Any

import pytest

from simulators.drift import Drift
from simulators.world import Title, World
from tests.foreign.conftest import Held, told

NETFLIX = 8
BUCKETS = {"subscription": "flatrate", "free": "free", "ads": "ads", "rent": "rent", "buy": "buy"}


@pytest.fixture(scope="module")
def got(conversation: Held, film: Title, series: Title) -> dict[str, Any]:
    """What the client got."""
    wishes = {"film": told(film), "series": told(series), "service": str(NETFLIX)}
    return conversation("tmdbsimple", wishes)


def providers(world: World, title: Title) -> dict[str, dict[str, set[int]]]:
    """Services by country and by TMDB's word for the way to pay."""
    found: dict[str, dict[str, set[int]]] = {}
    for each in world.offers[title.number]:
        if bucket := BUCKETS.get(each.monetization):
            found.setdefault(each.country, {}).setdefault(bucket, set()).add(each.package)
    return found


def ids(results: dict[str, Any]) -> dict[str, dict[str, set[int]]]:
    """The same from an answer."""
    return {
        country: {
            bucket: {each["provider_id"] for each in services}
            for bucket, services in told.items()
            if bucket != "link"
        }
        for country, told in results.items()
    }


def test_a_film_comes_with_everything_that_was_appended(
    got: dict[str, Any], world: World, film: Title
):
    found = got["film"]
    assert (found["id"], found["imdb_id"]) == (film.tmdb_id, film.imdb_id)
    assert (found["title"], found["release_date"][:4]) == (film.name, str(film.year))
    assert (found["runtime"], found["overview"]) == (film.runtime_min, film.synopsis)
    assert (found["vote_average"], found["vote_count"]) == (film.audience, film.votes)
    assert len(found["genres"]) == len(film.genres)
    assert ids(found["watch/providers"]["results"]) == providers(world, film)
    assert "id" not in found["watch/providers"]
    assert [each["name"] for each in found["keywords"]["keywords"]] == list(film.keywords)
    certified = {
        each["iso_3166_1"]: each["release_dates"][0]["certification"]
        for each in found["release_dates"]["results"]
    }
    assert certified == dict(film.ratings)


def test_what_can_be_appended_can_be_asked_for_alone(got: dict[str, Any], film: Title):
    whole, alone = got["film"], got["film_alone"]
    assert alone["providers"] == {"id": film.tmdb_id, **whole["watch/providers"]}
    for name in ("keywords", "release_dates", "external_ids", "credits"):
        assert alone[name] == {"id": film.tmdb_id, **whole[name]}
    assert alone["recommendations"]["results"] == whole["recommendations"]["results"]
    assert film.tmdb_id not in [each["id"] for each in alone["recommendations"]["results"]]
    assert alone["changes"] == {"changes": []}  # nothing has happened on the first day


def test_a_series_has_its_seasons_and_the_keys_that_are_its_own(
    got: dict[str, Any], world: World, series: Title
):
    found = got["series"]
    assert (found["name"], found["number_of_seasons"]) == (series.name, len(series.seasons))
    assert found["number_of_episodes"] == sum(len(each.episodes) for each in series.seasons)
    assert [(each["season_number"], each["episode_count"]) for each in found["seasons"]] == [
        (each.number, len(each.episodes)) for each in series.seasons
    ]
    assert [each["name"] for each in found["keywords"]["results"]] == list(series.keywords)
    rated = {each["iso_3166_1"]: each["rating"] for each in found["content_ratings"]["results"]}
    assert rated == dict(series.ratings)
    assert found["external_ids"]["imdb_id"] == series.imdb_id
    assert ids(found["watch/providers"]["results"]) == providers(world, series)
    assert [each["name"] for each in found["season/1"]["episodes"]] == [
        each.name for each in series.seasons[0].episodes
    ]
    assert got["series_alone"]["keywords"] == {"id": series.tmdb_id, **found["keywords"]}
    assert got["series_alone"]["providers"] == {"id": series.tmdb_id, **found["watch/providers"]}


def test_a_season_and_an_episode_are_as_in_the_world(
    got: dict[str, Any], world: World, series: Title
):
    season = series.seasons[0]
    assert [
        (each["episode_number"], each["name"], each["runtime"], each["air_date"], each["show_id"])
        for each in got["season"]["episodes"]
    ] == [
        (each.number, each.name, each.runtime_min, str(each.air_date), series.tmdb_id)
        for each in season.episodes
    ]
    assert got["episode"]["name"] == season.episodes[1].name
    expected = {
        (each.country, BUCKETS[each.monetization], each.package)
        for each in world.offers[series.number]
        if each.season in (None, 1) and each.monetization in BUCKETS
    }
    found = ids(got["season_providers"]["results"])
    assert {
        (country, bucket, id)
        for country, told in found.items()
        for bucket, services in told.items()
        for id in services
    } == expected


def test_titles_are_found_by_the_ids_of_others(got: dict[str, Any], film: Title, series: Title):
    by_film, by_series = got["find"][film.imdb_id or ""], got["find"][series.imdb_id or ""]
    assert [each["id"] for each in by_film["movie_results"]] == [film.tmdb_id]
    assert [each["id"] for each in by_series["tv_results"]] == [series.tmdb_id]
    assert by_film["tv_results"] == by_series["movie_results"] == by_film["person_results"] == []


def test_searches_find_the_title_and_say_its_kind(got: dict[str, Any], film: Title, series: Title):
    assert film.tmdb_id in [each["id"] for each in got["search"]["movie"]["results"]]
    assert series.tmdb_id in [each["id"] for each in got["search"]["tv"]["results"]]
    kinds = {each["id"]: each["media_type"] for each in got["search"]["multi"]["results"]}
    assert kinds[film.tmdb_id] == "movie"


def test_every_film_is_discovered_once_page_by_page(got: dict[str, Any], world: World):
    pages = got["discover"]["movie"]
    films = {each.tmdb_id: each for each in world.titles.values() if each.kind == "film"}
    found = [each["id"] for page in pages for each in page["results"]]
    assert sorted(found) == sorted(films)
    assert found == sorted(films, key=lambda each: -films[each].popularity)
    assert [len(page["results"]) for page in pages[:-1]] == [20] * (len(pages) - 1)
    assert {page["total_results"] for page in pages} == {len(films)}


def test_a_service_can_be_discovered(got: dict[str, Any], world: World):
    found = [each["id"] for page in got["discover"]["movie_on"] for each in page["results"]]
    assert sorted(found) == sorted(
        title.tmdb_id
        for title in world.titles.values()
        if title.kind == "film"
        and any(
            each.package == NETFLIX and each.country == "US" for each in world.offers[title.number]
        )
    )


def test_lists_are_in_the_order_they_promise(got: dict[str, Any], world: World):
    votes = [each["vote_average"] for page in got["discover"]["tv"] for each in page["results"]]
    assert len(votes) == sum(each.kind == "series" for each in world.titles.values())
    assert votes == sorted(votes, reverse=True)
    for kind in ("movie", "tv"):
        popular = [each["popularity"] for each in got["popular"][kind]["results"]]
        assert popular == sorted(popular, reverse=True)
        assert popular
    assert {each["media_type"] for each in got["trending"]["results"]} <= {"movie", "tv"}


def test_genres_services_and_countries_are_all_named(got: dict[str, Any], world: World):
    named = {each["id"]: each["name"] for each in got["genres"]["movie"]["genres"]}
    assert {each["id"] for each in got["film"]["genres"]} <= named.keys()
    services = {
        each["provider_id"]: each["provider_name"] for each in got["services"]["movie"]["results"]
    }
    assert services.items() <= {id: each.name for id, each in world.packages.items()}.items()
    assert NETFLIX in services
    assert {each["iso_3166_1"] for each in got["services"]["regions"]["results"]} >= {
        "US", "GB", "DE",
    }  # fmt: skip
    assert got["configuration"]["info"]["images"]["secure_base_url"].startswith("https://")
    assert {each["iso_3166_1"] for each in got["configuration"]["countries"]} >= {"US", "GB", "DE"}
    assert {each["iso_639_1"] for each in got["configuration"]["languages"]} >= {"en", "de"}


def test_nothing_has_changed_on_the_first_day(got: dict[str, Any]):
    assert got["changes"]["movie"] == got["changes"]["tv"]
    assert got["changes"]["movie"]["results"] == []


def test_what_has_changed_is_told_as_time_goes_by(got: dict[str, Any], world: World):
    later = got["later"]
    start, today = (date.fromisoformat(later["clock"][name]) for name in ("started_on", "today"))
    changes = list(Drift(world, start, 0).changes(start, today, today))
    for kind, ours in (("movie", "film"), ("tv", "series")):
        changed = {each.title for each in changes if world.titles[each.title].kind == ours}
        found = [each["id"] for each in later[kind]["results"]]
        assert sorted(found) == sorted(world.titles[number].tmdb_id for number in changed)
        assert found
    first = later["movie"]["results"][0]["id"]
    assert sum(len(each["items"]) for each in later["first"]["changes"]) == sum(
        world.titles[each.title].tmdb_id == first for each in changes
    )


def test_a_token_is_as_good_as_a_key(got: dict[str, Any], film: Title):
    assert got["with_bearer"] == film.name


@pytest.mark.parametrize(
    ("case", "status", "code"),
    [
        ("key", 401, 7),
        ("film", 404, 34),
        ("season", 404, 34),
        ("page", 400, 22),
        ("appended", 400, 27),
        ("range", 422, 20),
        ("date", 400, 23),
    ],
)
def test_a_refusal_has_its_status_and_its_code(
    got: dict[str, Any], case: str, status: int, code: int
):
    refused = got["errors"][case]
    assert refused["status"] == status
    assert refused["body"]["status_code"] == code
    assert refused["body"]["success"] is False


def test_too_many_requests_say_when_to_come_back(got: dict[str, Any]):
    refused = got["errors"]["too_many"]
    assert (refused["status"], refused["retry_after"]) == (429, "3")
