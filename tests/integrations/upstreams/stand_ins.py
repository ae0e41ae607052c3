"""What tests ask of the stand-ins: their faults, what is true there, and whom they know."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx

from domain.sync.payloads import decode
from domain.sync.ports import OfferSource
from domain.sync.values import Answer, Asked, SeenOffer, Unanswered
from domain.trakt.values import DeviceCode, Tokens
from simulators.world import Title, World
from tests.integrations.upstreams.clients import Subject

COUNTRIES = ("DE", "GB", "US")


@dataclass
class StandIns:
    """The stand-ins at an address."""

    base: str
    world: World
    control: httpx.Client

    def fault(self, upstream: str, kind: str, **more: Any) -> None:
        put = self.control.post("/_sim/faults", json={"upstream": upstream, "kind": kind, **more})
        assert put.status_code < 300, put.text

    def count(self, upstream: str) -> int:
        counts = self.control.get("/_sim/").json()["requests"]
        return counts.get(upstream, {"count": 0})["count"]

    def asked(self, most: int | None = None) -> list[Asked]:
        return [asked(each) for each in list(self.world.titles.values())[:most]]

    def offers_of(self, title: Title) -> list[dict[str, Any]]:
        return self.control.get(f"/_sim/world/offers/{title.number}").json()["offers"]

    def put_offers(self, title: Title, *offers: dict[str, Any]) -> None:
        put = self.control.put("/_sim/world/offers", json={"title": title.number, "offers": offers})
        assert put.status_code < 300, put.text

    def title(self, kind: str, *, seasons: int = 0) -> Title:
        found = (each for each in self.world.titles.values() if each.kind == kind)
        return next(each for each in found if len(numbered(each)) >= seasons)

    def subject(self) -> Subject:
        film = max(
            (each for each in self.world.titles.values() if each.kind == "film"),
            key=lambda each: len(self.world.offers[each.number]),
        )
        series = self.title("series", seasons=2)
        code = self.control.post("/trakt/oauth/device/code", json={"client_id": "app"}).json()
        self.control.post("/trakt/_sim/activate", json={"user_code": code["user_code"]})
        return Subject(
            film=asked(film),
            series=asked(series),
            imdb_id=film.imdb_id or series.imdb_id or "tt0000001",
            seasons=tuple(numbered(series)),
            tokens=self.tokens(self._newcomer()),
            code=DeviceCode("x", "https://trakt.example/", 600, 5, code["device_code"]),
        )

    def _newcomer(self) -> str:
        """Somebody at Trakt who has watched little, so that their pages are short."""
        if "kim" not in {each["user"] for each in self.control.get("/trakt/_sim/users").json()}:
            self.control.post("/trakt/_sim/users", json={"user": "kim", "history": 12})
        return "kim"

    def tokens(self, user: str = "ben") -> Tokens:
        body = self.control.post("/trakt/_sim/tokens", json={"user": user}).json()
        issued = datetime.fromtimestamp(body["created_at"], UTC)
        until = issued + timedelta(seconds=body["expires_in"])
        return Tokens(body["access_token"], body["refresh_token"], issued, until)


def numbered(title: Title) -> list[int]:
    """The seasons of a title that aren't specials."""
    return [each.number for each in title.seasons if each.number]


def asked(title: Title) -> Asked:
    """A title as the sync asks about it; our number is the world's."""
    return Asked(title.number, title.kind, title.justwatch_id, title.tmdb_id, title.imdb_id)


async def heard(
    source: OfferSource, titles: list[Asked], countries: Collection[str] = COUNTRIES
) -> dict[int, Answer | Unanswered]:
    """What a source says of each title; each once."""
    said = [each async for each in source.answers(titles, countries)]
    assert sorted(each.title_id for each in said) == sorted(each.title_id for each in titles)
    return {each.title_id: each for each in said}


def offers(said: Answer | Unanswered) -> list[SeenOffer]:
    """The offers of an answer, of which nothing was rejected."""
    assert isinstance(said, Answer), said
    assert not said.rejected
    return decode(said.payload)
