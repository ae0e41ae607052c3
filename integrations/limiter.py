"""A limiter that remembers when: in Valkey, shared by all processes, or in this process alone.

A key holds the moments of its last calls, newest first and never more of them than its limit, so
"ten a minute" is true of any sixty seconds and costs ten numbers.
"""

import time
from collections import OrderedDict, deque

from redis.asyncio import Redis

from domain.ports import Allowance
from integrations.valkey import FAILURES, Breaker

_MOST_KEYS_HERE = 50_000

# KEYS: the key. ARGV: limit, window in ms, 1 to count one more. Answers {allowed, used before, ms
# until the oldest counted call is forgotten}. The time is Valkey's, one for all who ask.
_SCRIPT = """
local limit, window = tonumber(ARGV[1]), tonumber(ARGV[2])
local clock = redis.call('TIME')
local now = clock[1] * 1000 + math.floor(clock[2] / 1000)
local used, oldest = 0, now
for _, moment in ipairs(redis.call('LRANGE', KEYS[1], 0, limit - 1)) do
  if now - tonumber(moment) >= window then break end
  used, oldest = used + 1, tonumber(moment)
end
if used < limit and ARGV[3] == '1' then
  redis.call('LPUSH', KEYS[1], now)
  redis.call('LTRIM', KEYS[1], 0, limit - 1)
  redis.call('PEXPIRE', KEYS[1], window)
end
return {used < limit and 1 or 0, used, window - (now - oldest)}
"""


def _allowance(limit: int, used: int, taken: bool, reset_s: float) -> Allowance:
    allowed = used < limit
    return Allowance(allowed, limit, max(0, limit - used - (allowed and taken)), reset_s)


class LocalLimiter:
    """domain.ports.Limiter within one process; bounded, the longest untouched key goes first."""

    def __init__(self) -> None:
        self._moments: OrderedDict[str, deque[float]] = OrderedDict()

    async def take(self, key: str, limit: int, window_s: float = 60) -> Allowance:
        """Count one more under a key, unless the limit is used up."""
        return self._count(key, limit, window_s, taking=True)

    async def peek(self, key: str, limit: int, window_s: float = 60) -> Allowance:
        """The same answer without counting."""
        return self._count(key, limit, window_s, taking=False)

    def _count(self, key: str, limit: int, window_s: float, *, taking: bool) -> Allowance:
        now = time.monotonic()
        moments = self._moments.pop(key, None) or deque()
        while moments and now - moments[0] >= window_s:
            moments.popleft()
        used = len(moments)
        reset_s = window_s - (now - moments[0]) if moments else window_s
        if taking and used < limit:
            moments.append(now)
        if moments:
            self._moments[key] = moments
        if len(self._moments) > _MOST_KEYS_HERE:
            self._moments.popitem(last=False)
        return _allowance(limit, used, taking, reset_s)


class ValkeyLimiter:
    """domain.ports.Limiter in Valkey; where that is away, each process counts for itself."""

    def __init__(self, client: Redis, breaker: Breaker | None = None) -> None:
        self._script = client.register_script(_SCRIPT)
        self._breaker = breaker or Breaker()
        self._here = LocalLimiter()
        self.fallbacks = 0  # questions that Valkey did not answer, for the metrics

    async def take(self, key: str, limit: int, window_s: float = 60) -> Allowance:
        """Count one more under a key, unless the limit is used up."""
        return await self._ask(key, limit, window_s, taking=True)

    async def peek(self, key: str, limit: int, window_s: float = 60) -> Allowance:
        """The same answer without counting."""
        return await self._ask(key, limit, window_s, taking=False)

    async def _ask(self, key: str, limit: int, window_s: float, *, taking: bool) -> Allowance:
        if not self._breaker.open:
            arguments = [limit, int(window_s * 1000), int(taking)]
            try:
                _, used, reset_ms = await self._script(keys=[f"limit:{key}"], args=arguments)
                return _allowance(limit, int(used), taking, int(reset_ms) / 1000)
            except FAILURES as problem:
                self._breaker.failed(problem)
        self.fallbacks += 1
        ask = self._here.take if taking else self._here.peek
        return await ask(key, limit, window_s)
