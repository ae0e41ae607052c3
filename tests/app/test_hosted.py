"""Hosted servers: a transaction pooler with TLS before Postgres, TLS on Valkey."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from app import migrate
from app.database import UnusableDatabase, open_database, parse_address
from app.deps import make_services
from app.settings import Settings
from domain.accounts.service import NewAccount
from domain.accounts.values import Browser
from domain.catalog.demo.load import load_demo
from domain.db import Database
from integrations.valkey import ValkeyCache, connect
from jobs.worker import connect as connect_worker
from tests.recommendations.asking import TONIGHT, ask
from tests.support import servers
from tests.support.graphql import run
from tests.support.hosted import pgbouncer, valkey_with_tls

pytestmark = pytest.mark.anyio
NOW = datetime.now(UTC)


@pytest.fixture
async def pooled(tmp_path: Path) -> AsyncIterator[Database]:
    """An unmigrated database behind the pooler."""
    url = await servers.clone("template0")
    name = urlsplit(url).path[1:]
    with pgbouncer(tmp_path) as port:
        address = f"postgresql://postgres@127.0.0.1:{port}/{name}?sslmode=require&pgbouncer=true"
        database = open_database(address, pool_size=8)
        assert database.pooled
        yield database
        await database.engine.dispose()
    await servers.drop(url)


async def test_the_main_job_works_behind_a_transaction_pooler(pooled: Database, valkey):
    await migrate.upgrade(pooled)
    assert await migrate.current(pooled) == migrate.head()
    await load_demo(pooled, NOW.date(), observed_at=NOW)
    services = make_services(pooled, valkey, Settings(_env_file=None))
    # Eight connections over three server processes: each statement may meet another one.
    answers = await asyncio.gather(*(ask(services, TONIGHT) for _ in range(40)))
    assert len({tuple(p.pick.candidate.title_id for p in each.picks) for each in answers}) == 1
    pages = await asyncio.gather(
        *(run(services, "{ titles { nodes { name offers { id } } } }") for _ in range(20))
    )
    assert all(page == pages[0] for page in pages)
    new = NewAccount("ada@example.org", "correct horse battery")
    started = await services.door.sign_up(new, Browser("192.0.2.1"), NOW)
    assert started.token


async def test_a_statement_is_cut_off_behind_a_pooler_too(pooled: Database):
    hurried = Database(pooled.engine, pooled=True, statement_timeout_ms=50)
    with pytest.raises(DBAPIError, match="statement timeout"):
        async with hurried.read() as connection:
            await connection.execute(text("SELECT pg_sleep(5)"))
    async with pooled.read() as connection:
        assert (await connection.execute(text("SELECT 1"))).scalar_one() == 1


async def test_a_valkey_with_tls_and_a_password_serves_cache_limits_and_jobs(tmp_path: Path):
    with valkey_with_tls(tmp_path / "valkey") as url:
        client = connect(url)
        cache = ValkeyCache(client)
        await cache.put("key", b"value", 5)
        assert await cache.get("key") == b"value"
        await client.aclose()
        worker = connect_worker(url)
        assert await worker.ping()
        assert await worker.enqueue_job("nothing") is not None
        await worker.aclose(close_connection_pool=True)


@pytest.mark.parametrize(
    ("url", "pooled", "ssl"),
    [
        ("postgresql://u:p@host:5432/db", False, None),
        ("postgres://u:p@host/db?sslmode=require", False, "require"),
        ("postgresql+asyncpg://u:p@host:6543/db", True, None),
        ("postgresql://u:p@host:5432/db?pgbouncer=true&sslmode=verify-full", True, "verify-full"),
        ("postgresql:///db?host=/run/postgresql", False, None),
    ],
)
def test_addresses_are_read_as_people_write_them(url: str, pooled: bool, ssl: str | None):
    address = parse_address(url)
    assert (address.pooled, address.ssl) == (pooled, ssl)
    assert address.url.drivername == "postgresql+asyncpg"
    assert not {"sslmode", "pgbouncer"} & set(address.url.query)


@pytest.mark.parametrize(
    "url", ["", "nonsense", "mysql://u@host/db", "postgresql://host/db?sslmode=sometimes"]
)
def test_an_address_that_cannot_be_used_says_why(url: str):
    with pytest.raises(UnusableDatabase, match="DATABASE_URL"):
        parse_address(url)
