"""Writing events: rows in the transaction of what they tell, heard of once it has committed."""

from collections.abc import Iterable
from dataclasses import fields

from sqlalchemy import insert
from sqlmodel.ext.asyncio.session import AsyncSession

from domain.db import WRITTEN
from domain.events.models import EventRow
from domain.events.values import Event

_COLUMNS = [each.name for each in fields(Event) if each.name not in {"position", "mark"}]


async def add(session: AsyncSession, events: Iterable[Event]) -> int:
    """Write events down, in their order; how many."""
    rows = [{name: getattr(event, name) for name in _COLUMNS} for event in events]
    if rows:
        # A connection's own insert: nobody needs the entities back.
        await (await session.connection()).execute(insert(EventRow), rows)
        ring(session)
    return len(rows)


def ring(session: AsyncSession) -> None:
    """Let those who wait for events know of this transaction's, once it has committed."""
    session.info[WRITTEN] = True
