"""Temporary tables that rows pass through on their way in: filled by COPY, gone at the commit.

Everything stays inside the caller's transaction and nothing on the server has a name that outlives
it, so this works behind a transaction pooler.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import String, TextClause, bindparam, text
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlmodel.ext.asyncio.session import AsyncSession

from domain import copying

_LOCK = 0x57AC_0002  # any number will do that nobody else takes (0x57AC_0001 is for migrations)


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
        """Append lines that `copying.encode` made, in the order of `columns`."""
        await copying.copy(connection, self.name, list(self.columns), lines)


async def begin(session: AsyncSession) -> AsyncConnection:
    """The session's connection, made ready for a long load; one load runs at a time.

    A second one waits here: two loads that meet the same titles in a different order would
    deadlock, or both would find a title missing and add it.
    """
    connection = await session.connection()
    await connection.execute(text("SET LOCAL statement_timeout = 0"))
    await connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
    return connection
