"""From a file, or from lines that a program fetched, to what the desk takes."""

from collections.abc import Sequence
from datetime import datetime
from hashlib import sha256
from pathlib import Path

import orjson

from domain.errors import InvalidInput
from domain.imports import limits
from domain.imports.batches import Brought
from domain.imports.reading import open_export
from domain.imports.telling import tell
from domain.imports.values import Line, Passed

_CHUNK = 1 << 20


def from_file(
    path: Path, name: str | None = None, person: str | None = None, *, now: datetime
) -> Brought:
    """An export as it lies on the disk; run it in a thread.

    name: what its owner calls it; person: whose part of it, where it speaks of several. Raises what
    open_export does, and InvalidInput where it speaks of several people and none is named.
    """
    limits.check_file(path.stat().st_size)
    export = open_export(path, name, now=now)
    people = export.people()
    if person is None and len(people) > 1:
        raise InvalidInput(
            f"The export speaks of several people: {', '.join(people)[:300]}. Say whose history it"
            " is that you want.",
            field="person",
        )
    return Brought(
        source=export.source,
        file_name=name or path.name,
        # Of some tables only the file's name says what they are.
        digest=_digest(path, f"{export.source}/{','.join(export.roles)}/{person or ''}"),
        lines=export.lines(person),
        remarks=lambda: export.remarks,
    )


def from_lines(source: str, name: str, lines: Sequence[Line | Passed]) -> Brought:
    """Lines that a program fetched: the same lines again are the same import."""
    digest = sha256(source.encode())
    for each in lines:
        told = [each.what, tell(each)] if isinstance(each, Line) else each.reason
        digest.update(orjson.dumps([each.n, told]))
    return Brought(source, name, digest.digest(), lines)


def _digest(path: Path, salt: str) -> bytes:
    digest = sha256(salt.encode())
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            digest.update(chunk)
    return digest.digest()
