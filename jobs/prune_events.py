"""Forget events that nobody resumes from any more."""

from datetime import UTC, datetime
from typing import Any

import structlog

from domain.events import repo
from domain.services import Services

log = structlog.get_logger()


async def prune_events(ctx: dict[str, Any]) -> int:
    """How many were forgotten."""
    services: Services = ctx["services"]
    async with services.database.transaction() as session:
        pruned = await repo.prune(session, datetime.now(UTC))
    if pruned:
        log.info("events.pruned", rows=pruned)
    return pruned
