"""Sources of offers in memory: honest ones, and ones that lie, for the tests beside this."""

from collections.abc import AsyncIterator, Callable, Collection, Sequence
from dataclasses import dataclass, field
from datetime import date
from random import Random

from domain.sync.payloads import encode
from domain.sync.ports import UpstreamAway
from domain.sync.values import Answer, Asked, SeenOffer, Unanswered

NETFLIX, HULU = 8, 15
SOON = date(2026, 12, 20)


def seen(package: int = NETFLIX, country: str = "US", season: int = 0, **told) -> SeenOffer:
    """An offer as a source lists it."""
    return SeenOffer(country, package, season, "subscription", told.pop("quality", "hd"), **told)


@dataclass
class Shelf:
    """An upstream that lists what lies on its shelves, by title; others it doesn't know.

    failing: titles of which it says nothing, with the reason; away: raised instead of answers once
    so many titles were answered; asked: what it was asked, request by request.
    """

    shelves: dict[int, list[SeenOffer]] = field(default_factory=dict)
    name: str = "sync/justwatch"
    confidence: float = 0.8
    dated: bool = True
    priced: bool = True
    batch: int = 10
    failing: dict[int, str] = field(default_factory=dict)
    rejected: dict[int, str] = field(default_factory=dict)
    away: tuple[int, UpstreamAway] | None = None
    asked: list[list[int]] = field(default_factory=list)

    async def answers(
        self, asked: Sequence[Asked], countries: Collection[str]
    ) -> AsyncIterator[Answer | Unanswered]:
        """See domain.sync.ports."""
        self.asked.append([each.title_id for each in asked])
        for answered, each in enumerate(asked):
            if self.away and answered >= self.away[0]:
                raise self.away[1]
            yield self._answer(each.title_id, countries)

    def _answer(self, title_id: int, countries: Collection[str]) -> Answer | Unanswered:
        if reason := self.failing.get(title_id):
            return Unanswered(title_id, reason)
        if title_id not in self.shelves:
            return Unanswered(title_id, "It has no such title.", unknown=True)
        listed = [each for each in self.shelves[title_id] if each.country in countries]
        rejected = self.rejected.get(title_id)
        return Answer(
            title_id, encode(self._told(title_id, listed)), (rejected,) if rejected else ()
        )

    def _told(self, title_id: int, listed: list[SeenOffer]) -> list[SeenOffer]:
        return listed


@dataclass
class Liar(Shelf):
    """One whose answers are short now and then, by seed: pages that end early, or are empty.

    No title is told short twice in a row, as when an upstream has a bad moment.
    """

    seed: int = 0
    share: float = 0.2
    lied: set[int] = field(default_factory=set)
    lies: int = 0
    draw: Callable[[], float] = field(init=False)

    def __post_init__(self) -> None:
        self.draw = Random(f"liar {self.seed}").random

    def _told(self, title_id: int, listed: list[SeenOffer]) -> list[SeenOffer]:
        if title_id in self.lied or self.draw() >= self.share or not listed:
            self.lied.discard(title_id)
            return listed
        self.lied.add(title_id)
        self.lies += 1
        return listed[: int(self.draw() * len(listed))]
