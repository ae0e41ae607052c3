"""Forget sessions, and API tokens, that ended long ago."""

from datetime import UTC, datetime
from typing import Any

import structlog

from domain.accounts import sessions, tokens
from domain.services import Services

log = structlog.get_logger()


async def prune_sessions(ctx: dict[str, Any]) -> int:
    """How many were forgotten."""
    services: Services = ctx["services"]
    now = datetime.now(UTC)
    async with services.database.transaction() as session:
        pruned = await sessions.prune(session, now) + await tokens.prune(session, now)
    if pruned:
        log.info("sessions.pruned", rows=pruned)
    return pruned
