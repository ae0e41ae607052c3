"""Slow hashes for passwords and PINs, made beside the event loop and two at a time.

Argon2id with OWASP's least parameters takes some 30 ms and 19 MiB. More than two at once would
only take the processor from everybody who is signed in already.
"""

from collections.abc import Callable
from typing import TypeVar, TypeVarTuple

from anyio import CapacityLimiter, to_thread
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from domain.errors import TooManyRequests

Given = TypeVarTuple("Given")
Answer = TypeVar("Answer")

_HASHER = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
_AT_ONCE = 2
_MOST_INSIDE = 64  # a second's work; who comes later is told so instead of waiting longer

# A hash of 32 random bytes that nobody kept. Checking a password against it costs what checking
# one against an account's costs, so the time taken doesn't tell whether there is an account.
DUMMY_HASH = (
    "$argon2id$v=19$m=19456,t=2,p=1$19fkfldcoK9pu68sOQa1nw"
    "$2X2jX5D/hsJ86V/Ez7Yvq0OmQMaimJXe8WNVKpO0Ciw"
)


class _Lanes:
    """Two threads for slow work, and the people in front of them."""

    def __init__(self) -> None:
        self._lanes = CapacityLimiter(_AT_ONCE)
        self._inside = 0

    async def run(self, work: Callable[[*Given], Answer], *given: *Given) -> Answer:
        if self._inside >= _MOST_INSIDE:
            raise TooManyRequests(
                "Too many people are signing in at this moment; try again in a few seconds.",
                limit=_MOST_INSIDE,
                retry_after=2,
            )
        self._inside += 1
        try:
            return await to_thread.run_sync(work, *given, limiter=self._lanes)
        finally:
            self._inside -= 1


_lanes = _Lanes()


async def make_hash(secret: str) -> str:
    """The hash to store; raises TooManyRequests when too many wait for one."""
    return await _lanes.run(_HASHER.hash, secret)


async def matches(stored: str | None, secret: str | None) -> bool:
    """Whether a secret is the stored one; None on either side takes as long and is False.

    Raises TooManyRequests when too many wait.
    """
    known = stored is not None and secret is not None
    same = await _lanes.run(_same, stored or DUMMY_HASH, secret or "")
    return known and same


def outdated(stored: str) -> bool:
    """Whether a hash was made with other parameters than today's."""
    return _HASHER.check_needs_rehash(stored)


def _same(stored: str, secret: str) -> bool:
    try:
        return _HASHER.verify(stored, secret)
    except (VerificationError, InvalidHashError):
        return False
