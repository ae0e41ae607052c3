"""Say which offers have 30, 7 or 1 days left."""

from datetime import UTC, datetime
from typing import Any

import structlog

from domain.availability import countdown
from domain.services import Services

log = structlog.get_logger()


async def count_down(ctx: dict[str, Any]) -> int:
    """Of how many it was said."""
    services: Services = ctx["services"]
    async with services.database.transaction() as session:
        said = await countdown.count_down(session, datetime.now(UTC))
    if said:
        log.info("offers.counted_down", offers=said)
    return said
