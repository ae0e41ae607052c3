"""Somebody who is sent webhooks, and a stand-in served on its own."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime

import httpx
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Mount, Route
from starlette.types import ASGIApp, Receive, Scope, Send

from simulators.clock import Clock
from simulators.samples import sample_world
from simulators.server import running
from simulators.world import World

NOW = datetime(2026, 11, 21, 9, tzinfo=UTC)


@dataclass(slots=True)
class Receiver:
    """What came, with its headers; answers: the statuses and bodies to answer with, then 200."""

    url: str = ""
    came: list[tuple[dict[str, str], bytes]] = field(default_factory=list)
    answers: list[tuple[int, bytes, dict[str, str]]] = field(default_factory=list)

    def emptied(self) -> "Receiver":
        """As if nothing had come."""
        self.came.clear()
        self.answers.clear()
        return self

    def until(self, count: int) -> list[tuple[dict[str, str], bytes]]:
        """What came, when so many have."""
        eventually(lambda: len(self.came) >= count)
        return self.came


def eventually(holds: Callable[[], bool], within_s: float = 5) -> None:
    """Wait until something is so, which happens in another thread."""
    until = time.monotonic() + within_s
    while not holds():
        assert time.monotonic() < until, "it never came"
        time.sleep(0.01)


class Served:
    """A server whose application is another one in each test. http: begins at its path."""

    def __init__(self, http: httpx.Client) -> None:
        self.app: ASGIApp = Starlette()
        self.http = http
        self._origin = ""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self.app(scope, receive, send)

    def stand_in(
        self, name: str, make: Callable[[World, Clock, int], Starlette], clock: Clock
    ) -> httpx.Client:
        """Put a fresh stand-in below its name, as it is with the others."""
        world = sample_world(today=NOW.date())
        self.app = Starlette(routes=[Mount(f"/{name}", app=make(world, clock, 0))])
        self.http.base_url = f"{self._origin}/{name}"
        self.http.headers = {"user-agent": "Tests/1.0"}  # what a test has put on is forgotten
        return self.http

    @classmethod
    @contextmanager
    def here(cls) -> Iterator["Served"]:
        """The server, on a port of its own."""
        with httpx.Client(timeout=10) as http:
            served = cls(http)
            with running(served) as served._origin:
                yield served


@contextmanager
def receiving() -> Iterator[Receiver]:
    """A receiver on a port of its own; whoever takes it over empties it."""
    receiver = Receiver()

    async def hook(request: Request) -> Response:
        receiver.came.append((dict(request.headers), await request.body()))
        if not receiver.answers:
            return Response()
        status, body, headers = receiver.answers.pop(0)
        return Response(body, status, headers=headers)

    with running(Starlette(routes=[Route("/hook", hook, methods=["POST"])])) as url:
        receiver.url = f"{url}/hook"
        yield receiver
