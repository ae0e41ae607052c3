"""What a call to an upstream is made of: its request, its attempts, and what becomes of them."""

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any

import httpx

Answers = Callable[[int, Any], bool]
"""Whether a refusal, by its status and what its JSON says, is an answer that the caller reads."""

Reader = Callable[[AsyncIterator[bytes]], Awaitable[Any]]
"""Makes a value of an answer's lines while they come, and may stop at any. Raises bodies.BadBody.

What else it raises is the caller's own, and tells nothing of the upstream.
"""


class Failed(Exception):
    """An attempt that may be worth another. unsent: it can't have done anything there."""

    def __init__(
        self, meaning: Exception, *, wait_s: float | None = None, unsent: bool = False
    ) -> None:
        super().__init__(str(meaning))
        self.meaning = meaning
        self.wait_s = wait_s
        self.unsent = unsent


@dataclass(slots=True)
class Call:
    """What is asked in one call. reached: whether it may have reached them by now; heard: whether
    a line has come back.
    """

    request: httpx.Request
    secrets: Sequence[str]
    may_be_empty: bool
    answers: Answers | None
    reader: Reader | None
    ends_at: float = 0.0
    reached: bool = False
    heard: bool = False


class Again:
    """Tells stamina whether, and after how many seconds, to try again; it counts the failures."""

    def __init__(self, pause_s: Callable[[BaseException, int], float | None]) -> None:
        self._pause_s = pause_s
        self.tries = 0

    def __call__(self, problem: BaseException) -> bool | float:
        self.tries += 1
        pause = self._pause_s(problem, self.tries)
        return False if pause is None else pause
