"""One title at TMDB: in full, with what is appended, by season and episode."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from starlette.requests import Request

from simulators.reality import Reality
from simulators.tmdb import changes, views
from simulators.tmdb.errors import Refusal
from simulators.tmdb.paging import envelope
from simulators.tmdb.views import Json
from simulators.world import Episode, Season, Title

_MOST_APPENDED = 20

Part = Callable[[Title, Mapping[str, str]], Json]


class Titles:
    """The titles of what is, by the clock."""

    def __init__(self, reality: Reality) -> None:
        self._reality = reality
        both: dict[str, Part] = {
            "watch/providers": lambda title, _: views.providers(
                reality.world, title, reality.offers(title.number)
            ),
            "keywords": lambda title, _: views.keywords(title),
            "external_ids": lambda title, _: views.external_ids(title),
            "credits": lambda *_: {"cast": [], "crew": []},
            "videos": lambda *_: {"results": []},
            "images": lambda *_: {"backdrops": [], "logos": [], "posters": []},
            "translations": lambda *_: {"translations": []},
            "recommendations": partial(self._related, typed=True),
            "similar": partial(self._related, typed=False),
            "changes": self._changes,
        }
        self._parts: dict[str, dict[str, Part]] = {
            "film": both
            | {
                "release_dates": lambda title, _: views.release_dates(title),
                "alternative_titles": lambda *_: {"titles": []},
            },
            "series": both
            | {
                "content_ratings": lambda title, _: views.content_ratings(title),
                "aggregate_credits": lambda *_: {"cast": [], "crew": []},
                "alternative_titles": lambda *_: {"results": []},
                "episode_groups": lambda *_: {"results": []},
            },
        }

    def table(self) -> dict[str, Callable[[Request], object]]:
        """The handlers by path."""
        table: dict[str, Callable[[Request], object]] = {}
        for path, kind in (("movie", "film"), ("tv", "series")):
            table[f"/{path}/{{id}}"] = partial(self._details, kind=kind)
            for name, part in self._parts[kind].items():
                table[f"/{path}/{{id}}/{name}"] = partial(self._part, kind=kind, part=part)
        season = "/tv/{id}/season/{season}"
        return table | {
            season: self._season,
            f"{season}/watch/providers": self._season_providers,
            f"{season}/episode/{{episode}}": self._episode,
        }

    def _details(self, request: Request, kind: str) -> Json:
        title = self._title(request, kind)
        told = views.details(title, self._reality.clock.today())
        for name in _appended(request):
            part = self._parts[kind].get(name)
            if part is not None:
                told[name] = part(title, request.query_params)
            elif kind == "series" and name.startswith("season/"):
                season = _season_of(title, name.removeprefix("season/"))
                if season is not None:
                    told[name] = views.season(title, season)
        return told

    def _part(self, request: Request, kind: str, part: Part) -> Json:
        title = self._title(request, kind)
        told = part(title, request.query_params)
        return told if "page" in told or "changes" in told else {"id": title.tmdb_id} | told

    def _season(self, request: Request) -> Json:
        title, season = self._title_and_season(request)
        told = views.season(title, season)
        for name in _appended(request):
            if name == "watch/providers":
                told[name] = self._providers(title, season)
            elif name in ("credits", "aggregate_credits"):
                told[name] = {"cast": [], "crew": []}
        return told

    def _season_providers(self, request: Request) -> Json:
        title, season = self._title_and_season(request)
        return {"id": views.season(title, season)["id"]} | self._providers(title, season)

    def _providers(self, title: Title, season: Season) -> Json:
        offers = self._reality.offers(title.number)
        return views.providers(self._reality.world, title, offers, season.number)

    def _episode(self, request: Request) -> Json:
        title, season = self._title_and_season(request)
        found: Episode | None = next(
            (
                each
                for each in season.episodes
                if str(each.number) == request.path_params["episode"]
            ),
            None,
        )
        if found is None:
            raise Refusal(34)
        return views.episode(title, season, found) | {"crew": [], "guest_stars": []}

    def _title(self, request: Request, kind: str) -> Title:
        # What comes behind the number is there for people: 550-fight-club.
        told = request.path_params["id"].partition("-")[0]
        if not told.isdecimal() or len(told) > 12:
            raise Refusal(6)
        title = self._reality.index.by_tmdb.get((kind, int(told)))
        if title is None:
            raise Refusal(34)
        return title

    def _title_and_season(self, request: Request) -> tuple[Title, Season]:
        title = self._title(request, "series")
        season = _season_of(title, request.path_params["season"])
        if season is None:
            raise Refusal(34)
        return title, season

    def _related(self, title: Title, asked: Mapping[str, str], *, typed: bool) -> Json:
        """The forty most popular others of its kind that share a genre."""
        found: list[Title] = []
        for each in self._reality.index.popular:
            if each.kind == title.kind and each is not title:
                if not set(each.genres).isdisjoint(title.genres):
                    found.append(each)
                if len(found) == 40:
                    break
        return envelope(found, asked, partial(views.item, typed=typed))

    def _changes(self, title: Title, asked: Mapping[str, str]) -> Json:
        days = changes.window(asked, self._reality.clock.today())
        return changes.changes_of(self._reality, title, days)


def _appended(request: Request) -> list[str]:
    told = request.query_params.get("append_to_response", "")
    names = [name.strip() for name in told.split(",") if name.strip()]
    if len(names) > _MOST_APPENDED:
        raise Refusal(27)
    return names


def _season_of(title: Title, told: Any) -> Season | None:
    return next((each for each in title.seasons if str(each.number) == told), None)
