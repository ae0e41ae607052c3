"""pytrakt understands the stand-in: from signing a device in to a list of what can be skipped."""

from typing import Any

import pytest

from simulators.world import Title, World
from tests.foreign.conftest import Held, told


@pytest.fixture(scope="module")
def got(conversation: Held, film: Title, series: Title) -> dict[str, Any]:
    """What the client got."""
    return conversation("pytrakt", {"film": told(film), "series": told(series)})


def ids(title: Title) -> dict[str, Any]:
    """What Trakt and the world both say of a title."""
    return {"imdb": title.imdb_id, "tmdb": title.tmdb_id}


def test_a_device_is_signed_in_once_somebody_has_typed_its_code(got: dict[str, Any]):
    way = got["signed_in"]
    assert way["code"]["interval"] == 5
    assert way["code"]["expires_in"] == 600
    assert way["pending"]["type"] == "BadRequestException"
    assert way["hurried"]["type"] == "RateLimitException"
    assert way["tokens"]["expires_in"] == 604_800
    assert way["again"]["type"] == "ConflictException"
    assert way["unknown"]["type"] == "NotFoundException"
    assert got["settings"]["user"]["username"] == "ana"


def test_a_refresh_token_is_good_once(got: dict[str, Any]):
    refreshed = got["refresh"]
    assert refreshed["before"] != refreshed["after"]
    assert refreshed["spent"] != refreshed["kept"]
    assert refreshed["again"]["type"] == "OAuthRefreshException"
    assert refreshed["again"]["error"] == "invalid_grant"
    assert refreshed["again"]["error_description"] == "session not found"


def test_the_whole_history_comes_page_by_page_however_much_is_asked_for_at_once(
    got: dict[str, Any], world: World
):
    history = got["history"]
    headers = got["clamped"]
    assert headers["x-pagination-limit"] == "250"
    assert int(headers["x-pagination-item-count"]) == len(history) > 250
    assert headers["x-pagination-page-count"] == "2"
    assert len({each["id"] for each in history}) == len(history)
    watched = [each["watched_at"] for each in history]
    assert watched == sorted(watched, reverse=True)
    assert got["history_by_default"] == history
    known = {title.tmdb_id: title for title in world.titles.values()}
    for each in history:
        said = each["movie"] if each["type"] == "movie" else each["show"]
        title = known[said["ids"]["tmdb"]]
        assert (said["title"], said["year"]) == (title.name, title.year)
        assert (each["type"] == "movie") == (title.kind == "film")
    assert got["activities"]["all"] >= watched[0]


def test_what_was_watched_is_what_the_history_says(got: dict[str, Any]):
    for kind, singular in (("movies", "movie"), ("shows", "show")):
        expected = {each[singular]["ids"]["tmdb"] for each in got["history"] if singular in each}
        assert {each["ids"]["tmdb"] for each in got["watched"][kind]} == expected


def test_a_film_is_found_by_its_name_and_a_show_by_the_id_of_others(
    got: dict[str, Any], film: Title, series: Title
):
    assert ids(film).items() <= got["search"][0]["ids"].items()
    assert ids(series).items() <= got["show"]["ids"].items()


def test_a_show_has_its_seasons_and_how_far_one_has_come(got: dict[str, Any], series: Title):
    assert [
        (season["number"], [(each["number"], each["title"]) for each in season["episodes"]])
        for season in got["seasons"]
    ] == [
        (season.number, [(each.number, each.name) for each in season.episodes])
        for season in series.seasons
    ]
    seen = {
        (each["episode"]["season"], each["episode"]["number"])
        for each in got["history"]
        if each["type"] == "episode" and each["show"]["ids"]["tmdb"] == series.tmdb_id
    }
    progress = got["progress"]
    assert progress["completed"] == len(seen)
    assert {
        (season["number"], each["number"])
        for season in progress["seasons"]
        for each in season["episodes"]
        if each["completed"]
    } == seen


def test_lists_of_fillers_can_be_read_in_both_ways(got: dict[str, Any]):
    assert got["lists"]
    for each in got["lists"]:
        assert each["name"].endswith("_filler")
        assert each["episodes"] == each["same"]
        assert len(each["episodes"]) == each["count"] > 0


def test_what_is_added_is_there_and_what_is_removed_is_gone(got: dict[str, Any], film: Title):
    change = got["changes"]
    assert change["listed"]["added"]["movies"] == 1
    assert film.tmdb_id in [each["ids"]["tmdb"] for each in change["watchlist"]]
    assert change["unlisted"]["deleted"]["movies"] == 1
    assert film.tmdb_id not in [each["ids"]["tmdb"] for each in change["watchlist_after"]]
    assert change["watched"]["added"]["movies"] == 1
    assert len(change["after"]) == len(change["before"]) + 1
    assert change["unwatched"]["deleted"]["movies"] == len(change["after"])
    assert change["at_last"] == []
    assert change["rated"]["added"]["movies"] == 1
    rated = {each["movie"]["ids"]["tmdb"]: each["rating"] for each in change["ratings"]}
    assert rated[film.tmdb_id] == 8


@pytest.mark.parametrize(
    ("case", "type"),
    [
        ("unknown", "NotFoundException"),
        ("hurried", "RateLimitException"),
        ("gateway", "TraktBadGateway"),
        ("unavailable", "TraktUnavailable"),
        ("not_json", "BadResponseException"),
        ("token", "OAuthException"),
        ("403", "ForbiddenException"),
        ("420", "AccountLimitExceeded"),
        ("423", "LockedUserAccountException"),
    ],
)
def test_what_is_refused_is_the_error_that_the_client_has_for_it(
    got: dict[str, Any], case: str, type: str
):
    assert got["refusals"][case]["type"] == type


def test_whoever_hurries_is_told_when_to_come_back_and_why(got: dict[str, Any]):
    refused = got["refusals"]["hurried"]
    assert (refused["retry_after"], refused["header"]) == (1, "1")
    assert refused["details"]["name"] == "AUTHED_API_POST_LIMIT"
    assert (refused["details"]["limit"], refused["details"]["remaining"]) == (1, 0)
