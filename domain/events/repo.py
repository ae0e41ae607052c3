"""Events in their order: numbered once they are committed, and read from a place on."""

from collections.abc import Sequence
from dataclasses import fields

from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from domain.events.models import EventRow
from domain.events.values import START, Cursor, Event

_LOCK = 0x57AC_0003
_COLUMNS = [getattr(EventRow, each.name) for each in fields(Event)]

# The statement behind the lock sees everything that the last one to hold it has committed.
_NUMBER = text("""
    WITH waiting AS (
        SELECT id FROM events WHERE position IS NULL ORDER BY id LIMIT :most
    ), numbered AS (
        SELECT id, row_number() OVER (ORDER BY id)
                     + (SELECT coalesce(max(position), 0) FROM events) AS position
        FROM waiting
    )
    UPDATE events e SET position = n.position FROM numbered n WHERE e.id = n.id
""")


async def is_waiting(connection: AsyncConnection) -> bool:
    """Whether any committed event has no place yet."""
    statement = text("SELECT EXISTS (SELECT FROM events WHERE position IS NULL)")
    return (await connection.execute(statement)).scalar_one()


async def number(session: AsyncSession, most: int) -> int:
    """Give committed events their places, the oldest `most` of them; how many there were.

    Only what has committed can be seen here, and one transaction at a time does this. So whoever
    has read up to a position has missed nothing before it, ever.
    """
    connection = await session.connection()
    await connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
    return (await connection.execute(_NUMBER, {"most": most})).rowcount


async def after(connection: AsyncConnection, position: int, most: int) -> Sequence[Event]:
    """The events behind a position in their order, at most so many."""
    rows = await connection.execute(
        select(*_COLUMNS)
        .where(col(EventRow.position) > position)
        .order_by(col(EventRow.position))
        .limit(most)
    )
    return [Event(*row) for row in rows]


async def newest(connection: AsyncConnection) -> Cursor:
    """The place of the last event that has one; the start where there is none."""
    row = (
        await connection.execute(
            select(col(EventRow.position), col(EventRow.mark))
            .where(col(EventRow.position).is_not(None))
            .order_by(col(EventRow.position).desc())
            .limit(1)
        )
    ).first()
    return Cursor(*row) if row else START
