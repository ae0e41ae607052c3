"""Log files that keep one predecessor, and their last words."""

from pathlib import Path
from typing import BinaryIO

ROTATE_AT = 10 * 1024 * 1024


def open_log(path: Path) -> BinaryIO:
    """Open a log to append to; one that has grown large becomes `<name>.log.1` first."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    if path.exists() and path.stat().st_size > ROTATE_AT:
        path.replace(path.with_name(path.name + ".1"))
    return path.open("ab", buffering=0)


def tail(path: Path, *, since: int = 0, lines: int = 15) -> str:
    """Give the last lines written after position `since`."""
    try:
        with path.open("rb") as file:
            end = file.seek(0, 2)
            file.seek(max(since, end - 16_384))
            text = file.read().decode(errors="replace")
    except OSError:
        return ""
    return "\n".join(text.splitlines()[-lines:])
