"""Go on with a night's asking for what our catalogue lacks, with the next title."""

from datetime import UTC, datetime

from domain.jobs.values import Claim, Outcome
from domain.services import Services
from domain.titles import enrich_night


async def run(services: Services, claim: Claim) -> Outcome:
    """What has become of it: Done, or Again where there are titles left."""
    return await enrich_night.go_on(services.database, services.metadata, claim, _now)


def _now() -> datetime:
    return datetime.now(UTC)
