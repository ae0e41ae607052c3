"""Have the model loaded before people come home: loading it takes longer than a line."""

from datetime import UTC, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

import structlog

from domain.errors import DomainError
from domain.services import Services

log = structlog.get_logger()

FROM, TO = time(17), time(23)
_DEADLINE_S = 50.0  # of the 60 that a job has


async def warm_writer(ctx: dict[str, Any]) -> bool:
    """Whether it was loaded, or had been."""
    services: Services = ctx["services"]
    evening = datetime.now(UTC).astimezone(ZoneInfo(services.time_zone)).time()
    if services.whys is None or services.writer is None or not FROM <= evening < TO:
        return False
    async with services.whys.slot() as slot:
        if slot is None:  # somebody has it write
            return False
        try:
            await services.writer.warm(_DEADLINE_S)
        except DomainError as problem:
            log.info("writer.cold", problem=problem.message)
            return False
    await services.whys.wake()
    return True
