"""themoviedb: its asynchronous client, and one question to the other."""

import asyncio
from collections.abc import Awaitable
from typing import Any

from standin import BASE, WISHES, described, failure, fault, tell
from themoviedb import TMDb, aioTMDb
from themoviedb.utils import as_dict

FILM, SERIES = WISHES["film"], WISHES["series"]
APPENDED = "watch/providers,keywords,release_dates,credits,recommendations,external_ids"
APPENDED_TO_SERIES = "watch/providers,keywords,content_ratings,external_ids"


async def plain(asked: Awaitable[Any]) -> Any:
    """An answer as plain values."""
    return as_dict(await asked)


async def refused(asked: Awaitable[Any]) -> dict[str, Any]:
    """How a question fails: the client's type of error, and what it tells."""
    try:
        await asked
    except Exception as error:
        return described(error, "status_code", "retry_after")
    return {"type": None}


async def talk(client: aioTMDb) -> dict[str, Any]:
    """Ask everything."""
    film, series = client.movie(FILM["tmdb_id"]), client.tv(SERIES["tmdb_id"])
    return {
        "film": await plain(film.details(append_to_response=APPENDED)),
        "film_providers": await plain(film.watch_providers()),
        "film_keywords": await plain(film.keywords()),
        "film_release_dates": await plain(film.release_dates()),
        "film_recommendations": await plain(film.recommendations()),
        "series": await plain(series.details(append_to_response=APPENDED_TO_SERIES)),
        "series_providers": await plain(series.watch_providers()),
        "season": await plain(client.season(SERIES["tmdb_id"], 1).details()),
        "episode": await plain(client.episode(SERIES["tmdb_id"], 1, 2).details()),
        "find": await plain(client.find().by_imdb(SERIES["imdb_id"])),
        "search": {
            "movies": await plain(client.search().movies(FILM["name"], year=FILM["year"])),
            "tv": await plain(client.search().tv(SERIES["name"])),
            "multi": await plain(client.search().multi(FILM["name"])),
        },
        "discover": {
            "movie": await plain(
                client.discover().movie(watch_region="US", with_watch_providers=WISHES["service"])
            ),
            "tv": await plain(client.discover().tv(vote_average__gte=7)),
        },
        "popular": await plain(client.movies().popular()),
        "trending": await plain(client.trending().tv_weekly()),
        "genres": await plain(client.genres().movie()),
        "services": await plain(client.watch_providers().movie(watch_region="US")),
        "regions": await plain(client.watch_providers().regions()),
        "errors": await errors(client),
    }


async def errors(client: aioTMDb) -> dict[str, Any]:
    """What goes wrong, and what the client calls it."""
    film = client.movie(FILM["tmdb_id"])
    found = {"film": await refused(client.movie(99_999_999).details())}
    client.api_key = "invalid"
    found["key"] = await refused(film.details())
    client.api_key = "a-key-of-version-3"
    for kind, more in (
        ("too_many", {"retry_after": 3}),
        ("too_many_silent", {}),
        ("server_error", {"status": 503}),
        ("html", {}),
    ):
        fault("tmdb", kind, **more)
        found[kind] = await refused(film.details())
    fault("tmdb", "stall", seconds=1)
    client.timeout = 0.3
    found["stall"] = await refused(film.details())
    return found


async def main() -> dict[str, Any]:
    """Hold the conversation on one session."""
    async with aioTMDb(api_key="a-key-of-version-3", language="en-US", region="US") as client:
        client._config.host = f"{BASE}/tmdb"
        return await talk(client)


other = TMDb(api_key="a-key-of-version-3")
other._config.host = f"{BASE}/tmdb"
told = {"film": as_dict(other.movie(FILM["tmdb_id"]).details())}
told["refused"] = failure(other.movie(99_999_999).details, "status_code")
tell(asyncio.run(main()) | {"other": told})
