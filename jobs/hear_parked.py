"""Record what was said of titles before they came."""

from datetime import UTC, datetime
from typing import Any

import structlog

from domain.services import Services
from domain.webhooks import parked

log = structlog.get_logger()


async def hear_parked(ctx: dict[str, Any]) -> int:
    """How many observations were heard."""
    services: Services = ctx["services"]
    heard = await parked.hear_parked(services.database, datetime.now(UTC))
    if heard:
        log.info("parked.heard", observations=heard)
    return heard
