"""Our own export, as JSON lines and as CSV: see `domain.imports.export`. Nothing gets lost.

Files are still anybody's to edit, so what cannot be is passed over.
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Any

from domain.imports import export, limits
from domain.imports.escaping import restore
from domain.imports.formats import cells, documents, tables
from domain.imports.formats.shapes import Files, Shape
from domain.imports.formats.tables import Row
from domain.imports.values import Ids, Line, Passed, Reading, What

SOURCE = "streaming_stack"
LABEL = "our own export (JSON or CSV)"

_KINDS = (None, "film", "series")
_NUMBERS = {"year": 2_200, "season_number": 10_000, "episode_number": 100_000,
            "number_abs": 100_000}  # fmt: skip
_TEXTS = {"ours", "justwatch_id"}
Told = Callable[[str], Any]


def role(shape: Shape) -> str | None:
    """By what its first line says, or by its columns."""
    if shape.mark == export.FORMAT:
        return "lines"
    return "table" if {"what", "name", "at", "title id"} <= shape.columns else None


def lines(files: Files) -> Iterator[Line | Passed]:
    """The lines as they were."""
    for part in files.of("lines"):
        for n, value in documents.lines(part):
            if n == 1:
                continue
            yield _line(n, value) if isinstance(value, dict) else Passed(n, "it is not JSON")
    for part in files.of("table"):
        for row in tables.rows(part, "what", "name"):
            yield row if isinstance(row, Passed) else _row(row)


def _line(n: int, value: Mapping[str, Any]) -> Line | Passed:
    readings, ids = value.get("readings"), value.get("ids", {})
    if not isinstance(readings, list) or not isinstance(ids, dict):
        return Passed(n, "it doesn't say what it is about")
    found = [_reading(each.get) for each in readings[:20] if isinstance(each, dict)]
    return _built(n, [each for each in found if each], ids.get, value.get)


def _row(row: Row) -> Line | Passed:
    def told(name: str) -> str | None:
        cell = row.raw(tables.column("title_id" if name == "ours" else name))
        return restore(cell) if cell else None

    reading = _reading(told)
    return _built(row.n, [reading] if reading else [], told, told)


def _reading(told: Told) -> Reading | None:
    name, kind = _text(told("name"), limits.NAME_LENGTH), told("kind")
    if name is None or not name.strip() or kind not in _KINDS:
        return None
    numbers = {each: cells.whole(told(each), 0, most) for each, most in _NUMBERS.items()}
    episode = _text(told("episode_name"), limits.NAME_LENGTH)
    return Reading(name, kind, episode_name=episode, **numbers)


def _built(n: int, readings: list[Reading], ids: Told, told: Told) -> Line | Passed:
    what, score, moment = told("what"), cells.score(told("score")), told("at")
    if what not in tuple(What):
        return Passed(n, "it says neither watch nor rating nor wish")
    if not readings:
        return Passed(n, "it doesn't say what it is about")
    if (score is None) == (what == What.RATING):
        return Passed(n, "a rating has a score from 1 to 10, and nothing else has one")
    at = _moment(moment)
    if at is None and moment is not None:
        return Passed(n, f"{cells.shown(str(moment))} is no moment with its zone")
    return Line(
        n,
        What(what),
        tuple(readings),
        Ids(**{name: _id(name, ids(name)) for name in export.ID_COLUMNS}),
        at,
        dated=at is not None and told("dated") in (True, "yes"),
        score=score,
        times=cells.whole(told("times"), 1, 1_000_000) or 1,
        note=_text(told("note"), limits.CELL_LENGTH),
        platform=_text(told("platform"), limits.NAME_LENGTH),
    )


def _id(name: str, value: Any) -> Any:
    if name in _TEXTS:
        return _text(value, 100)
    return cells.imdb_id(value) if "imdb" in name else cells.key(value)


def _text(value: Any, most: int) -> str | None:
    """Text as it is, but for what no database takes."""
    if not isinstance(value, str):
        return None
    return value.encode(errors="replace").decode().replace("\0", "")[:most] or None


def _moment(value: Any) -> datetime | None:
    try:
        moment = datetime.fromisoformat(value) if isinstance(value, str) else None
        return moment if moment is not None and moment.utcoffset() is not None else None
    except ValueError:
        return None
