"""Forget exports that were brought long ago; what they wrote stays."""

from datetime import UTC, datetime
from typing import Any

import structlog

from domain.imports import desk
from domain.services import Services

log = structlog.get_logger()


async def prune_imports(ctx: dict[str, Any]) -> int:
    """How many were forgotten."""
    services: Services = ctx["services"]
    async with services.database.work() as connection:
        pruned = await desk.prune(connection, datetime.now(UTC))
    if pruned:
        log.info("imports.pruned", batches=pruned)
    return pruned
