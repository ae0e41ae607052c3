"""End the offers whose last day is over."""

from datetime import UTC, datetime
from typing import Any

import structlog

from domain.availability import expiry
from domain.services import Services

log = structlog.get_logger()


async def expire_offers(ctx: dict[str, Any]) -> int:
    """How many ended."""
    services: Services = ctx["services"]
    async with services.database.transaction() as session:
        ended = await expiry.end_over(session, datetime.now(UTC))
    if ended:
        log.info("offers.expired", offers=ended)
    return ended
