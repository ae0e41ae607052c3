"""From a URL as people write them to an engine and the `Database` around it."""

import time
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from sqlalchemy import URL, event, make_url, text
from sqlalchemy.exc import ArgumentError, DisconnectionError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.pool import ConnectionPoolEntry

from domain.db import Database
from domain.errors import DomainError

OLDEST_POSTGRES = 15
POOLER_PORT = 6543  # where hosted Postgres (Supabase) puts its transaction pooler
STATEMENT_TIMEOUT_MS = 5_000
IDLE_IN_TRANSACTION_MS = 30_000
_IDLE_S = 0.5
_SSL_MODES = {"disable", "allow", "prefer", "require", "verify-ca", "verify-full"}


class UnusableDatabase(DomainError):
    """A DATABASE_URL or a server that we cannot work with."""

    code = "UNUSABLE_DATABASE"


@dataclass(frozen=True, slots=True)
class Address:
    """Where Postgres is. pooled: a transaction pooler answers there."""

    url: URL
    ssl: str | None
    pooled: bool


def parse_address(url: str, pooler: str = "auto") -> Address:
    """Read a URL as libpq, Supabase or SQLAlchemy write it; raises UnusableDatabase."""
    try:
        parsed = make_url(url)
    except ArgumentError as problem:
        raise UnusableDatabase(
            "DATABASE_URL is not a URL. It looks like postgresql://user:password@host:5432/name."
        ) from problem
    if parsed.get_backend_name() not in {"postgresql", "postgres"}:
        raise UnusableDatabase(
            f"DATABASE_URL names {parsed.get_backend_name()!r}; only postgresql:// works here."
        )
    query = dict(parsed.query)
    ssl = query.pop("sslmode", None) or query.pop("ssl", None)
    if isinstance(ssl, str) and ssl not in _SSL_MODES:
        raise UnusableDatabase(f"sslmode={ssl} in DATABASE_URL is none of {sorted(_SSL_MODES)}.")
    marked = str(query.pop("pgbouncer", "")).lower() == "true"
    for foreign in ("channel_binding", "connection_limit", "pool_timeout", "supa"):
        query.pop(foreign, None)  # other drivers' words, common in URLs that are copied
    pooled = pooler == "transaction" or (
        pooler == "auto" and (marked or parsed.port == POOLER_PORT)
    )
    return Address(
        parsed.set(drivername="postgresql+asyncpg", query=query),
        ssl if isinstance(ssl, str) else None,
        pooled,
    )


def create_engine(address: Address, pool_size: int, application: str) -> AsyncEngine:
    """An engine for the address; it connects when first used."""
    arguments: dict[str, Any] = {"timeout": 10, "command_timeout": 60}
    if address.ssl:
        arguments["ssl"] = address.ssl
    if address.pooled:
        # Behind the pooler each transaction may meet another server process: nothing may be
        # prepared under a name that a later transaction would look for.
        arguments["statement_cache_size"] = 0
        arguments["prepared_statement_cache_size"] = 0
        arguments["prepared_statement_name_func"] = lambda: f"__{uuid4().hex}__"
    else:
        arguments["server_settings"] = {
            "application_name": application,
            "statement_timeout": str(STATEMENT_TIMEOUT_MS),
            "idle_in_transaction_session_timeout": str(IDLE_IN_TRANSACTION_MS),
            "work_mem": "16MB",  # judging 200,000 titles else spills to disk
            "random_page_cost": "1.1",  # there are no spinning disks under this any more
            "jit": "off",  # our statements take milliseconds; compiling one takes a hundred
        }
    engine = create_async_engine(
        address.url,
        pool_size=pool_size,
        max_overflow=0,
        pool_timeout=5,
        pool_use_lifo=True,  # a few that know their statements, and no ping
        hide_parameters=True,  # an error's text must not carry what somebody typed
        connect_args=arguments,
    )
    _ping_after_idling(engine)
    return engine


def _ping_after_idling(engine: AsyncEngine) -> None:
    """Find out whether a connection still lives before it is used, if it has been idle.

    Without this a restart of Postgres costs a failure for each pooled connection. SQLAlchemy's
    own pre-ping asks before every use, three round trips for a read of one; under load, when it
    would cost most, connections are never idle.
    """

    def returned(_connection: Any, record: ConnectionPoolEntry) -> None:
        record.info["idle_since"] = time.monotonic()

    def taken(connection: Any, record: ConnectionPoolEntry, _proxy: Any) -> None:
        since = record.info.get("idle_since")
        if since is None or time.monotonic() - since < _IDLE_S:
            return
        try:
            engine.dialect.do_ping(connection)
        except Exception as problem:
            raise DisconnectionError from problem  # the pool tries with a new one

    event.listen(engine.sync_engine, "checkin", returned)
    event.listen(engine.sync_engine, "checkout", taken)


def open_database(
    url: str, *, pooler: str = "auto", pool_size: int = 10, application: str = "streaming-stack"
) -> Database:
    """The database at a URL; raises UnusableDatabase where the URL can't be used."""
    address = parse_address(url, pooler)
    return Database(
        create_engine(address, pool_size, application), address.pooled, STATEMENT_TIMEOUT_MS
    )


async def check_server(database: Database) -> str:
    """The server's version, as it says it; raises UnusableDatabase below the oldest that works."""
    async with database.engine.connect() as connection:
        number = int(
            (await connection.execute(text("SELECT current_setting('server_version_num')")))
            .scalar_one()
        )  # fmt: skip
        version = (await connection.execute(text("SHOW server_version"))).scalar_one()
    if number < OLDEST_POSTGRES * 10_000:
        raise UnusableDatabase(
            f"Postgres {version} is too old: {OLDEST_POSTGRES} is the oldest that works."
            " Upgrade it, or leave DATABASE_URL out to use the embedded one."
        )
    return str(version)
