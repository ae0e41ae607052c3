"""Which servers a command talks to: those that are set, those of a running instance, or our own.

A command needs no running instance. Where DATABASE_URL or REDIS_URL is missing and nothing runs in
the data folder, the embedded server is started for as long as the command takes.
"""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from pydantic import SecretStr

from app.embedded import DataFolder, Instance, Postgres, StartupProblem, Valkey, running_instance
from app.settings import Settings

DATABASE = "streaming_stack"


def with_servers(settings: Settings, database_url: str | None, redis_url: str | None) -> Settings:
    """The settings with addresses filled in; those that were set stay."""
    return settings.model_copy(
        update={
            "database_url": settings.database_url or (database_url and SecretStr(database_url)),
            "redis_url": settings.redis_url or (redis_url and SecretStr(redis_url)),
        }
    )


@contextmanager
def servers(settings: Settings) -> Iterator[Settings]:
    """The settings with both addresses, good for as long as the block runs.

    An embedded Postgres that we start ourselves may be empty: see `app.prepare.prepared`.
    """
    if not settings.embedded:
        yield settings
    elif (instance := running_instance(settings.data_dir)) is not None:
        yield borrowed(settings, instance)
    else:
        with DataFolder(settings.data_dir) as folder, ExitStack() as stack:
            postgres, valkey = own_servers(settings, folder)
            for server in filter(None, (postgres, valkey)):
                stack.enter_context(server)
            yield with_servers(settings, postgres and postgres.dsn(DATABASE), valkey and valkey.url)


def own_servers(settings: Settings, folder: DataFolder) -> tuple[Postgres | None, Valkey | None]:
    """Those servers that nobody else provides, not started yet."""
    return (
        None if settings.database_url else Postgres(folder.postgres),
        None if settings.redis_url else Valkey(folder.valkey),
    )


def borrowed(settings: Settings, instance: Instance) -> Settings:
    """The settings with the addresses of an instance that runs; raises StartupProblem."""
    found = with_servers(settings, instance.urls.get("database"), instance.urls.get("redis"))
    if settings.simulators_url is None:
        found = found.model_copy(update={"simulators_url": instance.urls.get("simulators")})
    missing = [
        name
        for name, url in (("DATABASE_URL", found.database_url), ("REDIS_URL", found.redis_url))
        if url is None
    ]
    if missing:
        raise StartupProblem(
            f"The instance that runs in {settings.data_dir} uses {' and '.join(missing)}",
            f"set {'it' if len(missing) == 1 else 'them'} to the same for this command too",
        )
    return found
