"""Trakt: what its clients can trip over."""

import json
from datetime import timedelta
from typing import Any

import httpx
import pytest

from simulators.clock import Clock
from simulators.samples import sample_world
from simulators.trakt.app import make
from tests.simulators.conftest import TRAKT_KEY
from tests.simulators.receiving import NOW, Served

WORLD = sample_world(today=NOW.date())
FILM = next(each for each in WORLD.titles.values() if each.kind == "film")
SHOW = next(each for each in WORLD.titles.values() if each.kind == "series")


@pytest.fixture
def ana(trakt: httpx.Client) -> httpx.Client:
    tokens = trakt.post("/_sim/tokens", json={"user": "ana", "client_id": "app"}).json()
    trakt.headers["authorization"] = f"Bearer {tokens['access_token']}"
    return trakt


def posted(http: httpx.Client, clock: Clock, path: str, sent: Any) -> httpx.Response:
    clock.move(timedelta(seconds=1))  # one a second
    return http.post(path, json=sent)


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"trakt-api-key": ""}, 403),
        ({"trakt-api-key": "invalid"}, 403),
        ({"trakt-api-version": "1"}, 400),
        ({"user-agent": ""}, 403),
        ({"authorization": "Bearer nobody"}, 401),
    ],
)
def test_what_a_call_lacks_has_a_status_and_no_body(
    trakt: httpx.Client, headers: dict[str, str], status: int
) -> None:
    answer = trakt.get(f"/movies/{FILM.number}", headers=headers)
    assert (answer.status_code, answer.content) == (status, b"")


def test_posts_have_to_say_that_they_bring_json(ana: httpx.Client) -> None:
    sent = ana.post("/sync/history", content=b"{}", headers={"content-type": "text/plain"})
    assert sent.status_code == 412
    assert ana.delete("/sync/history").status_code == 405
    assert ana.get("/nowhere").status_code == 404


def test_unapproved_applications_and_refused_users_are_told(
    ana: httpx.Client, clock: Clock
) -> None:
    for status in (426, 423, 420):
        ana.post("/_sim/users", json={"user": "ana", "answers": status})
        assert ana.get("/sync/history").status_code == status
    ana.post("/_sim/users", json={"user": "ana", "answers": None})
    ana.post("/_sim/clients", json={"client_id": "app", "approved": False})
    assert ana.get("/sync/history").status_code == 403


def test_history_comes_in_pages_of_at_most_250_newest_first(ana: httpx.Client) -> None:
    first = ana.get("/sync/history", params={"page": 1, "limit": 1000})
    told = {
        name.removeprefix("x-pagination-"): value
        for name, value in first.headers.items()
        if name.startswith("x-pagination-")
    }
    assert told == {"page": "1", "limit": "250", "page-count": "2", "item-count": "320"}
    rest = ana.get("/sync/history", params={"page": 2, "limit": 250}).json()
    items = first.json() + rest
    assert len({item["id"] for item in items}) == 320
    assert min(item["id"] for item in items) > 2**32
    moments = [item["watched_at"] for item in items]
    assert moments == sorted(moments, reverse=True)
    assert moments[0].endswith("Z")
    assert len(moments[0]) == len("2026-03-31T09:28:53.000Z")
    assert len(ana.get("/sync/history").json()) == 100
    assert ana.get("/sync/history", params={"page": 9}).json() == []
    cut = moments[10]
    newer = ana.get("/sync/history", params={"start_at": cut, "limit": 250}).json()
    assert [item["id"] for item in newer] == [item["id"] for item in items[:11]]
    films = ana.get("/sync/history/movies", params={"limit": 250}).json()
    assert {item["type"] for item in films} == {"movie"}
    assert set(films[0]["movie"]["ids"]) == {"trakt", "slug", "imdb", "tmdb"}


