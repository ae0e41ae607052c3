"""TMDB's lists: searches, what is popular, what changed, and the words everything is told in."""

from collections.abc import Callable, Sequence
from functools import partial

from starlette.requests import Request

from simulators.reality import Reality
from simulators.tmdb import changes, views
from simulators.tmdb.discover import discover
from simulators.tmdb.errors import Missing, Refusal
from simulators.tmdb.paging import envelope
from simulators.tmdb.views import Json
from simulators.words import COUNTRIES, LANGUAGES, country_name
from simulators.world import Title

_KINDS = {"movie": "film", "tv": "series"}
_SOURCES = frozenset(
    {
        "imdb_id", "tvdb_id", "wikidata_id", "facebook_id", "instagram_id", "twitter_id",
        "tiktok_id", "youtube_id",
    }
)  # fmt: skip


class Lists:
    """The lists of what is, by the clock."""

    def __init__(self, reality: Reality) -> None:
        self._reality = reality

    def table(self) -> dict[str, Callable[[Request], object]]:
        """The handlers by path."""
        table: dict[str, Callable[[Request], object]] = {
            "/authentication": _authenticated,
            "/configuration": _configuration,
            "/configuration/countries": _countries,
            "/configuration/languages": _languages,
            "/configuration/primary_translations": _translations,
            "/configuration/jobs": lambda _: [],
            "/configuration/timezones": lambda _: [
                {"iso_3166_1": "GB", "zones": ["Europe/London"]}
            ],
            "/search/multi": partial(self._search, kind=None),
            "/search/person": partial(self._search, kind="person"),
            "/watch/providers/regions": self._regions,
            "/find/{id}": self._find,
            "/trending/{kind}/{window}": self._trending,
            "/person/changes": lambda request: envelope([], request.query_params, dict),
        }
        for path, kind in _KINDS.items():
            table |= {
                f"/search/{path}": partial(self._search, kind=kind),
                f"/{path}/popular": partial(self._popular, kind=kind),
                f"/{path}/top_rated": partial(self._top_rated, kind=kind),
                f"/{path}/changes": partial(self._changes, kind=kind),
                f"/discover/{path}": partial(self._discover, kind=kind),
                f"/genre/{path}/list": partial(_genres, kind=kind),
                f"/watch/providers/{path}": self._providers,
            }
        return table

    def _all(self, kind: str | None) -> list[Title]:
        return [each for each in self._reality.index.popular if kind in (None, each.kind)]

    def _search(self, request: Request, kind: str | None) -> Json:
        asked = request.query_params
        query = asked.get("query")
        if not query or not query.strip():
            raise Missing("query")
        found = [each for each in self._reality.index.search(query) if kind in (None, each.kind)]
        for name in ("year", "primary_release_year", "first_air_date_year"):
            if year := asked.get(name):
                found = [each for each in found if str(each.year) == year]
        return envelope(found, asked, partial(views.item, typed=kind is None))

    def _popular(self, request: Request, kind: str) -> Json:
        return envelope(self._all(kind), request.query_params, views.item)

    def _top_rated(self, request: Request, kind: str) -> Json:
        titles = sorted(self._all(kind), key=lambda each: -(each.audience or 0))
        return envelope(titles, request.query_params, views.item)

    def _trending(self, request: Request) -> Json:
        kind, window = request.path_params["kind"], request.path_params["window"]
        if kind not in ("all", *_KINDS) or window not in ("day", "week"):
            raise Refusal(34)
        titles = self._all(_KINDS.get(kind))
        return envelope(titles, request.query_params, partial(views.item, typed=True))

    def _changes(self, request: Request, kind: str) -> Json:
        asked = request.query_params
        days = changes.window(asked, self._reality.clock.today())
        return envelope(changes.changed_ids(self._reality, kind, days), asked, dict, size=100)

    def _discover(self, request: Request, kind: str) -> Json:
        asked = request.query_params
        found = discover(self._all(kind), asked, self._reality.offers)
        return envelope(found, asked, views.item)

    def _find(self, request: Request) -> Json:
        source = request.query_params.get("external_source")
        if source not in _SOURCES:
            raise Refusal(5)
        id = request.path_params["id"]
        found = self._reality.index.by_imdb.get(id) if source == "imdb_id" else None
        titles = [found] if found else []
        return {
            "movie_results": _typed(titles, "film"),
            "person_results": [],
            "tv_results": _typed(titles, "series"),
            "tv_episode_results": [],
            "tv_season_results": [],
        }

    def _providers(self, request: Request) -> Json:
        packages = sorted(self._reality.world.packages.values(), key=lambda each: each.id)
        region = request.query_params.get("watch_region")
        regions = [region] if region else self._known_regions()
        return {
            "results": [
                views.provider(each, place) | {"display_priorities": dict.fromkeys(regions, place)}
                for place, each in enumerate(packages)
            ]
        }

    def _regions(self, _: Request) -> Json:
        return {"results": [_country(each) for each in self._known_regions()]}

    def _known_regions(self) -> list[str]:
        world = self._reality.world
        return sorted({each.country for offers in world.offers.values() for each in offers})


def _typed(titles: Sequence[Title], kind: str) -> list[Json]:
    return [views.item(each, typed=True) for each in titles if each.kind == kind]


def _genres(_: Request, kind: str) -> Json:
    return {"genres": views.genre_list(kind)}


def _authenticated(_: Request) -> Json:
    return {"success": True, "status_code": 1, "status_message": "Success."}


def _configuration(_: Request) -> Json:
    return {
        "images": {
            "base_url": "http://image.tmdb.org/t/p/",
            "secure_base_url": "https://image.tmdb.org/t/p/",
            "backdrop_sizes": ["w300", "w780", "w1280", "original"],
            "logo_sizes": ["w45", "w92", "w154", "w185", "w300", "w500", "original"],
            "poster_sizes": ["w92", "w154", "w185", "w342", "w500", "w780", "original"],
            "profile_sizes": ["w45", "w185", "h632", "original"],
            "still_sizes": ["w92", "w185", "w300", "original"],
        },
        "change_keys": ["general", "overview", "title", "videos", "watch_providers"],
    }


def _country(code: str) -> Json:
    name = country_name(code)
    return {"iso_3166_1": code, "english_name": name, "native_name": name}


def _countries(_: Request) -> list[Json]:
    return [_country(each) for each in sorted(COUNTRIES)]


def _languages(_: Request) -> list[Json]:
    return [
        {"iso_639_1": code, "english_name": name, "name": name} for code, name in LANGUAGES.items()
    ]


def _translations(_: Request) -> list[str]:
    return ["de-DE", "en-GB", "en-US", "es-ES", "fr-FR"]
