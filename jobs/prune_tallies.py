"""Forget how lines ended more than a year ago."""

from datetime import UTC, datetime
from typing import Any

from domain.services import Services
from domain.why import tallies


async def prune_tallies(ctx: dict[str, Any]) -> int:
    """How many rows were forgotten."""
    services: Services = ctx["services"]
    async with services.database.transaction() as session:
        return await tallies.prune(session, datetime.now(UTC))
