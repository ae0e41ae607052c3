"""Observations of offers, and questions to what was made of them, for the tests beside this."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import text

from domain.availability import service
from domain.availability.values import Observation, OfferKey, Recorded
from domain.db import Database
from domain.events.models import EventRow
from tests.support import catalogue

NOW = datetime(2026, 11, 21, 17, tzinfo=UTC)
DAY = timedelta(days=1)
SOON, LATER = date(2026, 12, 20), date(2027, 1, 20)
KEY = OfferKey(1, None, 1, "US", "subscription", "hd")


def seen(key: OfferKey = KEY, **said: Any) -> Observation:
    """That a feed sees an offer, now; `said` replaces what it says."""
    told = Observation(key, there=True, source="feed", confidence=0.9, observed_at=NOW)
    return replace(told, **said)


def until(day: date | None, key: OfferKey = KEY, **said: Any) -> Observation:
    """That a signed webhook says when an offer leaves."""
    told = {"dated": True, "expires_on": day, "source": "justwatch", "signed": True}
    return seen(key, **(told | said))


async def record(database: Database, *observations: Observation, now: datetime = NOW) -> Recorded:
    """Take them in, in a transaction of their own."""
    async with database.transaction() as session:
        return await service.record(session, observations, now)


async def add_title(
    database: Database, name: str = "Heat", country: str = "US", quality: str = "hd"
) -> OfferKey:
    """A title that is nowhere yet, and the key of its offer on Netflix to be."""
    async with database.transaction() as session:
        title_id = await catalogue.add_title(session, name, offers=())
        platform_id = await catalogue.add_platform(session, "netflix")
    return OfferKey(title_id, None, platform_id, country, "subscription", quality)


async def ask(database: Database, question: str) -> list[tuple[Any, ...]]:
    """The answer of a select, as tuples."""
    async with database.read() as connection:
        return [tuple(row) for row in await connection.execute(text(question))]


async def told(database: Database, columns: str = "kind") -> list[Any]:
    """Columns of the events, in their order."""
    rows = await ask(database, f"SELECT {columns} FROM {EventRow.__tablename__} ORDER BY id")
    return [row[0] if len(row) == 1 else row for row in rows]
