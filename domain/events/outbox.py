"""Writing events: rows in the transaction of what they tell, heard of once it has committed."""

from collections.abc import Iterable
from dataclasses import fields
from operator import attrgetter

from sqlalchemy import insert
from sqlmodel.ext.asyncio.session import AsyncSession

from domain.copying import WORTH_IT, copy, encode
from domain.db import WRITTEN
from domain.events.models import EventRow
from domain.events.values import Event

_COLUMNS = [each.name for each in fields(Event) if each.name not in {"position", "mark"}]
_cells = attrgetter(*_COLUMNS)


async def add(session: AsyncSession, events: Iterable[Event]) -> int:
    """Write events down, in their order; how many."""
    told = list(events)
    if told:
        connection = await session.connection()
        if len(told) >= WORTH_IT:
            await copy(connection, "events", _COLUMNS, encode(map(_cells, told)))
        else:
            # A connection's own insert: nobody needs the entities back.
            rows = [dict(zip(_COLUMNS, _cells(event), strict=True)) for event in told]
            await connection.execute(insert(EventRow), rows)
        ring(session)
    return len(told)


def ring(session: AsyncSession) -> None:
    """Let those who wait for events know of this transaction's, once it has committed."""
    session.info[WRITTEN] = True
