"""Old events go, from the beginning on; the newest stays, and so does what has no place yet."""

from datetime import UTC, datetime, timedelta

import pytest

from domain.db import Database
from domain.events import outbox, repo
from domain.events.values import AvailabilityKind, Event, Topic
from tests.availability.offers import ask

pytestmark = pytest.mark.anyio

NOW = datetime(2026, 11, 21, tzinfo=UTC)


async def happened(database: Database, *ages: int) -> None:
    """Events so many days old, placed in this order."""
    for age in ages:
        event = Event(Topic.AVAILABILITY, AvailabilityKind.ADDED, NOW - timedelta(days=age))
        async with database.transaction() as session:
            await outbox.add(session, [event])
        async with database.transaction() as session:
            await repo.number(await session.connection(), 100)


async def prune(database: Database) -> int:
    async with database.transaction() as session:
        return await repo.prune(session, NOW)


async def kept(database: Database) -> list[int]:
    return [row[0] for row in await ask(database, "SELECT position FROM events ORDER BY id")]


async def test_what_is_older_than_thirty_days_goes(database: Database) -> None:
    await happened(database, 40, 31, 30, 2)
    assert await prune(database) == 2
    assert await kept(database) == [3, 4]
    assert await prune(database) == 0


async def test_the_newest_stays_however_old_it_is(database: Database) -> None:
    await happened(database, 90, 80, 70)
    assert await prune(database) == 2
    assert await kept(database) == [3]


async def test_there_is_no_gap_behind_a_place_that_is_kept(database: Database) -> None:
    await happened(database, 50, 5, 60, 4)
    assert await prune(database) == 1
    assert await kept(database) == [2, 3, 4]


async def test_what_waits_for_its_place_stays(database: Database) -> None:
    old = Event(Topic.AVAILABILITY, AvailabilityKind.ADDED, NOW - timedelta(days=99))
    async with database.transaction() as session:
        await outbox.add(session, [old])
    assert await prune(database) == 0
    assert await kept(database) == [None]
