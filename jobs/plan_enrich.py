"""Plan the night's asking for what our catalogue lacks, once the night's sync is over."""

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from domain.services import Services
from domain.sync import schedule
from domain.titles import enrich_night


async def plan_enrich(ctx: dict[str, Any]) -> int:
    """How many were planned."""
    services: Services = ctx["services"]
    if services.metadata is None:
        return 0
    now = datetime.now(UTC)
    night = schedule.last_night(now, ZoneInfo(services.time_zone))
    async with services.database.transaction() as session:
        planned = await enrich_night.plan(
            session, night, now, after_sync=services.source is not None
        )
    if planned is not None and services.queue is not None:
        await services.queue.nudge(planned)
    return int(planned is not None)
