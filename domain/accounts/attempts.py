"""Guessing slowly: only wrong answers count, and a used-up limit hides right ones too."""

from collections.abc import Awaitable, Callable, Mapping
from math import ceil

from domain.errors import TooManyRequests
from domain.ports import Allowance, Limiter

WINDOW_S = 60.0


async def guess(
    limiter: Limiter, limits: Mapping[str, int], check: Callable[[], Awaitable[bool]]
) -> bool:
    """Whether `check` says yes; raises TooManyRequests after too many wrong ones in a minute.

    limits: key -> wrong answers a minute. The limits are asked once more when the answer is there:
    of a hundred guesses made at the same time, those that end after the limit is used up learn
    nothing, not even the right one.
    """
    _refuse([await limiter.peek(key, limit, WINDOW_S) for key, limit in limits.items()])
    right = await check()
    ask = limiter.peek if right else limiter.take
    _refuse([await ask(key, limit, WINDOW_S) for key, limit in limits.items()])
    return right


def _refuse(allowances: list[Allowance]) -> None:
    for each in allowances:
        if not each.allowed:
            wait = max(1, ceil(each.reset_s))
            raise TooManyRequests(
                f"Too many wrong tries; wait {wait} seconds and try again.",
                limit=each.limit,
                retry_after=wait,
            )
