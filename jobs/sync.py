"""Go on with a run of the sync, from its last checkpoint."""

from datetime import UTC, datetime

from domain.jobs.values import Claim, Outcome
from domain.services import Services
from domain.sync.round import Round


async def run(services: Services, claim: Claim) -> Outcome:
    """What has become of the run: Done, or Again where it isn't over."""
    turn = Round(services.database, services.source, services.sync, claim, _now)
    return await turn.go_on()


def _now() -> datetime:
    return datetime.now(UTC)
