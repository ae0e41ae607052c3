"""For which countries upstreams are asked: the instance's own, and those of its accounts."""

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

_COUNTRIES = text("SELECT DISTINCT country FROM accounts")


async def countries(connection: AsyncConnection, home: str) -> list[str]:
    """Their codes, sorted. home: the instance's."""
    found = (await connection.execute(_COUNTRIES)).scalars().all()
    return sorted({home, *found})
