"""Leases in somebody's hands."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from time import monotonic

from domain.ports import Leases

_PROBE_S = 0.1


@dataclass(slots=True)
class Hold:
    """A lease that was taken."""

    leases: Leases
    name: str
    proof: str
    ttl_s: float
    _until: float = field(init=False)

    def __post_init__(self) -> None:
        self._until = monotonic() + self.ttl_s

    async def keep(self) -> bool:
        """Have it for longer, or again where Valkey has forgotten it; False: it is another's.

        Where nobody can tell, it is ours for as long as we were told the last time.
        """
        asked_at = monotonic()
        kept = await self.leases.renew(self.name, self.proof, self.ttl_s)
        if not kept and (proof := await self.leases.take(self.name, self.ttl_s)):
            self.proof, kept = proof, True
        if kept:
            self._until = asked_at + self.ttl_s
            return True
        # A lease that nobody else can want is refused only where Valkey is away.
        away = await self.leases.take(f"{self.name}:{self.proof}", _PROBE_S) is None
        return away and monotonic() < self._until

    async def release(self) -> None:
        """Make room for others."""
        await self.leases.release(self.name, self.proof)


async def first_free(leases: Leases, names: Sequence[str], ttl_s: float) -> Hold | None:
    """The first of these leases that is free, taken; None where none is, or nobody can tell."""
    for name in names:
        proof = await leases.take(name, ttl_s)
        if proof is not None:
            return Hold(leases, name, proof, ttl_s)
    return None
