"""Everything that runs, as `streaming-stack up` starts it, and what can be done to it.

Two API processes over one Postgres and one Valkey, so that what one writes the other must tell.
All of them are children that die with us, in a folder that goes with us.
"""

import asyncio
import os
import shutil
import signal
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Self, TypeAlias

import asyncpg
import httpx
import orjson
from pydantic import SecretStr
from redis.asyncio import Redis

from app import migrate, programs
from app.database import open_database
from app.embedded import Postgres, Valkey
from app.embedded.command import Command
from app.embedded.process import processes_in
from app.settings import Settings
from domain.catalog.demo.load import load_demo
from tests.soak.waiting import until
from tests.support.instance import clean_environment, free_port

PATIENCE_S = 60.0
DATABASE = "soak"

_AWAY = (
    "connection was closed in the middle of operation", "the database system is",
    "terminating connection due to administrator command", "FileNotFoundError: [Errno 2]",
    "ConnectionRefusedError", "ConnectionResetError", "underlying connection is closed",
)  # fmt: skip
"""How an error says that Postgres or Valkey was not there."""

Program: TypeAlias = Postgres | Valkey | Command


class Stage:
    """The servers. environment: settings of the API and the worker beside the addresses.

    durable: as an instance's own; without, Postgres still keeps what it committed when it is
    killed, as long as the machine stays up.
    """

    def __init__(
        self, environment: Mapping[str, str], *, apis: int = 2, durable: bool = True
    ) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="stack-soak-"))
        kept = {"synchronous_commit": "on"}
        self.postgres = Postgres(self.folder / "postgres", durable=durable, settings=kept)
        self.valkey = Valkey(self.folder / "valkey")
        self.ports = [free_port() for _ in range(apis)]
        self.apis: list[Command] = []
        self.worker: Command | None = None
        self._environment = environment
        self._frozen: set[int] = set()

    async def __aenter__(self) -> Self:
        try:
            servers = (self.postgres, self.valkey)
            await asyncio.gather(*(asyncio.to_thread(server.start) for server in servers))
            await self._prepare()
            await self.ready()
        except BaseException:
            self.close()
            raise
        return self

    async def __aexit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Stop everything. It blocks: whoever is interrupted may have no chance to await."""
        self.thaw()
        for program in (*self.apis, self.worker, self.valkey, self.postgres):
            if program is not None:
                program.stop(grace=5.0)
        shutil.rmtree(self.folder, ignore_errors=True)

    @property
    def bases(self) -> list[str]:
        """Where the API processes answer."""
        return [f"http://127.0.0.1:{port}" for port in self.ports]

    @property
    def url(self) -> str:
        """Where the database is."""
        return self.postgres.dsn(DATABASE)

    async def ready(self) -> None:
        """Return when every API says that it can be used."""
        deadline = time.monotonic() + PATIENCE_S
        async with httpx.AsyncClient(timeout=5) as client:
            for api, base in zip(self.apis, self.bases, strict=True):
                while not await _is_ready(client, base):
                    if time.monotonic() > deadline or not api.alive:
                        raise TimeoutError(f"{base} is not ready:\n{self.last_words()}")
                    await asyncio.sleep(0.05)

    async def kill(self, program: Program, how: signal.Signals = signal.SIGKILL) -> None:
        """Have a program end by a signal, and see it gone."""
        if program.pid is not None:
            os.kill(program.pid, how)
        assert await until(lambda: not program.alive, PATIENCE_S), f"{program.name} does not end"

    async def revive(self, program: Program) -> None:
        """Start a program again, under its old address."""
        await asyncio.to_thread(program.start)

    def freeze(self, program: Program) -> None:
        """Stop its clock, and that of every process of a Postgres."""
        family = processes_in(program.data_dir) if isinstance(program, Postgres) else []
        for pid in filter(None, {program.pid, *family}):
            self._frozen.add(pid)
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGSTOP)

    def thaw(self) -> None:
        """Let everything that is frozen go on."""
        for pid in self._frozen:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGCONT)
        self._frozen.clear()

    async def flush(self) -> None:
        """Empty Valkey."""
        async with Redis.from_url(self.valkey.url) as client:
            await client.flushall()

    def errors(self) -> Iterator[str]:
        """What the API and the worker called an error that no outage explains, from their logs."""
        for path in sorted(self.folder.glob("logs/*.log")):
            if path.stem in {"postgres", "valkey"}:
                continue
            lines = path.read_text(errors="replace").splitlines()
            for number, line in enumerate(lines):
                if line.startswith("Traceback"):  # not logged, so that nobody caught it
                    yield f"{path.stem}: " + " ".join(lines[number : number + 80])[-500:]
                elif found := _error(line):
                    yield f"{path.stem}: {found}"

    def last_words(self, lines: int = 8) -> str:
        """The ends of the logs."""
        paths = sorted(self.folder.glob("logs/*.log"))
        ends = (path.read_text(errors="replace").splitlines()[-lines:] for path in paths)
        return "\n".join(
            f"{p.stem}: {line}" for p, end in zip(paths, ends, strict=True) for line in end
        )

    async def _prepare(self) -> None:
        connection = await asyncpg.connect(self.postgres.url)
        await connection.execute(f"CREATE DATABASE {DATABASE}")
        await connection.close()
        database, now = open_database(self.url), datetime.now(UTC)
        await migrate.upgrade(database)
        self.apis = [self._command(number, port) for number, port in enumerate(self.ports)]
        for api in self.apis:
            api.start()  # it has a lot to import meanwhile
        await load_demo(database, now.date(), observed_at=now)
        await database.engine.dispose()
        self.worker = self._command(None, free_port())
        self.worker.start()

    def _command(self, number: int | None, port: int) -> Command:
        """An API or, without a number, the worker."""
        settings = Settings(_env_file=None).model_copy(  # pyright: ignore[reportCallIssue]
            update={
                "database_url": SecretStr(self.url),
                "redis_url": SecretStr(self.valkey.url),
                "port": port,
            }
        )
        logs = self.folder / "logs"
        make = programs.worker if number is None else programs.api
        command = make(settings, logs, lambda *_: None)
        if number is not None:
            command.log_file = logs / f"api-{number}.log"
        addresses = {name: command.env[name] for name in ("DATABASE_URL", "REDIS_URL")}
        command.env = {**clean_environment(), "PYTHONUNBUFFERED": "1", **addresses}
        command.env |= self._environment
        return command


async def _is_ready(client: httpx.AsyncClient, base: str) -> bool:
    try:
        return (await client.get(f"{base}/readyz")).status_code == 200
    except httpx.TransportError:
        return False


def _error(line: str) -> str | None:
    """What a log line calls an error, unless something was away."""
    try:
        told = orjson.loads(line)
        if told["level"] not in {"error", "critical"}:
            return None
    except (ValueError, TypeError, KeyError):
        return None
    trace = told.get("exception", "")
    if any(words in trace for words in _AWAY):
        return None
    return f"{told['event'][:200]} {trace[-600:]}"
