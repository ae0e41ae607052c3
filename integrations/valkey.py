"""The connection to Valkey, and the cache on it.

Valkey only makes things quicker: whatever it does, the answer is right without it, so errors
are counted and swallowed here, and after one the server is left alone for a moment.
"""

import asyncio
import time
from collections.abc import Sequence
from typing import Any

import structlog
from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.exceptions import TimeoutError as TookTooLong

log = structlog.get_logger()

REST_AFTER_FAILURE_S = 1.0
TIMEOUT_S = 0.5
FAILURES = (RedisError, OSError, TimeoutError)


def connect(url: str) -> Redis:
    """A client for `redis://`, `rediss://` or `unix://`; it connects when first used."""
    client = Redis.from_url(
        url,
        socket_timeout=TIMEOUT_S,
        socket_connect_timeout=TIMEOUT_S,
        # A pooled connection may have died with a restarted server: one more try finds out.
        # (No health checks: while a server hangs, redis-py 5 calls itself in them without end.)
        retry=Retry(NoBackoff(), 1),
    )
    pool: Any = client.connection_pool
    pool.connection_class = _that_can_be_cancelled(pool.connection_class)
    return client


def _that_can_be_cancelled(kind: type[Any]) -> type[Any]:
    """The same connection with a sending that never swallows the end of a task.

    redis-py sends under asyncio.wait_for, and that of Python 3.11 forgets a cancellation which
    comes in the moment when the sending is done: the task would go on as if nothing had been said.
    """

    class Connection(kind):
        async def send_packed_command(self, command: Any, check_health: bool = True) -> None:
            if not self.is_connected:
                await self.connect()
            elif check_health:
                await self.check_health()
            longest_s, self.socket_timeout = self.socket_timeout, None
            try:
                async with asyncio.timeout(longest_s):
                    await super().send_packed_command(command, check_health=False)
            except TimeoutError:
                raise TookTooLong("Timeout writing to socket") from None
            finally:
                self.socket_timeout = longest_s

    return Connection


class Breaker:
    """Keeps a server that just failed from being asked by every request."""

    def __init__(self) -> None:
        self._closed_again_at = 0.0

    @property
    def open(self) -> bool:
        """Whether to go without for now."""
        return time.monotonic() < self._closed_again_at

    def failed(self, problem: Exception) -> None:
        """Leave the server alone for a moment."""
        if not self.open:
            log.warning("valkey.unreachable", problem=type(problem).__name__)
        self._closed_again_at = time.monotonic() + REST_AFTER_FAILURE_S


class ValkeyCache:
    """domain.ports.Cache on Valkey."""

    def __init__(self, client: Redis, breaker: Breaker | None = None) -> None:
        self._client = client
        self._breaker = breaker or Breaker()

    async def get(self, key: str) -> bytes | None:
        """The value kept under a key; None where there is none or nobody answers."""
        if self._breaker.open:
            return None
        try:
            return await self._client.get(key)
        except FAILURES as problem:
            self._breaker.failed(problem)
            return None

    async def get_many(self, keys: Sequence[str]) -> list[bytes | None]:
        """The values kept under keys, in their order; Nones where nobody answers."""
        if not keys or self._breaker.open:
            return [None] * len(keys)
        try:
            return await self._client.mget(keys)
        except FAILURES as problem:
            self._breaker.failed(problem)
            return [None] * len(keys)

    async def put(self, key: str, value: bytes, ttl_s: float) -> None:
        """Keep a value for some seconds, if the server is there."""
        if self._breaker.open:
            return
        try:
            await self._client.set(key, value, px=max(1, int(ttl_s * 1000)))
        except FAILURES as problem:
            self._breaker.failed(problem)

    async def drop(self, *keys: str) -> None:
        """Forget keys now; whoever needs certainty gives what they keep a short life."""
        if not keys:
            return
        try:
            await self._client.delete(*keys)
        except FAILURES as problem:
            self._breaker.failed(problem)
