"""Lets jobs run side by side, but one that somebody died at alone.

A job that kills its worker takes along what runs beside it. Were those to run beside it the next
time, they would be counted as dead as often as it, and given up with it.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager


class NoTurn(Exception):
    """The way was not free for too long."""


class Gate:
    """For one process. Who wants to be alone goes before those who come after."""

    def __init__(self) -> None:
        self._changed = asyncio.Condition()
        self._inside = 0
        self._loners = 0  # that wait, or are inside

    @asynccontextmanager
    async def passing(self, *, alone: bool, patience_s: float) -> AsyncIterator[None]:
        """Wait until the way is free, and keep it so for the block; raises NoTurn."""
        async with self._changed:
            self._loners += alone
            try:
                async with asyncio.timeout(patience_s):
                    await self._changed.wait_for(
                        lambda: not (self._inside if alone else self._loners)
                    )
            except BaseException as problem:
                self._loners -= alone
                self._changed.notify_all()
                if isinstance(problem, TimeoutError):
                    raise NoTurn from problem
                raise
            self._inside += 1
        try:
            yield
        finally:
            async with self._changed:
                self._inside -= 1
                self._loners -= alone
                self._changed.notify_all()
