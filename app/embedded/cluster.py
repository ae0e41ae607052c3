"""A Postgres cluster's folder: made whole or not at all, and checked before it is opened."""

import os
import shutil
import tempfile
from pathlib import Path

from app.embedded.errors import DATA_DIR_SETTING, StartupProblem, disk_full, from_log
from app.embedded.identity import Identity
from app.embedded.logs import open_log, tail
from app.embedded.process import spawn
from app.embedded.programs import POSTGRES_SETTING, PostgresPrograms

BUILTIN_LOCALES = 17
FREE_SPACE_NEEDED = 200 * 1024 * 1024


def create_cluster(
    folder: Path, programs: PostgresPrograms, identity: Identity, *, durable: bool, log_file: Path
) -> None:
    """Make a cluster beside `folder` and rename it, so a kill never leaves half of one."""
    if shutil.disk_usage(folder.parent).free < FREE_SPACE_NEEDED:
        raise disk_full(folder.parent)
    # A new name each time: a killed run's initdb may still be cleaning up behind itself.
    for leftover in folder.parent.glob(f"{folder.name}.new-*"):
        shutil.rmtree(leftover, ignore_errors=True)
    half = Path(tempfile.mkdtemp(prefix=f"{folder.name}.new-", dir=folder.parent))
    identity.own(half)
    try:
        _initdb(half, programs, identity, durable=durable, log_file=log_file)
        if folder.exists():
            folder.rmdir()  # only ever an empty one: see `check_cluster`
        half.rename(folder)
    finally:
        shutil.rmtree(half, ignore_errors=True)


def _initdb(
    folder: Path, programs: PostgresPrograms, identity: Identity, *, durable: bool, log_file: Path
) -> None:
    # Built in (since 17): sorts alike on every machine, and no system upgrade can corrupt an index.
    locale = ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    command = [
        programs.folder / "initdb",
        f"--pgdata={folder}",
        "--username=postgres",
        "--auth=trust",  # the socket's folder is closed to everyone else
        "--encoding=UTF8",
        *(locale if programs.major >= BUILTIN_LOCALES else ["--locale=C.UTF-8"]),
        "--data-checksums",
        *([] if durable else ["--no-sync"]),
    ]
    with open_log(log_file) as log:
        start = log.seek(0, 2)
        child = spawn(
            command,
            output=log,
            env=environment(),
            cwd=folder,
            shim_options=identity.shim_options,
        )
        child.process.wait()
    if child.process.returncode != 0:
        what = f"Postgres could not create its files in {folder.parent} ({child.ending})"
        raise from_log(what, tail(log_file, since=start), log_file)


def check_cluster(folder: Path, programs: PostgresPrograms) -> None:
    """Refuse a folder that is no cluster, or one of another major version."""
    version_file = folder / "PG_VERSION"
    if not version_file.exists():
        if folder.exists() and any(folder.iterdir()):
            raise StartupProblem(
                f"The folder {folder} has files in it but is no Postgres cluster",
                f"move it away, or set {DATA_DIR_SETTING} to another folder",
            )
        return
    version = version_file.read_text().strip()
    if version != str(programs.major):
        raise StartupProblem(
            f"The data in {folder} was written by Postgres {version}, and this is {programs.major}",
            f"set {POSTGRES_SETTING} to the programs of Postgres {version}, or move the folder away"
            " to start afresh",
        )


def disown_dead_postmaster(pid_file: Path) -> None:
    """Keep a number that is someone else's by now from stopping Postgres.

    The caller knows that no server of ours runs. Postgres takes any living process with the pid in
    its lock file for its predecessor, except its own parent: so we write that, and it goes on to
    look for surviving backends (which it could not if we removed the file).
    """
    if not pid_file.exists():
        return
    lines = pid_file.read_text().splitlines(keepends=True)
    if lines:
        pid_file.write_text("".join([f"{os.getpid()}\n", *lines[1:]]))
    else:  # a full disk or a crash cut it short
        pid_file.unlink()


def environment() -> dict[str, str]:
    """Give ours without what would change Postgres's mind behind our back."""
    ours = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
    return ours | {"LC_ALL": "C", "TZ": "UTC"}
