"""Who somebody is, what their account may hold, and what they are watching now."""

from datetime import timedelta

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from simulators.trakt import changes
from simulators.trakt.door import Door
from simulators.trakt.pages import body
from simulators.trakt.said import user_json
from simulators.trakt.state import State, User
from simulators.trakt.sync import FREE, VIP
from simulators.trakt.titles import iso


class People:
    """The endpoints under /users, without lists, and /checkin."""

    def __init__(self, state: State) -> None:
        self._state = state

    async def settings(self, request: Request, user: User) -> Response:
        """Their account."""
        most = VIP if user.vip else FREE
        account = {"timezone": "Etc/UTC", "date_format": "dmy", "time_24hr": True}
        return JSONResponse(
            {
                "user": {**user_json(user), "ids": {"slug": user.name, "uuid": _uuid(user)}},
                "account": account,
                "limits": {
                    "list": {"count": 100 if user.vip else 5, "item_count": most},
                    "watchlist": {"item_count": most},
                    "favorites": {"item_count": 100},
                },
            }
        )

    async def profile(self, request: Request) -> Response:
        """Somebody, as others see them."""
        user = self._state.users.get(request.path_params["user"])
        if user is None:
            raise HTTPException(404)
        return JSONResponse(user_json(user))

    async def check_in(self, request: Request, user: User) -> Response:
        """Begin to watch something now; 409 while something else is on."""
        sent, now = await body(request), self._state.clock.now()
        until = user.checked_in_until
        if until is not None and until > now:
            return JSONResponse({"expires_at": iso(until)}, 409)
        singles = {f"{kind}s": [sent[kind]] for kind in ("movie", "episode") if kind in sent}
        if isinstance(sent.get("show"), dict) and isinstance(sent.get("episode"), dict):
            episode = sent["episode"]
            season = {"number": episode.get("season"), "episodes": [episode]}
            singles = {"shows": [{**sent["show"], "seasons": [season]}]}
        today = self._state.clock.today()
        change = changes.read(self._state.catalogue, singles, today, expand=False)
        if not change.things:
            raise HTTPException(404)
        thing = change.things[0][0]
        title = self._state.world.titles[thing.number]
        user.checked_in_until = now + timedelta(minutes=title.runtime_min or 45)
        play = self._state.play(user, thing, now, "checkin")
        said = self._state.catalogue.said(thing)
        return JSONResponse({"id": play.id, "watched_at": iso(now), **said}, 201)

    async def check_out(self, request: Request, user: User) -> Response:
        """Stop watching."""
        user.checked_in_until = None
        return Response(status_code=204)


def _uuid(user: User) -> str:
    return user.name.encode().hex().ljust(40, "0")[:40]


def routes(state: State, door: Door) -> list[Route]:
    """People."""
    people = People(state)
    return [
        Route("/users/settings", door.signed_in(people.settings), methods=["GET"]),
        Route("/users/{user}", door.open(people.profile), methods=["GET"]),
        Route("/checkin", door.signed_in(people.check_in), methods=["POST"]),
        Route("/checkin", door.signed_in(people.check_out), methods=["DELETE"]),
    ]
