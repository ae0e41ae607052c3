"""What a part looks like, what a format makes of its parts, and what every format offers."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from domain.imports.formats.parts import Part
from domain.imports.values import Line, Passed


@dataclass(frozen=True, slots=True)
class Shape:
    """What a part is like inside: columns of a table, or keys of the first entries of a JSON list.

    under: the member of a JSON object that the list is in. root: of XML. mark: what a JSON object
    says its format is. archive: what kind of archive it is, where it is one.
    """

    part: Part
    columns: frozenset[str] = frozenset()
    keys: frozenset[str] = frozenset()
    under: str | None = None
    root: str | None = None
    mark: str | None = None
    archive: str | None = None


@dataclass(slots=True)
class Files:
    """The parts of an export by their roles, and what is asked of them.

    now: aware. person: whose lines, of an export of several people; None: everybody's. remarks:
    what had to be assumed, for people to read; formats add to it.
    """

    parts: Mapping[str, Sequence[Part]]
    now: datetime
    person: str | None = None
    remarks: list[str] = field(default_factory=list)
    current: Part | None = None

    def has(self, role: str) -> bool:
        """Whether a part has it."""
        return bool(self.parts.get(role))

    def of(self, role: str) -> Iterator[Part]:
        """The parts that have it, in the archive's order. `current` is the one being read."""
        for part in self.parts.get(role, ()):
            self.current = part
            yield part


class Format(Protocol):
    """A module that reads one service's exports."""

    @property
    def SOURCE(self) -> str:  # noqa: N802 - constants of a module
        """Whose exports it reads, as a stable word."""
        ...

    @property
    def LABEL(self) -> str:  # noqa: N802
        """The same for people, who are told what is understood."""
        ...

    def role(self, shape: Shape) -> str | None:
        """Which of the service's files this is; None: none of them, or one that tells nothing."""
        ...

    def lines(self, files: Files) -> Iterator[Line | Passed]:
        """What the parts say."""
        ...
