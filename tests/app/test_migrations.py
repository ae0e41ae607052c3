"""Migrations: complete, repeatable, and numbered so that the newest can be told by its name."""

import asyncio

import pytest
from alembic import command
from sqlalchemy import Connection, text

from app import migrate
from app.database import open_database
from app.revision import newest
from domain.db import Database
from tests.support import servers

pytestmark = pytest.mark.anyio


def test_the_last_file_is_alembics_head():
    assert newest() == migrate.head()


async def test_the_tables_are_what_the_models_say(database: Database):
    def check(connection: Connection) -> None:
        config = migrate.config()
        config.attributes["connection"] = connection
        command.check(config)

    async with database.engine.connect() as connection:
        await connection.run_sync(check)


async def test_five_that_migrate_at_once_migrate_once():
    url = await servers.clone("template0")
    databases = [open_database(url) for _ in range(5)]
    await asyncio.gather(*(migrate.upgrade(each) for each in databases))
    assert {await migrate.current(each) for each in databases} == {migrate.head()}
    for each in databases:
        await each.engine.dispose()
    await servers.drop(url)


async def test_going_back_leaves_nothing(database: Database):
    def down(connection: Connection) -> None:
        config = migrate.config()
        config.attributes["connection"] = connection
        command.downgrade(config, "base")

    async with database.engine.begin() as connection:
        await connection.run_sync(down)
    left = "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
    async with database.read() as connection:
        assert (await connection.execute(text(left))).scalars().all() == ["alembic_version"]
