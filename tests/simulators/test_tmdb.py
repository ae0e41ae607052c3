"""TMDB's stand-in, compared with its world: every endpoint our clients and others ask."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import httpx
import pytest

from simulators.app import create_app
from simulators.index import Index
from simulators.samples import sample_world
from simulators.server import running
from simulators.world import Offer, Title
from tests.simulators.conftest import NOW, StandIns


def get(stand_ins: StandIns, path: str, **asked: Any) -> httpx.Response:
    headers = {"Authorization": "Bearer a-token"}
    return stand_ins.http.get(f"{stand_ins.url}/tmdb/3{path}", params=asked, headers=headers)


def ask(stand_ins: StandIns, path: str, **asked: Any) -> Any:
    answer = get(stand_ins, path, **asked)
    assert answer.status_code == 200, answer.text
    return answer.json()


def code(stand_ins: StandIns, path: str, **asked: Any) -> tuple[int, int]:
    answer = get(stand_ins, path, **asked)
    assert answer.json()["success"] is False
    return answer.status_code, answer.json()["status_code"]


def popular(stand_ins: StandIns, kind: str) -> list[Title]:
    return [each for each in Index(stand_ins.world).popular if each.kind == kind]


def ids(listed: Any) -> list[int]:
    return [each["id"] for each in listed["results"]]


def test_a_key_is_needed_in_either_form(stand_ins: StandIns) -> None:
    url = f"{stand_ins.url}/tmdb/3/authentication"
    assert stand_ins.http.get(url, params={"api_key": "k"}).json()["success"] is True
    assert ask(stand_ins, "/authentication")["status_code"] == 1
    for asked, headers in (
        ({}, {}), ({"api_key": "invalid"}, {}), ({"api_key": ""}, {}),
        ({}, {"Authorization": "Bearer invalid"}), ({}, {"Authorization": "Basic x"}),
    ):  # fmt: skip
        answer = stand_ins.http.get(url, params=asked, headers=headers)
        assert (answer.status_code, answer.json()["status_code"]) == (401, 7)


def test_the_configuration_has_sizes_countries_and_languages(stand_ins: StandIns) -> None:
    images = ask(stand_ins, "/configuration")["images"]
    assert images["secure_base_url"].startswith("https://image.tmdb.org/")
    assert "w500" in images["poster_sizes"]
    countries = {each["iso_3166_1"] for each in ask(stand_ins, "/configuration/countries")}
    assert len(countries) == 250
    assert {"US", "GB", "DE"} <= countries
    assert any(each["iso_639_1"] == "de" for each in ask(stand_ins, "/configuration/languages"))


def test_a_film_in_full_with_what_is_appended(stand_ins: StandIns) -> None:
    film = stand_ins.some("film")
    appended = (
        "watch/providers,keywords,release_dates,credits,recommendations,external_ids,nonsense"
    )
    told = ask(stand_ins, f"/movie/{film.tmdb_id}", append_to_response=appended)
    assert (told["id"], told["title"], told["runtime"], told["imdb_id"]) == (
        film.tmdb_id, film.name, film.runtime_min, film.imdb_id,
    )  # fmt: skip
    assert told["release_date"][:4] == str(film.year)
    assert (told["vote_average"], told["vote_count"]) == (film.audience, film.votes)
    assert len(told["genres"]) == 2
    assert [each["name"] for each in told["keywords"]["keywords"]] == list(film.keywords)
    ratings = {
        each["iso_3166_1"]: each["release_dates"][0]["certification"]
        for each in told["release_dates"]["results"]
    }
    assert ratings == dict(film.ratings)
    assert told["external_ids"]["imdb_id"] == film.imdb_id
    assert "id" not in told["watch/providers"]
    assert "nonsense" not in told
    assert told["recommendations"]["results"][0]["media_type"] == "movie"


def test_a_series_in_full_by_season_and_episode(stand_ins: StandIns) -> None:
    series = stand_ins.some("series")
    path = f"/tv/{series.tmdb_id}"
    told = ask(stand_ins, path, append_to_response="season/1,season/99,keywords,content_ratings")
    assert told["number_of_seasons"] == len(series.seasons)
    assert told["number_of_episodes"] == sum(len(each.episodes) for each in series.seasons)
    assert "results" in told["keywords"]
    assert {each["rating"] for each in told["content_ratings"]["results"]} == {
        rating for _, rating in series.ratings
    }
    first = series.seasons[0]
    season = ask(stand_ins, f"{path}/season/1")
    assert told["season/1"] == season
    assert "season/99" not in told
    assert [each["name"] for each in season["episodes"]] == [each.name for each in first.episodes]
    assert [each["air_date"] for each in season["episodes"]] == [
        str(each.air_date) for each in first.episodes
    ]
    episode = ask(stand_ins, f"{path}/season/1/episode/2")
    assert episode == season["episodes"][1]
    assert ask(stand_ins, f"{path}/external_ids")["imdb_id"] == series.imdb_id


def test_providers_are_by_country_and_way_to_pay(stand_ins: StandIns) -> None:
    film = stand_ins.some("film")
    stand_ins.put(
        film.number,
        Offer(film.number, 8, "US", "subscription", "4k"),
        Offer(film.number, 8, "US", "subscription", "hd"),
        Offer(film.number, 3, "US", "buy", "hd"),
        Offer(film.number, 2, "GB", "cinema", "hd"),
    )
    told = ask(stand_ins, f"/movie/{film.tmdb_id}/watch/providers")
    assert told["id"] == film.tmdb_id
    assert set(told["results"]) == {"US"}
    us = told["results"]["US"]
    assert set(us) == {"link", "flatrate", "buy"}
    assert [each["provider_id"] for each in us["flatrate"]] == [8]
    assert us["buy"][0]["provider_name"] == "Google Play Movies"


def test_providers_of_a_season_are_its_own_and_the_whole_shows(stand_ins: StandIns) -> None:
    show = next(each for each in stand_ins.world.titles.values() if len(each.seasons) > 1)
    stand_ins.put(
        show.number,
        Offer(show.number, 8, "US", "subscription", "hd", season=1),
        Offer(show.number, 9, "US", "subscription", "hd"),
    )

    def providers(path: str) -> list[int]:
        found = ask(stand_ins, f"/tv/{show.tmdb_id}{path}/watch/providers")["results"]["US"]
        return [each["provider_id"] for each in found["flatrate"]]

    assert [providers("/season/1"), providers("/season/2"), providers("")] == [[8, 9], [9], [8, 9]]


def test_searches_find_films_series_and_both(stand_ins: StandIns) -> None:
    film, series = stand_ins.some("film"), stand_ins.some("series")
    assert ids(ask(stand_ins, "/search/movie", query=film.name))[0] == film.tmdb_id
    assert film.tmdb_id not in ids(ask(stand_ins, "/search/tv", query=film.name))
    both = ask(stand_ins, "/search/multi", query=series.name)["results"]
    assert (both[0]["id"], both[0]["media_type"]) == (series.tmdb_id, "tv")
    assert ids(ask(stand_ins, "/search/movie", query=film.name, year=1900)) == []
    missing = get(stand_ins, "/search/movie")
    assert (missing.status_code, missing.json()) == (422, {"errors": ["query must be provided"]})


def test_find_knows_titles_by_imdbs_id(stand_ins: StandIns) -> None:
    for kind, listed in (("film", "movie_results"), ("series", "tv_results")):
        title = stand_ins.some(kind)
        found = ask(stand_ins, f"/find/{title.imdb_id}", external_source="imdb_id")
        assert [each["id"] for each in found[listed]] == [title.tmdb_id]
    nobody = ask(stand_ins, "/find/tt0", external_source="imdb_id")
    assert not any(nobody.values())
    assert code(stand_ins, "/find/tt0", external_source="nobody") == (422, 5)


def test_lists_come_in_pages_of_twenty(stand_ins: StandIns) -> None:
    films = [each.tmdb_id for each in popular(stand_ins, "film")]
    first, third = (ask(stand_ins, "/movie/popular", page=page) for page in (1, 3))
    assert ids(first) == films[:20]
    assert (first["total_results"], first["total_pages"]) == (40, 2)
    assert ids(third) == []
    trending = ask(stand_ins, "/trending/all/week")["results"]
    assert {each["media_type"] for each in trending} == {"movie", "tv"}
    for page in ("0", "501", "two", "-1"):
        assert code(stand_ins, "/movie/popular", page=page) == (400, 22)


def test_discover_leaves_what_was_asked_for(stand_ins: StandIns) -> None:
    world, films = stand_ins.world, popular(stand_ins, "film")

    def found(**asked: Any) -> set[int]:
        return set(ids(ask(stand_ins, "/discover/movie", **asked)))

    dramas = {each.tmdb_id for each in films if "drama" in each.genres}
    assert found(with_genres="18") == dramas
    assert found(with_genres="18|35") > dramas
    assert found(without_genres="18").isdisjoint(dramas)
    good = {each.tmdb_id for each in films if (each.audience or 0) >= 7.5}
    assert found(**{"vote_average.gte": "7.5"}) == good
    old = {each.tmdb_id for each in films if (each.year or 0) < 1980}
    assert found(**{"primary_release_date.lte": "1979-12-31"}) == old

    def on(packages: set[int]) -> set[int]:
        return {
            each.tmdb_id
            for each in films
            if {offer.package for offer in world.offers[each.number] if offer.country == "DE"}
            & packages
        }

    assert found(watch_region="DE", with_watch_providers="337|350") == on({337, 350})
    assert found(watch_region="DE", with_watch_monetization_types="free") == on({73})
    oldest = ask(stand_ins, "/discover/tv", sort_by="first_air_date.asc")["results"]
    days = [each["first_air_date"] for each in oldest]
    assert days == sorted(days)
    assert code(stand_ins, "/discover/tv", sort_by="luck") == (422, 5)


def test_genres_and_services_are_listed(stand_ins: StandIns) -> None:
    films = {each["id"]: each["name"] for each in ask(stand_ins, "/genre/movie/list")["genres"]}
    series = {each["id"]: each["name"] for each in ask(stand_ins, "/genre/tv/list")["genres"]}
    assert (films[878], series[10765]) == ("Science Fiction", "Sci-Fi & Fantasy")
    services = ask(stand_ins, "/watch/providers/movie", watch_region="US")["results"]
    assert {each["provider_id"] for each in services} == set(stand_ins.world.packages)
    regions = ask(stand_ins, "/watch/providers/regions")["results"]
    assert [each["iso_3166_1"] for each in regions] == ["DE", "GB", "US"]


def test_changes_are_what_time_changed(stand_ins: StandIns) -> None:
    assert ask(stand_ins, "/movie/changes")["results"] == []
    titles = stand_ins.world.titles.values()
    before = {each.number: offers_of(stand_ins, each) for each in titles}
    stand_ins.control("POST", "/clock", json={"advance_days": 10})
    asked = {"start_date": "2026-11-22", "end_date": "2026-12-01"}
    told = {
        kind: set(ids(ask(stand_ins, f"/{path}/changes", **asked)))
        for kind, path in (("film", "movie"), ("series", "tv"))
    }
    changed = [each for each in titles if offers_of(stand_ins, each) != before[each.number]]
    assert changed
    assert all(each.tmdb_id in told[each.kind] for each in changed)
    one = changed[0]
    path = "movie" if one.kind == "film" else "tv"
    items = ask(stand_ins, f"/{path}/{one.tmdb_id}/changes", **asked)["changes"][0]["items"]
    assert {each["action"] for each in items} <= {"added", "updated", "deleted"}
    assert all("2026-11-22" <= each["time"][:10] <= "2026-12-01" for each in items)


def offers_of(stand_ins: StandIns, title: Title) -> Any:
    return stand_ins.control("GET", f"/world/offers/{title.number}")["offers"]


def test_refusals_have_their_codes(stand_ins: StandIns) -> None:
    film, series = stand_ins.some("film").tmdb_id, stand_ins.some("series").tmdb_id
    many = ",".join(["credits"] * 21)
    assert code(stand_ins, f"/movie/{film}", append_to_response=many) == (400, 27)
    assert code(stand_ins, "/movie/1") == (404, 34)
    assert code(stand_ins, f"/tv/{film}") == (404, 34)
    assert code(stand_ins, "/movie/abc") == (404, 6)
    assert code(stand_ins, f"/tv/{series}/season/99") == (404, 34)
    assert code(stand_ins, f"/tv/{series}/season/1/episode/99") == (404, 34)
    assert code(stand_ins, "/no/such/thing") == (404, 34)
    assert code(stand_ins, "/movie/changes", start_date="yesterday") == (400, 23)
    far = {"start_date": str(NOW.date() - timedelta(days=20)), "end_date": str(NOW.date())}
    assert code(stand_ins, "/tv/changes", **far) == (422, 20)


@pytest.fixture(scope="module")
def limited() -> Iterator[str]:
    world = sample_world(titles=3, today=date(2026, 11, 21))
    with running(create_app(world, limits=True)) as url:
        yield url


def test_forty_a_second_is_each_keys_pace_where_it_is_on(limited: str) -> None:
    with httpx.Client(base_url=limited) as http:

        def asked(key: str) -> list[httpx.Response]:
            path = "/tmdb/3/authentication"
            return [http.get(path, params={"api_key": key}) for _ in range(150)]

        refused = next(each for each in asked("a") if each.status_code == 429)
        assert (refused.headers["retry-after"], refused.json()["status_code"]) == ("1", 25)
        assert http.get("/tmdb/3/authentication", params={"api_key": "b"}).status_code == 200
        http.post("/_sim/limits", json={"tmdb": False}).raise_for_status()
        assert {each.status_code for each in asked("a")} == {200}
