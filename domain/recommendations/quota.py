"""How often somebody may ask what to watch."""

import math

from domain.accounts.rules import network
from domain.accounts.viewer import Viewer
from domain.errors import TooManyRequests
from domain.ports import Allowance, Cache, Limiter
from domain.services import Limits

SAME_QUESTION_S = 60.0


async def admit(
    limiter: Limiter, limits: Limits, viewer: Viewer, *, graphql: bool = False
) -> Allowance | None:
    """Count one question; None where nothing limits the viewer. Raises TooManyRequests.

    An account has one bucket for its cookie and its tokens, and an address has one for whoever
    has no account. A signed-in browser that asks through GraphQL has a wider one of its own,
    since a page asks again whenever somebody moves a slider.
    """
    if viewer.plan == "pro":
        return None
    if graphql and viewer.via == "session":
        key, limit = f"recommend:browser:{viewer.session_id}", limits.recommend_browser
    else:
        who = viewer.account_id or f"address:{network(viewer.address)}"
        key, limit = f"recommend:{who}", limits.recommend
    allowance = await limiter.take(key, limit)
    if not allowance.allowed:
        wait = max(1, math.ceil(allowance.reset_s))
        raise TooManyRequests(
            f"That was question {limit + 1} within a minute, and {limit} are free."
            f" Ask again in {wait} s, or use a Pro account, which has no limit.",
            limit=limit,
            retry_after=wait,
        )
    return allowance


async def is_repeated(cache: Cache, viewer: Viewer, fingerprint: str) -> bool:
    """Whether this browser was admitted with the very same question within the last minute."""
    return await cache.get(f"asked:{viewer.session_id}:{fingerprint}") is not None


async def remember(cache: Cache, viewer: Viewer, fingerprint: str) -> None:
    """Note that a browser's question was admitted, so that it may repeat it for a minute."""
    await cache.put(f"asked:{viewer.session_id}:{fingerprint}", b"1", SAME_QUESTION_S)
