"""Offers that are over become offers that are gone.

Readers compare dates themselves, so nobody sees an offer after its last day whether this runs or
not. It keeps the indexes of what is here small, and writes down in the beliefs that it left.
"""

from datetime import UTC, date, datetime, timedelta

from sqlalchemy import text
from sqlmodel.ext.asyncio.session import AsyncSession

_LAST_ZONE = timedelta(hours=12)  # where the day ends last, on the ocean west of Hawaii: UTC-12

# In the order in which imports lock offers too, or the two could wait for each other.
_OVER = text("""
    SELECT id FROM offers WHERE gone_at IS NULL AND expires_on < :today ORDER BY id FOR UPDATE
""")
_GONE = text("""
    UPDATE offers o SET gone_at = greatest(:now, b.believed_from)
    FROM offers same LEFT JOIN offer_beliefs b ON b.offer_id = same.id AND b.believed_to IS NULL
    WHERE o.id = same.id AND o.id = ANY(:ids)
""")
_CLOSE = text("""
    UPDATE offer_beliefs b SET believed_to = o.gone_at
    FROM offers o WHERE o.id = b.offer_id AND b.believed_to IS NULL AND o.id = ANY(:ids)
""")
_OPEN = text("""
    INSERT INTO offer_beliefs (offer_id, there, available_from, expires_on, price, currency, source,
                               confidence, believed_from)
    SELECT id, false, available_from, expires_on, price, currency, source, confidence, gone_at
    FROM offers WHERE id = ANY(:ids)
""")
_BUMP = text("""
    INSERT INTO availability_position AS p ("only", position) VALUES (true, 1)
    ON CONFLICT ("only") DO UPDATE SET position = p.position + 1
""")


def over_before(now: datetime) -> date:
    """The first day that isn't over everywhere: what expired before it can't be seen anywhere."""
    return (now.astimezone(UTC) - _LAST_ZONE).date()


async def end_over(session: AsyncSession, now: datetime) -> int:
    """End every offer whose last day is over everywhere on earth; how many there were."""
    connection = await session.connection()
    await connection.execute(text("SET LOCAL statement_timeout = '50s'"))  # thousands at once
    over = await connection.execute(_OVER, {"today": over_before(now)})
    ids = list(over.scalars())
    if not ids:
        return 0
    await connection.execute(_GONE, {"now": now, "ids": ids})
    for statement in (_CLOSE, _OPEN):
        await connection.execute(statement, {"ids": ids})
    await connection.execute(_BUMP)
    return len(ids)
