"""The two doors to Postgres: a short read, and one transaction per unit of work.

Reads hand out a Core connection, since repos that read return columns and not entities.
Writes hand out a session; whoever opens it (a resolver, a route, a job) commits by leaving
the block, and services below never commit.
"""

from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from socket import gaierror
from typing import Any, TypeAlias

from asyncpg import (
    AdminShutdownError,
    CannotConnectNowError,
    CrashShutdownError,
    InternalClientError,
    PostgresConnectionError,
    TooManyConnectionsError,
)
from sqlalchemy import any_, exc, literal, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine
from sqlmodel.ext.asyncio.session import AsyncSession

from domain.ports import Bell

Record: TypeAlias = Any
"""A row of named columns, as a select returns it; the repo's docstring says which."""

WRITTEN = "events_written"
"""What a session's info says when its transaction wrote events (see domain.events.outbox)."""


_AWAY = (
    ConnectionError, gaierror, TimeoutError, exc.TimeoutError, exc.InterfaceError,
    exc.OperationalError, PostgresConnectionError, CannotConnectNowError, TooManyConnectionsError,
    AdminShutdownError, CrashShutdownError,
    FileNotFoundError,  # a Postgres that stopped has taken its socket with it
)  # fmt: skip
_AWAY_STATES = {"08", "53", "57"}  # SQLSTATE classes: connection, resources, somebody stepped in


def is_away(error: BaseException | None) -> bool:
    """Whether an error says that Postgres can't answer now, and not that we asked wrongly."""
    if isinstance(error, _AWAY):
        return True
    if not isinstance(error, exc.DBAPIError):
        return False
    state = getattr(error.orig, "sqlstate", None) or ""
    # What a connection says that was ended from the other side and has only half noticed.
    half_ended = isinstance(getattr(error.orig, "__cause__", None), InternalClientError)
    return error.connection_invalidated or half_ended or state[:2] in _AWAY_STATES


def one_of(column: Any, values: Iterable[Any]) -> Any:
    """Whether a column is one of the values.

    Unlike IN, whose text grows with its list, this is one statement for any number of values,
    which Postgres parses and plans once for each connection.
    """
    return column == any_(literal(list(values), ARRAY(column.type)))


@dataclass(frozen=True, slots=True)
class Database:
    """An engine and the way it must be spoken to.

    pooled: a transaction pooler stands in front, so nothing may outlive a transaction: no
        autocommit reads of two messages, no session settings, no named statements.
    statement_timeout_ms: the longest one statement may run, in milliseconds.
    bell: rung after a transaction that wrote events.
    """

    engine: AsyncEngine
    pooled: bool = False
    statement_timeout_ms: int = 5_000
    bell: Bell | None = field(default=None, compare=False)
    _reading: AsyncEngine = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        # Autocommit spares each read a BEGIN and a ROLLBACK. It is the same pool: a connection
        # is set back when it is returned.
        reading = self.engine.execution_options(isolation_level="AUTOCOMMIT")
        object.__setattr__(self, "_reading", reading)

    @asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncConnection]:
        """A connection for selects, given back at the end of the block."""
        if self.pooled:
            async with self.engine.connect() as connection:
                await self._limit(connection)
                yield connection
        else:
            async with self._reading.connect() as connection:
                yield connection

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[AsyncSession]:
        """A session that commits when the block ends and rolls back when it raises."""
        async with AsyncSession(self.engine, expire_on_commit=False) as session, session.begin():
            if self.pooled:
                await self._limit(await session.connection())
            yield session
        if self.bell and session.info.pop(WRITTEN, False):
            await self.bell.ring()

    @asynccontextmanager
    async def work(self) -> AsyncIterator[AsyncConnection]:
        """The same without entities, for what no bell is rung: a connection."""
        async with self.engine.begin() as connection:
            if self.pooled:
                await self._limit(connection)
            yield connection

    async def _limit(self, connection: AsyncConnection) -> None:
        # A pooler refuses start-up parameters, so the limit travels inside each transaction.
        await connection.execute(text(f"SET LOCAL statement_timeout = {self.statement_timeout_ms}"))
