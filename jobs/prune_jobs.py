"""Forget jobs that ended long ago."""

from datetime import UTC, datetime
from typing import Any

import structlog

from domain.jobs import ledger
from domain.services import Services

log = structlog.get_logger()


async def prune_jobs(ctx: dict[str, Any]) -> int:
    """How many were forgotten."""
    services: Services = ctx["services"]
    async with services.database.transaction() as session:
        pruned = await ledger.prune(session, datetime.now(UTC))
    if pruned:
        log.info("jobs.pruned", rows=pruned)
    return pruned
