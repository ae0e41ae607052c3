"""Write the lines that somebody waits for: when they order, and now and then what was left."""

from typing import Any

from domain.services import Services
from jobs.lines import drain_of


async def write_lines(ctx: dict[str, Any], order_id: str) -> int:
    """How many were settled: of any order, since the oldest comes first."""
    services: Services = ctx["services"]
    drain = drain_of(services)
    return await drain.run() if drain else 0


async def look_after_lines(ctx: dict[str, Any]) -> int:
    """How many were settled that a worker had left behind when it was killed."""
    services: Services = ctx["services"]
    drain = drain_of(services)
    return await drain.look_after() if drain else 0
