"""Titles and their parts, the search, and how far somebody is in a show."""

from datetime import datetime
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from simulators.index import Index
from simulators.trakt.door import Door
from simulators.trakt.pages import extended, paged
from simulators.trakt.said import list_json
from simulators.trakt.state import State, User
from simulators.trakt.titles import Catalogue, Json, iso
from simulators.world import Episode, Season, Title

_NAMESPACES = ("trakt", "imdb", "tmdb", "tvdb")


def title_in(catalogue: Catalogue, kind: str, key: str) -> Title:
    """The movie or show that a path names; 404 for none."""
    title = catalogue.by_path(kind, key)
    if title is None:
        raise HTTPException(404)
    return title


class Shows:
    """The endpoints about titles."""

    def __init__(self, state: State) -> None:
        self._state, self._catalogue = state, state.catalogue
        self._index = Index(state.world)

    def _show(self, request: Request) -> Title:
        return title_in(self._catalogue, "show", request.path_params["id"])

    def _season(self, title: Title, request: Request) -> Season:
        season = self._catalogue.season(title.number, request.path_params["season"])
        if season is None:
            raise HTTPException(404)
        return season

    async def movie(self, request: Request) -> Response:
        """A movie."""
        title = title_in(self._catalogue, "movie", request.path_params["id"])
        return JSONResponse(self._catalogue.title_json(title, extended(request)))

    async def show(self, request: Request) -> Response:
        """A show."""
        return JSONResponse(self._catalogue.title_json(self._show(request), extended(request)))

    async def seasons(self, request: Request) -> Response:
        """All its seasons, the specials among them. Not in pages."""
        title, more = self._show(request), extended(request)
        return JSONResponse(
            [self._catalogue.season_json(title, season, more) for season in title.seasons]
        )

    async def season(self, request: Request) -> Response:
        """The episodes of one."""
        title, more = self._show(request), extended(request)
        season = self._season(title, request)
        return JSONResponse(
            [self._catalogue.episode_json(title, season, e, more) for e in season.episodes]
        )

    async def episode(self, request: Request) -> Response:
        """One episode."""
        title = self._show(request)
        season = self._season(title, request)
        wanted = request.path_params["episode"]
        for episode in season.episodes:
            if episode.number == wanted:
                more = extended(request)
                return JSONResponse(self._catalogue.episode_json(title, season, episode, more))
        raise HTTPException(404)

    async def popular(self, request: Request) -> Response:
        """Movies or shows, the most popular first."""
        kind = "film" if "/movies/" in request.url.path else "series"
        titles = [title for title in self._index.popular if title.kind == kind]
        more = extended(request)
        return paged(request, titles, lambda title: self._catalogue.title_json(title, more))

    async def watchnow(self, request: Request) -> Response:
        """Where to see it: only for applications that were let in."""
        raise HTTPException(403)

    async def by_id(self, request: Request) -> Response:
        """What an id of somebody's means, of the types that were asked for. Not in pages."""
        namespace, key = request.path_params["namespace"], request.path_params["id"]
        if namespace not in _NAMESPACES:
            raise HTTPException(404)
        types = request.query_params.get("type", "movie,show,episode").split(",")
        more = extended(request)
        found: list[Json] = []
        for kind in ("movie", "show"):
            title = self._catalogue.by_ids(kind, {namespace: key}) if kind in types else None
            if title is not None:
                said = self._catalogue.title_json(title, more)
                found.append({"type": kind, "score": 1000, kind: said})
        if "episode" in types and key.isdecimal():
            thing = self._catalogue.part_by_id("episode", {namespace: int(key)})
            if thing is not None:
                said = self._catalogue.said(thing, more)
                found.append({"type": "episode", "score": 1000, **said})
        return JSONResponse(found)

    async def search(self, request: Request) -> Response:
        """What has the words, the likeliest first."""
        query = request.query_params.get("query", "").strip()
        types = request.path_params["types"].split(",")
        if not query:
            raise HTTPException(400)
        if not set(types) <= {"movie", "show", "list", "episode", "person"}:
            raise HTTPException(404)
        more = extended(request)
        found: list[Json] = []
        kinds = {"film": "movie", "series": "show"}
        for title in self._index.search(query):
            if (kind := kinds[title.kind]) in types:
                found.append({"type": kind, kind: self._catalogue.title_json(title, more)})
        if "list" in types:
            fields = request.query_params.get("fields", "name,description").split(",")
            found += [
                {"type": "list", "list": list_json(self._state, listing)}
                for listing in self._state.lists.values()
                if any(
                    query.lower() in (getattr(listing, field, None) or "").lower()
                    for field in fields
                    if field in ("name", "description")
                )
            ]
        scored = list(enumerate(found))
        return paged(request, scored, lambda each: {"score": 1000 - each[0], **each[1]}, default=50)

    async def progress(self, request: Request, user: User) -> Response:
        """How far they are in a show."""
        title = self._show(request)
        specials = request.query_params.get("specials") == "true"
        return JSONResponse(self._progress(title, user, specials=specials))

    def _progress(self, title: Title, user: User, *, specials: bool = False) -> Json:
        seen: dict[tuple[int | None, int | None], datetime] = {}
        for play in user.plays.values():
            if play.thing.number == title.number and play.thing.kind == "episode":
                key = (play.thing.season, play.thing.episode)
                seen[key] = max(play.watched_at, seen.get(key, play.watched_at))
        today = self._state.clock.today()
        aired = list(self._catalogue.episodes(title, today))
        if specials:
            aired += [(s, e) for s in title.seasons if not s.number for e in s.episodes]
        todo = [each for each in aired if (each[0].number, each[1].number) not in seen]
        last = max(seen, key=lambda key: seen[key], default=None)
        last_one = next((each for each in aired if (each[0].number, each[1].number) == last), None)
        return {
            "aired": len(aired),
            "completed": len(aired) - len(todo),
            "last_watched_at": iso(max(seen.values())) if seen else None,
            "reset_at": None,
            "seasons": [
                _season_progress(season, [e for s, e in aired if s is season], seen)
                for season in title.seasons
                if season.number or specials
            ],
            "hidden_seasons": [],
            "next_episode": self._maybe(title, todo[0] if todo else None),
            "last_episode": self._maybe(title, last_one),
        }

    def _maybe(self, title: Title, found: tuple[Season, Episode] | None) -> Json | None:
        return None if found is None else self._catalogue.episode_json(title, *found, frozenset())

    async def up_next(self, request: Request, user: User) -> Response:
        """Shows they have begun and not finished, the last one seen first."""
        begun: dict[int, datetime] = {}
        for play in user.plays.values():
            if play.thing.kind == "episode":
                number = play.thing.number
                begun[number] = max(play.watched_at, begun.get(number, play.watched_at))
        found: list[tuple[Title, Json]] = []
        for number in sorted(begun, key=lambda number: begun[number], reverse=True):
            title = self._state.world.titles[number]
            progress = self._progress(title, user)
            if progress["next_episode"]:
                found.append((title, progress))
        return paged(
            request,
            found,
            lambda each: {"show": self._catalogue.title_json(each[0]), "progress": each[1]},
            default=10,
        )


