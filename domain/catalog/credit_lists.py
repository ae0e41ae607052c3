"""Files of credits, read together: people and their parts on the way to the staging table."""

from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from time import perf_counter

from domain import copying
from domain.catalog.files import Torn, records
from domain.catalog.reports import BadRows, Timings
from domain.catalog.rows import KEY_LENGTH
from domain.titles import names

COLUMNS_NEEDED = ("person_id", "id", "name", "role")
_BATCH = 5_000
_ROLES = {"ACTOR": "actor", "DIRECTOR": "director", "CREATOR": "creator"}
_LARGEST_ID = 2**31 - 1


class CreditsReader(Iterator[bytes]):
    """The files' usable credits as lines for COPY, a batch at a time; the rest it notes as bad.

    rows: records read so far, the bad ones included; file: the one being read; bad: what was passed
    over; timings: parse_s is filled in here.
    """

    def __init__(self, files: Sequence[Path]) -> None:
        self.rows = 0
        self.file = ""
        self.bad = BadRows()
        self.timings = Timings()
        self._usable = (row for file in files for row in self._read(file))

    def __next__(self) -> bytes:
        start = perf_counter()
        batch = list(islice(self._usable, _BATCH))
        if not batch:
            raise StopIteration
        lines = copying.encode(batch)
        self.timings.parse_s += perf_counter() - start
        return lines

    def _read(self, file: Path) -> Iterator[tuple[copying.Value, ...]]:
        self.file = str(file)
        for place, record in records(file, COLUMNS_NEEDED):
            self.rows += 1
            if isinstance(record, Torn):
                self.bad.add(place, record.reason)
                continue
            number = record["person_id"].strip().removesuffix(".0")
            name = names.clean(record["name"], 300)
            role = _ROLES.get(record["role"].strip().upper())
            if not (number.isascii() and number.isdecimal() and int(number[:11]) <= _LARGEST_ID):
                self.bad.add(place, f"person_id {number[:40]!r} is not a number of JustWatch's")
            elif not name:
                self.bad.add(place, "the name is missing")
            elif role is None:
                self.bad.add(place, f"the role {record['role'][:40]!r} is not one we know")
            else:
                character = names.clean(record.get("character", ""), 400) or None
                key = names.fold(name)[:KEY_LENGTH].strip()
                justwatch_id = names.clean(record["id"], 40)
                yield self.rows, justwatch_id, int(number), name, key, role, character
