"""The files inside an export: the file itself, what a .gz packs, or the members of a ZIP.

What a member is called is text to look at and never a path. Whatever goes wrong while reading is a
DomainError.
"""

import gzip
import io
import struct
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from domain.imports import limits
from domain.imports.errors import DamagedExport, UnknownExport

_ZIP, _EMPTY_ZIP, _GZIP = b"PK\x03\x04", b"PK\x05\x06", b"\x1f\x8b"
_ENTRY = b"PK\x01\x02"  # opens each entry of a ZIP's directory
_ARCHIVES = {
    _ZIP: "a ZIP archive",
    _EMPTY_ZIP: "a ZIP archive",
    _GZIP: "a gzipped file",
    b"7z\xbc\xaf": "a 7-Zip archive",
    b"Rar!": "a RAR archive",
    b"BZh": "a bzip2 archive",
    b"\xfd7zXZ": "an xz archive",
    b"\x28\xb5\x2f\xfd": "a Zstandard archive",
}
_CHUNK = 1 << 20
_BROKEN = (
    zipfile.BadZipFile, EOFError, OSError, ValueError, IndexError, OverflowError, RuntimeError,
    struct.error, zlib.error,
)  # fmt: skip
# Others cost memory by the packer's wish (LZMA) or are not known to everybody.
_METHODS = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}


@dataclass(frozen=True, slots=True)
class Part:
    """One file of an export. name: as the archive or the person calls it."""

    name: str
    opener: Callable[[], IO[bytes] | gzip.GzipFile]
    packed: int | None = None

    @property
    def base(self) -> str:
        """Its name alone, in small letters."""
        return self._pieces[-1]

    @property
    def folders(self) -> tuple[str, ...]:
        """What the folders around it are called, in small letters."""
        return self._pieces[:-1]

    @property
    def _pieces(self) -> tuple[str, ...]:
        return tuple(self.name.replace("\\", "/").casefold().split("/"))

    def open(self) -> io.BufferedReader:
        """Its bytes, from the start. Raises DamagedExport and TooLarge, in the middle too."""
        try:
            source = self.opener()
        except _BROKEN as problem:
            raise damaged(self.name, problem) from problem
        return io.BufferedReader(_Guarded(source, self), _CHUNK // 16)

    def head(self, size: int = 65_536) -> bytes:
        """Its first bytes."""
        with self.open() as handle:
            return handle.read(size)


class _Guarded(io.RawIOBase):
    """Bytes of a part that count themselves, and whose failures people can read."""

    def __init__(self, source: IO[bytes] | gzip.GzipFile, part: Part) -> None:
        super().__init__()
        self._source, self._part, self._count = source, part, 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        try:
            found = self._source.read(len(buffer))
        except _BROKEN as problem:
            raise damaged(self._part.name, problem) from problem
        self._count += len(found)
        if self._part.packed is not None:
            limits.check_unpacked(self._count, self._part.packed)
        buffer[: len(found)] = found
        return len(found)

    def close(self) -> None:
        self._source.close()
        super().close()


class Archive:
    """The parts of one file on disk. It opens when it is read and stays so until `close`."""

    def __init__(self, path: Path, name: str) -> None:
        """Raises UnknownExport, DamagedExport, TooLarge. name: what the person called the file."""
        self._path, self._zip = path, None
        self.parts: list[Part] = []
        try:
            size = path.stat().st_size
            limits.check_file(size)
            with path.open("rb") as handle:
                head = handle.read(8)
        except OSError as problem:
            raise DamagedExport(
                f"{name} cannot be read: {problem.strerror or problem}."
            ) from problem
        if head.startswith((_ZIP, _EMPTY_ZIP)):
            self.parts = self._members(size, name)
        elif head.startswith(_GZIP):
            inner = name[:-3] if name.lower().endswith(".gz") else name
            self.parts = [Part(inner, lambda: gzip.open(path, "rb"), size)]  # noqa: SIM115
        elif packed := archive_of(head):
            raise UnknownExport(
                f"{name} is {packed}. Unpack it, and choose the export that is in it."
            )
        else:
            self.parts = [Part(name, lambda: path.open("rb"))]

    def close(self) -> None:
        """Let go of the file."""
        if self._zip is not None:
            self._zip.close()
            self._zip = None

    def _members(self, size: int, name: str) -> list[Part]:
        limits.check_members(_entries(self._path))
        try:
            members = [each for each in self._open().infolist() if not each.is_dir()]
        except _BROKEN as problem:
            raise damaged(name, problem) from problem
        # The second tells of members that share their packed bytes.
        for each in members:
            limits.check_unpacked(each.file_size, each.compress_size)
        limits.check_unpacked(sum(each.file_size for each in members), size)
        return [
            Part(plain(each.filename), self._opener(each), each.compress_size)
            for each in members
            if "__MACOSX/" not in each.filename
        ]

    def _open(self) -> zipfile.ZipFile:
        if self._zip is None:
            self._zip = zipfile.ZipFile(self._path)
        return self._zip

    def _opener(self, member: zipfile.ZipInfo) -> Callable[[], IO[bytes]]:
        def opener() -> IO[bytes]:
            if member.flag_bits & 1:
                raise DamagedExport(
                    "The archive is locked with a password. Unpack it, and pack it without one."
                )
            if member.compress_type not in _METHODS:
                raise DamagedExport(
                    "The archive is packed in an unusual way. Unpack it, and pack it as a plain"
                    " ZIP."
                )
            return self._open().open(member)

        return opener


def archive_of(head: bytes) -> str | None:
    """What kind of archive starts with these bytes, in words; None for none."""
    return next((what for mark, what in _ARCHIVES.items() if head.startswith(mark)), None)


def damaged(name: str, problem: Exception) -> DamagedExport:
    """What to say of a file that cannot be read to its end."""
    said = getattr(problem, "strerror", None) or str(problem) or type(problem).__name__
    why = said.splitlines()[0][:120]
    return DamagedExport(
        f"{name[:100]} is damaged or was not downloaded to its end ({why}). Download it again."
    )


def _entries(path: Path) -> int:
    """How many entries a ZIP's directory can have at most.

    zipfile would make an object of each before anybody could count them, and the number that an
    archive states of itself may lie.
    """
    count, rest = 0, b""
    with path.open("rb") as handle:
        while chunk := handle.read(_CHUNK):
            chunk = rest + chunk
            count += chunk.count(_ENTRY)
            rest = chunk[-len(_ENTRY) + 1 :]
    return count


def plain(name: str) -> str:
    """A file's name without what no line of text can show."""
    return "".join(each if each.isprintable() else "\ufffd" for each in name)