def test_what_is_watched_is_added_twice_and_removed_whole(ana: httpx.Client, clock: Clock) -> None:
    before = ana.get("/sync/last_activities").json()
    sent = {
        "movies": [
            {"ids": {"tmdb": FILM.tmdb_id}, "watched_at": "2026-11-01T20:00:00.000Z"},
            {"ids": {"tmdb": 1}},
        ],
        "shows": [
            {
                "ids": {"imdb": SHOW.imdb_id},
                "seasons": [{"number": 1, "episodes": [{"number": 1}, {"number": 99}]}],
            }
        ],
    }
    seen = f"/sync/history/movies/{FILM.number}"
    count = len(ana.get(seen).json())
    answer = posted(ana, clock, "/sync/history", sent)
    assert answer.status_code == 201
    assert answer.json()["added"] == {"movies": 1, "episodes": 1}
    assert answer.json()["not_found"]["movies"] == [{"ids": {"tmdb": 1}}]
    assert answer.json()["not_found"]["episodes"] == [{"number": 99}]
    posted(ana, clock, "/sync/history", sent)
    assert len(ana.get(seen).json()) == count + 2
    after = ana.get("/sync/last_activities").json()
    assert after["movies"]["watched_at"] > before["movies"]["watched_at"]
    assert after["all"] == after["episodes"]["watched_at"]
    assert after["shows"] == before["shows"]
    id = ana.get(seen).json()[0]["id"]
    gone = posted(ana, clock, "/sync/history/remove", {"ids": [id, 5]}).json()
    assert (gone["deleted"]["movies"], gone["not_found"]["ids"]) == (1, [5])
    rest = {"movies": [{"ids": {"trakt": FILM.number}}]}
    assert posted(ana, clock, "/sync/history/remove", rest).json()["deleted"]["movies"] == count + 1
    assert ana.get(seen).json() == []


@pytest.mark.parametrize(
    ("path", "sent"),
    [
        ("/sync/history", {"movies": [{"ids": {"trakt": FILM.number}, "watched_at": "soon"}]}),
        ("/sync/history", {"movies": "all"}),
        ("/sync/ratings", {"movies": [{"ids": {"trakt": FILM.number}, "rating": 11}]}),
    ],
)
def test_values_that_cannot_be_are_refused(
    ana: httpx.Client, clock: Clock, path: str, sent: Any
) -> None:
    assert posted(ana, clock, path, sent).status_code == 422


def test_ratings_and_the_watchlist_change_as_they_are_told(ana: httpx.Client, clock: Clock) -> None:
    rated = {"shows": [{"ids": {"tmdb": SHOW.tmdb_id}, "rating": 9}]}
    assert posted(ana, clock, "/sync/ratings", rated).status_code == 201
    top = ana.get("/sync/ratings/shows/9", params={"limit": 250}).json()
    assert top[0]["show"]["ids"]["tmdb"] == SHOW.tmdb_id
    assert {each["rating"] for each in top} == {9}
    assert posted(ana, clock, "/sync/ratings/remove", rated).json()["deleted"]["shows"] == 1
    film = {"movies": [{"ids": {"imdb": FILM.imdb_id}}]}
    posted(ana, clock, "/sync/watchlist/remove", film)
    assert posted(ana, clock, "/sync/watchlist", film).json()["added"]["movies"] == 1
    assert posted(ana, clock, "/sync/watchlist", film).json()["existing"]["movies"] == 1
    listed = ana.get("/sync/watchlist/movies/added/desc", params={"limit": 1})
    assert listed.json()[0]["movie"]["ids"]["imdb"] == FILM.imdb_id
    assert listed.headers["x-sort-by"] == "added"
    assert posted(ana, clock, "/sync/watchlist/remove", film).json()["deleted"]["movies"] == 1


def test_a_free_watchlist_is_full_at_250(ana: httpx.Client, clock: Clock) -> None:
    episodes = [
        {"ids": {"trakt": (title.number * 1000 + season.number) * 10_000 + episode.number}}
        for title in WORLD.titles.values()
        for season in title.seasons
        for episode in season.episodes
    ]
    assert len(episodes) > 250
    full = posted(ana, clock, "/sync/watchlist", {"episodes": episodes})
    assert (full.status_code, full.headers["x-account-limit"]) == (420, "250")
    assert ana.get("/users/settings").json()["limits"]["watchlist"]["item_count"] == 250
    ana.post("/_sim/users", json={"user": "ana", "vip": True})
    assert posted(ana, clock, "/sync/watchlist", {"episodes": episodes}).status_code == 201


