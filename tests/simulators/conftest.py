"""All stand-ins under a real server, one for each file of tests, put right before each test."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

from simulators.app import create_app
from simulators.clock import Clock
from simulators.samples import sample_world
from simulators.server import running
from simulators.trakt.app import make as make_trakt
from simulators.world import Offer, Title, World
from tests.simulators.receiving import Served

NOW = datetime(2026, 11, 21, 9, tzinfo=UTC)
TRAKT_KEY = {
    "trakt-api-key": "app",
    "trakt-api-version": "2",
    "content-type": "application/json",
}


@dataclass(frozen=True, slots=True)
class StandIns:
    """Where they are, what is in their world, and a client without an address of its own."""

    url: str
    world: World
    clock: Clock
    http: httpx.Client

    def some(self, kind: str) -> Title:
        """The first title of a kind."""
        return next(each for each in self.world.titles.values() if each.kind == kind)

    def control(self, method: str, path: str, **sent: Any) -> Any:
        """What `/_sim` answers."""
        answer = self.http.request(method, f"{self.url}/_sim{path}", **sent)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def fault(self, upstream: str, kind: str, **told: Any) -> None:
        """Put a fault on."""
        self.control("POST", "/faults", json={"upstream": upstream, "kind": kind, **told})

    def put(self, title: int, *offers: Offer) -> None:
        """Let a title have these offers from now on."""
        told = [
            {
                "package": each.package, "country": each.country, "quality": each.quality,
                "monetization": each.monetization, "season": each.season, "url": each.url,
                "expires_on": each.expires_on and each.expires_on.isoformat(),
            }
            for each in offers
        ]  # fmt: skip
        self.control("PUT", "/world/offers", json={"title": title, "offers": told})


@pytest.fixture
def clock() -> Clock:
    """A clock that stands, for one stand-in by itself."""
    clock = Clock()
    clock.stop(NOW)
    return clock


@pytest.fixture(scope="module")
def served() -> Iterator[Served]:
    """A server in which a test puts the one stand-in that it is about."""
    with Served.here() as served:
        yield served


@pytest.fixture(scope="module")
def one_server() -> Iterator[StandIns]:
    """The server itself."""
    world, clock = sample_world(today=NOW.date()), Clock()
    clock.stop(NOW)
    with running(create_app(world, clock=clock)) as url, httpx.Client(timeout=5) as http:
        yield StandIns(url, world, clock, http)


@pytest.fixture
def stand_ins(one_server: StandIns) -> StandIns:
    """The server with nothing wrong, on its first day."""
    one_server.control("DELETE", "/faults")
    one_server.control("DELETE", "/requests")
    one_server.control("DELETE", "/world/offers")
    one_server.clock.stop(NOW)
    return one_server


@pytest.fixture
def trakt(served: Served, clock: Clock) -> httpx.Client:
    """Asks the stand-in for Trakt as an application; nobody is signed in."""
    http = served.stand_in("trakt", make_trakt, clock)
    http.headers.update(TRAKT_KEY)
    return http
