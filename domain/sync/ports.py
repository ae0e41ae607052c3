"""What the nightly sync needs from outside."""

from collections.abc import AsyncIterator, Collection, Sequence
from typing import Protocol

from domain.errors import DomainError
from domain.sync.values import Answer, Asked, Unanswered


class UpstreamAway(DomainError):
    """An upstream can't be used now: it is down, refuses our key, or asks us to wait.

    retry_after_s: how long it said to wait; None where it didn't. permanent: waiting won't help,
    somebody has to put a key or a setting right.
    """

    code = "UPSTREAM_AWAY"

    def __init__(
        self, message: str, *, retry_after_s: float | None = None, permanent: bool = False
    ) -> None:
        super().__init__(message)
        self.retry_after_s = retry_after_s
        self.permanent = permanent


class OfferSource(Protocol):
    """Somebody who lists the offers of a title.

    name: the source that claims are kept under, such as 'sync/justwatch' or 'simulator/justwatch';
    confidence: 0 to 1; dated, priced: whether it speaks of last days, and of prices, at all.
    batch: how many titles one request asks about.
    """

    @property
    def name(self) -> str: ...
    @property
    def confidence(self) -> float: ...
    @property
    def dated(self) -> bool: ...
    @property
    def priced(self) -> bool: ...
    @property
    def batch(self) -> int: ...

    def answers(
        self, asked: Sequence[Asked], countries: Collection[str]
    ) -> AsyncIterator[Answer | Unanswered]:
        """What it lists of each title in these countries, one of them for each that was asked, in
        any order. Raises UpstreamAway where asking on is useless; what came before counts.
        """
        ...
