"""Offers whose last day has passed become offers that are gone.

Readers compare dates themselves, so nobody sees an offer after its last day whether this runs or
not. It tells people, keeps the indexes of what is here small, and writes the end down.
"""

from datetime import datetime

from sqlalchemy import text
from sqlmodel.ext.asyncio.session import AsyncSession

from domain.availability import clocks, repo, service

# The demo's dates move on at a midnight of their own. Only where nobody moves them do they end.
_OVER = f"""
    o.gone_at IS NULL AND o.id IN (
        SELECT leaving.id FROM {clocks.DAYS}
        JOIN offers leaving ON leaving.country = here.country
        WHERE leaving.gone_at IS NULL
          AND leaving.expires_on < here.day - CASE leaving.source WHEN 'demo' THEN 2 ELSE 0 END)
"""


async def end_over(session: AsyncSession, now: datetime) -> int:
    """End every offer whose last day is over in its country; how many there were.

    Whoever reported the day is believed until somebody sees the offer after it.
    """
    connection = await session.connection()
    await connection.execute(text("SET LOCAL statement_timeout = '50s'"))  # thousands at once
    days = await clocks.days_where_offers_leave(connection, now)
    if not days:
        return 0
    over = await repo.lock_where(connection, _OVER, clocks.told(days))
    made = await service.settle_again(session, over, now)
    return sum(not change.after.there for change in made.changes)
