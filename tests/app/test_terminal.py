"""A terminal that is closed under `streaming-stack up`, where only another program is told."""

import os
import pty
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

from tests.support.instance import READY, clean_environment, free_port, inside

# As `make` is: leader of the session, catches the signal of the closed terminal, passes none on.
LEADER = """
import fcntl, signal, subprocess, sys, termios
from pathlib import Path
fcntl.ioctl(0, termios.TIOCSCTTY, 0)
signal.signal(signal.SIGHUP, lambda *_: None)
code = subprocess.call([sys.executable, "-m", "app.cli", "up"])
Path(sys.argv[1]).write_text(f"{code} ")
"""


def read_until(master: int, words: str) -> str:
    said = ""
    while words not in said:
        try:
            said += os.read(master, 4096).decode(errors="replace")
        except OSError as problem:
            raise AssertionError(f"it ended without saying {words!r}:\n{said}") from problem
    return said


def close_terminal_at(words: str, folder: Path, **settings: str) -> int:
    """Start `up` in a terminal, close that once these words are there; the exit code of `up`."""
    ended = folder.parent / "ended"
    settings |= {"STREAMING_STACK_DATA_DIR": str(folder), "STREAMING_STACK_PORT": str(free_port())}
    master, slave = pty.openpty()
    leader = subprocess.Popen(
        [sys.executable, "-c", LEADER, str(ended)],
        env=clean_environment(TERM="xterm", **settings),
        cwd=folder.parent,
        stdin=slave,
        stdout=slave,
        stderr=slave,
        start_new_session=True,
    )
    os.close(slave)
    try:
        read_until(master, words)
        os.close(master)
        until = time.monotonic() + 30
        while not ended.exists() and time.monotonic() < until:
            time.sleep(0.05)
        assert ended.exists(), f"it goes on without its terminal: {inside(folder)}"
        leader.wait(5)
        return int(ended.read_text())
    finally:
        with suppress(ProcessLookupError):
            os.killpg(leader.pid, signal.SIGKILL)  # `up` too, where it goes on
        leader.wait()


def test_up_ends_well_with_its_terminal(tmp_path: Path, url: str, valkey_url: str) -> None:
    folder = tmp_path / "data"
    assert close_terminal_at(READY, folder, DATABASE_URL=url, REDIS_URL=valkey_url) == 0
    assert not inside(folder)


def test_up_ends_well_with_its_terminal_while_it_starts(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    assert close_terminal_at("Postgres in", folder) == 0
    assert not inside(folder)
