"""Alembic's environment: one async connection, given by the caller or made from its URL."""

import asyncio

from alembic import context
from sqlalchemy import Connection, pool
from sqlalchemy.ext.asyncio import create_async_engine
from sqlmodel import SQLModel

import domain.tables  # noqa: F401  (fills the metadata)

config = context.config


def run(connection: Connection) -> None:
    """Migrate over an open connection."""
    context.configure(
        connection=connection, target_metadata=SQLModel.metadata, compare_server_default=False
    )
    with context.begin_transaction():
        context.run_migrations()


async def connect_and_run() -> None:
    """Migrate over a connection of our own."""
    engine = create_async_engine(config.get_main_option("sqlalchemy.url"), poolclass=pool.NullPool)
    async with engine.connect() as connection:
        await connection.run_sync(run)
        await connection.commit()
    await engine.dispose()


given = config.attributes.get("connection")
if given is not None:
    run(given)
else:
    asyncio.run(connect_and_run())
