"""What bringing one's history from Trakt needs from outside, and how it may be refused."""

from collections.abc import AsyncIterator, Sequence
from datetime import datetime
from typing import Protocol

from domain.errors import DomainError
from domain.imports.values import Line, Passed, What
from domain.trakt.values import Activities, DeviceCode, KeptPage, Tokens, Waiting


class LinkBroken(DomainError):
    """Trakt no longer accepts the tokens of somebody: they have to connect again."""

    code = "TRAKT_LINK_BROKEN"

    def __init__(self) -> None:
        super().__init__(
            "Trakt no longer lets us into this account: the connection has ended or was taken back."
            " Connect Trakt again."
        )


_WHY = {
    "denied": "It was declined at Trakt.",
    "expired": "The code was not typed in in time.",
    "used": "The code has been used already.",
    "unknown": "Trakt doesn't know the code.",
}


class SignInEnded(DomainError):
    """A sign-in by code came to nothing. reason: 'denied' | 'expired' | 'used' | 'unknown'."""

    code = "TRAKT_SIGN_IN_ENDED"

    def __init__(self, reason: str) -> None:
        super().__init__(f"Trakt was not connected. {_WHY[reason]} Begin again for a new code.")
        self.reason = reason


class VipNeeded(DomainError):
    """Trakt gives this only to those who pay."""

    code = "TRAKT_VIP_NEEDED"

    def __init__(self) -> None:
        super().__init__(
            "Trakt gives this only to VIP accounts, since 31 July 2026. Without VIP, download your"
            " data at Trakt (a ZIP of JSON files) and bring that file here instead."
        )


class AccountProblem(DomainError):
    """Something about the account at Trakt that only its owner can settle there."""

    code = "TRAKT_ACCOUNT_PROBLEM"


class Pages(Protocol):
    """Remembers pages over interruptions, so that a long list need not be read from its start."""

    async def find(self, part: What, page: int) -> KeptPage | None:
        """A page that was kept, counted from 1; asked for page 1 again, it forgets the part."""
        ...

    async def keep(self, part: What, page: int, kept: KeptPage) -> None:
        """Remember a page."""
        ...


class Trakt(Protocol):
    """Somebody's history, ratings and watchlist, asked for only when they ask for it.

    Besides what stands here each method may raise domain.sync.ports.UpstreamAway, permanent where
    this instance's client id is not accepted, or another DomainError for an unusable answer.
    stand_in: whether nobody real is asked. pages: of whoever reads over interruptions.
    """

    @property
    def stand_in(self) -> bool: ...

    async def start(self) -> DeviceCode:
        """Begin a sign-in."""
        ...

    async def poll(self, code: DeviceCode) -> Tokens | Waiting:
        """Whether the code has been typed in. Raises SignInEnded."""
        ...

    async def refresh(self, tokens: Tokens) -> Tokens:
        """New tokens for old ones, which are worth nothing from then on: store them before use.

        One at a time for each account. Raises LinkBroken.
        """
        ...

    async def revoke(self, tokens: Tokens) -> None:
        """Give them back."""
        ...

    async def whose(self, tokens: Tokens) -> str | None:
        """The name that somebody has there; None where it can't be one."""
        ...

    async def last_activities(self, tokens: Tokens) -> Activities:
        """What has moved: ask this first, and then for nothing that hasn't."""
        ...

    def history(
        self, tokens: Tokens, since: datetime | None = None, *, pages: Pages | None = None
    ) -> AsyncIterator[Sequence[Line | Passed]]:
        """What was watched (since a moment), the latest first, page by page."""
        ...

    def ratings(
        self, tokens: Tokens, *, pages: Pages | None = None
    ) -> AsyncIterator[Sequence[Line | Passed]]:
        """What was rated."""
        ...

    def watchlist(
        self, tokens: Tokens, *, pages: Pages | None = None
    ) -> AsyncIterator[Sequence[Line | Passed]]:
        """What they want to watch."""
        ...
