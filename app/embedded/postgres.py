"""Our own Postgres over a folder of ours."""

import os
import signal
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import ClassVar
from urllib.parse import quote

from app.embedded.cluster import (
    check_cluster,
    create_cluster,
    disown_dead_postmaster,
    environment,
)
from app.embedded.errors import StartupProblem
from app.embedded.identity import Identity, identity_for_postgres
from app.embedded.logs import open_log
from app.embedded.ports import ensure_port_free
from app.embedded.process import Child, processes_in, spawn
from app.embedded.programs import PostgresPrograms, find_postgres
from app.embedded.server import Server

# For tests: a crash of the machine may lose everything, and each commit saves a disk flush.
_NOT_DURABLE = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
_SOCKET_PORT = 5432  # part of the socket's name
_BACKENDS_REMAIN = "pre-existing shared memory block"


class Postgres(Server):
    """A Postgres reached through a socket only we can open.

    With `tcp_port` it also listens on 127.0.0.1, where every user of this machine may come in.
    """

    stop_signal: ClassVar[signal.Signals] = signal.SIGINT  # "fast": does not wait for clients

    def __init__(
        self,
        data_dir: Path,
        *,
        durable: bool = True,
        tcp_port: int | None = None,
        settings: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__("Postgres", data_dir)
        self.durable = durable
        self.tcp_port = tcp_port or None
        self.settings = dict(settings or {})
        self._programs: PostgresPrograms | None = None
        self._identity: Identity | None = None

    @property
    def pid_file(self) -> Path:
        """Postgres's own lock file; its eighth line becomes `ready`."""
        return self.data_dir / "postmaster.pid"

    @property
    def url(self) -> str:
        """The address of the database `postgres`, from which others are created."""
        return self.dsn("postgres")

    def dsn(self, database: str) -> str:
        """Give a database's address, for asyncpg, psql and (with `+asyncpg`) SQLAlchemy."""
        # The port is said, though it is the usual one, so that $PGPORT is not listened to.
        port = self.tcp_port or _SOCKET_PORT
        return f"postgresql://postgres@/{quote(database)}?host={quote(str(self.socket_dir))}&port={port}"

    def start(self) -> None:
        """Return when it answers, after seeing off what a crash may have left running."""
        deadline = time.monotonic() + self.predecessor_timeout
        while True:
            try:
                return super().start()
            except StartupProblem as problem:
                if _BACKENDS_REMAIN not in problem.details or time.monotonic() > deadline:
                    raise
                # A backend deep in a computation does not notice that its server is gone.
                for backend in processes_in(self.data_dir):
                    with suppress(ProcessLookupError):
                        os.kill(backend, signal.SIGQUIT)
                time.sleep(0.1)

    def _prepare(self) -> None:
        found = find_postgres()
        check_cluster(self.data_dir, found)
        if self.tcp_port:
            ensure_port_free("127.0.0.1", self.tcp_port, setting="the port of Postgres")
        self._identity = identity_for_postgres(self.data_dir.parent)
        self._programs = found.reachable_for(self._identity, self.data_dir.parent / "cache")
        if (self.data_dir / "PG_VERSION").exists():
            self._identity.own(self.data_dir)
            disown_dead_postmaster(self.pid_file)
        else:
            create_cluster(
                self.data_dir,
                self._programs,
                self._identity,
                durable=self.durable,
                log_file=self.log_file,
            )

    def _spawn(self) -> Child:
        assert self._programs is not None  # by _prepare
        assert self._identity is not None
        self._identity.own(self.socket_dir)
        settings = {
            "unix_socket_directories": str(self.socket_dir),
            "listen_addresses": "127.0.0.1" if self.tcp_port else "",
            "port": str(self.tcp_port or _SOCKET_PORT),
            **({} if self.durable else _NOT_DURABLE),
            **self.settings,
        }
        command: list[str | Path] = [self._programs.folder / "postgres", "-D", self.data_dir]
        for name, value in settings.items():
            command += ["-c", f"{name}={value}"]
        with open_log(self.log_file) as log:
            return spawn(
                command,
                output=log,
                env=environment(),
                cwd=Path("/"),
                stop_signal=self.stop_signal,
                shim_options=self._identity.shim_options,
            )

    def _ready(self) -> bool:
        try:
            lines = self.pid_file.read_text().splitlines()
        except OSError:
            return False
        # The pid tells this start's file from one that is still to be overwritten.
        return len(lines) >= 8 and lines[0] == str(self.pid) and lines[7].strip() == "ready"
