"""Forget webhooks that were applied a week ago, and what has waited too long for its title."""

from datetime import UTC, datetime
from typing import Any

import structlog

from domain.services import Services
from domain.webhooks import deliveries, parked

log = structlog.get_logger()


async def prune_deliveries(ctx: dict[str, Any]) -> int:
    """How many rows were forgotten."""
    services: Services = ctx["services"]
    now = datetime.now(UTC)
    async with services.database.transaction() as session:
        pruned = await deliveries.prune(session, now) + await parked.prune(session, now)
    if pruned:
        log.info("deliveries.pruned", rows=pruned)
    return pruned
