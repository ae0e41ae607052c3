"""Reads for people of webhooks that were stored and could not be applied yet."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.db import Record
from domain.webhooks.deliveries import NEXT_AT

MOST_COUNTED = 1_000

_WAITING = text(f"""
    SELECT *, count(*) OVER () AS counted
    FROM (SELECT id, webhook_id, received_at, attempts, problem, {NEXT_AT} AS next_at
          FROM webhook_deliveries WHERE applied_at IS NULL
          ORDER BY id LIMIT {MOST_COUNTED + 1}) AS waiting
    ORDER BY id LIMIT :first
""")


@dataclass(frozen=True, slots=True)
class Waiting:
    """Deliveries that wait, the oldest first: id, webhook_id, received_at, attempts, problem and
    next_at. count: of all of them, 1,001 for any more than 1,000.
    """

    rows: Sequence[Record]
    count: int


async def waiting(connection: AsyncConnection, first: int) -> Waiting:
    """The deliveries that are still to be applied."""
    rows = (await connection.execute(_WAITING, {"first": first})).all()
    return Waiting(rows, rows[0].counted if rows else 0)