def test_one_post_a_second_and_500_gets_in_five_minutes(ana: httpx.Client, clock: Clock) -> None:
    ana.post("/_sim/limits", json={"get": 3})
    assert ana.post("/sync/ratings", json={}).status_code == 201
    fast = ana.post("/sync/ratings", json={})
    assert (fast.status_code, fast.headers["retry-after"]) == (429, "1")
    told = json.loads(fast.headers["x-ratelimit"])
    assert (told["name"], told["period"], told["limit"]) == ("AUTHED_API_POST_LIMIT", 1, 1)
    clock.move(timedelta(seconds=1))
    assert ana.post("/sync/ratings", json={}).status_code == 201
    left = [json.loads(ana.get("/sync/history").headers["x-ratelimit"])["remaining"] for _ in "123"]
    assert left == [2, 1, 0]
    full = ana.get("/sync/history")
    assert (full.status_code, full.headers["retry-after"]) == (429, "300")
    assert json.loads(full.headers["x-ratelimit"])["until"] == "2026-11-21T09:05:01Z"
    ana.post("/_sim/limits", json={"get": 0, "silent": True})
    silent = ana.get("/sync/history")
    assert silent.status_code == 429
    assert not {"retry-after", "x-ratelimit"} & set(silent.headers)
    ana.post("/_sim/limits", json={"enabled": False})
    assert ana.get("/sync/history").status_code == 200


def test_who_has_no_token_is_counted_by_application(trakt: httpx.Client) -> None:
    trakt.post("/_sim/limits", json={"get": 1})
    assert trakt.get(f"/movies/{FILM.number}").status_code == 200
    assert trakt.get(f"/movies/{FILM.number}").status_code == 429
    other = trakt.get(f"/movies/{FILM.number}", headers={"trakt-api-key": "other"})
    assert json.loads(other.headers["x-ratelimit"])["name"] == "UNAUTHED_API_GET_LIMIT"


def test_titles_are_found_by_any_id_and_by_words(trakt: httpx.Client) -> None:
    slug = trakt.get(f"/shows/{SHOW.number}").json()["ids"]["slug"]
    for key in (slug, SHOW.imdb_id):
        assert trakt.get(f"/shows/{key}").json()["title"] == SHOW.name
    (found,) = trakt.get(f"/search/tmdb/{SHOW.tmdb_id}", params={"type": "show"}).json()
    assert (found["type"], found["score"], found["show"]["year"]) == ("show", 1000, SHOW.year)
    assert trakt.get("/search/tmdb/999999").json() == []
    said = trakt.get("/search/movie,show", params={"query": SHOW.name, "limit": 5})
    assert said.json()[0]["score"] == 1000
    assert SHOW.name in [each.get("show", {}).get("title") for each in said.json()]
    assert said.headers["x-pagination-limit"] == "5"
    assert trakt.get("/search/show").status_code == 400
    assert trakt.get(f"/movies/{FILM.number}/watchnow/us").status_code == 403


def test_seasons_come_whole_with_their_episodes(trakt: httpx.Client) -> None:
    answer = trakt.get(f"/shows/{SHOW.number}/seasons", params={"extended": "full,episodes"})
    assert "x-pagination-page" not in answer.headers
    seasons = answer.json()
    assert [len(each["episodes"]) for each in seasons] == [len(s.episodes) for s in SHOW.seasons]
    first = seasons[0]["episodes"][0]
    assert (first["number_abs"], first["episode_type"]) == (1, "series_premiere")
    assert first["ids"]["trakt"] != first["ids"]["tmdb"]
    (same,) = trakt.get(f"/search/tmdb/{first['ids']['tmdb']}", params={"type": "episode"}).json()
    assert same["episode"]["ids"] == first["ids"]
    assert same["show"]["title"] == SHOW.name
    assert first["first_aired"] == f"{SHOW.seasons[0].episodes[0].air_date}T20:00:00.000Z"
    assert "episodes" not in trakt.get(f"/shows/{SHOW.number}/seasons").json()[0]
    one = trakt.get(f"/shows/{SHOW.number}/seasons/1").json()
    assert [each["number"] for each in one] == [e.number for e in SHOW.seasons[0].episodes]
    assert trakt.get(f"/shows/{SHOW.number}/seasons/77").status_code == 404


