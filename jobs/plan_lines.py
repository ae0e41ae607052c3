"""Plan the next profile's lines of the night, once the night's sync is over."""

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from domain.services import Services
from domain.sync import schedule
from domain.why import night


async def plan_lines(ctx: dict[str, Any]) -> int:
    """How many were planned."""
    services: Services = ctx["services"]
    if services.whys is None or services.writer is None:
        return 0
    now, zone = datetime.now(UTC), ZoneInfo(services.time_zone)
    begun = schedule.last_night(now, zone)
    if now >= night.until(begun, zone):
        return 0
    async with services.database.transaction() as session:
        planned = await night.plan(session, begun, now, after_sync=services.source is not None)
    if planned is not None and services.queue is not None:
        await services.queue.nudge(planned)
    return int(planned is not None)
