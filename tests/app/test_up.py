"""`streaming-stack up` as people use it: started, stopped, killed, and in circumstances."""

import json
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import asyncpg
import httpx
import pytest

from app.embedded import DataFolder, running_instance
from tests.support.instance import READY, Instance, clean_environment, free_port, inside

# Two shared cores and, with PYTHONDONTWRITEBYTECODE, every module compiled at every start.
GENEROUS_S = 40.0


def eventually(check: Callable[[], bool], seconds: float = 10.0) -> bool:
    deadline = time.monotonic() + seconds
    while not check() and time.monotonic() < deadline:
        time.sleep(0.05)
    return check()


def run(*words: str, **settings: str) -> tuple[int, str]:
    """Run a command to its end; its exit code and all it said."""
    done = subprocess.run(
        [sys.executable, "-m", "app.cli", *words],
        env=clean_environment(**settings),
        cwd="/",
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    return done.returncode, done.stdout + done.stderr


def test_up_starts_everything_and_goes_on_where_it_ended(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    with Instance(folder) as first:
        first.until(READY)
        print(f"first start: {first.seconds:.1f} s")
        said = "\n".join(first.lines)
        assert f"GraphiQL   http://127.0.0.1:{first.port}/graphql" in said
        assert f"REST docs  http://127.0.0.1:{first.port}/api/docs" in said
        assert "free@example.com, pro@example.com, admin@example.com" in said
        assert "watch-tonight" in said
        with httpx.Client(base_url=f"http://127.0.0.1:{first.port}") as browser:
            assert browser.get("/readyz").json()["status"] == "ready"
            assert browser.get("/graphql", headers={"accept": "text/html"}).status_code == 200
        _commands_reach_a_running_instance(folder)
        assert first.ctrl_c() == 0
        assert first.lines[-1].startswith("Stopped.")
    assert eventually(lambda: not inside(folder))
    assert running_instance(folder) is None

    with Instance(folder, STREAMING_STACK_LOG_LEVEL="debug") as second:
        second.until(READY)
        print(f"second start: {second.seconds:.1f} s")
        assert second.seconds < GENEROUS_S
        assert not any("Demo catalogue" in line for line in second.lines)  # it is there already
        second.process.kill()
        second.process.wait()
    assert eventually(lambda: not inside(folder)), "a kill left something running"

    with Instance(folder) as third:
        third.until("Database on Postgres")
        assert "schema" in third.lines[-1]
        third.process.send_signal(signal.SIGTERM)  # while it starts
        assert third.ended() == 0
    assert eventually(lambda: not inside(folder))
    assert _plan_of_pro(folder) == "free"


def _commands_reach_a_running_instance(folder: Path) -> None:
    published = folder / "instance.json"
    assert published.stat().st_mode & 0o777 == 0o600
    assert set(json.loads(published.read_text())["urls"]) == {"api", "database", "redis"}
    settings = {"STREAMING_STACK_DATA_DIR": str(folder)}
    assert run("user", "plan", "pro@example.com", "free", **settings)[0] == 0


def _plan_of_pro(folder: Path) -> str:
    """Ask with a command that starts the servers for itself."""
    settings = {"STREAMING_STACK_DATA_DIR": str(folder)}
    code, said = run("token", "pro@example.com", "--name", "a test", "--json", **settings)
    assert code == 0, said
    assert json.loads(said)["profile"] == "Everyone"
    code, said = run("user", "plan", "pro@example.com", "free", "--json", **settings)
    return json.loads(said)["plan"]


@pytest.fixture
def given(tmp_path: Path, database_url: str, valkey_url: str) -> dict[str, str]:
    """Servers that somebody else runs, and a free port."""
    return {
        "DATABASE_URL": database_url,
        "REDIS_URL": valkey_url,
        "STREAMING_STACK_DATA_DIR": str(tmp_path / "data"),
        "STREAMING_STACK_PORT": str(free_port()),
    }


@pytest.mark.anyio
async def test_given_servers_are_used_and_get_no_demo(tmp_path: Path, given: dict[str, str]) -> None:
    with Instance(tmp_path / "data", **{k: v for k, v in given.items() if "DATA_DIR" not in k}) as it:
        it.until(READY)
        assert not any("example.com" in line for line in it.lines)
        assert not (it.folder / "postgres").exists()
        assert not (it.folder / "valkey").exists()
        assert set(json.loads((it.folder / "instance.json").read_text())["urls"]) == {"api"}
        assert it.ctrl_c() == 0


@pytest.mark.anyio
async def test_what_keeps_it_from_starting_is_one_sentence(
    tmp_path: Path, given: dict[str, str], database_url: str
) -> None:
    nowhere = f"postgresql://ann:hunter2@127.0.0.1:{free_port()}/films"
    expected = {
        "cannot be reached": {"DATABASE_URL": nowhere},
        "Valkey at": {"REDIS_URL": f"redis://:hunter2@127.0.0.1:{free_port()}/0"},
        "There is no such database": {"DATABASE_URL": database_url.replace("test_", "absent_")},
        "only postgresql:// works": {"DATABASE_URL": "mysql://ann:hunter2@localhost/films"},
        "is not usable": {"STREAMING_STACK_PORT": "eight thousand"},
        "files in it that are not ours": {"STREAMING_STACK_DATA_DIR": str(tmp_path)},
    }
    (tmp_path / "thesis.txt").touch()
    for words, wrong in expected.items():
        code, said = run("up", **given | wrong)
        assert (code, words in said) == (2, True), said
        assert "Traceback" not in said
        assert "hunter2" not in said
        assert "; " in said.splitlines()[-1], "it does not say what to do"


@pytest.mark.anyio
async def test_a_database_of_a_newer_version_is_left_alone(given: dict[str, str]) -> None:
    connection = await asyncpg.connect(given["DATABASE_URL"])
    await connection.execute("UPDATE alembic_version SET version_num = '9999'")
    await connection.close()
    code, said = run("up", **given)
    assert code == 2
    assert "written by a newer version of Streaming Stack (schema 9999)" in said


def test_a_port_or_a_folder_in_use_is_said(tmp_path: Path) -> None:
    settings = {"STREAMING_STACK_DATA_DIR": str(tmp_path / "data")}
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        code, said = run("up", **settings, STREAMING_STACK_PORT=port)
    assert code == 2
    assert f"Port {port} on 127.0.0.1 is already used" in said
    with DataFolder(tmp_path / "data"):
        code, said = run("up", **settings, STREAMING_STACK_PORT=str(free_port()))
    assert code == 2
    assert "is in use by another running instance" in said
