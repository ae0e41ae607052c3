"""Webhooks as a bridge would send them, and titles they can be about."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

import orjson
from sqlalchemy import text
from sqlmodel.ext.asyncio.session import AsyncSession

from domain.db import Database
from domain.platforms.models import Platform
from domain.titles.models import Title
from domain.webhooks import signatures
from tests.support.catalogue import add_platform, add_title

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
KEYS = signatures.keys_of(SECRET)
NOW = datetime(2026, 11, 21, 9, tzinfo=UTC)
UNTIL = date(2026, 11, 30)
NETFLIX = 8


def event(**told: Any) -> dict[str, Any]:
    """An event about the film tm1 on Netflix; None leaves a field out."""
    usual = {
        "change": "expiring", "node_id": "tm1", "package_id": NETFLIX,
        "monetization_type": "FLATRATE", "available_to": UNTIL.isoformat(),
    }  # fmt: skip
    return {name: value for name, value in (usual | told).items() if value is not None}


def webhook(*events: Any, country: str = "US", **told: Any) -> bytes:
    """The body of a webhook with these events."""
    return orjson.dumps({"data": {"country": country, "events": list(events)}, **told})


def sealed(
    body: bytes, webhook_id: str = "msg_1", now: datetime | None = None, key: bytes = KEYS[0]
) -> dict[str, str]:
    """The headers that make a body a genuine webhook."""
    timestamp = str(int((now or datetime.now(UTC)).timestamp()))
    return {
        "Content-Type": "application/json",
        "webhook-id": webhook_id,
        "webhook-timestamp": timestamp,
        "webhook-signature": signatures.sign(key, webhook_id, timestamp, body),
    }


async def add_film(session: AsyncSession, name: str = "Heat", **ids: Any) -> int:
    """A title that others know, nowhere to be seen yet; its key."""
    told = {"justwatch_id": "tm1", "kind": "film"} | ids
    title_id = await add_title(session, name, kind=told.pop("kind"), offers=())
    title = await session.get_one(Title, title_id)
    for field, value in told.items():
        setattr(title, field, value)
    await session.flush()
    return title_id


async def add_netflix(session: AsyncSession) -> int:
    """Netflix under the number by which others know it; its key."""
    platform = await session.get_one(Platform, await add_platform(session, "netflix"))
    platform.package_id = NETFLIX
    await session.flush()
    assert platform.id is not None
    return platform.id


async def rows(database: Database, question: str) -> Sequence[Any]:
    """What a select answers."""
    async with database.read() as connection:
        return (await connection.execute(text(question))).all()


async def offers(database: Database) -> list[tuple[Any, ...]]:
    """The offers: title, season, country, last day, whether it is there."""
    found = await rows(
        database,
        "SELECT title_id, season_number, country, expires_on, gone_at IS NULL FROM offers"
        " ORDER BY 1, 2, 3",
    )
    return [tuple(row) for row in found]


def minutes(number: float) -> str:
    """A moment so many minutes after NOW, as a webhook says it."""
    return (NOW + timedelta(minutes=number)).isoformat()
