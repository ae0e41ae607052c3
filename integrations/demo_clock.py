"""The stand-ins' clock, by their own address. It speaks no upstream's protocol, only theirs."""

from datetime import datetime

import httpx

from domain.errors import DomainError, InvalidInput

_PATIENCE_S = 5.0
_MOST_DAYS = 365


class StandInsAway(DomainError):
    """The stand-ins don't answer."""

    code = "UNAVAILABLE"

    def __init__(self) -> None:
        super().__init__("The stand-ins don't answer now; try again in a moment.")


class StandInClock:
    """A ports.DemoClock. url: where the stand-ins listen."""

    def __init__(self, url: str) -> None:
        self._url = f"{url}/_sim/clock"

    async def now(self) -> datetime:
        """What it says."""
        return await self._ask("GET")

    async def move(self, days: int) -> datetime:
        """Move it forward; raises InvalidInput for a number of days that is none."""
        if not 1 <= days <= _MOST_DAYS:
            raise InvalidInput(f"Days are a number from 1 to {_MOST_DAYS}.", field="days")
        return await self._ask("POST", {"advance_days": days})

    async def _ask(self, method: str, body: dict[str, int] | None = None) -> datetime:
        try:
            async with httpx.AsyncClient(timeout=_PATIENCE_S, trust_env=False) as client:
                told = await client.request(method, self._url, json=body)
            told.raise_for_status()
            return datetime.fromisoformat(told.json()["now"])
        except (httpx.HTTPError, ValueError, KeyError, TypeError) as problem:
            raise StandInsAway from problem
