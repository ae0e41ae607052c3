"""Make binge plans anew that a change has passed by, or whose day is over."""

from datetime import UTC, datetime
from typing import Any

import structlog

from domain.binge import replanning
from domain.services import Services

log = structlog.get_logger()


async def replan_binges(ctx: dict[str, Any]) -> int:
    """How many were made anew."""
    services: Services = ctx["services"]
    done = await replanning.replan_due(services.database, datetime.now(UTC))
    if done:
        log.info("binges.replanned", plans=done)
    return done
