"""Plan the night's sync, unless it has been; one that everybody slept through is made up for."""

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from domain.services import Services
from domain.sync import runs, schedule
from domain.sync.errors import NightHasRun, RunUnderWay
from domain.sync.places import countries


async def plan_sync(ctx: dict[str, Any]) -> int:
    """How many runs were planned."""
    services: Services = ctx["services"]
    now = datetime.now(UTC)
    async with services.database.transaction() as session:
        await runs.end_orphans(session, now)
    if services.source is None:
        return 0
    night = schedule.last_night(now, ZoneInfo(services.time_zone))
    try:
        async with services.database.transaction() as session:
            if await runs.has_run(session, night):
                return 0
            await runs.prune(session, now)
            run_id = await runs.plan_run(
                session,
                services.source,
                reason="nightly",
                night=night,
                countries=await countries(await session.connection(), services.country),
                budget=services.sync.budget,
                now=now,
            )
            job_id = await runs.job_of(session, run_id, now)
    except (RunUnderWay, NightHasRun):  # somebody was quicker
        return 0
    if services.queue is not None:
        await services.queue.nudge(job_id, 0)
    return 1
