"""The real `streaming-stack up` in a process of its own, watched line by line."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Self

from app.embedded.process import command_line

ROOT = Path(__file__).parents[2]
READY = "Ctrl-C stops everything."
NO_OLLAMA = "127.0.0.1:1"  # where `up` and the doctor look for one, and nobody ever listens


def free_port() -> int:
    """A port that nobody uses at the moment."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return probe.getsockname()[1]


def clean_environment(**given: str) -> dict[str, str]:
    """Ours without any setting, and with those that are given."""
    ours = {name: value for name, value in os.environ.items() if not _is_setting(name)}
    ours |= {"PYTHONPATH": str(ROOT), "COLUMNS": "200", "OLLAMA_HOST": NO_OLLAMA}
    return ours | given


def _is_setting(name: str) -> bool:
    return name.startswith("STREAMING_STACK_") or name in {"DATABASE_URL", "REDIS_URL"}


def inside(folder: Path) -> list[str]:
    """The command lines of all living processes that were started for a folder."""
    found: list[str] = []
    for process in Path("/proc").glob("[0-9]*"):
        words, variables = command_line(int(process.name)), b""
        with suppress(OSError):  # it has ended, or is somebody else's
            variables = (process / "environ").read_bytes()
        if words and (str(folder) in words or str(folder).encode() in variables):
            found.append(words)
    return found


class Instance:
    """`streaming-stack up` over a data folder; killed at the end if it still runs."""

    def __init__(self, folder: Path, **settings: str) -> None:
        self.folder = folder
        self.port = int(settings.get("STREAMING_STACK_PORT") or free_port())
        self.lines: list[str] = []
        self.seconds = 0.0
        self._settings: Mapping[str, str] = settings

    def __enter__(self) -> Self:
        folder = {"STREAMING_STACK_DATA_DIR": str(self.folder)}
        port = {"STREAMING_STACK_PORT": str(self.port)}
        self._began = time.monotonic()
        self.process = subprocess.Popen(
            [sys.executable, "-m", "app.cli", "up"],
            env=clean_environment(**folder, **port, **self._settings),
            cwd=self.folder.parent,  # where no .env lies
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,  # as in a terminal of its own, for Ctrl-C
        )
        return self

    def __exit__(self, *_: object) -> None:
        self.process.kill()
        self.process.communicate()

    def until(self, words: str) -> str:
        """Read on until a line has these words; the line."""
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.lines.append(line.rstrip())
            if words in line:
                self.seconds = time.monotonic() - self._began
                return self.lines[-1]
        raise AssertionError(f"it ended without saying {words!r}:\n" + "\n".join(self.lines))

    def ctrl_c(self) -> int:
        """Press Ctrl-C and wait; the exit code."""
        os.killpg(self.process.pid, signal.SIGINT)
        return self.ended()

    def ended(self) -> int:
        """Wait for its end; the exit code."""
        rest, _ = self.process.communicate(timeout=40)
        self.lines += rest.splitlines()
        return self.process.returncode
