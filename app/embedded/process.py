"""Children that never outlive us, whatever happens to us."""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import IO

SHIM = Path(__file__).with_name("shim.py")
HAS_PRCTL = sys.platform == "linux"

# Linux sends the death signal when the *thread* that forked ends, so one thread that lives as
# long as the process does all the forking.
_spawner = ThreadPoolExecutor(max_workers=1, thread_name_prefix="spawner")


class Child:
    """A process of ours, in a session of its own: the terminal's Ctrl-C does not reach it."""

    def __init__(self, process: subprocess.Popen[bytes], stop_signal: signal.Signals) -> None:
        self.process = process
        self.stop_signal = stop_signal
        self._swept = False

    @property
    def pid(self) -> int:
        """Its process id; the shim's and, after exec, the command's."""
        return self.process.pid

    @property
    def alive(self) -> bool:
        """Whether it still runs."""
        if self.process.poll() is None:
            return True
        self._sweep()
        return False

    @property
    def ending(self) -> str:
        """How it ended, for people."""
        code = self.process.poll()
        if code is None:
            return "still running"
        return f"killed by {signal.Signals(-code).name}" if code < 0 else f"exit code {code}"

    def stop(self, grace: float = 10.0, hurry: Callable[[], bool] = lambda: False) -> None:
        """Ask it to stop, wait up to `grace` seconds or until `hurry`, then kill it."""
        if self.alive:
            self.process.send_signal(self.stop_signal)
        deadline = time.monotonic() + grace
        while self.alive and time.monotonic() < deadline and not hurry():
            time.sleep(0.01)
        self._sweep()
        self.process.wait()

    def _sweep(self) -> None:
        """Kill what is left of its group; once, for later the number may be someone else's."""
        if not self._swept:
            self._swept = True
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(self.pid, signal.SIGKILL)


class Parent:
    """Whoever keeps one child, which may not have been started yet."""

    _child: Child | None = None

    @property
    def alive(self) -> bool:
        """Whether it runs."""
        return self._child is not None and self._child.alive

    @property
    def pid(self) -> int | None:
        """Its process id while it runs."""
        return self._child.pid if self._child is not None and self._child.alive else None

    @property
    def ending(self) -> str:
        """How it ended, for people."""
        return self._child.ending if self._child is not None else "not started"


def spawn(
    argv: Sequence[str | Path],
    *,
    output: int | IO[bytes],
    env: Mapping[str, str] | None = None,
    cwd: Path | None = None,
    stop_signal: signal.Signals = signal.SIGTERM,
    shim_options: Sequence[str] = (),
) -> Child:
    """Start a child that gets `stop_signal` when we die; its output and errors go to `output`."""
    lifeline = () if HAS_PRCTL else (_lifeline(),)
    options = [f"parent={os.getpid()}", f"signal={stop_signal.value}", *shim_options]
    options += [f"lifeline={descriptor}" for descriptor in lifeline]
    program = shutil.which(argv[0]) or str(argv[0])
    command = [sys.executable, "-I", "-S", str(SHIM), *options, "--", program, *map(str, argv[1:])]

    def start() -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            env=env,
            cwd=cwd,
            start_new_session=True,
            pass_fds=lifeline,
        )

    return Child(_spawner.submit(start).result(), stop_signal)


def run(argv: Sequence[str | Path], shim_options: Sequence[str] = ()) -> tuple[int, str]:
    """Run a short command; give its exit code and what it wrote."""
    child = spawn(argv, output=subprocess.PIPE, cwd=Path("/"), shim_options=shim_options)
    output, _ = child.process.communicate()
    return child.process.returncode, output.decode(errors="replace")


@cache
def _lifeline() -> int:
    """Open the pipe that ends with us: the kernel closes our side, whatever kills us."""
    reading, _writing_stays_open = os.pipe()
    return reading


def command_line(pid: int) -> str:
    """Give the words a living process was started with; empty when there is none."""
    if HAS_PRCTL:
        with suppress(OSError):
            words = Path(f"/proc/{pid}/cmdline").read_bytes()
            return words.replace(b"\0", b" ").decode(errors="replace")
        return ""
    return run(["ps", "-ww", "-o", "args=", "-p", str(pid)])[1]


def processes_in(folder: Path) -> list[int]:
    """Find those working in a folder, as every process of a Postgres does; Linux can tell."""
    found: list[int] = []
    real = folder.resolve()
    for link in Path("/proc").glob("[0-9]*/cwd"):
        with suppress(OSError):  # gone meanwhile, or another user's
            if link.readlink() == real:
                found.append(int(link.parent.name))
    return found
