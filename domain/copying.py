r"""Thousands of rows into a table by COPY, which costs a third of what an insert of them does.

Text COPY is one plain statement, so it works behind a transaction pooler; asyncpg's binary
`copy_records_to_table` prepares a named one first. It is faster, too.
"""

from collections.abc import AsyncIterator, Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

Value = str | int | float | bool | date | datetime | Decimal | UUID | tuple[str, ...] | None

WORTH_IT = 500
"""From so many rows on. Below it is the one round trip more that counts."""

_SIGNS = str.maketrans({"\\": r"\\", "\t": r"\t", "\n": r"\n", "\r": r"\r"})
_ARRAY_SIGNS = str.maketrans({"\\": r"\\", '"': r"\""})


async def copy(
    connection: AsyncConnection, table: str, columns: Sequence[str], lines: bytes
) -> None:
    """Append lines that `encode` made to a table; columns: in the order of their cells."""
    if lines:
        driver: Any = (await connection.get_raw_connection()).driver_connection
        if not driver.is_in_transaction():  # SQLAlchemy, which COPY goes past, begins it
            await connection.execute(text("SELECT 1"))
        await driver.copy_to_table(
            table, source=_whole(lines), columns=list(columns), format="text"
        )


async def _whole(lines: bytes) -> AsyncIterator[bytes]:
    # asyncpg takes bare bytes for the path of a file.
    yield lines


def encode(rows: Iterable[Iterable[Value]]) -> bytes:
    r"""Rows as COPY's text format has them: tabs between cells, \N for None, {…} for tuples."""
    return "".join(["\t".join(map(_cell, row)) + "\n" for row in rows]).encode()


def _cell(value: Value) -> str:
    match value:
        case None:
            return r"\N"
        case str():
            return value.translate(_SIGNS)
        case tuple():
            quoted = ",".join([f'"{item.translate(_ARRAY_SIGNS)}"' for item in value])
            return f"{{{quoted}}}".translate(_SIGNS)
        case _:
            return str(value)
