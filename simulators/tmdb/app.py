"""TMDB's API, version 3: what clients of catalogues ask of it, over a world."""

import re
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from simulators.buckets import Bucket
from simulators.clock import Clock
from simulators.reality import Reality
from simulators.tmdb.errors import Missing, Refusal
from simulators.tmdb.lists import Lists
from simulators.tmdb.titles import Titles
from simulators.world import World

_PER_SECOND = 40
_KEYS_KEPT = 1000
_BEARER = re.compile(r"Bearer +(\S+)", re.IGNORECASE)
_BAD_KEY = "invalid"

Handler = Callable[[Request], object]


def make(
    world: World,
    clock: Clock,
    seed: int = 0,
    reality: Reality | None = None,
    limits: dict[str, bool] | None = None,
) -> Starlette:
    """The endpoints under `/3`. limits: whether "tmdb" keeps to forty requests a second and key."""
    reality = reality or Reality(world, clock, seed)
    gate = Gate(limits if limits is not None else {"tmdb": False})
    table: dict[str, Handler] = {**Lists(reality).table(), **Titles(reality).table()}
    return Starlette(
        routes=[Route(f"/3{path}", gate.before(handler)) for path, handler in table.items()],
        exception_handlers={404: _nothing_here},
    )


def _nothing_here(_: Request, __: Exception) -> Response:
    return Refusal(34).response()


class Gate:
    """Lets in who has a key: any but `invalid`. Counts each key's requests by the real time."""

    def __init__(self, limits: dict[str, bool]) -> None:
        self._limits = limits
        self._buckets: OrderedDict[str, Bucket] = OrderedDict()

    def before(self, handler: Handler) -> Callable[[Request], Awaitable[Response]]:
        """An endpoint that answers what the handler says, or why there is no answer."""

        async def endpoint(request: Request) -> Response:
            try:
                self._count(_key(request))
                return JSONResponse(handler(request))
            except (Refusal, Missing) as refusal:
                return refusal.response()

        return endpoint

    def _count(self, key: str) -> None:
        if not self._limits.get("tmdb"):
            return
        bucket = self._buckets.pop(key, None) or Bucket(_PER_SECOND, _PER_SECOND)
        self._buckets[key] = bucket
        if len(self._buckets) > _KEYS_KEPT:
            self._buckets.popitem(last=False)
        if bucket.take(time.monotonic()):
            raise Refusal(25, {"Retry-After": "1"})


def _key(request: Request) -> str:
    found = _BEARER.fullmatch(request.headers.get("authorization", ""))
    key = found[1] if found else request.query_params.get("api_key", "")
    if not key or key == _BAD_KEY:
        raise Refusal(7)
    return key
