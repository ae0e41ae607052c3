"""A history as files that anybody can read, and that come back without loss.

As JSON lines, the first of which says what it is; and as CSV, for spreadsheets, with the likeliest
reading of each line and cells that no spreadsheet takes for formulas. Both are UTF-8.
"""

import csv
import io
import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from typing import Any

from domain.imports.escaping import escape
from domain.imports.values import Ids, Line, Reading

FORMAT = "streaming-stack"
VERSION = 1
READING_COLUMNS = (
    "name", "kind", "year", "season_number", "episode_number", "episode_name", "number_abs",
)  # fmt: skip
ID_COLUMNS = (
    "ours", "imdb_id", "tmdb_id", "trakt_id", "mal_id", "justwatch_id", "episode_imdb_id",
)  # fmt: skip
COLUMNS = (
    "what", *READING_COLUMNS, "at", "dated", "score", "times", "note", "title_id", *ID_COLUMNS[1:],
    "platform",
)  # fmt: skip
_MARK = "\ufeff"  # or Excel takes UTF-8 for something else


def to_json(lines: Iterable[Line]) -> Iterator[str]:
    """The file, line by line."""
    yield _dumps({"format": FORMAT, "version": VERSION})
    for line in lines:
        told: dict[str, Any] = {
            "what": line.what.value,
            "readings": [_known(each) for each in line.readings],
            "ids": _known(line.ids),
            "at": line.at.isoformat() if line.at else None,
            "dated": line.dated or None,
            "score": line.score,
            "times": line.times,
            "note": line.note,
            "platform": line.platform,
        }
        yield _dumps({name: value for name, value in told.items() if value not in (None, {})})


def to_csv(lines: Iterable[Line]) -> Iterator[str]:
    """The file, line by line."""
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    writer.writerow(COLUMNS)
    yield _MARK + buffer.getvalue()
    for line in lines:
        buffer.seek(0)
        buffer.truncate()
        writer.writerow([escape(_cell(each)) for each in _cells(line)])
        yield buffer.getvalue()


def _cells(line: Line) -> Iterator[Any]:
    reading = line.readings[0]
    yield line.what.value
    yield from (getattr(reading, name) for name in READING_COLUMNS)
    yield line.at.isoformat() if line.at else None
    yield "yes" if line.dated else None
    yield from (line.score, line.times, line.note)
    yield from (getattr(line.ids, name) for name in ID_COLUMNS)
    yield line.platform


def _cell(value: Any) -> str:
    return "" if value is None else _sound(str(value))


def _sound(text: str) -> str:
    """Text that can be written as UTF-8, and read by everybody."""
    return text.encode(errors="replace").decode().replace("\0", "")


def _known(value: Reading | Ids) -> dict[str, Any]:
    return {name: each for name, each in asdict(value).items() if each is not None}


def _dumps(value: dict[str, Any]) -> str:
    return _sound(json.dumps(value, ensure_ascii=False, separators=(",", ":"))) + "\n"
