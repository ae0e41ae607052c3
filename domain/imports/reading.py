"""Open what somebody brought, and read it line by line: the door to all formats.

Whatever is in the file, what comes out is lines, rows that were passed over with their reasons, or
a DomainError in plain words; and the file is never in memory as a whole.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from domain.errors import InvalidInput
from domain.imports import limits
from domain.imports.detect import Roles, detect
from domain.imports.formats import netflix_gdpr
from domain.imports.formats.parts import Archive, plain
from domain.imports.formats.shapes import Files, Format
from domain.imports.values import Line, Passed

_TOLERANCE = timedelta(hours=36)  # the noon of tomorrow, where it is tomorrow already


class Export:
    """An export that is understood. source: whose, as a stable word; roles: what its files are.

    remarks: what had to be assumed to read it, for people; complete when `lines` has ended. It may
    be read several times, one after the other, by one thread at a time.
    """

    def __init__(self, archive: Archive, format: Format, roles: Roles, now: datetime) -> None:
        self._archive, self._format, self._roles, self._now = archive, format, roles, now
        self.source = format.SOURCE
        self.label = format.LABEL
        self.roles = tuple(sorted(roles))
        self.remarks: list[str] = []

    def people(self) -> tuple[str, ...]:
        """The people it speaks of, where it says so: `lines` can be asked for one of them."""
        if self._format is not netflix_gdpr:
            return ()
        try:
            return netflix_gdpr.people(Files(self._roles, self._now))
        finally:
            self._archive.close()

    def lines(self, person: str | None = None) -> Iterator[Line | Passed]:
        """What it says, of one person or of all. Nothing that it says lies in the future.

        Raises DamagedExport and TooLarge in the middle, too; InvalidInput for a person whom it
        doesn't know.
        """
        if person is not None and person not in (people := self.people()):
            known = ", ".join(people) or "nobody by name"
            raise InvalidInput(
                f"The export says nothing of {person[:100]!r}. It speaks of {known}.",
                field="person",
            )
        files = Files(self._roles, self._now, person)
        self.remarks = files.remarks
        several = sum(map(len, self._roles.values())) > 1
        latest = self._now + _TOLERANCE
        usable = 0
        try:
            for line in self._format.lines(files):
                told = line
                if isinstance(line, Line):
                    if line.at is not None and line.at > latest:
                        told = Passed(line.n, f"{line.at:%Y-%m-%d} lies in the future")
                    else:
                        usable += 1
                        limits.check_usable(usable)
                if several and files.current is not None:
                    told = replace(told, file=files.current.name)
                yield told
        finally:
            self._archive.close()


def open_export(path: Path, name: str | None = None, *, now: datetime | None = None) -> Export:
    """What the file at `path` is. name: what the person called it, where the path doesn't say.

    now: aware. Raises UnknownExport, DamagedExport, TooLarge.
    """
    called = plain(name or path.name)[:100]
    archive = Archive(path, called)
    try:
        format, roles = detect(archive.parts, called)
    finally:
        archive.close()
    return Export(archive, format, roles, now or datetime.now(UTC))
