"""Our own Valkey over a folder of ours."""

import os
import socket
from collections.abc import Sequence
from pathlib import Path

from app.embedded.logs import open_log
from app.embedded.ports import ensure_port_free
from app.embedded.process import Child, spawn
from app.embedded.programs import find_valkey
from app.embedded.server import Server


class Valkey(Server):
    """A Valkey reached through a socket only we can open, and with `port` on 127.0.0.1 too."""

    def __init__(
        self,
        data_dir: Path,
        *,
        port: int | None = None,
        durable: bool = True,
        args: Sequence[str] = (),
    ) -> None:
        super().__init__("Valkey", data_dir)
        self.port = port or 0
        self.durable = durable
        self.args = tuple(args)

    @property
    def pid_file(self) -> Path:
        """Where we tell Valkey to leave its process id."""
        return self.data_dir / "valkey.pid"

    @property
    def socket_path(self) -> Path:
        """The socket it listens on."""
        return self.socket_dir / "valkey.sock"

    @property
    def url(self) -> str:
        """Its address, for redis-py and ARQ."""
        return f"unix://{self.socket_path}?db=0"

    def _prepare(self) -> None:
        if self.port:
            ensure_port_free("127.0.0.1", self.port, setting="the port of Valkey")
        self.data_dir.mkdir(mode=0o700, exist_ok=True)

    def _spawn(self) -> Child:
        options = {
            "dir": self.data_dir,
            "pidfile": self.pid_file,
            "unixsocket": self.socket_path,
            "unixsocketperm": "700",
            "port": self.port,
            "bind": "127.0.0.1",
            "daemonize": "no",
            "set-proc-title": "no",  # a later run knows it by its folder in the command line
            "save": "",
            "appendonly": "yes" if self.durable else "no",
            "appendfsync": "everysec",
            "maxmemory-policy": "noeviction",  # jobs wait in here: none may be thrown away
        }
        command: list[str | Path] = [find_valkey()]
        for name, value in options.items():
            command += [f"--{name}", str(value)]
        with open_log(self.log_file) as log:
            return spawn(
                [*command, *self.args],
                output=log,
                env={**os.environ, "LC_ALL": "C"},
                cwd=self.data_dir,
                stop_signal=self.stop_signal,
            )

    def _ready(self) -> bool:
        """Ask it: while it still reads its data it says so instead of PONG."""
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
            connection.settimeout(1.0)
            try:
                connection.connect(str(self.socket_path))
                connection.sendall(b"PING\r\n")
                return connection.recv(64).startswith(b"+PONG")
            except OSError:
                return False
