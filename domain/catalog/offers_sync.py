"""Staged offers become offers: what is believed now and what was believed when, together.

The staging holds a complete list of what somebody sees; `covers` says of which offers it is the
complete list, so that the ones it lacks have left. An offer that nothing new was heard of is only
noted as seen; for any other the open belief is closed and a new one opened.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.catalog import offers_sql as sql
from domain.catalog.staging import Staging, statement

OFFERS = Staging(
    "staged_offers",
    {
        "title_id": "bigint",
        "season_number": "smallint",
        "platform_id": "smallint",
        "country": "text",
        "monetization": "text",
        "quality": "text",
        "price": "numeric(8, 2)",
        "currency": "text",
        "url": "text",
        "expires_on": "date",
    },
    {"offer_id": "bigint", "is_new": "boolean NOT NULL DEFAULT false"},
)


@dataclass(frozen=True, slots=True)
class OfferChanges:
    """How many offers a list brought, brought back, changed and ended, and left as they were."""

    new: int
    returned: int
    changed: int
    gone: int
    kept: int

    @property
    def any(self) -> bool:
        """Whether anything is believed now that was not before."""
        return bool(self.new or self.returned or self.changed or self.gone)


async def sync(
    connection: AsyncConnection,
    *,
    covers: str,
    source: str,
    confidence: float,
    at: datetime,
    parameters: Mapping[str, Any],
) -> OfferChanges:
    """Make the staged offers the truth about those that `covers`, a condition on `offers o`.

    at: when the list was seen, aware; parameters: what `covers` asks for by name. Bumps the
    availability position once if anything changed.
    """
    said = {
        "source": source, "confidence": confidence, "at": at, "today": at.date(), **parameters
    }  # fmt: skip

    async def run(step: str) -> None:
        await connection.execute(statement(step), said)

    await run(sql.NEWS)
    await run(sql.FIND)
    await run(sql.NEW)
    await run(sql.LOCK.format(covers=covers))
    await run(sql.HEARD)
    await run(sql.MISSED.format(covers=covers))
    counts = await connection.execute(text(sql.COUNT))
    news: dict[str, int] = {row.was: row.number for row in counts}
    listed = (await connection.execute(text("SELECT count(*) FROM staged_offers"))).scalar_one()
    changes = OfferChanges(
        new=news.get("new", 0),
        returned=news.get("returned", 0),
        changed=news.get("changed", 0),
        gone=news.get("gone", 0),
        kept=listed - sum(news.get(was, 0) for was in ("new", "returned", "changed")),
    )
    for step in (sql.INSERT, sql.TELL, sql.SEEN, sql.CLOSE, sql.OPEN):
        await run(step)
    if changes.any:
        await run(sql.BUMP)
    return changes
