"""Temporary tables that rows pass through on their way in: filled by COPY, gone at the commit.

Everything stays inside the caller's transaction and nothing on the server has a name that outlives
it, so this works behind a transaction pooler. That is also why it is text COPY, which is one plain
statement; asyncpg's binary `copy_records_to_table` prepares a named one first. It is faster, too.
"""

from collections.abc import AsyncIterator, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import String, TextClause, bindparam, text
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlmodel.ext.asyncio.session import AsyncSession

Value = str | int | float | bool | date | datetime | Decimal | tuple[str, ...] | None

_LOCK = 0x57AC_0002  # any number will do that nobody else takes (0x57AC_0001 is for migrations)
_COPY_SIGNS = str.maketrans({"\\": r"\\", "\t": r"\t", "\n": r"\n", "\r": r"\r"})
_ARRAY_SIGNS = str.maketrans({"\\": r"\\", '"': r"\""})


def statement(sql: str) -> TextClause:
    """SQL with the type of the parameter `source`, which Postgres can't tell in a select list."""
    return (
        text(sql).bindparams(bindparam("source", type_=String())) if ":source" in sql else text(sql)
    )


@dataclass(frozen=True, slots=True)
class Staging:
    """A temporary table. columns: those that are copied; kept: those that SQL fills in later."""

    name: str
    columns: Mapping[str, str]
    kept: Mapping[str, str]

    async def create(self, connection: AsyncConnection) -> None:
        """Make the table, empty; it goes with the transaction."""
        typed = {**self.columns, **self.kept}
        columns = ", ".join(f"{name} {kind}" for name, kind in typed.items())
        await connection.execute(
            text(f"CREATE TEMPORARY TABLE {self.name} ({columns}) ON COMMIT DROP")
        )

    async def copy(self, connection: AsyncConnection, lines: bytes) -> None:
        """Append lines that `encode` made, in the order of `columns`."""
        if lines:
            driver: Any = (await connection.get_raw_connection()).driver_connection
            await driver.copy_to_table(
                self.name, source=_whole(lines), columns=list(self.columns), format="text"
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
            return value.translate(_COPY_SIGNS)
        case tuple():
            quoted = ",".join([f'"{item.translate(_ARRAY_SIGNS)}"' for item in value])
            return f"{{{quoted}}}".translate(_COPY_SIGNS)
        case _:
            return str(value)


async def begin(session: AsyncSession) -> AsyncConnection:
    """The session's connection, made ready for a long load; one load runs at a time.

    A second one waits here: two loads that meet the same titles in a different order would
    deadlock, or both would find a title missing and add it.
    """
    connection = await session.connection()
    await connection.execute(text("SET LOCAL statement_timeout = 0"))
    await connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
    return connection
