"""Date the demo's offers anew, so that something is leaving on every day it runs."""

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from domain.catalog.demo.load import load_demo
from domain.services import Services


async def refresh_demo(ctx: dict[str, Any]) -> int:
    """How many offers changed."""
    services: Services = ctx["services"]
    now = datetime.now(UTC)
    today = now.astimezone(ZoneInfo(services.time_zone)).date()
    report = await load_demo(services.database, today, observed_at=now)
    return report.offers.changed
