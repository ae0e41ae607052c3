"""The files of a platform's list, read together: rows on their way to the staging table."""

import json
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from time import perf_counter

from domain import copying
from domain.catalog import derived, titles_sync
from domain.catalog.files import Place, Torn, records
from domain.catalog.reports import BadRows, Timings
from domain.catalog.rows import COLUMNS_NEEDED, CatalogRow, Refusal, read
from domain.titles import maturity

_BATCH = 1_000


class ListReader(Iterator[bytes]):
    """The usable rows of a list's files as lines for COPY, a batch at a time.

    rows: records read so far, the bad ones included; file: the one being read; bad: what was passed
    over; timings: parse_s is filled in here. country: the list's, whose board gave the ratings.
    """

    def __init__(self, files: Sequence[Path], country: str) -> None:
        self.rows = 0
        self.file = ""
        self.bad = BadRows()
        self.timings = Timings()
        self._country = country
        # About 100 bytes for each title: all that is kept of a row once its batch is sent.
        self._seen: dict[str, Place] = {}
        self._usable = (row for file in files for row in self._read(file))

    def __next__(self) -> bytes:
        start = perf_counter()
        batch = list(islice(self._usable, _BATCH))
        if not batch:
            raise StopIteration
        lines = copying.encode(map(self._line, batch))
        self.timings.parse_s += perf_counter() - start
        return lines

    def _read(self, file: Path) -> Iterator[tuple[int, CatalogRow]]:
        self.file = str(file)
        for place, record in records(file, COLUMNS_NEEDED):
            self.rows += 1
            row = record if isinstance(record, Torn) else read(record)
            if isinstance(row, Torn | Refusal):
                self.bad.add(place, row.reason)
            elif first := self._seen.get(row.justwatch_id):
                where = "" if first.file == place.file else f" of {first.file}"
                reason = f"{row.justwatch_id} was listed before, in line {first.line}{where}"
                self.bad.add(place, reason)
            else:
                self._seen[row.justwatch_id] = place
                yield self.rows, row

    def _line(self, numbered: tuple[int, CatalogRow]) -> tuple[copying.Value, ...]:
        n, row = numbered
        ratings = {self._country: row.rating} if row.rating else {}
        said = {
            "n": n, "justwatch_id": row.justwatch_id, "kind": row.kind, "name": row.name,
            "name_key": row.name_key, "year": row.year, "runtime_min": row.runtime_min,
            "maturity": int(maturity.of_title(ratings, derived.HOME)), "genres": row.genres,
            "countries": row.countries, "audience_score": row.audience_score,
            "audience_votes": row.audience_votes, "popularity": row.popularity,
            "season_count": row.season_count, "imdb_id": row.imdb_id, "synopsis": row.synopsis,
            "ratings": json.dumps(ratings, ensure_ascii=False),
        }  # fmt: skip
        return tuple(said.get(column) for column in titles_sync.TITLES.columns)
