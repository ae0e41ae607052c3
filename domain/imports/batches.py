"""What the desk hands out: imports, their counts, their lines. Frozen values, no I/O."""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from domain.imports.refusals import NoSuchLine
from domain.imports.values import Line, Passed

MOST_LINES = 200_000
MOST_BATCHES = 20
KEPT_DAYS = 90
MOST_REASONS = 20
MOST_SETTLED = 100
_LINE = re.compile(r"(\d{1,9})(?:\.(\d{1,5}))?", re.ASCII)


class Match(StrEnum):
    """How a line stands.

    matched: we know which title; ambiguous: it may be one of several; unknown: none is like it;
    settled: a person said which; skipped: a person said none, or there is nowhere to keep it.
    """

    MATCHED = "matched"
    AMBIGUOUS = "ambiguous"
    UNKNOWN = "unknown"
    SETTLED = "settled"
    SKIPPED = "skipped"


class State(StrEnum):
    """How an import stands."""

    MATCHED = "matched"
    COMMITTED = "committed"
    UNDONE = "undone"


@dataclass(frozen=True, slots=True)
class Brought:
    """An export on its way to the desk.

    source: whose, a short word; digest: of all that decides on its lines; lines: read once, in a
    thread, so they may take their time and raise a DomainError; remarks: what had to be assumed to
    read them, once they have been read.
    """

    source: str
    file_name: str
    digest: bytes
    lines: Iterable[Line | Passed] = field(repr=False)
    remarks: Callable[[], Sequence[str]] = field(default=tuple, repr=False)


@dataclass(frozen=True, slots=True)
class Counts:
    """Lines by how they stand. committed: that were put to the history; wrote: that were news."""

    lines: int = 0
    matched: int = 0
    ambiguous: int = 0
    unknown: int = 0
    settled: int = 0
    skipped: int = 0
    watches: int = 0
    ratings: int = 0
    wishes: int = 0
    committed: int = 0
    wrote: int = 0

    @property
    def open(self) -> int:
        """Those that a commit would write."""
        return self.matched + self.settled - self.committed


@dataclass(frozen=True, slots=True)
class Batch:
    """An import. passed: rows that can't be used; reasons: what was assumed, and why."""

    id: UUID
    source: str
    file_name: str
    state: State
    passed: int
    reasons: Sequence[str]
    created_at: datetime
    committed_at: datetime | None
    undone_at: datetime | None
    counts: Counts


@dataclass(frozen=True, slots=True, order=True)
class LineKey:
    """A line's place: its row in the file, and which thing of those that the row says."""

    n: int
    part: int = 0

    def __str__(self) -> str:
        return f"{self.n}.{self.part}" if self.part else str(self.n)

    @classmethod
    def parse(cls, told: str) -> "LineKey":
        """What `str` made; raises NoSuchLine."""
        match = _LINE.fullmatch(told)
        if match is None or int(match[1]) >= 2**31 or int(match[2] or 0) >= 2**15:
            raise NoSuchLine(told)
        return cls(int(match[1]), int(match[2] or 0))


@dataclass(frozen=True, slots=True)
class Choice:
    """A title that a line may speak of. why: in words."""

    title_id: int
    episode_id: int | None
    confidence: float
    why: str


@dataclass(frozen=True, slots=True)
class Listed:
    """A line of an import as it is shown. wrote: what it added to the history, by kind."""

    key: LineKey
    line: Line
    match: Match
    title_id: int | None
    episode_id: int | None
    confidence: float | None
    choices: Sequence[Choice]
    committed: bool
    wrote: dict[str, Any] | None
    problem: str | None


@dataclass(frozen=True, slots=True)
class Settlement:
    """What a person says of a line: a title, an episode, or neither for "none of them".

    everywhere: the same for all open lines of that name, year and kind.
    """

    key: LineKey
    title_id: int | None = None
    episode_id: int | None = None
    everywhere: bool = False


@dataclass(frozen=True, slots=True)
class Settled:
    """How many lines were settled, and of how many the series is said but no episode known."""

    settled: int
    left: int


@dataclass(frozen=True, slots=True)
class Progress:
    """How far something is; done: nothing is left to do."""

    lines: int
    of: int
    done: bool = False
