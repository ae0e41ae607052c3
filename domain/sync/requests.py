"""What people ask of the sync: a run now, their word on a held one, another try for a title.

Each writes it down in a transaction of its own and wakes a worker then.
"""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from domain.errors import DomainError, InvalidInput, NotFound
from domain.services import Services
from domain.sync import runs
from domain.sync.errors import RunUnderWay
from domain.sync.places import countries

MOST_TITLES = 100


class NobodyToAsk(DomainError):
    """No upstream is set, and no stand-in runs."""

    code = "NO_SOURCE"

    def __init__(self) -> None:
        super().__init__(
            "There is nobody to ask where titles are: set STREAMING_STACK_TMDB_TOKEN or"
            " STREAMING_STACK_JUSTWATCH, or start `streaming-stack up` without keys for stand-ins."
        )


async def start(
    services: Services,
    now: datetime,
    *,
    title_ids: Collection[int] | None = None,
    dry_run: bool = False,
) -> int:
    """Plan a run for now; its id. title_ids: ask about these alone, at most 100.

    Raises NobodyToAsk, InvalidInput, RunUnderWay and NothingToAsk.
    """
    if services.source is None:
        raise NobodyToAsk
    if title_ids is not None and not 1 <= len(title_ids) <= MOST_TITLES:
        raise InvalidInput(f"Name 1 to {MOST_TITLES} titles, or none at all.", field="titleIds")
    async with services.database.transaction() as session:
        places = await countries(await session.connection(), services.country)
        run_id = await runs.plan_run(
            session, services.source, reason="manual", night=None, countries=places,
            budget=services.sync.budget, now=now, titles=title_ids, dry_run=dry_run,
        )  # fmt: skip
        job_id = await runs.job_of(session, run_id, now)
    await _wake(services, job_id)
    return run_id


async def start_unless_busy(services: Services, now: datetime) -> int | None:
    """The same; None where a run is under way."""
    try:
        return await start(services, now)
    except RunUnderWay:
        return None


async def confirm(services: Services, run_id: int, admin: UUID | None, now: datetime) -> None:
    """Say that what a held run misses has left. Raises NotFound, NotHeld and RunUnderWay."""
    async with services.database.transaction() as session:
        job_id = await runs.confirm(session, run_id, admin, now)
    await _wake(services, job_id)


async def release(services: Services, title_id: int) -> None:
    """Have a quarantined title asked about again; raises NotFound."""
    async with services.database.transaction() as session:
        if not await runs.release(session, title_id):
            raise NotFound("No title with that id is in quarantine.", field="id")


async def _wake(services: Services, job_id: int) -> None:
    if services.queue is not None:
        await services.queue.nudge(job_id)
