"""Saying that 30, 7 or 1 days are left until an offer's last one, each once."""

from datetime import datetime

from sqlalchemy import text
from sqlmodel.ext.asyncio.session import AsyncSession

from domain.availability import clocks
from domain.availability.ledger import DAYS
from domain.events import outbox
from domain.events.values import AvailabilityKind, Event, Topic

_STEP = f"CASE {' '.join(f'WHEN days_left <= {days} THEN {days}' for days in DAYS)} END"
# The smallest step that has been reached decides: after days of silence one thing is said, not
# three. The ledger decides who says it, and an offer that is changed meanwhile is waited for.
_DUE = text(f"""
    WITH due AS (
        SELECT o.id, o.title_id, o.platform_id, o.country, o.season_number, o.monetization,
               o.quality, o.expires_on, o.price, o.currency, o.source, o.confidence,
               days_left, {_STEP} AS step
        FROM {clocks.DAYS} JOIN offers o ON o.country = here.country
             CROSS JOIN LATERAL (SELECT o.expires_on - here.day AS days_left) AS counted
        WHERE o.gone_at IS NULL AND o.expires_on BETWEEN here.day AND here.day + {DAYS[-1]}
          AND NOT EXISTS (
            SELECT FROM countdowns c
            WHERE c.offer_id = o.id AND c.expires_on = o.expires_on AND c.days = {_STEP})
        ORDER BY o.id FOR UPDATE OF o
    ), said AS (
        INSERT INTO countdowns (offer_id, expires_on, days)
        SELECT id, expires_on, step FROM due
        ON CONFLICT DO NOTHING RETURNING offer_id
    )
    SELECT due.* FROM due JOIN said ON said.offer_id = due.id ORDER BY due.id
""")


async def count_down(session: AsyncSession, now: datetime) -> int:
    """Say of every offer that has reached a step how many days it has left; how many there were.

    days_left of the event is the truth on this day in the offer's country: 30, 7 or 1, or fewer
    where nobody was there to say it in time.
    """
    connection = await session.connection()
    days = await clocks.days_where_offers_leave(connection, now)
    if not days:
        return 0
    due = (await connection.execute(_DUE, clocks.told(days))).all()
    return await outbox.add(
        session,
        [
            Event(
                topic=Topic.AVAILABILITY,
                kind=AvailabilityKind.COUNTDOWN,
                at=now,
                title_id=row.title_id,
                offer_id=row.id,
                platform_id=row.platform_id,
                country=row.country,
                season_number=row.season_number,
                monetization=row.monetization,
                quality=row.quality,
                previous_quality=row.quality,
                expires_on=row.expires_on,
                previous_expires_on=row.expires_on,
                price=row.price,
                previous_price=row.price,
                currency=row.currency,
                days_left=row.days_left,
                source=row.source,
                confidence=row.confidence,
            )
            for row in due
        ],
    )
