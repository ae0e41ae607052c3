"""A sliding-window limiter: in Valkey, shared by all processes, or in this process alone.

The window slides by weighing the fixed window before with the part of it that still counts
(Cloudflare's approximation), so a key costs two counters, however much is allowed.
"""

import time
from collections import OrderedDict

from redis.asyncio import Redis

from domain.ports import Allowance
from integrations.valkey import FAILURES, Breaker

_MOST_KEYS_HERE = 50_000

# KEYS: this window's and the last window's counter. ARGV: limit, window in ms, ms into this
# window, amount. Both keys share a hash tag. Answers {allowed, estimate before, in thousandths}.
_SCRIPT = """
local now = tonumber(redis.call('GET', KEYS[1]) or '0')
local before = tonumber(redis.call('GET', KEYS[2]) or '0')
local window, into = tonumber(ARGV[2]), tonumber(ARGV[3])
local used = before * (window - into) / window + now
local allowed = 0
if used + 1 <= tonumber(ARGV[1]) then
  allowed = 1
  if ARGV[4] == '1' then
    redis.call('INCR', KEYS[1])
    redis.call('PEXPIRE', KEYS[1], 2 * window)
  end
end
return {allowed, math.floor(used * 1000)}
"""


def _allowance(allowed: bool, limit: int, used: float, taken: bool, left_s: float) -> Allowance:
    used_now = used + (1 if allowed and taken else 0)
    return Allowance(allowed, limit, max(0, int(limit - used_now)), left_s)


class LocalLimiter:
    """domain.ports.Limiter within one process; bounded, the longest untouched key goes first."""

    def __init__(self) -> None:
        self._counts: OrderedDict[str, tuple[int, int, int]] = OrderedDict()

    async def take(self, key: str, limit: int, window_s: float = 60) -> Allowance:
        """Count one more under a key, unless the limit is used up."""
        return self._count(key, limit, window_s, taking=True)

    async def peek(self, key: str, limit: int, window_s: float = 60) -> Allowance:
        """The same answer without counting."""
        return self._count(key, limit, window_s, taking=False)

    def _count(self, key: str, limit: int, window_s: float, *, taking: bool) -> Allowance:
        window, into = divmod(time.time(), window_s)
        seen, now, before = self._counts.pop(key, (int(window), 0, 0))
        if seen != int(window):
            now, before = 0, now if seen == int(window) - 1 else 0
        used = before * (window_s - into) / window_s + now
        allowed = used + 1 <= limit
        self._counts[key] = (int(window), now + (1 if allowed and taking else 0), before)
        if len(self._counts) > _MOST_KEYS_HERE:
            self._counts.popitem(last=False)
        return _allowance(allowed, limit, used, taking, window_s - into)


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
        if self._breaker.open:
            return await self._here_instead(key, limit, window_s, taking=taking)
        window, into = divmod(time.time(), window_s)
        keys = [f"limit:{{{key}}}:{int(window)}", f"limit:{{{key}}}:{int(window) - 1}"]
        arguments = [limit, int(window_s * 1000), int(into * 1000), int(taking)]
        try:
            allowed, used = await self._script(keys=keys, args=arguments)
        except FAILURES as problem:
            self._breaker.failed(problem)
            return await self._here_instead(key, limit, window_s, taking=taking)
        return _allowance(bool(allowed), limit, int(used) / 1000, taking, window_s - into)

    async def _here_instead(
        self, key: str, limit: int, window_s: float, *, taking: bool
    ) -> Allowance:
        self.fallbacks += 1
        ask = self._here.take if taking else self._here.peek
        return await ask(key, limit, window_s)
