"""What our Postgres and our Valkey have in common: sockets, logs, starting and stopping."""

import os
import shutil
import signal
import tempfile
import time
from abc import ABC, abstractmethod
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import ClassVar, Self

from app.embedded.errors import StartupProblem, from_log, plainly
from app.embedded.logs import open_log, tail
from app.embedded.process import Child, Parent, command_line

_SOCKET_PREFIX = "ss-"
_LONGEST_BASE = 60  # a socket's path may have 107 bytes (macOS: 103), and a long TMPDIR is common


class Server(Parent, ABC):
    """One server over one data folder. The caller sees to it that the folder is ours alone."""

    stop_signal: ClassVar[signal.Signals] = signal.SIGTERM
    start_timeout: ClassVar[float] = 120.0  # after a crash it first replays what it had logged
    predecessor_timeout: ClassVar[float] = 10.0

    def __init__(self, name: str, data_dir: Path) -> None:
        self.name = name
        self.data_dir = data_dir.absolute()
        self.log_file = self.data_dir.parent / "logs" / f"{self.data_dir.name}.log"
        self._socket_note = self.data_dir.with_name(f"{self.data_dir.name}.socket")
        self._socket_dir: Path | None = None

    @property
    @abstractmethod
    def pid_file(self) -> Path:
        """The file in which the server leaves its process id."""

    @abstractmethod
    def _prepare(self) -> None:
        """Make the data folder ready."""

    @abstractmethod
    def _spawn(self) -> Child:
        """Start the process."""

    @abstractmethod
    def _ready(self) -> bool:
        """Whether it answers."""

    @property
    def socket_dir(self) -> Path:
        """The folder with the server's socket; only we may enter it."""
        if self._socket_dir is None:
            raise RuntimeError(f"{self.name} has not been started")
        return self._socket_dir

    def start(self) -> None:
        """Return when the server answers. After a crash, start again under the same address."""
        if self.alive:
            return
        first_time = self._socket_dir is None
        try:
            with plainly(self.data_dir.parent):
                self.data_dir.parent.mkdir(parents=True, exist_ok=True)
                self._wait_for_predecessor()
                self._prepare()
                self._make_socket_dir()
                log_start = self._log_end()
                self._child = self._spawn()
            self._wait_until_ready(log_start)
        except BaseException:
            self._stop_child(grace=5.0)
            if first_time:
                self._remove_socket_dir()
            raise

    def stop(self, grace: float = 30.0, hurry: Callable[[], bool] = lambda: False) -> None:
        """Stop it cleanly, or after `grace` seconds or in a `hurry` by force."""
        self._stop_child(grace, hurry)
        self._remove_socket_dir()

    def _stop_child(self, grace: float, hurry: Callable[[], bool] = lambda: False) -> None:
        if self._child is not None:
            self._child.stop(grace, hurry)

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def _wait_until_ready(self, log_start: int) -> None:
        deadline = time.monotonic() + self.start_timeout
        while not self._ready():
            if not self.alive or time.monotonic() > deadline:
                how = f"no answer, {self.ending}" if self.alive else self.ending
                log = tail(self.log_file, since=log_start)
                raise from_log(f"{self.name} did not start ({how})", log, self.log_file)
            time.sleep(0.01)

    def _wait_for_predecessor(self) -> None:
        """Give the server of a killed run, which is shutting down, the time to finish."""
        deadline = time.monotonic() + self.predecessor_timeout
        while (pid := self._predecessor()) is not None:
            if time.monotonic() > deadline:
                raise StartupProblem(
                    f"{self.name} of an earlier run (process {pid}) still uses {self.data_dir}",
                    f"stop it with `kill {pid}` and start again",
                )
            time.sleep(0.05)

    def _predecessor(self) -> int | None:
        """Find a living server over our folder; its number alone may be someone else's by now."""
        with suppress(FileNotFoundError, ValueError, IndexError):
            pid = int(self.pid_file.read_text().split()[0])
            if pid > 0 and f" {self.data_dir} " in f" {command_line(pid)} ":
                return pid
        return None

    def _log_end(self) -> int:
        with open_log(self.log_file) as log:
            return log.seek(0, 2)

    def _make_socket_dir(self) -> None:
        if self._socket_dir is not None:
            for leftover in self._socket_dir.iterdir():
                leftover.unlink()
            return
        self._remove_socket_dir()
        base = tempfile.gettempdir()
        base = base if len(os.fsencode(base)) <= _LONGEST_BASE else "/tmp"
        self._socket_dir = Path(tempfile.mkdtemp(prefix=_SOCKET_PREFIX, dir=base))
        self._socket_note.write_text(str(self._socket_dir))

    def _remove_socket_dir(self) -> None:
        """Remove the one we made, and the one a killed predecessor noted."""
        with suppress(OSError):
            noted = Path(self._socket_note.read_text())
            # The note is only a file: never delete what we would not have made ourselves.
            if noted.name.startswith(_SOCKET_PREFIX):
                shutil.rmtree(noted)
        if self._socket_dir is not None:
            shutil.rmtree(self._socket_dir, ignore_errors=True)
            self._socket_dir = None
        self._socket_note.unlink(missing_ok=True)
