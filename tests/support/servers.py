"""One Postgres and one Valkey for a whole test run, and databases cloned from a template."""

import asyncio
import os
import shutil
import tempfile
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit
from uuid import uuid4

import asyncpg

from app import migrate
from app.database import open_database
from app.embedded import Postgres, Valkey

ADDRESS = "STREAMING_STACK_TEST_POSTGRES"
VALKEY = "STREAMING_STACK_TEST_VALKEY"
TEMPLATE = "template_empty"


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
        asyncio.run(make_template(TEMPLATE))

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


async def make_template(name: str) -> None:
    """An empty, migrated database that nobody connects to again."""
    await administer(f"CREATE DATABASE {name}")
    database = open_database(address_of(name))
    await migrate.upgrade(database)
    await database.engine.dispose()


async def clone(template: str = TEMPLATE) -> str:
    """A new database like the template; its URL."""
    name = f"test_{uuid4().hex[:12]}"
    await administer(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY file_copy")
    return address_of(name)


async def drop(url: str) -> None:
    """Drop a cloned database, whoever is still connected."""
    await administer(f"DROP DATABASE {urlsplit(url).path[1:]} WITH (FORCE)")
