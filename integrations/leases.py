"""Leases on Valkey: a key with a short life, and the proof of whose it is as its value."""

import secrets

from redis.asyncio import Redis
from redis.commands.core import AsyncScript

from integrations.valkey import FAILURES, Breaker

# A command that is sent a second time, since its connection died, finds what it has done itself.
# `pcall`: a value of another type is somebody else's.
_TAKE = """
if redis.call('SET', KEYS[1], ARGV[1], 'NX', 'PX', ARGV[2]) then return 1 end
return redis.pcall('GET', KEYS[1]) == ARGV[1] and 1 or 0
"""
_RENEW = """
if redis.pcall('GET', KEYS[1]) ~= ARGV[1] then return 0 end
return redis.call('PEXPIRE', KEYS[1], ARGV[2])
"""
_RELEASE = """
if redis.pcall('GET', KEYS[1]) ~= ARGV[1] then return 0 end
return redis.call('DEL', KEYS[1])
"""


class ValkeyLeases:
    """domain.ports.Leases on Valkey; where that is away, nobody gets one and nobody keeps one."""

    def __init__(self, client: Redis, breaker: Breaker | None = None) -> None:
        self._take = client.register_script(_TAKE)
        self._renew = client.register_script(_RENEW)
        self._release = client.register_script(_RELEASE)
        self._breaker = breaker or Breaker()

    async def take(self, name: str, ttl_s: float) -> str | None:
        """A proof of having it for some seconds; None: somebody else has it, or nobody can tell."""
        proof = secrets.token_hex(16)
        had = await self._ask(self._take, name, proof, _ms(ttl_s))
        return proof if had else None

    async def renew(self, name: str, proof: str, ttl_s: float) -> bool:
        """Have it for longer; False: it was lost meanwhile, or nobody can tell."""
        return await self._ask(self._renew, name, proof, _ms(ttl_s))

    async def release(self, name: str, proof: str) -> None:
        """Make room now, unless it is another's by now; never raises."""
        await self._ask(self._release, name, proof)

    async def _ask(self, script: AsyncScript, name: str, *arguments: str | int) -> bool:
        if self._breaker.open:
            return False
        try:
            return bool(await script(keys=[f"lease:{name}"], args=list(arguments)))
        except FAILURES as problem:
            self._breaker.failed(problem)
            return False


def _ms(seconds: float) -> int:
    return max(1, int(seconds * 1000))
