"""pytrakt: signing a device in, history, watchlist, ratings, search, lists, and what is refused."""

import time
from typing import Any

import trakt.core
from standin import BASE, WISHES, control, described, failure, fault, pause, stop_the_clock, tell
from trakt.auth.device import DeviceAuthAdapter
from trakt.errors import RateLimitException
from trakt.movies import Movie
from trakt.pagination import paginate
from trakt.sync import (
    add_to_history,
    add_to_watchlist,
    get_playback,
    get_watched,
    get_watchlist,
    rate,
    remove_from_history,
    remove_from_watchlist,
    search,
    search_by_id,
)
from trakt.tv import TVShow
from trakt.users import PublicList, User, UserList, get_user_settings

trakt.core.BASE_URL = f"{BASE}/trakt/"
trakt.core.CLIENT_ID = "a-client"
trakt.core.CLIENT_SECRET = "its-secret"
trakt.core.CONFIG_PATH = "pytrakt.json"

FILM, SERIES = WISHES["film"], WISHES["series"]
client, config = trakt.core.api(), trakt.core.config()
device = DeviceAuthAdapter(client, config)


def sign_in() -> dict[str, Any]:
    """The whole way of a device: asked too early, asked too often, allowed, asked again."""
    code = device.get_device_code()
    pause(code["interval"])
    pending = failure(lambda: device.get_device_token(code["device_code"]))
    hurried = failure(lambda: device.get_device_token(code["device_code"]))
    control("POST", "/trakt/_sim/activate", {"user_code": code["user_code"], "user": "ana"})
    pause(2 * code["interval"])
    tokens = device.get_device_token(code["device_code"])
    pause(2 * code["interval"])
    return {
        "code": code,
        "pending": pending,
        "hurried": hurried,
        "tokens": tokens,
        "again": failure(lambda: device.get_device_token(code["device_code"])),
        "unknown": failure(lambda: device.get_device_token("0" * 64)),
    }


def refresh() -> dict[str, Any]:
    """An old token is made a new one of by itself; the old refresh token is worth nothing then."""
    before, spent = config.OAUTH_TOKEN, config.OAUTH_REFRESH
    config.OAUTH_EXPIRES_AT = int(time.time()) - 1
    get_user_settings()
    after = config.OAUTH_TOKEN, config.OAUTH_REFRESH, config.OAUTH_EXPIRES_AT
    config.OAUTH_REFRESH, config.OAUTH_EXPIRES_AT = spent, int(time.time()) - 1
    refused = failure(get_user_settings, "error", "error_description")
    _, config.OAUTH_REFRESH, config.OAUTH_EXPIRES_AT = after
    return {"before": before, "after": after[0], "spent": spent, "kept": after[1], "again": refused}


def named(found: list[Any]) -> list[dict[str, Any]]:
    """Titles as plain values."""
    return [{"title": each.title, "year": each.year, **each.ids} for each in found]


def changes() -> dict[str, Any]:
    """Mark and unmark the film everywhere, and look each time."""
    film = Movie(FILM["name"], FILM["year"], ids={"tmdb": FILM["tmdb_id"]})
    first = search_by_id(str(FILM["tmdb_id"]), id_type="tmdb", media_type="movie")[0]
    told: dict[str, Any] = {"film": named([first])[0]}
    remove_from_watchlist(film)
    pause()
    told["listed"] = add_to_watchlist(film)
    told["watchlist"] = named(get_watchlist("movies"))
    pause()
    told["unlisted"] = remove_from_watchlist(film)
    told["watchlist_after"] = named(get_watchlist("movies"))
    pause()
    history = f"sync/history/movies/{first.trakt}"
    told["before"] = paginate(history)
    told["watched"] = add_to_history(first)
    told["after"] = paginate(history)
    pause()
    told["unwatched"] = remove_from_history(first)
    told["at_last"] = paginate(history)
    pause()
    told["rated"] = rate(first, 8)
    told["ratings"] = paginate("sync/ratings/movies")
    pause()
    return told


def lists() -> list[dict[str, Any]]:
    """What somebody else has listed, each looked at in both ways that the client has."""
    told: list[dict[str, Any]] = []
    for listed in User("filler-fan").lists:
        public = PublicList.load(listed.trakt)
        own = UserList.get(listed.slug, "filler-fan")
        told.append(
            {
                "name": public.name,
                "count": public.item_count,
                "likes": public.likes,
                "episodes": [[each.item.season, each.item.number] for each in public],
                "same": [[each.season, each.number] for each in own],
            }
        )
    return told


def refusals() -> dict[str, Any]:
    """What is refused, and what the client calls it."""
    told = {"unknown": failure(lambda: TVShow("no-such-show-anywhere").title)}
    again = {"movies": [{"ids": {"tmdb": FILM["tmdb_id"]}}]}
    add_to_watchlist(again)
    try:
        for _ in range(3):
            add_to_watchlist(again)
    except RateLimitException as error:
        header = error.response.headers.get("Retry-After")
        told["hurried"] = {**described(error, "retry_after", "details"), "header": header}
    pause()
    fault("trakt", "server_error", status=502)
    told["gateway"] = failure(get_user_settings)
    fault("trakt", "server_error", status=503)
    told["unavailable"] = failure(get_user_settings)
    fault("trakt", "not_json")
    told["not_json"] = failure(get_user_settings)
    for status in (403, 420, 423):
        control("POST", "/trakt/_sim/users", {"user": "ana", "answers": status})
        told[str(status)] = failure(get_user_settings, "account_limit")
    control("POST", "/trakt/_sim/users", {"user": "ana", "answers": None})
    kept, config.OAUTH_TOKEN = config.OAUTH_TOKEN, "no-such-token"
    told["token"] = failure(get_user_settings)
    config.OAUTH_TOKEN = kept
    return told


stop_the_clock()
signed_in = sign_in()
show = TVShow(SERIES["name"], ids=search_by_id(SERIES["imdb_id"])[0].ids["ids"])
_, clamped = client.get("sync/history?limit=1000", include_headers=True)
tell(
    {
        "signed_in": signed_in,
        "settings": get_user_settings(),
        "history": paginate("sync/history", limit=1000),
        "clamped": {name.lower(): value for name, value in clamped.items()},
        "history_by_default": paginate("sync/history"),
        "activities": client.get("sync/last_activities"),
        "watched": {kind: named(get_watched(kind)) for kind in ("movies", "shows")},
        "playback": [each.id for each in get_playback()],
        "search": named(search(FILM["name"], "movie")),
        "show": {**show.ids, "trakt": show.trakt},
        "seasons": [
            {
                "number": season.season,
                "episodes": [
                    {"number": each.number, "title": each.title, "number_abs": each.number_abs}
                    for each in season.episodes
                ],
            }
            for season in show.seasons
        ],
        "progress": show.watched_progress(),
        "lists": lists(),
        "changes": changes(),
        "refresh": refresh(),
        "refusals": refusals(),
    }
)
