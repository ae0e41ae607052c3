"""Make the servers ready to be used: reachable, new enough, and with our schema in them."""

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import asyncpg
from alembic.script import ScriptDirectory
from redis import Redis

from app import migrate
from app.database import check_server, open_database
from app.deps import server_urls
from app.embedded import StartupProblem
from app.environment import NO_DATABASE_URL
from app.settings import Settings
from app.trouble import postgres_trouble, valkey_trouble
from domain.db import Database

_PATIENCE_S = 5.0


@dataclass(frozen=True, slots=True)
class Schema:
    """What preparing a database did. before: the revision it had; created: it was not there."""

    version: str
    before: str | None
    now: str
    created: bool = False

    @property
    def migrated(self) -> bool:
        """Whether anything had to be changed."""
        return self.before != self.now


@asynccontextmanager
async def opened(settings: Settings) -> AsyncIterator[Database]:
    """The database for the length of the block, its troubles as sentences."""
    url, _ = server_urls(settings)
    with postgres_trouble(url):
        try:
            database = open_database(
                url,
                pooler=settings.database_pooler,
                pool_size=2,
                application="streaming-stack-command",
            )
        except ValueError as problem:  # a port that is no number
            raise StartupProblem(*NO_DATABASE_URL) from problem
        try:
            yield database
        finally:
            await database.engine.dispose()


async def create_database(settings: Settings) -> bool:
    """Make sure the database is there, on a server where we may make it; whether it was not."""
    parts = urlsplit(server_urls(settings)[0])
    name = parts.path.removeprefix("/")
    connection = await asyncpg.connect(urlunsplit(parts._replace(path="/postgres")))
    try:
        if await connection.fetchval("SELECT true FROM pg_database WHERE datname = $1", name):
            return False
        await connection.execute(f'CREATE DATABASE "{name}"')
        return True
    finally:
        await connection.close()


async def upgraded(settings: Settings, *, own: bool) -> Schema:
    """Bring the database to the newest schema; raises StartupProblem where that can't be done.

    own: the server is ours, so the database is created where it is missing.
    """
    created = own and await create_database(settings)
    async with opened(settings) as database:
        version = await check_server(database)
        before, newest = await revision(database), migrate.head()
        if before != newest:
            await migrate.upgrade(database)
    return Schema(version, before, newest, created)


async def revision(database: Database) -> str | None:
    """The schema's revision, None where there is none; raises StartupProblem for a newer one."""
    found = await migrate.current(database)
    scripts = ScriptDirectory.from_config(migrate.config())
    known = {script.revision for script in scripts.walk_revisions()}
    if found is not None and found not in known:
        raise StartupProblem(
            f"The database was written by a newer version of Streaming Stack (schema {found})",
            "install that version, or use another database",
        )
    return found


async def usable(settings: Settings, *, own: bool) -> None:
    """Make sure a command finds our schema; raises StartupProblem where it would not.

    Somebody else's database is only looked at: what changes it is `migrate` and `up`.
    """
    if own:
        await upgraded(settings, own=True)
        return
    async with opened(settings) as database:
        await check_server(database)
        found = await revision(database)
    if found != migrate.head():
        raise StartupProblem(
            f"The database has the schema {found or 'of nobody'} and needs {migrate.head()}",
            "run `streaming-stack migrate`",
        )


def valkey_version(settings: Settings) -> str:
    """What answers at REDIS_URL; raises StartupProblem when nobody does."""
    facts = _ask_valkey(settings, lambda client: client.info("server"))
    if "valkey_version" in facts:
        return f"Valkey {facts['valkey_version']}"
    return f"Redis {facts.get('redis_version', 'of an unknown version')}"


def valkey_policy(settings: Settings) -> str:
    """What it throws away when its memory is full; hosted ones may not tell."""
    try:
        facts = _ask_valkey(settings, lambda client: client.config_get("maxmemory-policy"))
    except StartupProblem:
        return "unknown"
    return str(facts.get("maxmemory-policy", "unknown"))


def _ask_valkey(settings: Settings, ask: Callable[[Redis], Any]) -> Mapping[str, Any]:
    _, url = server_urls(settings)
    with (
        valkey_trouble(url),
        Redis.from_url(
            url,
            socket_timeout=_PATIENCE_S,
            socket_connect_timeout=_PATIENCE_S,
            decode_responses=True,
        ) as client,
    ):
        return ask(client)
