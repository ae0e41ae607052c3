"""Forget the answers that nobody may ask for again, and wishes that can't be put back any more."""

from datetime import UTC, datetime
from typing import Any

import structlog

from domain.idempotency import service as idempotency
from domain.services import Services
from domain.watchlists import service as watchlists

log = structlog.get_logger()


async def prune_answers(ctx: dict[str, Any]) -> int:
    """How many were forgotten."""
    services: Services = ctx["services"]
    now = datetime.now(UTC)
    async with services.database.transaction() as session:
        answers = await idempotency.prune(session, now)
        wishes = await watchlists.prune(session, now)
    if answers or wishes:
        log.info("answers.pruned", answers=answers, removed_wishes=wishes)
    return answers + wishes
