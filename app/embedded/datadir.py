"""The data folder: whose it is, who is in it now, and what is where."""

import fcntl
import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Self

from app.embedded.errors import DATA_DIR_SETTING, StartupProblem, plainly, user_name

# One file both says that a folder is ours and lets only one instance in.
LOCK = "streaming-stack.lock"
INSTANCE = "instance.json"
_HARMLESS = {".DS_Store", ".gitkeep", "lost+found"}


@dataclass(frozen=True)
class Instance:
    """What a running instance tells others about itself."""

    pid: int
    started_at: str
    ports: dict[str, int] = field(default_factory=dict)
    urls: dict[str, str] = field(default_factory=dict)


class DataFolder:
    """A folder claimed by this process until `close`, or its death, releases it."""

    def __init__(self, path: Path) -> None:
        self.path = path.absolute()
        self.postgres = self.path / "postgres"
        self.valkey = self.path / "valkey"
        self.logs = self.path / "logs"
        self._lock: int | None = None

    def open(self) -> Self:
        """Make the folder if it is new, claim it, or say who has it."""
        with plainly(self.path):
            # Others may pass through but not look: root's Postgres may have to run as `nobody`.
            self.path.mkdir(mode=0o711 if os.geteuid() == 0 else 0o700, parents=True, exist_ok=True)
            _check_ours(self.path)
            self._lock = _claim(self.path)
            self.logs.mkdir(mode=0o700, exist_ok=True)
            self._forget_instance()
        return self

    def publish(
        self, *, ports: Mapping[str, int] | None = None, urls: Mapping[str, str] | None = None
    ) -> Instance:
        """Write down where this instance can be found."""
        now = datetime.now(UTC).isoformat(timespec="seconds")
        instance = Instance(os.getpid(), now, dict(ports or {}), dict(urls or {}))
        half = self.path / f"{INSTANCE}.new"
        with plainly(self.path):
            half.touch(mode=0o600)
            half.write_text(json.dumps(asdict(instance), indent=2) + "\n")
            half.replace(self.path / INSTANCE)
        return instance

    def close(self) -> None:
        """Leave the folder to the next one."""
        if self._lock is not None:
            self._forget_instance()
            os.close(self._lock)
            self._lock = None

    def __enter__(self) -> Self:
        return self.open()

    def __exit__(self, *_: object) -> None:
        self.close()

    def _forget_instance(self) -> None:
        (self.path / INSTANCE).unlink(missing_ok=True)


def running_instance(path: Path) -> Instance | None:
    """Read who runs in a folder; nobody when the file is only what a crash left behind."""
    try:
        lock = os.open(path / LOCK, os.O_RDONLY)
        content = json.loads((path / INSTANCE).read_text())
    except (OSError, ValueError):
        return None
    try:
        fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return Instance(**content)
    finally:
        os.close(lock)
    return None


def _check_ours(path: Path) -> None:
    names = {entry.name for entry in path.iterdir()} - _HARMLESS
    if names and LOCK not in names:
        raise StartupProblem(
            f"The folder {path} has files in it that are not ours",
            f"set {DATA_DIR_SETTING} to an empty folder or to one that does not exist yet",
        )
    if names and (owner := (path / LOCK).stat().st_uid) != os.geteuid():
        raise StartupProblem(
            f"The folder {path} belongs to {user_name(owner)}, and this is {user_name()}",
            f"start as {user_name(owner)}, or set {DATA_DIR_SETTING} to another folder",
        )


def _claim(path: Path) -> int:
    lock = os.open(path / LOCK, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        os.truncate(lock, 0)
        os.write(lock, f"{os.getpid()}\n".encode())
    except BlockingIOError:
        pid = os.read(lock, 20).decode().strip() or "unknown"
        os.close(lock)
        raise StartupProblem(
            f"The folder {path} is in use by another running instance (process {pid})",
            f"stop that one, or set {DATA_DIR_SETTING} to another folder",
        ) from None
    except OSError:
        os.close(lock)
        raise
    return lock
