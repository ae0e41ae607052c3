"""Exports made in code, and what is read out of them."""

import gzip
import zipfile
from datetime import UTC, datetime
from pathlib import Path

from domain.imports.reading import Export, open_export
from domain.imports.values import Line, Passed, What

NOW = datetime(2026, 11, 21, 9, tzinfo=UTC)


def write(folder: Path, name: str, content: str | bytes) -> Path:
    """A file of that content; gzipped where its name says so."""
    path = folder / name
    data = content.encode() if isinstance(content, str) else content
    path.write_bytes(gzip.compress(data) if name.endswith(".gz") else data)
    return path


def packed(folder: Path, members: dict[str, str | bytes], name: str = "export.zip") -> Path:
    """A ZIP of these members."""
    path = folder / name
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for member, content in members.items():
            archive.writestr(member, content)
    return path


def opened(path: Path, name: str | None = None) -> Export:
    """The export, on a day that does not move."""
    return open_export(path, name, now=NOW)


def read(path: Path, person: str | None = None) -> tuple[list[Line], list[Passed]]:
    """All that it says, and what was passed over."""
    found = list(opened(path).lines(person))
    return (
        [each for each in found if isinstance(each, Line)],
        [each for each in found if isinstance(each, Passed)],
    )


def told(path: Path) -> list[tuple[What, str, str | None]]:
    """What it says, of which title, and on which day."""
    return [
        (line.what, title(line), f"{line.at:%Y-%m-%d}" if line.at else None)
        for line in read(path)[0]
    ]


def title(line: Line) -> str:
    """The likeliest title, with its season and episode."""
    reading = line.readings[0]
    words = [reading.name]
    if reading.season_number is not None:
        words.append(f"S{reading.season_number}")
    if reading.episode_number is not None:
        words.append(f"E{reading.episode_number}")
    if reading.number_abs is not None:
        words.append(f"#{reading.number_abs}")
    return " ".join(words)
