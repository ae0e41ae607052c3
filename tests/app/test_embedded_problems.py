"""What keeps us from starting is said in one sentence, with what to do about it."""

import contextlib
import json
import os
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.embedded import (
    DataFolder,
    Postgres,
    StartupProblem,
    Valkey,
    cluster,
    ensure_port_free,
    programs,
    running_instance,
)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """Mount a disk of 120 MB."""
    if os.geteuid() != 0:
        pytest.skip("only root may mount a small disk")
    mount = ["mount", "-t", "tmpfs", "-o", "size=120m", "tmpfs", str(tmp_path)]
    if subprocess.run(mount, check=False).returncode != 0:
        pytest.skip("a small disk cannot be mounted here")
    yield tmp_path
    subprocess.run(["umount", "-l", tmp_path], check=True)


def test_foreign_files_are_left_alone(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").touch()
    with pytest.raises(StartupProblem, match="files in it that are not ours; set STREAMING_STACK"):
        DataFolder(tmp_path).open()
    with pytest.raises(StartupProblem, match="is no Postgres cluster; move it away"):
        Postgres(tmp_path).start()
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.txt"]


def test_a_file_is_no_folder(tmp_path: Path) -> None:
    (tmp_path / "data").touch()
    with pytest.raises(StartupProblem, match=r"data cannot be used \(File exists\); set STREAMING"):
        DataFolder(tmp_path / "data").open()


def test_a_folder_holds_one_instance_at_a_time(tmp_path: Path) -> None:
    with DataFolder(tmp_path / "data") as folder:
        instance = folder.publish(ports={"api": 8000}, urls={"api": "http://127.0.0.1:8000"})
        assert running_instance(folder.path) == instance
        assert json.loads((folder.path / "instance.json").read_text())["pid"] == os.getpid()
        with pytest.raises(
            StartupProblem, match=rf"process {os.getpid()}\); stop that one, or set"
        ):
            DataFolder(folder.path).open()
    assert running_instance(folder.path) is None
    with DataFolder(folder.path):
        pass


def test_a_cluster_of_another_major_version_is_refused(tmp_path: Path) -> None:
    (tmp_path / "postgres").mkdir()
    (tmp_path / "postgres" / "PG_VERSION").write_text("14\n")
    with pytest.raises(StartupProblem, match=r"written by Postgres 14, and this is \d\d; set STR"):
        Postgres(tmp_path / "postgres").start()


def test_a_port_in_use_names_the_setting_to_change(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(StartupProblem, match=f"Port {port} .*set STREAMING_STACK_PORT to ano"):
            ensure_port_free("127.0.0.1", port)
        with pytest.raises(StartupProblem, match=f"Port {port} .*set the port of Valkey"):
            Valkey(tmp_path / "valkey", port=port).start()
        with pytest.raises(StartupProblem, match=f"Port {port} .*set the port of Postgres"):
            Postgres(tmp_path / "postgres", tcp_port=port).start()
    ensure_port_free("127.0.0.1", port)
    with Valkey(tmp_path / "valkey", port=port, durable=False):
        socket.create_connection(("127.0.0.1", port)).close()


def test_missing_programs_name_every_way_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(programs.POSTGRES_SETTING, str(tmp_path))
    with pytest.raises(StartupProblem, match=r"There is no Postgres .* or set DATABASE_URL"):
        Postgres(tmp_path / "postgres").start()
    monkeypatch.setenv(programs.VALKEY_SETTING, str(tmp_path))
    with pytest.raises(StartupProblem, match=r"There is no Valkey .* or set REDIS_URL"):
        Valkey(tmp_path / "valkey").start()


def test_a_server_that_refuses_says_where_the_reason_is(tmp_path: Path) -> None:
    with pytest.raises(StartupProblem, match=r"Valkey did not start \(exit code 1\)") as caught:
        Valkey(tmp_path / "valkey", args=["--maxmemory-policy", "nonsense"]).start()
    assert str(tmp_path / "logs" / "valkey.log") in caught.value.hint
    assert "maxmemory-policy" in caught.value.details


def test_a_full_disk_is_said_until_there_is_room(
    small_disk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    postgres = Postgres(small_disk / "postgres", durable=False)
    full = f"The disk that holds {small_disk}.* is full; free at least 200 MB there"
    with pytest.raises(StartupProblem, match=full):
        postgres.start()
    monkeypatch.setattr(cluster, "FREE_SPACE_NEEDED", 0)
    with postgres:
        pass
    filler = small_disk / "filler"
    with contextlib.suppress(OSError), filler.open("wb", buffering=0) as file:
        while file.write(bytes(4096)):
            pass
    for server in (postgres, Postgres(small_disk / "other"), Valkey(small_disk / "valkey")):
        with pytest.raises(StartupProblem, match=full):
            server.start()
    with pytest.raises(StartupProblem, match=full):
        DataFolder(small_disk / "data").open()
    assert not list(small_disk.glob("other.new-*"))
    filler.unlink()
    with postgres:
        assert postgres.alive
