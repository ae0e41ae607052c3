"""Records of CSV files, plain or gzipped, read line by line and numbered as an editor numbers them.

A list may be larger than memory, cut short in the download, saved by Excel or by someone in 1998:
what can be read is read, what cannot is said in a sentence that names the file.
"""

import csv
import gzip
import zlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from domain.errors import InvalidInput

_LONGEST_LINE = 1_000_000  # bytes; a synopsis of 10,000 characters has 40,000 at the most
_GZIP, _UTF8_MARK, _UTF16_MARKS = b"\x1f\x8b", b"\xef\xbb\xbf", (b"\xff\xfe", b"\xfe\xff")
_SHOWN = 20  # columns of a file that an error lists


class UnreadableFile(InvalidInput):
    """A file that is missing, damaged or not a CSV file of the kind that is asked for."""

    code = "UNREADABLE_FILE"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a record starts: a file and the line in it, counted from 1."""

    file: str
    line: int


@dataclass(frozen=True, slots=True)
class Torn:
    """A record that cannot be taken apart into its cells, and why."""

    reason: str


def records(path: Path, needed: Iterable[str]) -> Iterator[tuple[Place, Mapping[str, str] | Torn]]:
    """Each record below the header, with the line it starts on; empty lines are passed over.

    Cells that are not UTF-8 are read as Windows-1252, which has Latin-1 in it. Raises
    UnreadableFile, in the middle too when a gzipped file turns out to be cut short.
    """
    try:
        with _open(path) as handle:
            yield from _records(path, handle, tuple(needed))
    except UnreadableFile:
        raise
    except (EOFError, zlib.error, gzip.BadGzipFile) as problem:
        raise UnreadableFile(
            f"{path} is damaged or was not downloaded to its end ({problem}). Fetch it again."
        ) from problem
    except OSError as problem:
        raise UnreadableFile(f"{path} cannot be read: {problem.strerror or problem}.") from problem


def _records(
    path: Path, handle: gzip.GzipFile | IO[bytes], needed: tuple[str, ...]
) -> Iterator[tuple[Place, Mapping[str, str] | Torn]]:
    reader = csv.reader(_lines(path, handle))
    try:
        header = [name.strip().lower() for name in next(reader, [])]
    except csv.Error:
        header = []  # one line of a megabyte, or Mac line ends from before 2001
    if missing := [name for name in needed if name not in header]:
        found = ", ".join(header[:_SHOWN]) or "nothing"
        raise UnreadableFile(
            f"{path} has no column {', '.join(missing)}. Its first line should name the columns,"
            f" separated by commas; it has: {found[:200]}."
        )
    while True:
        # The reader counts the lines it has taken, so the next record starts one further down.
        place = Place(str(path), reader.line_num + 1)
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as problem:
            yield place, Torn(f"it is not CSV ({problem}); is a quotation mark missing?")
            continue
        if len(cells) == len(header):
            yield place, dict(zip(header, cells, strict=True))
        elif any(cells):
            yield place, Torn(f"it has {len(cells)} cells where the header has {len(header)}")


def _open(path: Path) -> gzip.GzipFile | IO[bytes]:
    # By its first bytes and not by its name: browsers unpack .gz files and leave the name.
    with path.open("rb") as handle:
        gzipped = handle.read(2) == _GZIP
    return gzip.open(path, "rb") if gzipped else path.open("rb")


def _lines(path: Path, handle: gzip.GzipFile | IO[bytes]) -> Iterator[str]:
    line = handle.readline(_LONGEST_LINE)
    if line.startswith(_UTF16_MARKS):
        raise UnreadableFile(f"{path} is UTF-16. Save it as UTF-8 (Excel: 'CSV UTF-8').")
    line = line.removeprefix(_UTF8_MARK)
    number = 1
    while line:
        if len(line) == _LONGEST_LINE:
            raise UnreadableFile(f"{path} is not a list of titles: line {number} never ends.")
        yield _decode(line)
        line = handle.readline(_LONGEST_LINE)
        number += 1


def _decode(line: bytes) -> str:
    try:
        return line.decode()
    except UnicodeDecodeError:
        # Five bytes have no meaning in Windows-1252; they become U+FFFD, which everyone sees.
        return line.decode("cp1252", errors="replace")
