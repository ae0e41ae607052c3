"""Events by COPY, and one by one: the same rows, whatever stands in them."""

from contextlib import suppress
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import text

from domain.copying import WORTH_IT
from domain.db import Database
from domain.events import outbox
from domain.events.values import AvailabilityKind, Event, Topic

pytestmark = pytest.mark.anyio

GIVEN = {"id", "position", "mark"}  # by Postgres
HOSTILE = "\\N\\t\t\r\n\\.\n☃ {a,b} 'x' \"y\" \\"
EVENT = Event(
    Topic.AVAILABILITY, AvailabilityKind.CHANGED, datetime(2026, 11, 21, 2, 0, 0, 7, UTC),
    title_id=2**40, country="US", quality=HOSTILE, previous_quality="", price=Decimal("3.99"),
    expires_on=date(2026, 12, 24), confidence=0.1 + 0.2, source="\\N",
)  # fmt: skip


async def written(database: Database, count: int) -> list[tuple[Any, ...]]:
    """What stands in the table after so many events: each kind of row once, without its key."""
    async with database.transaction() as session:
        assert await outbox.add(session, [EVENT] * count) == count
    async with database.work() as connection:
        rows = await connection.execute(text("SELECT * FROM events"))
        found = [
            tuple(told for name, told in row._mapping.items() if name not in GIVEN) for row in rows
        ]
        await connection.execute(text("DELETE FROM events"))
    assert len(found) == count
    return sorted(set(found))


async def test_a_copied_event_is_the_event_that_was_written_alone(database: Database) -> None:
    alone = await written(database, 1)
    assert alone == await written(database, WORTH_IT)
    assert HOSTILE in alone[0]


async def test_copied_events_go_with_their_transaction(database: Database) -> None:
    with suppress(ZeroDivisionError):
        async with database.transaction() as session:
            await outbox.add(session, [EVENT] * WORTH_IT)
            raise ZeroDivisionError
    async with database.read() as connection:
        assert (await connection.execute(text("SELECT count(*) FROM events"))).scalar_one() == 0
