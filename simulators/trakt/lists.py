"""Lists that people keep: whose, what is on them, and which of them a title is on."""

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from simulators.trakt.door import Door
from simulators.trakt.pages import extended, paged
from simulators.trakt.said import list_json
from simulators.trakt.shows import title_in
from simulators.trakt.state import Listing, Mark, State
from simulators.trakt.titles import iso

_TYPES = ("all", "personal", "official", "watchlist", "favorites")
_SORTS = ("popular", "likes", "comments", "items", "added", "updated")


class Lists:
    """The endpoints about lists. Only public ones are ever seen."""

    def __init__(self, state: State) -> None:
        self._state, self._catalogue = state, state.catalogue

    def _public(self) -> list[Listing]:
        return [each for each in self._state.lists.values() if each.privacy == "public"]

    async def having(self, request: Request) -> Response:
        """The lists that a show, a season or an episode is on."""
        asked = request.path_params
        kind = "movie" if "/movies/" in request.url.path else "show"
        title = title_in(self._catalogue, kind, asked["id"])
        wanted = (title.number, asked.get("season"), asked.get("episode"))
        type, sort = asked.get("type", "all"), asked.get("sort", "popular")
        if type not in _TYPES or sort not in _SORTS:
            raise HTTPException(404)
        found = [
            each
            for each in self._public()
            if type in ("all", "personal")
            and any(
                (mark.thing.number, mark.thing.season, mark.thing.episode) == wanted
                for mark in each.marks
            )
        ]
        if sort == "items":
            found.sort(key=lambda each: -len(each.marks))
        elif sort in ("added", "updated"):
            found.sort(key=lambda each: each.created_at, reverse=True)
        else:
            found.sort(key=lambda each: -each.likes)
        return paged(request, found, lambda each: list_json(self._state, each), default=10)

    async def of_user(self, request: Request) -> Response:
        """Somebody's lists."""
        user = self._state.users.get(request.path_params["user"])
        if user is None or user.private:
            raise HTTPException(404)
        found = [each for each in self._public() if each.owner == user.name]
        return paged(request, found, lambda each: list_json(self._state, each))

    def _one(self, request: Request) -> Listing:
        key, owner = str(request.path_params["id"]), request.path_params.get("user")
        for each in self._public():
            fits = key == str(each.id) or (owner is not None and key == each.slug)
            if fits and owner in (None, each.owner):
                return each
        raise HTTPException(404)

    async def one(self, request: Request) -> Response:
        """A list."""
        return JSONResponse(list_json(self._state, self._one(request)))

    async def items(self, request: Request) -> Response:
        """What is on it, of the types that were asked for."""
        listing = self._one(request)
        types = request.path_params.get("type", "all").replace("all", "").split(",")
        types = [each.removesuffix("s") for each in types if each]
        by, how = request.path_params.get("by", "rank"), request.path_params.get("how", "asc")
        ranked = [
            (rank, mark)
            for rank, mark in enumerate(listing.marks, 1)
            if not types or mark.thing.kind in types
        ]
        if by == "added":
            ranked.sort(key=lambda each: each[1].at)
        elif by == "title":
            ranked.sort(key=lambda each: self._state.world.titles[each[1].thing.number].name)
        if how == "desc":
            ranked.reverse()
        more = extended(request)
        return paged(
            request,
            ranked,
            lambda each: self._item(*each, more),
            headers={"X-Sort-By": by, "X-Sort-How": how},
        )

    def _item(self, rank: int, mark: Mark, more: frozenset[str]) -> dict[str, object]:
        return {
            "rank": rank,
            "id": mark.id,
            "listed_at": iso(mark.at),
            "notes": None,
            "type": mark.thing.kind,
            **self._catalogue.said(mark.thing, more),
        }


def routes(state: State, door: Door) -> list[Route]:
    """Lists, those of people and those of titles."""
    lists = Lists(state)
    season = "/shows/{id}/seasons/{season:int}"
    reads = [
        (f"{whose}/lists{rest}", lists.having)
        for whose in (
            "/movies/{id}", "/shows/{id}", season, f"{season}/episodes/{{episode:int}}",
        )
        for rest in ("", "/{type}", "/{type}/{sort}")
    ]  # fmt: skip
    for base in ("/users/{user}/lists/{id}", "/lists/{id:int}"):
        reads += [
            (base, lists.one),
            (f"{base}/items", lists.items),
            (f"{base}/items/{{type}}", lists.items),
            (f"{base}/items/{{type}}/{{by}}", lists.items),
            (f"{base}/items/{{type}}/{{by}}/{{how}}", lists.items),
        ]
    reads.append(("/users/{user}/lists", lists.of_user))
    return [Route(path, door.open(answer), methods=["GET"]) for path, answer in reads]