def test_progress_counts_each_episode_once_and_names_the_next(
    ana: httpx.Client, clock: Clock
) -> None:
    ana.post("/_sim/users", json={"user": "new", "history": 0})
    tokens = ana.post("/_sim/tokens", json={"user": "new"}).json()
    ana.headers["authorization"] = f"Bearer {tokens['access_token']}"
    path = f"/shows/{SHOW.number}/progress/watched"
    assert ana.get(path).json()["completed"] == 0
    first = {"number": 1, "episodes": [{"number": 1}]}
    for _ in range(2):
        posted(ana, clock, "/sync/history", {"shows": [{"ids": {"tmdb": SHOW.tmdb_id},
                                                        "seasons": [first]}]})  # fmt: skip
    progress = ana.get(path).json()
    assert progress["completed"] == 1
    assert progress["aired"] == sum(len(season.episodes) for season in SHOW.seasons)
    assert progress["next_episode"]["number"] == 2
    assert [each["show"]["title"] for each in ana.get("/sync/progress/up_next").json()] == [
        SHOW.name
    ]
    (watched,) = ana.get("/sync/watched/shows").json()
    assert watched["seasons"][0]["episodes"][0]["plays"] == 2
    posted(ana, clock, "/sync/history", {"shows": [{"ids": {"tmdb": SHOW.tmdb_id}}]})
    assert ana.get(path).json()["next_episode"] is None
    assert ana.get("/sync/progress/up_next").json() == []


def test_lists_of_fillers_are_found_from_an_episode_that_is_on_them(trakt: httpx.Client) -> None:
    found = trakt.get("/search/list", params={"query": "filler", "fields": "name"}).json()
    listing = found[0]["list"]
    owner, id = listing["user"]["username"], listing["ids"]["trakt"]
    items = trakt.get(f"/users/{owner}/lists/{listing['ids']['slug']}/items/episode").json()
    assert items
    assert trakt.get(f"/lists/{id}/items/episode").json() == items
    episode, show = items[0]["episode"], items[0]["show"]
    path = (
        f"/shows/{show['ids']['slug']}/seasons/{episode['season']}/episodes/{episode['number']}"
        "/lists/personal/popular"
    )
    having = trakt.get(path).json()
    assert id in [each["ids"]["trakt"] for each in having]
    likes = [each["likes"] for each in having]
    assert likes == sorted(likes, reverse=True)
    assert trakt.get("/users/nobody/lists").status_code == 404


def test_whoever_is_watching_cannot_begin_something_else(ana: httpx.Client, clock: Clock) -> None:
    sent = {"movie": {"ids": {"tmdb": FILM.tmdb_id}}}
    assert posted(ana, clock, "/checkin", sent).status_code == 201
    second = posted(ana, clock, "/checkin", sent)
    assert second.status_code == 409
    assert second.json()["expires_at"] > NOW.isoformat()
    clock.move(timedelta(hours=4))
    assert posted(ana, clock, "/checkin", sent).status_code == 201


def test_the_same_seed_makes_the_same_past(served: Served, clock: Clock) -> None:
    def past() -> Any:
        http = served.stand_in("trakt", make, clock)
        tokens = http.post("/_sim/tokens", json={"user": "ana"}).json()
        who = {"authorization": f"Bearer {tokens['access_token']}", **TRAKT_KEY}
        return http.get("/sync/history", params={"limit": 250}, headers=who).json()

    assert past() == past()
