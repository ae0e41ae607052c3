"""Servers under uvicorn, and the processor time that they and what they lean on spend."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

import psutil

from app.programs import SOCKETS

ROOT = Path(__file__).parent.parent
_WORDS = "--loop uvloop --http httptools --log-level warning --factory --no-access-log"
_FLAGS = "--no-server-header --no-proxy-headers"
_PATIENCE_S = 30.0


@dataclass(frozen=True, slots=True)
class Api:
    """A server process."""

    port: int
    pid: int


@contextmanager
def serve(
    app: str,
    database_url: str,
    redis_url: str,
    folder: Path,
    port: int = 0,
    settings: Mapping[str, str] | None = None,
) -> Iterator[Api]:
    """An application as `streaming-stack up` would start it; its log goes to the folder.

    port: where another one was before; 0 for any that is free. settings: more of its environment.
    """
    port = port or free_port()
    ours = SOCKETS if app.startswith("app.") else {}  # peers get uvicorn's defaults
    options = {**ours, "--port": str(port)}
    words = [*_WORDS.split(), *_FLAGS.split(), *chain.from_iterable(options.items())]
    urls = {"DATABASE_URL": database_url, "REDIS_URL": redis_url}
    log = folder / f"{app.partition(':')[0]}.log"
    with log.open("ab") as output:
        process = subprocess.Popen(
            [sys.executable, "-P", "-m", "uvicorn", app, *words],
            env={**os.environ, "PYTHONPATH": str(ROOT), **urls, **(settings or {})},
            cwd=folder,
            stdout=output,
            stderr=output,
        )
    try:
        wait_for(port, process, log)
        yield Api(port, process.pid)
    finally:
        process.terminate()
        process.wait()


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_for(port: int, process: "subprocess.Popen[bytes]", log: Path) -> None:
    """Return when a process answers on a port; SystemExit with its log where it doesn't."""
    deadline = time.monotonic() + _PATIENCE_S
    while time.monotonic() < deadline and process.poll() is None:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise SystemExit(f"{log.stem} did not start:\n{log.read_text()[-2000:]}")


def cpu_seconds(*roots: int) -> float:
    """User and system seconds of the processes with these ids, and of all below them, dead too.

    Other programs make everything slower, but hardly change what it costs.
    """
    total = 0.0
    for root in roots:
        above = psutil.Process(root)
        for process in (above, *above.children(recursive=True)):
            try:
                times = process.cpu_times()
            except psutil.NoSuchProcess:
                continue  # its time has just passed to its parent
            total += times.user + times.system
            total += times.children_user + times.children_system
    return total