def _season_progress(season: Season, aired: list[Episode], seen: dict[Any, datetime]) -> Json:
    episodes = [
        {
            "number": episode.number,
            "completed": (at := seen.get((season.number, episode.number))) is not None,
            "last_watched_at": iso(at) if at else None,
        }
        for episode in aired
    ]
    return {
        "number": season.number,
        "title": season.name,
        "aired": len(aired),
        "completed": sum(bool(each["completed"]) for each in episodes),
        "episodes": episodes,
    }


def routes(state: State, door: Door) -> list[Route]:
    """Titles, the search and progress."""
    shows = Shows(state)
    episode = "/shows/{id}/seasons/{season:int}/episodes/{episode:int}"
    reads = [
        ("/movies/popular", shows.popular),
        ("/shows/popular", shows.popular),
        ("/movies/{id}", shows.movie),
        ("/shows/{id}", shows.show),
        ("/shows/{id}/seasons", shows.seasons),
        ("/shows/{id}/seasons/{season:int}", shows.season),
        (episode, shows.episode),
        ("/movies/{id}/watchnow/{country}", shows.watchnow),
        ("/shows/{id}/watchnow/{country}", shows.watchnow),
        ("/search/{types}", shows.search),
        ("/search/{namespace}/{id}", shows.by_id),
    ]
    theirs = [
        ("/shows/{id}/progress/watched", shows.progress),
        ("/sync/progress/up_next", shows.up_next),
    ]
    return [
        *(Route(path, door.open(answer), methods=["GET"]) for path, answer in reads),
        *(Route(path, door.signed_in(answer), methods=["GET"]) for path, answer in theirs),
    ]
