"""What people ask of the job ledger: another try for a job that was given up."""

from datetime import datetime

from domain.jobs import ledger
from domain.services import Services


async def release(services: Services, job_id: int, now: datetime) -> None:
    """Take a job out of quarantine and wake a worker; raises NotFound where it is in none."""
    async with services.database.transaction() as session:
        await ledger.release(session, job_id, now)
    if services.queue is not None:
        await services.queue.nudge(job_id)
