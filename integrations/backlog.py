"""Names that wait for a worker: a list in Valkey, and for each of them a ticket in ARQ's queue."""

import asyncio
import secrets
from typing import Any

from arq.constants import default_queue_name, job_key_prefix
from redis.asyncio import Redis

from integrations.queue import add_ticket
from integrations.valkey import FAILURES, Breaker

_MOST = 1_000
_KEPT_MS = 600_000  # whoever asked has gone long before
_LONGEST_S = 0.5


class ValkeyBacklog:
    """domain.ports.Backlog on Valkey, of the newest 1,000 names, for ten minutes.

    function: ARQ's, which is called with a name for each that was pushed. Whoever takes a name out
    may have been called with another.
    """

    def __init__(
        self, client: Redis, breaker: Breaker | None = None, *, function: str = "write_lines"
    ) -> None:
        self._client = client
        self._breaker = breaker or Breaker()
        self._function = function
        self._key = f"backlog:{function}"

    async def push(self, name: str) -> None:
        """Add a name and tell a worker; never raises, never takes long."""
        if self._breaker.open:
            return
        try:
            async with asyncio.timeout(_LONGEST_S):
                await self._push(name)
        except FAILURES as problem:
            self._breaker.failed(problem)

    async def _push(self, name: str) -> None:
        # A ticket of its own each time: one that is queued while a worker ends with its twin is
        # thrown away with that.
        entry = f"{name} {secrets.token_hex(4)}"
        async with self._client.pipeline(transaction=True) as pipe:
            pipe.rpush(self._key, entry)
            pipe.pexpire(self._key, _KEPT_MS)
            add_ticket(pipe, self._ticket(entry), self._function, name)
            size, *_ = await pipe.execute()
        if size > _MOST:
            await self._forget(size - _MOST)

    async def _forget(self, count: int) -> None:
        """Drop the oldest with their tickets, which nobody takes out where no worker runs."""
        dropped: Any = await self._client.lpop(self._key, count)  # type: ignore[misc]
        tickets = [self._ticket(each.decode(errors="replace")) for each in dropped or ()]
        if tickets:
            async with self._client.pipeline(transaction=True) as pipe:
                pipe.zrem(default_queue_name, *tickets)
                pipe.delete(*(job_key_prefix + each for each in tickets))
                await pipe.execute()

    def _ticket(self, entry: str) -> str:
        return f"{self._function}:{entry.replace(' ', ':')}"

    async def pop(self) -> str | None:
        """Take the oldest; None: nobody waits, or nobody can tell."""
        if self._breaker.open:
            return None
        try:
            entry: Any = await self._client.lpop(self._key)  # type: ignore[misc]
        except FAILURES as problem:
            self._breaker.failed(problem)
            return None
        return entry.decode(errors="replace").rpartition(" ")[0] if entry else None

    async def size(self) -> int:
        """How many wait; 0 where nobody can tell."""
        if self._breaker.open:
            return 0
        try:
            return await self._client.llen(self._key)  # type: ignore[misc]
        except FAILURES as problem:
            self._breaker.failed(problem)
            return 0
