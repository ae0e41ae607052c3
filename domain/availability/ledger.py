"""The ledger of countdowns: what has been said about how many days an offer has left."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.availability import bulk

DAYS = (1, 7, 30)
"""With so many days left until the last one it is said; the smallest first."""

_COLUMNS = {"offer_id": "bigint", "expires_on": "date", "days": "smallint"}
_NOTE = text(f"""
    INSERT INTO countdowns SELECT * FROM {bulk.rows("told", _COLUMNS)} ON CONFLICT DO NOTHING
""")


def passed(days_left: int) -> int | None:
    """The smallest number of DAYS that is reached with so many left; None while none is."""
    return next((days for days in DAYS if days_left <= days), None)


async def note(connection: AsyncConnection, told: Sequence[tuple[Any, date, date]]) -> None:
    """Note what people know: an offer's key, its last day, and the day on which they heard of it.

    Whoever hears "until Friday" on Tuesday needs no countdown of seven days.
    """
    rows = [
        (offer_id, expires_on, days)
        for offer_id, expires_on, today in told
        if (days := passed((expires_on - today).days)) is not None
    ]
    if rows:
        await connection.execute(_NOTE, bulk.values(_COLUMNS, rows))
