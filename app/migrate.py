"""Bring the database to the newest schema."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text

from domain.db import Database

_LOCK = 0x57AC_0001  # any number will do that nobody else takes
_SCRIPTS = Path(__file__).parent.parent / "migrations"


def config() -> Config:
    """Alembic's configuration, without a file of its own."""
    made = Config()
    made.set_main_option("script_location", str(_SCRIPTS))
    return made


def head() -> str:
    """The newest revision the code knows."""
    revision = ScriptDirectory.from_config(config()).get_current_head()
    assert revision is not None
    return revision


async def upgrade(database: Database, revision: str = "head") -> None:
    """Migrate in one transaction, one process at a time: killed midway, nothing has happened."""

    def run(connection: Connection) -> None:
        # Held until the commit, and by the transaction, so that it works behind a pooler too.
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
        connection.execute(text("SET LOCAL statement_timeout = 0"))
        alembic = config()
        alembic.attributes["connection"] = connection
        command.upgrade(alembic, revision)

    async with database.engine.begin() as connection:
        await connection.run_sync(run)


async def current(database: Database) -> str | None:
    """The revision the database has, None where it has no schema of ours."""

    def ask(connection: Connection) -> str | None:
        return MigrationContext.configure(connection).get_current_revision()

    async with database.engine.connect() as connection:
        return await connection.run_sync(ask)
