"""Connections outlive a restart of Postgres, and reads leave no trace in transactions."""

import asyncio
import os
import signal
import time
from pathlib import Path

import pytest
from asyncpg import InternalClientError
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, InternalError

from app.database import open_database
from app.embedded import Postgres
from domain.db import Database, is_away

pytestmark = pytest.mark.anyio
_ONE = text("SELECT 1")


def wait_for_the_end(postgres: Postgres) -> None:
    while postgres.alive:
        time.sleep(0.01)


async def test_a_restart_of_postgres_costs_no_request(tmp_path: Path):
    with Postgres(tmp_path / "postgres", durable=False) as postgres:
        database = open_database(postgres.url, pool_size=5)

        async def read() -> int:
            async with database.read() as connection:
                return (await connection.execute(_ONE)).scalar_one()

        async def write() -> int:
            async with database.transaction() as session:
                return (await session.connection()).sync_connection is not None

        await asyncio.gather(*(read() for _ in range(5)))  # five pooled connections
        assert postgres.pid is not None
        os.kill(postgres.pid, signal.SIGKILL)
        await asyncio.to_thread(wait_for_the_end, postgres)
        postgres.start()
        await asyncio.sleep(0.6)  # idle, as they were while it was away
        assert await asyncio.gather(*(read() for _ in range(10))) == [1] * 10
        await write()
        await database.engine.dispose()


async def test_a_connection_in_use_is_not_asked_whether_it_lives(database: Database):
    pings: list[object] = []
    dialect = database.engine.dialect
    ping = dialect.do_ping
    dialect.do_ping = lambda connection: pings.append(connection) or ping(connection)
    for _ in range(20):
        async with database.read() as connection:
            await connection.execute(_ONE)
    assert pings == []


async def test_reading_leaves_no_autocommit_behind(database: Database):
    async with database.read() as connection:
        await connection.execute(_ONE)

    async def write_and_fail() -> None:
        insert = text("INSERT INTO platforms (slug, name) VALUES ('x', 'X')")
        async with database.transaction() as session:
            await (await session.connection()).execute(insert)
            raise RuntimeError("changed my mind")

    with pytest.raises(RuntimeError):
        await write_and_fail()
    async with database.read() as connection:
        count = text("SELECT count(*) FROM platforms")
        assert (await connection.execute(count)).scalar_one() == 0


async def test_what_says_that_postgres_is_away_is_told_from_what_is_our_fault(database: Database):
    async def fail(statement: str) -> BaseException:
        with pytest.raises(DBAPIError) as failed:
            async with database.read() as connection:
                await connection.execute(text(statement))
        return failed.value

    assert is_away(await fail("SELECT pg_sleep(6)"))
    assert is_away(await fail("SELECT pg_terminate_backend(pg_backend_pid())"))
    half_ended = Exception()
    half_ended.__cause__ = InternalClientError("another operation (2) is in progress")
    assert is_away(InternalError("SELECT 1", None, half_ended))
    assert not is_away(await fail("SELECT 1 / 0"))
    assert not is_away(await fail("SELECT nonsense"))
    assert not is_away(ValueError())
    assert not is_away(None)
    nowhere = open_database("postgresql://u@host.invalid/db")
    with pytest.raises(OSError) as lost:
        async with nowhere.read() as connection:
            await connection.execute(_ONE)
    assert is_away(lost.value)
    await nowhere.engine.dispose()
