"""The supervisor with real children: they die, they linger, they ignore it."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from app.embedded import Postgres, StartupProblem, logs
from app.embedded.command import Command
from app.supervisor import Patience, Supervisor

ROOT = Path(__file__).parents[2]
QUICK = Patience(first_pause=0.05, longest_pause=0.1, steady_after=60, deaths=3, grace=0.5)
STUBBORN = "import signal, time; signal.signal(15, signal.SIG_IGN); print('here'); time.sleep(60)"


def python(name: str, code: str, folder: Path, lines: list[str] | None = None) -> Command:
    def console(name: str, line: str) -> None:
        if lines is not None:
            lines.append(f"{name} {line}")

    return Command(name, [sys.executable, "-S", "-c", code], logs=folder, console=console)


def eventually_true(check: Callable[[], bool], seconds: float = 8.0) -> bool:
    deadline = time.monotonic() + seconds
    while not check() and time.monotonic() < deadline:
        time.sleep(0.02)
    return check()


class Running:
    """A supervisor in a thread, asked to stop at the end."""

    def __init__(self, supervisor: Supervisor) -> None:
        self.supervisor = supervisor
        self.thread = threading.Thread(target=supervisor.run)

    def __enter__(self) -> Supervisor:
        self.thread.start()
        return self.supervisor

    def __exit__(self, *_: object) -> None:
        self.supervisor.stop()
        self.thread.join(20)
        assert not self.thread.is_alive()


def test_a_child_that_dies_is_started_again(tmp_path: Path) -> None:
    code = "import sys, time, os; print('life', os.getpid()); f = sys.argv[1:]; time.sleep(60)"
    lines: list[str] = []
    said: list[str] = []
    worker = python("worker", code, tmp_path, lines)
    with Running(Supervisor([worker], patience=QUICK, say=said.append)):
        assert eventually_true(lambda: len(lines) == 1)
        first = worker.pid
        assert first is not None
        os.kill(first, signal.SIGKILL)
        assert eventually_true(lambda: len(lines) == 2)
        assert worker.pid not in {first, None}
    assert said == ["worker stopped (killed by SIGKILL); starting it again in 0.05 s"]
    assert (tmp_path / "worker.log").read_text().count("life") == 2
    assert not worker.alive


def test_a_child_that_keeps_dying_stops_everything(tmp_path: Path) -> None:
    api = python("api", "import time; time.sleep(60)", tmp_path)
    worker = python("worker", "raise SystemExit('no such table: titles')", tmp_path)
    with pytest.raises(StartupProblem) as caught:
        Supervisor([api, worker], patience=QUICK, say=lambda _: None).run()
    assert str(caught.value).startswith("worker stopped 3 times in a row (exit code 1); its last")
    assert caught.value.details.splitlines()[-1] == "no such table: titles"
    assert not api.alive


def test_a_steady_child_is_forgiven(tmp_path: Path) -> None:
    patience = Patience(first_pause=0.01, steady_after=0.0, deaths=2)
    said: list[str] = []
    worker = python("worker", "pass", tmp_path)
    with Running(Supervisor([worker], patience=patience, say=said.append)):
        assert eventually_true(lambda: len(said) >= 4)
    assert all("in 0.01 s" in line for line in said)


def test_children_stop_in_reverse_order(tmp_path: Path) -> None:
    code = (
        "import signal, sys, time\n"
        "def stop(*_): print('stopped'); sys.exit()\n"
        "signal.signal(15, stop); print('here'); time.sleep(60)"
    )
    lines: list[str] = []
    children = [python(name, code, tmp_path, lines) for name in ("first", "second")]
    with Running(Supervisor(children)):
        assert eventually_true(lambda: len(lines) == 2)
    assert lines[2:] == ["second stopped", "first stopped"]


@pytest.mark.parametrize(("stops", "least", "most"), [(1, 0.5, 5.0), (2, 0.0, 5.0)])
def test_a_child_that_will_not_stop_is_killed(
    tmp_path: Path, stops: int, least: float, most: float
) -> None:
    lines: list[str] = []
    child = python("stubborn", STUBBORN, tmp_path, lines)
    patience = QUICK if stops == 1 else Patience(grace=30)
    with Running(Supervisor([child], patience=patience)) as supervisor:
        assert eventually_true(lambda: len(lines) == 1)
        before = time.monotonic()
        for _ in range(stops - 1):
            supervisor.stop()
    assert least <= time.monotonic() - before < most
    assert child.ending == "killed by SIGKILL"


def test_what_a_dead_child_leaves_behind_is_killed(tmp_path: Path) -> None:
    lines: list[str] = []
    code = "import subprocess; print(subprocess.Popen(['sleep', '60']).pid)"
    with Running(Supervisor([python("parent", code, tmp_path, lines)])):
        assert eventually_true(lambda: len(lines) == 1)
        left = Path("/proc", lines[0].split()[1], "stat")
        assert eventually_true(lambda: not left.exists() or " Z " in left.read_text())


def test_ctrl_c_reaches_the_supervisor_alone(tmp_path: Path) -> None:
    code = f"""
import sys
from pathlib import Path
from app.embedded.command import Command
from app.supervisor import Supervisor
child = Command("child", [sys.executable, "-c", "import signal, time\\n"
    "signal.signal(2, lambda *_: print('interrupted'))\\nprint('here')\\ntime.sleep(60)"],
    logs=Path({str(tmp_path)!r}), console=lambda *words: print(*words, flush=True))
Supervisor([child]).run()
print("done")
"""
    with subprocess.Popen(
        [sys.executable, "-c", code],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as running:
        assert running.stdout is not None
        assert running.stdout.readline() == "child here\n"
        os.killpg(running.pid, signal.SIGINT)
        assert running.communicate(timeout=20)[0] == "done\n"
        assert running.returncode == 0


def test_a_postgres_that_crashes_comes_back_under_its_address(tmp_path: Path) -> None:
    said: list[str] = []
    with Postgres(tmp_path / "postgres", durable=False) as postgres:
        url, pid = postgres.url, postgres.pid
        assert pid is not None
        with Running(Supervisor([postgres], patience=QUICK, say=said.append)):
            os.kill(pid, signal.SIGKILL)
            assert eventually_true(lambda: postgres.pid not in {pid, None})
            assert postgres.url == url
    assert said == ["Postgres stopped (killed by SIGKILL); starting it again in 0.05 s"]


def test_a_large_log_makes_room_and_keeps_one_predecessor(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(logs, "ROTATE_AT", 10)
    for text in (b"the first of three", b"the second of three", b"the third"):
        with logs.open_log(tmp_path / "api.log") as log:
            log.write(text)
    assert (tmp_path / "api.log").read_bytes() == b"the third"
    assert (tmp_path / "api.log.1").read_bytes() == b"the second of three"
    assert logs.tail(tmp_path / "api.log", since=4) == "third"
