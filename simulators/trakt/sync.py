"""What somebody has watched, rated and wants to watch: read page by page, and changed."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from simulators.trakt import changes
from simulators.trakt.door import Door
from simulators.trakt.pages import body, counts, extended, moment, paged
from simulators.trakt.state import ACTIVITIES, BEGINNING, Mark, Play, State, User
from simulators.trakt.titles import Json, Thing, at_eight, iso

FREE, VIP = 250, 5000  # how long a watchlist may be


class Sync:
    """The endpoints under /sync."""

    def __init__(self, state: State) -> None:
        self._state, self._catalogue, self._clock = state, state.catalogue, state.clock

    async def last_activities(self, request: Request, user: User) -> Response:
        """When what of theirs last changed."""
        told: Json = {
            section: {name: iso(user.activities.get((section, name), BEGINNING)) for name in names}
            for section, names in ACTIVITIES.items()
        }
        last = max(user.activities.values(), default=BEGINNING)
        return JSONResponse({"all": iso(last), **told})

    async def history(self, request: Request, user: User) -> Response:
        """Plays, newest first."""
        kept: Iterable[Play] = user.plays.values()
        if kind := _kind(request, ("movies", "shows", "seasons", "episodes")):
            kept = [play for play in kept if self._is(play.thing, kind, request)]
        if start := request.query_params.get("start_at"):
            kept = [play for play in kept if play.watched_at >= moment(start)]
        if end := request.query_params.get("end_at"):
            kept = [play for play in kept if play.watched_at <= moment(end)]
        more = extended(request)
        return paged(
            request,
            sorted(kept, key=lambda play: (play.watched_at, play.id), reverse=True),
            lambda play: {
                "id": play.id,
                "watched_at": iso(play.watched_at),
                "action": play.action,
                "type": play.thing.kind,
                **self._catalogue.said(play.thing, more),
            },
        )

    def _is(self, thing: Thing, kind: str, request: Request) -> bool:
        if kind == "movies" or thing.kind == "movie":
            fits = kind == "movies" and thing.kind == "movie"
        else:
            fits = True
        key = request.path_params.get("id")
        if not fits or key is None:
            return fits
        if kind in ("movies", "shows"):
            title = self._catalogue.by_path(kind[:-1], key)
            return title is not None and title.number == thing.number
        ids = {"trakt": int(key)} if key.isdecimal() else {}
        part = self._catalogue.part_by_id(kind[:-1], ids)
        wanted = thing if kind == "episodes" else Thing("season", thing.number, thing.season)
        return part == wanted

    async def add_to_history(self, request: Request, user: User) -> Response:
        """Note plays; the same twice is two plays."""
        today = self._clock.today()
        change = changes.read(self._catalogue, await body(request), today, expand=True)
        moments = [self._watched_at(thing, said) for thing, said in change.things]
        for (thing, _), at in zip(change.things, moments, strict=True):
            self._state.play(user, thing, at)
        added = counts(("movie", "episode"), (thing.kind for thing, _ in change.things))
        told = {"added": added, "updated": counts(("movie", "episode"))}
        return JSONResponse({**told, "not_found": change.not_found}, 201)

    def _watched_at(self, thing: Thing, said: Json) -> datetime:
        at = said.get("watched_at")
        if at is None:
            return self._clock.now()
        if at == "unknown":
            return datetime(1970, 1, 1, tzinfo=UTC)
        if at == "released":
            title = self._state.world.titles[thing.number]
            year = datetime(max(title.year or 1970, 1), 1, 1, tzinfo=UTC)
            if thing.season is None or thing.episode is None:
                return year
            episode = self._catalogue.episode(thing.number, thing.season, thing.episode)
            return at_eight(episode.air_date if episode else None) or year
        return moment(at, 422)

    async def remove_from_history(self, request: Request, user: User) -> Response:
        """Forget all plays of things, or some by their ids."""
        sent = await body(request)
        change = changes.read(self._catalogue, sent, self._clock.today(), expand=True)
        things = {thing for thing, _ in change.things}
        ids = sent.get("ids") or []
        if not isinstance(ids, list):
            raise HTTPException(422)
        gone = [p for p in user.plays.values() if p.thing in things or p.id in ids]
        unknown = [each for each in ids if each not in user.plays]
        for play in gone:
            del user.plays[play.id]
            user.touch(play.thing.kind, "watched_at", self._clock.now())
        deleted = counts(("movie", "episode"), (play.thing.kind for play in gone))
        return JSONResponse({"deleted": deleted, "not_found": {**change.not_found, "ids": unknown}})

    async def watchlist(self, request: Request, user: User) -> Response:
        """What they want to watch."""
        kind = _kind(request, ("movies", "shows", "seasons", "episodes"), ("all",))
        marks = [m for m in user.watchlist.values() if kind in (None, f"{m.thing.kind}s")]
        ranks = {mark.id: rank for rank, mark in enumerate(user.watchlist.values(), 1)}
        by, how = request.path_params.get("by", "rank"), request.path_params.get("how", "asc")
        marks.sort(key=lambda mark: self._sort_key(mark, by), reverse=how == "desc")
        more = extended(request)
        return paged(
            request,
            marks,
            lambda mark: {
                "rank": ranks[mark.id],
                "id": mark.id,
                "listed_at": iso(mark.at),
                "notes": None,
                "type": mark.thing.kind,
                **self._catalogue.said(mark.thing, more),
            },
            headers={"X-Sort-By": by, "X-Sort-How": how},
        )

    def _sort_key(self, mark: Mark, by: str) -> Any:
        title = self._state.world.titles[mark.thing.number]
        keys = {
            "added": mark.at,
            "title": title.name.lower(),
            "released": title.year or 0,
            "runtime": title.runtime_min or 0,
            "popularity": title.popularity,
            "percentage": title.audience or 0,
            "votes": title.votes,
        }
        return keys.get(by, mark.id)

    async def add_to_watchlist(self, request: Request, user: User) -> Response:
        """Put things on it, as long as their account has room."""
        sent = await body(request)
        change = changes.read(self._catalogue, sent, self._clock.today(), expand=False)
        most = VIP if user.vip else FREE
        if len({*user.watchlist, *(thing for thing, _ in change.things)}) > most:
            raise HTTPException(
                420,
                headers={
                    "X-VIP-User": str(user.vip).lower(),
                    "X-Account-Limit": str(most),
                    "X-Upgrade-URL": "https://trakt.tv/vip",
                },
            )
        new, old = [], []
        for thing, _ in change.things:
            added = self._state.watchlist(user, thing, self._clock.now())
            (new if added else old).append(thing.kind)
        told = {"added": counts(changes.KINDS, new), "existing": counts(changes.KINDS, old)}
        return JSONResponse({**told, "not_found": change.not_found}, 201)

    async def remove_from_watchlist(self, request: Request, user: User) -> Response:
        """Take things off."""
        sent = await body(request)
        change = changes.read(self._catalogue, sent, self._clock.today(), expand=False)
        gone = [thing for thing, _ in change.things if user.watchlist.pop(thing, None)]
        for thing in gone:
            self._state.watchlist_changed(user, thing)
        deleted = counts(changes.KINDS, (thing.kind for thing in gone))
        return JSONResponse({"deleted": deleted, "not_found": change.not_found})

    async def ratings(self, request: Request, user: User) -> Response:
        """What they think of things, newest first."""
        kind = _kind(request, ("movies", "shows", "seasons", "episodes"), ("all",))
        wanted = {
            int(each)
            for each in request.path_params.get("rating", "").split(",")
            if each.isdecimal()
        }
        marks = [
            mark
            for mark in user.ratings.values()
            if kind in (None, f"{mark.thing.kind}s") and (not wanted or mark.rating in wanted)
        ]
        more = extended(request)
        return paged(
            request,
            sorted(marks, key=lambda mark: (mark.at, mark.id), reverse=True),
            lambda mark: {
                "rated_at": iso(mark.at),
                "rating": mark.rating,
                "type": mark.thing.kind,
                **self._catalogue.said(mark.thing, more),
            },
        )

    async def add_ratings(self, request: Request, user: User) -> Response:
        """Rate things, 1 to 10; anew replaces."""
        sent = await body(request)
        change = changes.read(self._catalogue, sent, self._clock.today(), expand=False)
        for _, said in change.things:
            rating = said.get("rating")
            if not isinstance(rating, int) or not 1 <= rating <= 10:
                raise HTTPException(422)
        for thing, said in change.things:
            at = moment(said["rated_at"], 422) if said.get("rated_at") else self._clock.now()
            self._state.rate(user, thing, said["rating"], at)
        added = counts(changes.KINDS, (thing.kind for thing, _ in change.things))
        return JSONResponse({"added": added, "not_found": change.not_found}, 201)

    async def remove_ratings(self, request: Request, user: User) -> Response:
        """Forget ratings."""
        sent = await body(request)
        change = changes.read(self._catalogue, sent, self._clock.today(), expand=False)
        gone = [thing for thing, _ in change.things if user.ratings.pop(thing, None)]
        for thing in gone:
            user.touch(thing.kind, "rated_at", self._clock.now())
        deleted = counts(changes.KINDS, (thing.kind for thing in gone))
        return JSONResponse({"deleted": deleted, "not_found": change.not_found})

    async def watched(self, request: Request, user: User) -> Response:
        """Each movie or show once, with how often."""
        kind = _kind(request, ("movies", "shows"))
        assert kind is not None
        plays: dict[int, list[Play]] = defaultdict(list)
        for play in user.plays.values():
            if (play.thing.kind == "movie") == (kind == "movies"):
                plays[play.thing.number].append(play)
        more = extended(request)
        found = sorted(plays.items(), key=lambda each: each[1][-1].id, reverse=True)
        return paged(request, found, lambda each: self._watched(kind[:-1], *each, more))

    def _watched(self, kind: str, number: int, plays: list[Play], more: frozenset[str]) -> Json:
        last = iso(max(play.watched_at for play in plays))
        told: Json = {
            "plays": len(plays),
            "last_watched_at": last,
            "last_updated_at": last,
            **self._catalogue.said(Thing(kind, number), more),
        }
        if kind == "show" and "noseasons" not in more:
            told |= {"reset_at": None, "seasons": _seasons(plays)}
        return told

    async def playback(self, request: Request, user: User) -> Response:
        """What was left in the middle: nothing, here."""
        return paged(request, [], dict)


def _seasons(plays: list[Play]) -> list[Json]:
    found: dict[int, dict[int, list[Play]]] = defaultdict(lambda: defaultdict(list))
    for play in plays:
        found[play.thing.season or 0][play.thing.episode or 0].append(play)
    return [
        {
            "number": season,
            "episodes": [
                {
                    "number": number,
                    "plays": len(seen),
                    "last_watched_at": iso(max(play.watched_at for play in seen)),
                }
                for number, seen in sorted(episodes.items())
            ],
        }
        for season, episodes in sorted(found.items())
    ]


def _kind(request: Request, kinds: tuple[str, ...], every: tuple[str, ...] = ()) -> str | None:
    kind = request.path_params.get("type")
    if kind is None or kind in every:
        return None
    kind = kind if kind.endswith("s") else f"{kind}s"
    if kind not in kinds:
        raise HTTPException(404)
    return kind


def routes(state: State, door: Door) -> list[Route]:
    """Everything under /sync but progress."""
    sync = Sync(state)
    reads = [
        ("/sync/last_activities", sync.last_activities),
        ("/sync/history", sync.history),
        ("/sync/history/{type}", sync.history),
        ("/sync/history/{type}/{id}", sync.history),
        ("/sync/watchlist", sync.watchlist),
        ("/sync/watchlist/{type}", sync.watchlist),
        ("/sync/watchlist/{type}/{by}", sync.watchlist),
        ("/sync/watchlist/{type}/{by}/{how}", sync.watchlist),
        ("/sync/ratings", sync.ratings),
        ("/sync/ratings/{type}", sync.ratings),
        ("/sync/ratings/{type}/{rating}", sync.ratings),
        ("/sync/watched/{type}", sync.watched),
        ("/sync/playback", sync.playback),
        ("/sync/playback/{type}", sync.playback),
    ]
    writes = [
        ("/sync/history", sync.add_to_history),
        ("/sync/history/remove", sync.remove_from_history),
        ("/sync/watchlist", sync.add_to_watchlist),
        ("/sync/watchlist/remove", sync.remove_from_watchlist),
        ("/sync/ratings", sync.add_ratings),
        ("/sync/ratings/remove", sync.remove_ratings),
    ]
    # The writes first: `history/remove` would be a type to the reads.
    return [
        *(Route(path, door.signed_in(answer), methods=["POST"]) for path, answer in writes),
        *(Route(path, door.signed_in(answer), methods=["GET"]) for path, answer in reads),
    ]
