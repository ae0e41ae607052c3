"""What can go wrong with an answer from outside, apart from there being none (UpstreamAway)."""

from collections.abc import Mapping

from domain.errors import DomainError
from domain.sync.ports import UpstreamAway


class SlowDown(UpstreamAway):
    """An upstream asks us to wait, as retry_after_s says where it does."""


class Troubled(UpstreamAway):
    """An upstream failed at what it was asked: it may be that alone, or all that it does."""


class Unsure(UpstreamAway):
    """An upstream may have done what we asked for, or not: nothing came back that says so."""

    def __init__(self, upstream: str) -> None:
        super().__init__(f"{upstream} was asked, and did not say whether it is done.")
        self.upstream = upstream


class Refused(DomainError):
    """An upstream answered with a status that says no, and asking again won't change its mind.

    status: HTTP's; said: what it gave as its reason, cleaned, without secrets, or ""; error: the
    word that OAuth has for it, or "".
    """

    code = "UPSTREAM_REFUSED"

    def __init__(
        self,
        upstream: str,
        status: int,
        said: str = "",
        *,
        error: str = "",
        headers: Mapping[str, str] | None = None,
    ) -> None:
        because = f': "{said}"' if said else "."
        super().__init__(f"{upstream} refused what we asked with status {status}{because}")
        self.upstream = upstream
        self.status = status
        self.said = said
        self.error = error
        self.headers = headers or {}


class Garbled(DomainError):
    """An upstream answered with something that can't be what it meant: cut, no JSON, wrong types.

    reason: what is wrong with it, in words for people. What we know already stays as it is.
    """

    code = "UPSTREAM_GARBLED"

    def __init__(self, upstream: str, reason: str) -> None:
        super().__init__(f"{upstream} sent an answer that can't be used: {reason}.")
        self.upstream = upstream
        self.reason = reason


class TooLarge(Garbled):
    """An answer is larger than what we read: asked for less, it may be one that can be used."""
