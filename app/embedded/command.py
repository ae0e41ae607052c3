"""A command of ours that runs until it is stopped: the API, the worker."""

import os
import subprocess
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path
from threading import Thread
from typing import IO, BinaryIO

from app.embedded.errors import plainly
from app.embedded.logs import open_log
from app.embedded.process import Parent, spawn

_LONGEST_LINE = 64 * 1024


class Command(Parent):
    """One child with a log of its own; `console`, if given, is told its name and each line."""

    def __init__(
        self,
        name: str,
        argv: Sequence[str | Path],
        *,
        logs: Path,
        env: Mapping[str, str] | None = None,
        console: Callable[[str, str], None] | None = None,
    ) -> None:
        self.name = name
        self.argv = tuple(argv)
        # Unbuffered, or a Python child's last words before a crash would be lost.
        self.env = {"PYTHONUNBUFFERED": "1", **(os.environ if env is None else env)}
        self.log_file = logs / f"{name}.log"
        self._console = console
        self._reader: Thread | None = None

    def start(self) -> None:
        """Start it; whether it then works is for others to ask it."""
        with plainly(self.log_file.parent):
            log = open_log(self.log_file)
            self._child = spawn(self.argv, output=subprocess.PIPE, env=self.env)
        output = self._child.process.stdout
        assert output is not None  # it is a pipe
        self._reader = Thread(target=self._read, args=(output, log), daemon=True)
        self._reader.start()

    def stop(self, grace: float = 10.0, hurry: Callable[[], bool] = lambda: False) -> None:
        """Stop it, after `grace` seconds or in a `hurry` by force."""
        if self._child is not None:
            self._child.stop(grace, hurry)
        if self._reader is not None:
            self._reader.join(timeout=1.0)  # its last lines; a stray grandchild may hold the pipe

    def _read(self, output: IO[bytes], log: BinaryIO) -> None:
        with output, log:
            for line in iter(partial(output.readline, _LONGEST_LINE), b""):
                # A full disk or a closed terminal must not block the child on a full pipe.
                with suppress(OSError, ValueError):
                    log.write(line)
                if self._console is not None:
                    with suppress(OSError, ValueError):
                        self._console(self.name, line.decode(errors="replace").rstrip("\n"))
