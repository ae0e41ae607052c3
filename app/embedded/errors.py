"""What can keep us from starting, said as one plain sentence with what to do about it."""

import errno
import os
import pwd
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

DATA_DIR_SETTING = "STREAMING_STACK_DATA_DIR"

_FULL = {errno.ENOSPC, errno.EDQUOT}
_FORBIDDEN = {errno.EACCES, errno.EPERM, errno.EROFS}
_TOO_LITTLE = 1024 * 1024
_FULL_IN_LOG = re.compile("no space left on device|disk quota exceeded", re.IGNORECASE)


class StartupProblem(Exception):
    """Something the person at the keyboard can put right.

    `str()` is the whole sentence: the message, then the hint. `details` are log lines, if any,
    to print below it.
    """

    def __init__(self, message: str, hint: str = "", details: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.details = details

    def __str__(self) -> str:
        return f"{self.message}; {self.hint}." if self.hint else f"{self.message}."


def disk_full(path: Path) -> StartupProblem:
    """Say that no more can be written where `path` is."""
    return StartupProblem(
        f"The disk that holds {path} is full",
        f"free at least 200 MB there, or set {DATA_DIR_SETTING} to a folder on another disk",
    )


@contextmanager
def plainly(path: Path) -> Iterator[None]:
    """Turn the operating system's refusals while we work in `path` into sentences."""
    try:
        yield
    except OSError as error:
        raise _from_os_error(error, path) from error


def _from_os_error(error: OSError, path: Path) -> StartupProblem:
    if error.errno in _FULL:
        return disk_full(path)
    if error.errno in _FORBIDDEN:
        return StartupProblem(
            f"The user {user_name()} may not write to {error.filename or path}",
            f"give that user write access, or set {DATA_DIR_SETTING} to another folder",
        )
    return StartupProblem(
        f"The folder {path} cannot be used ({error.strerror or error})",
        f"set {DATA_DIR_SETTING} to another folder",
    )


def from_log(what_happened: str, log: str, log_file: Path) -> StartupProblem:
    """Explain why a server gave up, from what it wrote while it started."""
    # Where the disk is full, the server could not write the reason down either.
    if _FULL_IN_LOG.search(log) or shutil.disk_usage(log_file.parent).free < _TOO_LITTLE:
        return disk_full(log_file.parent)
    return StartupProblem(what_happened, f"the reason is in {log_file}", details=log)


def user_name(uid: int | None = None) -> str:
    """Name a user, by default the one we run as; in containers some have only a number."""
    uid = os.geteuid() if uid is None else uid
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return str(uid)
