"""Waiting for servers that may have frozen, and asking again those that failed."""

import asyncio
import random
from collections.abc import Coroutine
from typing import Any, TypeVar

T = TypeVar("T")
_FAREWELL_S = 0.5


async def within(seconds: float, work: Coroutine[Any, Any, T]) -> T:
    """The result of `work`; raises TimeoutError when it takes longer, whatever it is doing then.

    A connection to a server that froze may be slow to let itself be cancelled, so nobody waits for
    that long. `work` may go on for a while and must change nothing but its own connection.
    """
    task = asyncio.create_task(work)
    try:
        await asyncio.wait({task}, timeout=seconds)
        if not task.done():
            raise TimeoutError(f"no answer in {seconds} s")
        return task.result()
    finally:
        if not task.done():
            task.add_done_callback(_forget)
            task.cancel()
            await asyncio.wait({task}, timeout=_FAREWELL_S)


def _forget(task: asyncio.Task[Any]) -> None:
    if not task.cancelled():
        task.exception()


class Backoff:
    """Growing pauses between tries, in seconds, each between its half and its whole."""

    def __init__(self, least: float = 0.05, most: float = 2.0) -> None:
        self._least = least
        self._most = most
        self._next = least

    def pause(self) -> float:
        """How long to wait now."""
        pause, self._next = self._next, min(2 * self._next, self._most)
        return pause * (0.5 + random.random() / 2)

    def reset(self) -> None:
        """Begin with the shortest again."""
        self._next = self._least
