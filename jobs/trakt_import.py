"""Go on with reading an account at Trakt, from the page where the last attempt ended."""

from datetime import UTC, datetime

from domain.jobs.values import Claim, Outcome
from domain.services import Services
from domain.trakt import reading


async def run(services: Services, claim: Claim) -> Outcome:
    """What has become of the reading: Done, or Again where it isn't over."""
    return await reading.go_on(services.database, services.trakt, claim, datetime.now(UTC))
