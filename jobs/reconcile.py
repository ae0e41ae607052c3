"""Queue what the ledger says is due: planned for now, left behind by the dead, lost by Valkey."""

from datetime import UTC, datetime
from typing import Any

from domain.jobs import ledger
from domain.services import Services

_MOST = 500  # for one round; what is queued already costs two questions


async def reconcile(ctx: dict[str, Any]) -> int:
    """How many are due."""
    services: Services = ctx["services"]
    if services.queue is None:
        return 0
    async with services.database.read() as connection:
        due = await ledger.due(connection, datetime.now(UTC), _MOST)
    for job_id, attempt in due:
        await services.queue.nudge(job_id, attempt)
    return len(due)
