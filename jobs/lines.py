"""Write the lines that a profile is likely to be told tonight."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from domain.jobs.values import Claim, Done, Outcome
from domain.services import Services
from domain.why.drain import Drain
from domain.why.night import Night
from domain.why.pen import Pen


async def run(services: Services, claim: Claim) -> Outcome:
    """What has become of it: Done, or Again where there is more, or others came first."""
    pen = pen_of(services)
    if pen is None:
        return Done({"ended": "No model is set."})
    zone = ZoneInfo(services.time_zone)
    return await Night(services.database, services.recommender, pen, zone, now).go_on(claim)


def pen_of(services: Services) -> Pen | None:
    """What lines are written with; None where no model is set."""
    if services.whys is None or services.writer is None:
        return None
    return Pen(services.whys, services.writer, services.database, now)


def drain_of(services: Services) -> Drain | None:
    """What works orders off; None where no model is set."""
    pen = pen_of(services)
    return pen and Drain(pen)


def now() -> datetime:
    """The moment."""
    return datetime.now(UTC)
