"""One Postgres and one Valkey for a whole test run, and databases cloned from a template."""

import asyncio
import os
import shutil
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit
from uuid import uuid4

import asyncpg

from app import migrate
from app.database import open_database
from app.embedded import Postgres, Valkey
from domain.accounts.demo import ensure_demo_accounts
from domain.catalog.demo.load import load_demo

ADDRESS = "STREAMING_STACK_TEST_POSTGRES"
VALKEY = "STREAMING_STACK_TEST_VALKEY"
TEMPLATE = "template_empty"
DEMO = "template_demo"


class TestServers:
    """Started by the process that hands out tests; its workers find them in the environment."""

    __test__ = False

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="stack-tests-"))
        quick = {"max_connections": "200", "shared_buffers": "128MB"}
        self.postgres = Postgres(self.folder / "postgres", durable=False, settings=quick)
        self.valkey = Valkey(self.folder / "valkey", durable=False)

    def start(self) -> None:
        """Start both, and lay the template."""
        self.postgres.start()
        self.valkey.start()
        os.environ[ADDRESS] = self.postgres.url
        os.environ[VALKEY] = self.valkey.url
        asyncio.run(make_templates())

    def stop(self) -> None:
        """Stop both and leave nothing behind."""
        self.valkey.stop()
        self.postgres.stop()
        shutil.rmtree(self.folder, ignore_errors=True)


def address_of(name: str) -> str:
    """The URL of one of the run's databases."""
    return urlunsplit(urlsplit(os.environ[ADDRESS])._replace(path=f"/{name}"))


async def administer(statement: str) -> None:
    """Run a statement that belongs to no database of ours."""
    connection = await asyncpg.connect(os.environ[ADDRESS])
    try:
        await connection.execute(statement)
    finally:
        await connection.close()


async def make_templates() -> None:
    """A migrated database, and one with the demo in it; nobody connects to either again."""
    await administer(f"CREATE DATABASE {TEMPLATE}")
    database = open_database(address_of(TEMPLATE))
    await migrate.upgrade(database)
    await database.engine.dispose()
    await administer(f"CREATE DATABASE {DEMO} TEMPLATE {TEMPLATE} STRATEGY file_copy")
    database = open_database(address_of(DEMO))
    now = datetime.now(UTC)
    await load_demo(database, now.date(), observed_at=now)
    async with database.transaction() as session:
        await ensure_demo_accounts(session, now)
    await database.engine.dispose()


async def clone(template: str = TEMPLATE) -> str:
    """A new database like the template; its URL."""
    name = f"test_{uuid4().hex[:12]}"
    await administer(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY file_copy")
    return address_of(name)


async def drop(url: str) -> None:
    """Drop a cloned database, whoever is still connected."""
    await administer(f"DROP DATABASE {urlsplit(url).path[1:]} WITH (FORCE)")
