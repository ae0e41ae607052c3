"""What all parts share: a Postgres and a Valkey of this run, and its databases."""

import os
import shutil
import tempfile
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Self
from urllib.parse import urlsplit, urlunsplit

import asyncpg

from app import migrate
from app.database import open_database
from app.embedded import Postgres, Valkey
from bench import api, synthetic
from bench.api import Api
from bench.import_rows import LISTS
from domain.catalog.demo.load import load_demo
from domain.catalog.imports import import_catalog

DATA = Path(os.environ.get("STREAMING_STACK_TEST_DATA", api.ROOT.parent / "shared" / "data"))
LISTS_2022 = DATA.resolve() / "catalog_justwatch_2022"


@dataclass(slots=True)
class Stage:
    """The servers, as durable as an instance's own; say: tells how it goes."""

    rounds: int
    quick: bool
    say: Callable[[str], None]
    folder: Path = field(default_factory=lambda: Path(tempfile.mkdtemp(prefix="stack-bench-")))
    made: dict[str, int] = field(default_factory=dict)
    postgres: Postgres = field(init=False)
    valkey: Valkey = field(init=False)

    def __post_init__(self) -> None:
        self.postgres = Postgres(self.folder / "postgres")
        self.valkey = Valkey(self.folder / "valkey")

    def __enter__(self) -> Self:
        self.postgres.start()
        self.valkey.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.valkey.stop()
        self.postgres.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    @property
    def largest(self) -> int:
        """How many titles the made-up catalogue grows to."""
        return 25_000 if self.quick else 200_000

    @property
    def pids(self) -> tuple[int, int]:
        """The processes that work for an API besides its own."""
        assert self.postgres.pid is not None
        assert self.valkey.pid is not None
        return self.postgres.pid, self.valkey.pid

    async def database(self, name: str) -> str:
        """The address of a database with our schema, made when it is first asked for."""
        url = urlunsplit(urlsplit(self.postgres.url)._replace(path=f"/{name}"))
        if name not in self.made:
            connection = await asyncpg.connect(self.postgres.url)
            await connection.execute(f"CREATE DATABASE {name}")
            await connection.close()
            database = open_database(url)
            await migrate.upgrade(database)
            await database.engine.dispose()
            self.made[name] = 0
        return url

    async def catalogue_2022(self) -> str | None:
        """The address of the four lists of 2022, imported; None where the files are absent."""
        if not LISTS_2022.is_dir():
            return None
        url = await self.database("catalogue_2022")
        if not self.made["catalogue_2022"]:
            self.say("importing the lists of 2022")
            database = open_database(url)
            for slug, file in LISTS.items():
                now = datetime.now(UTC)
                await import_catalog(database, [LISTS_2022 / file], slug, "US", observed_at=now)
            await database.engine.dispose()
            self.made["catalogue_2022"] = 1
            await vacuum(url)
        return url

    async def synthetic(self, name: str, size: int) -> str:
        """The address of the demo and `size` made-up titles; it only ever grows."""
        url = await self.database(name)
        if self.made[name] < size:
            self.say(f"making up {size:,} titles")
            if not self.made[name]:
                database, now = open_database(url), datetime.now(UTC)
                await load_demo(database, now.date(), observed_at=now)
                await database.engine.dispose()
            await synthetic.grow(url, size)
            self.made[name] = size
        return url

    def serve(
        self,
        url: str,
        app: str = "app.asgi:create_app",
        port: int = 0,
        settings: Mapping[str, str] | None = None,
    ) -> AbstractContextManager[Api]:
        """An application over a database, on any free port unless one is given."""
        return api.serve(app, url, self.valkey.url, self.folder, port, settings)


async def vacuum(url: str) -> None:
    """Leave the database as the nightly vacuum would."""
    connection = await asyncpg.connect(url)
    await connection.execute("VACUUM ANALYZE")
    await connection.close()
