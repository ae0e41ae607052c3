"""Where a test run keeps its files: in memory, where there is room.

Each test has a database of its own, which is some hundred files that are made and deleted again. On
a disk that takes several times as long as the rest of the test.
"""

import os
import re
import tempfile
from pathlib import Path

MEMORY = Path("/dev/shm")  # noqa: S108 - the folders in it are made by tempfile
_LEAST = 6 * 1024**3  # bytes; a whole run was seen to use 0.8 GB


def use_memory() -> None:
    """Make new temporary folders in memory, unless TMPDIR says where, or there is no room."""
    if "TMPDIR" not in os.environ and _has_room(MEMORY):
        os.environ["TMPDIR"] = tempfile.tempdir = str(MEMORY)  # for what we start, and for us


def _has_room(folder: Path) -> bool:
    try:
        about = os.statvfs(folder)
        memory = Path("/proc/meminfo").read_text()
    except OSError:
        return False
    found = re.search(r"MemAvailable:\s+(\d+) kB", memory)
    if found is None or not os.access(folder, os.W_OK) or about.f_flag & os.ST_NOEXEC:
        return False
    return min(int(found[1]) * 1024, about.f_bavail * about.f_frsize) >= _LEAST
