"""`streaming-stack up` as people use it: started, stopped, killed, and in circumstances."""

import asyncio
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
from app.up import worth_showing
from tests.app.conftest import Run
from tests.support.instance import READY, Instance, clean_environment, free_port, inside

# Two shared cores and, with PYTHONDONTWRITEBYTECODE, every module compiled at every start.
GENEROUS_S = 40.0


def eventually(check: Callable[[], bool], seconds: float = 10.0) -> bool:
    deadline = time.monotonic() + seconds
    while not check() and time.monotonic() < deadline:
        time.sleep(0.05)
    return check()


def command(*words: str, **settings: str) -> tuple[int, str]:
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
        names = ("uvicorn", "jobs.worker", "simulate", "postgres", "valkey")
        assert eventually(lambda: all(name in " ".join(inside(folder)) for name in names))
        second.process.kill()
        second.process.wait()
    assert eventually(lambda: not inside(folder)), f"a kill left {inside(folder)}"

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
    urls = json.loads(published.read_text())["urls"]
    assert set(urls) == {"api", "database", "redis", "simulators"}
    settings = {"STREAMING_STACK_DATA_DIR": str(folder)}
    assert command("user", "plan", "pro@example.com", "free", **settings)[0] == 0


def _plan_of_pro(folder: Path) -> str:
    """Ask with a command that starts the servers for itself."""
    settings = {"STREAMING_STACK_DATA_DIR": str(folder)}
    code, said = command("token", "pro@example.com", "--name", "a test", "--json", **settings)
    assert code == 0, said
    assert json.loads(said)["profile"] == "Everyone"
    code, said = command("user", "plan", "pro@example.com", "free", "--json", **settings)
    return json.loads(said)["plan"]


def test_given_servers_are_used_and_get_no_demo(tmp_path: Path, url: str, valkey_url: str) -> None:
    with Instance(tmp_path / "data", DATABASE_URL=url, REDIS_URL=valkey_url) as it:
        it.until(READY)
        assert not any("example.com" in line for line in it.lines)
        assert not (it.folder / "postgres").exists()
        assert not (it.folder / "valkey").exists()
        assert set(json.loads((it.folder / "instance.json").read_text())["urls"]) == {"api"}
        settings = {"STREAMING_STACK_DATA_DIR": str(tmp_path / "other")}
        code, said = command("up", STREAMING_STACK_PORT=str(it.port), **settings)
        assert code == 2
        assert f"Port {it.port} on 127.0.0.1 is used by another Streaming Stack; stop that" in said
        assert it.ctrl_c() == 0


NOWHERE = "postgresql://ann:hunter2@127.0.0.1:1/films"
DEAF = "redis://:hunter2@127.0.0.1:1/0"


@pytest.mark.parametrize(
    ("variable", "value", "words"),
    [
        ("DATABASE_URL", NOWHERE, "Postgres at 127.0.0.1:1/films cannot be reached"),
        ("DATABASE_URL", "mysql://ann:hunter2@localhost/films", "only postgresql:// works"),
        ("DATABASE_URL", "postgresql://ann:hunter2@localhost:x/films", "DATABASE_URL is not a URL"),
        ("REDIS_URL", DEAF, "Valkey at 127.0.0.1:1/0 cannot be used"),
        ("DATABASE_URL", "nonsense", "DATABASE_URL is not a URL; it looks like postgresql://"),
        ("DATABASE_URL", "postgresql://localhost:99999/x", "DATABASE_URL is not a URL; it"),
        ("REDIS_URL", "redis://:hunter2@localhost:x/0", "REDIS_URL is not a URL that works here"),
        ("REDIS_URL", "http://:hunter2@localhost", "REDIS_URL is not a URL that works here"),
        ("STREAMING_STACK_PORT", "eight thousand", "STREAMING_STACK_PORT is 'eight thousand'; it"),
        ("STREAMING_STACK_DATA_DIR", ".", "files in it that are not ours"),
        ("STREAMING_STACK_HOST", "192.0.2.1", "Nobody can listen on 192.0.2.1"),
    ],
)
def test_what_keeps_it_from_starting_is_one_sentence(
    run: Run, monkeypatch: pytest.MonkeyPatch, variable: str, value: str, words: str
) -> None:
    Path("thesis.txt").touch()
    monkeypatch.setenv("STREAMING_STACK_PORT", str(free_port()))
    monkeypatch.setenv(variable, value)
    said = run("up", code=2).output
    assert words in said
    assert "hunter2" not in said
    assert "; " in said.splitlines()[-1], "it does not say what to do"


def test_the_form_of_the_urls_is_checked_before_anything_starts(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STREAMING_STACK_PORT", str(free_port()))
    monkeypatch.delenv("DATABASE_URL")
    monkeypatch.setenv("REDIS_URL", "localhost:6379")
    assert "REDIS_URL is not a URL that works here; it looks" in run("up", code=2).output
    assert not (tmp_path / "data").exists()


def test_up_warns_of_variables_that_mean_nothing(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STREAMING_STACK_PROT", "80")
    monkeypatch.delenv("DATABASE_URL")
    monkeypatch.setenv("DATABSE_URL", "postgresql://localhost/films")
    monkeypatch.setenv("REDIS_URL", "nonsense")
    said = run("up", code=2).output
    assert "STREAMING_STACK_PROT in the environment is no setting; did you mean STREAMING" in said
    assert "DATABSE_URL in the environment is no setting; did you mean DATABASE_URL?" in said


def test_a_database_that_is_missing_or_too_new_is_left_alone(
    run: Run, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STREAMING_STACK_PORT", str(free_port()))
    asyncio.run(execute(url, "UPDATE alembic_version SET version_num = '9999'"))
    said = run("up", code=2).output
    assert "written by a newer version of Streaming Stack (schema 9999); install that" in said
    monkeypatch.setenv("DATABASE_URL", url.replace("test_", "absent_"))
    assert "There is no such database" in run("up", code=2).output


def test_a_postgres_that_is_too_old_is_refused(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STREAMING_STACK_PORT", str(free_port()))
    monkeypatch.setattr("app.database.OLDEST_POSTGRES", 99)
    said = run("up", code=2).output
    assert "is too old: 99 is the oldest that works; " in said


def test_a_port_or_a_folder_in_use_is_said(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        monkeypatch.setenv("STREAMING_STACK_PORT", port)
        assert f"Port {port} on 127.0.0.1 is already used" in run("up", code=2).output
    monkeypatch.setenv("STREAMING_STACK_PORT", str(free_port()))
    with DataFolder(tmp_path / "data"):
        assert "is in use by another running instance" in run("up", code=2).output


async def execute(url: str, statement: str) -> None:
    connection = await asyncpg.connect(url)
    await connection.execute(statement)
    await connection.close()


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        ('{"event": "request", "level": "info", "path": "/graphql"}', None),
        ('{"event": "x.failed", "level": "error", "id": "ab12", "exception": "Trace"}',
         "error: x.failed id=ab12"),
        ("Traceback (most recent call last):", "Traceback (most recent call last):"),
        ("[1, 2]", "[1, 2]"),
        ("", None),
    ],
)  # fmt: skip
def test_the_terminal_is_spared_what_went_as_it_should(line: str, shown: str | None) -> None:
    assert worth_showing(line) == shown
