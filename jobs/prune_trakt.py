"""Forget what readings of Trakt left behind that were given up, and codes that nobody typed in."""

from datetime import UTC, datetime, timedelta
from typing import Any

from domain.services import Services
from domain.trakt import pages

KEPT = timedelta(days=1)


async def prune_trakt(ctx: dict[str, Any]) -> int:
    """How many rows were forgotten."""
    services: Services = ctx["services"]
    return await pages.prune(services.database, datetime.now(UTC) - KEPT)
