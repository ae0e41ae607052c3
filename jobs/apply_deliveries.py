"""Apply the webhooks that were stored and not applied: killed in between, or not yet possible."""

from datetime import UTC, datetime
from typing import Any

import structlog

from domain.services import Services
from domain.webhooks import deliveries

log = structlog.get_logger()


async def apply_deliveries(ctx: dict[str, Any]) -> int:
    """How many were applied."""
    services: Services = ctx["services"]
    applied = await deliveries.apply_waiting(services.database, datetime.now(UTC))
    if applied:
        log.info("webhooks.applied_late", deliveries=applied)
    return applied
