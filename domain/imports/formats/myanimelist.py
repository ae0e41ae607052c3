"""MyAnimeList's XML, plain or gzipped, as others write it too.

The reader refuses any document type and any entity of its own: an export has none, and a bomb needs
one. It says how many episodes were watched, not when: the day it was finished is told for all.
"""

from collections.abc import Iterator
from dataclasses import replace
from xml.parsers import expat

from domain.imports import limits
from domain.imports.errors import DamagedExport
from domain.imports.formats import cells, dates, progress
from domain.imports.formats.parts import Part
from domain.imports.formats.shapes import Files, Shape
from domain.imports.values import Ids, Line, Passed, Reading, What

SOURCE = "myanimelist"
LABEL = "MyAnimeList's export (XML, also gzipped)"

_ROOT = "myanimelist"
_CHUNK = 65_536
_LONGEST = 4_000_000  # bytes that one tag or text may have before there is something to tell
_FILM = "movie"
_NOT_FILMED = {"music", "pv", "cm"}
_STATES = {"1": "watching", "2": "completed", "3": "on-hold", "4": "dropped",
           "6": "plan to watch"}  # fmt: skip
Record = dict[str, str]


def role(shape: Shape) -> str | None:
    """By the name of its outermost element."""
    return "list" if shape.root == _ROOT else None


def lines(files: Files) -> Iterator[Line | Passed]:
    """Watches, ratings and wishes."""
    for part in files.of("list"):
        for n, (element, record) in enumerate(_records(part), 1):
            if element == "manga":
                yield Passed(n, "it is a book, and neither a film nor a series")
            else:
                yield from _anime(n, record)


def root(part: Part) -> str | None:
    """The name of the outermost element; None for what is no XML that is read."""
    reader = _Reader(part.name)
    try:
        reader.feed(part.head(), last=False)
    except DamagedExport:
        return reader.root
    return reader.root


def _anime(n: int, record: Record) -> Iterator[Line | Passed]:
    name = cells.name(record.get("series_title"))
    ids = Ids(mal_id=cells.key(record.get("series_animedb_id")))
    if name is None:
        yield Passed(n, "the title is missing")
        return
    type_ = record.get("series_type", "").casefold()
    if type_ in _NOT_FILMED:
        yield Passed(n, f"{cells.shown(type_)} is neither a film nor a series")
        return
    kind = "film" if type_ == _FILM else None if type_ in {"", "special"} else "series"
    at, dated = dates.when(record.get("my_finish_date"))
    if at is None:
        at, dated = dates.when(record.get("my_start_date"))
    again = cells.whole(record.get("my_times_watched"), 0, 1_000) or 0
    whole = Line(n, What.WATCH, (Reading(name, kind),), ids, at, dated, times=1 + again)
    state = record.get("my_status", "").casefold()
    state = _STATES.get(state, state)
    watched = cells.whole(record.get("my_watched_episodes")) or 0
    score = cells.score(record.get("my_score"))
    if state == "plan to watch":
        yield replace(whole, what=What.WISH, at=None, dated=False, times=1)
    elif kind != "series" and (watched or state == "completed"):
        yield whole
    elif watched:
        yield from progress.episodes(whole, watched)
    elif state == "completed":
        yield whole
    elif score is None:
        yield Passed(n, "nothing of it was watched")
    if score is not None:
        note = cells.text(record.get("my_comments"))
        yield replace(whole, what=What.RATING, score=score, times=1, note=note)


def _records(part: Part) -> Iterator[tuple[str, Record]]:
    reader = _Reader(part.name)
    with part.open() as handle:
        while chunk := handle.read(_CHUNK):
            reader.feed(chunk, last=False)
            yield from reader.take()
    reader.feed(b"", last=True)
    yield from reader.take()


class _Reader:
    """An expat parser that knows records two levels deep, and nothing dangerous."""

    def __init__(self, name: str) -> None:
        self._name = name
        self.root: str | None = None
        self._depth, self._fed, self._length, self._count = 0, 0, 0, 0
        self._record: Record = {}
        self._text: list[str] = []
        self._done: list[tuple[str, Record]] = []
        parser = self._parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._data
        parser.StartDoctypeDeclHandler = self._refuse
        parser.EntityDeclHandler = self._refuse
        parser.ExternalEntityRefHandler = self._refuse

    def feed(self, chunk: bytes, *, last: bool) -> None:
        """Take in more of the file. Raises DamagedExport, TooLarge."""
        self._fed += len(chunk)
        try:
            self._parser.Parse(chunk, last)
        except expat.ExpatError as problem:
            raise DamagedExport(
                f"{self._name[:100]} is not whole: {problem}. Download it again."
            ) from problem
        except (LookupError, ValueError) as problem:  # an encoding that nobody knows
            raise DamagedExport(
                f"{self._name[:100]} is written in a way that is not known ({problem})."
            ) from problem
        if self._fed - self._parser.CurrentByteIndex > _LONGEST:
            raise DamagedExport(f"{self._name[:100]}: one of its elements never ends.")

    def take(self) -> list[tuple[str, Record]]:
        """The records that are complete by now."""
        done, self._done = self._done, []
        return done

    def _start(self, element: str, _attributes: object) -> None:
        self._depth += 1
        self._text, self._length = [], 0
        if self._depth == 1:
            self.root = element.casefold()
        elif self._depth == 2:
            self._record = {}

    def _data(self, data: str) -> None:
        self._length += len(data)
        if self._depth == 3 and self._length <= limits.CELL_LENGTH:
            self._text.append(data)

    def _end(self, element: str) -> None:
        if self._depth == 3 and len(self._record) < limits.COLUMNS:
            self._record.setdefault(element.casefold(), "".join(self._text).strip())
        elif self._depth == 2 and element.casefold() in {"anime", "manga"}:
            self._count += 1
            limits.check_rows(self._count)
            self._done.append((element.casefold(), self._record))
        self._depth -= 1

    def _refuse(self, *_: object) -> int:
        raise DamagedExport(
            f"{self._name[:100]} defines entities or a document type. No export does that, so it"
            " was not read."
        )
