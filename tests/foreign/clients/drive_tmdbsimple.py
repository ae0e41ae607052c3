"""tmdbsimple, through everything it offers of what the stand-in tells."""

from typing import Any, TypeVar

import requests
import tmdbsimple as tmdb
from standin import BASE, WISHES, control, fault, tell

tmdb.API_KEY = "a-key-of-version-3"
tmdb.REQUESTS_TIMEOUT = 5
T = TypeVar("T", bound=tmdb.base.TMDB)

FILM, SERIES = WISHES["film"], WISHES["series"]
APPENDED = "watch/providers,keywords,release_dates,credits,recommendations,similar,external_ids"
APPENDED_TO_SERIES = "watch/providers,keywords,content_ratings,external_ids,season/1,season/2"


def at(resource: T) -> T:
    """A resource that asks the stand-in."""
    resource.base_uri = f"{BASE}/tmdb/3"
    return resource


def refusal(call: Any) -> dict[str, Any]:
    """How a call is refused: what the client raises, and what the answer said."""
    try:
        call()
    except requests.HTTPError as error:
        answer = error.response
        return {
            "status": answer.status_code,
            "body": answer.json(),
            "retry_after": answer.headers.get("Retry-After"),
        }
    return {"status": 200}


def refused_with_key(key: str) -> dict[str, Any]:
    """The same with another key."""
    kept, tmdb.API_KEY = tmdb.API_KEY, key
    try:
        return refusal(at(tmdb.Movies(FILM["tmdb_id"])).info)
    finally:
        tmdb.API_KEY = kept


def with_bearer() -> Any:
    """The name of the film, asked for with a token of version 4."""
    tmdb.USE_BEARER_AUTH = True
    try:
        return at(tmdb.Movies(FILM["tmdb_id"])).info()["title"]
    finally:
        tmdb.USE_BEARER_AUTH = False


def pages(ask: Any, **more: Any) -> list[dict[str, Any]]:
    """Every page of a list."""
    found = [ask(page=1, **more)]
    for page in range(2, found[0]["total_pages"] + 1):
        found.append(ask(page=page, **more))
    return found


def later() -> dict[str, Any]:
    """What has changed when twelve days have gone by: of which titles, and of one of them."""
    clock = control("POST", "/_sim/clock", {"advance_days": 12})
    days = {"start_date": clock["started_on"], "end_date": clock["today"]}
    changes = at(tmdb.Changes())
    movies = changes.movie(**days)
    first = movies["results"][0]["id"]
    return {
        "clock": clock,
        "movie": movies,
        "tv": changes.tv(**days),
        "first": at(tmdb.Movies(first)).changes(**days),
    }


def too_many() -> dict[str, Any]:
    """What the client makes of 429."""
    fault("tmdb", "too_many", retry_after=3)
    return refusal(film.info)


film, series = at(tmdb.Movies(FILM["tmdb_id"])), at(tmdb.TV(SERIES["tmdb_id"]))
discover, search, genres = at(tmdb.Discover()), at(tmdb.Search()), at(tmdb.Genres())
configuration, services = at(tmdb.Configuration()), at(tmdb.WatchProviders())
tell(
    {
        "film": film.info(append_to_response=APPENDED),
        "film_alone": {
            "providers": film.watch_providers(),
            "keywords": film.keywords(),
            "release_dates": film.release_dates(),
            "external_ids": film.external_ids(),
            "credits": film.credits(),
            "recommendations": film.recommendations(),
            "changes": film.changes(),
        },
        "series": series.info(append_to_response=APPENDED_TO_SERIES),
        "series_alone": {
            "providers": series.watch_providers(),
            "keywords": series.keywords(),
            "content_ratings": series.content_ratings(),
            "external_ids": series.external_ids(),
        },
        "season": at(tmdb.TV_Seasons(SERIES["tmdb_id"], 1)).info(),
        "season_providers": at(tmdb.TV_Seasons(SERIES["tmdb_id"], 1)).watch_providers(),
        "episode": at(tmdb.TV_Episodes(SERIES["tmdb_id"], 1, 2)).info(),
        "find": {
            each["imdb_id"]: at(tmdb.Find(each["imdb_id"])).info(external_source="imdb_id")
            for each in (FILM, SERIES)
        },
        "search": {
            "movie": search.movie(query=FILM["name"], year=FILM["year"]),
            "tv": search.tv(query=SERIES["name"]),
            "multi": search.multi(query=FILM["name"]),
        },
        "discover": {
            "movie": pages(discover.movie),
            "movie_on": pages(
                discover.movie, watch_region="US", with_watch_providers=WISHES["service"]
            ),
            "tv": pages(discover.tv, sort_by="vote_average.desc"),
        },
        "popular": {"movie": film.popular(), "tv": series.popular()},
        "trending": at(tmdb.Trending("all", "day")).info(),
        "changes": {"movie": at(tmdb.Changes()).movie(), "tv": at(tmdb.Changes()).tv()},
        "genres": {"movie": genres.movie_list(), "tv": genres.tv_list()},
        "services": {
            "movie": services.movie(watch_region="US"),
            "tv": services.tv(watch_region="US"),
            "regions": services.regions(),
        },
        "configuration": {
            "info": configuration.info(),
            "countries": configuration.countries(),
            "languages": configuration.languages(),
        },
        "with_bearer": with_bearer(),
        "later": later(),
        "errors": {
            "key": refused_with_key("invalid"),
            "film": refusal(at(tmdb.Movies(99_999_999)).info),
            "season": refusal(at(tmdb.TV_Seasons(SERIES["tmdb_id"], 99)).info),
            "page": refusal(lambda: discover.movie(page=501)),
            "appended": refusal(
                lambda: film.info(append_to_response=",".join(f"season/{n}" for n in range(21)))
            ),
            "range": refusal(
                lambda: at(tmdb.Changes()).movie(start_date="2026-01-01", end_date="2026-02-01")
            ),
            "date": refusal(lambda: at(tmdb.Changes()).movie(start_date="yesterday")),
            "too_many": too_many(),
        },
    }
)
