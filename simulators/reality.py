"""The world as all stand-ins see it at this moment: one drift, one clock, one set of indexes."""

from collections.abc import Sequence
from datetime import date

from simulators.clock import Clock
from simulators.drift import Change, Drift
from simulators.index import Index
from simulators.world import Offer, World


class Reality:
    """What is, by the clock. Its first day is the clock's when it is made."""

    def __init__(self, world: World, clock: Clock, seed: int = 0) -> None:
        self.world, self.clock, self.seed = world, clock, seed
        self.drift = Drift(world, clock.today(), seed)
        self.index = Index(world)
        self._replaced = 0

    def offers(self, title: int) -> Sequence[Offer]:
        """The offers of a title, now."""
        return self.drift.offers(title, self.clock.today())

    @property
    def version(self) -> str:
        """Another one whenever the offers may be other ones."""
        return f"{self.clock.today()} {self._replaced}"

    def changed_on(self, title: int) -> date:
        """The day its offers last changed."""
        return self.drift.changed_on(title, self.clock.today())

    def gone(self, title: int) -> Sequence[Change]:
        """What left of it so far."""
        return self.drift.gone(title, self.clock.today())

    def changes(self, first: date, last: date) -> list[Change]:
        """What changed on these days, both included, and none that are yet to come."""
        return list(self.drift.changes(first, last, self.clock.today()))

    def restore(self) -> None:
        """Take back what was put."""
        self._replaced += 1
        self.drift.restore()

    def replace(self, title: int, offers: list[Offer]) -> None:
        """Let a title have these offers from now on. Raises KeyError without such a title."""
        self._replaced += 1
        self.drift.replace(title, offers, self.clock.today())
