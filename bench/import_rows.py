"""How fast lists come in, beside what Postgres can do at best with the same rows.

Four real lists of 2022 (20,037 records) are imported into empty tables, in turn with two bare COPYs
of their rows: (a) into one table without keys and indexes, (b) into copies of `titles` and
`title_texts` with all their keys, generated columns and search indexes. Text for COPY is made
beforehand; an import starts at the gzipped files. Run it alone on an empty database:

    python -m bench.import_rows postgresql://postgres@localhost/bench
"""

import asyncio
import os
import sys
from collections import Counter
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any

from sqlalchemy import text

from app.database import open_database
from app.migrate import upgrade
from bench.stats import ratio
from domain import copying
from domain.catalog.files import records
from domain.catalog.imports import import_catalog
from domain.catalog.rows import COLUMNS_NEEDED, CatalogRow, read
from domain.db import Database

LISTS = {
    "netflix": "netflix_titles.csv.gz",
    "amazon-prime-video": "amazon_titles.csv.gz",
    "disney-plus": "disney_titles.csv.gz",
    "paramount-plus": "paramount_titles.csv.gz",
}
GOAL = 0.1  # of the rate of (b)
ROUNDS = 5
ROWS = 20_036  # a record of the 20,037 has no title
_DATA = Path(os.environ.get("STREAMING_STACK_TEST_DATA", "../shared/data"))
_ALIKE = ("kind", "name", "name_key", "year", "runtime_min", "genres", "countries",
          "audience_score", "imdb_id")  # fmt: skip
_COLUMNS = {
    "bench_titles": ["id", "justwatch_id", "source", *_ALIKE],
    "bench_texts": ["title_id", "name", "synopsis"],
}


async def run(dsn: str, rounds: int = ROUNDS) -> dict[str, Any]:
    """Rates in rows a second, and the ratios to (b) of an import without and with moods.

    {"skipped": why} where the lists are not there. The database must be empty, and is so again
    afterwards but for the platforms.
    """
    folder = _DATA / "catalog_justwatch_2022"
    if not folder.is_dir():
        return {"skipped": f"{folder} is not here: set STREAMING_STACK_TEST_DATA"}
    database = open_database(dsn, application="bench")
    try:
        await upgrade(database)
        async with database.read() as connection:
            if (await connection.execute(text("SELECT count(*) FROM titles"))).scalar_one():
                raise SystemExit("The benchmark empties its database, and this one has titles.")
        lines = _lines(folder)
        taken: dict[str, list[float]] = {name: [] for name in ("bare", "keyed", "plain", "whole")}
        for _ in range(rounds):
            taken["bare"].append(await _copy(database, lines, ["bench_bare"]))
            taken["keyed"].append(await _copy(database, lines, ["bench_titles", "bench_texts"]))
            whole, moods = await _import(database, folder)
            taken["whole"].append(whole)
            taken["plain"].append(whole - moods)
    finally:
        await database.engine.dispose()
    rates = {f"{name}_rows_s": round(ROWS / median(seconds)) for name, seconds in taken.items()}
    return rates | {
        "rounds": rounds,
        "plain": ratio(taken["keyed"], taken["plain"]),
        "whole": ratio(taken["keyed"], taken["whole"]),
    }


def _lines(folder: Path) -> dict[str, bytes]:
    """The lists' rows as text for COPY by table; a title listed again gets a key of its own."""
    seen: Counter[str] = Counter()
    titles: list[list[copying.Value]] = []
    texts: list[list[copying.Value]] = []
    for file in LISTS.values():
        for _, record in records(folder / file, COLUMNS_NEEDED):
            row = read(record) if isinstance(record, dict) else None
            if isinstance(row, CatalogRow):
                seen[row.justwatch_id] += 1
                key = f"{row.justwatch_id}-{seen[row.justwatch_id]}"
                number = len(titles) + 1
                titles.append([number, key, "bench", *(getattr(row, name) for name in _ALIKE)])
                texts.append([number, row.name, row.synopsis])
    together = (title + text for title, text in zip(titles, texts, strict=True))
    return {
        "bench_bare": copying.encode(together),
        "bench_titles": copying.encode(titles),
        "bench_texts": copying.encode(texts),
    }


async def _copy(database: Database, lines: dict[str, bytes], tables: list[str]) -> float:
    """Seconds that a COPY into these tables takes, which are made before and dropped after."""
    bare = ", ".join(f"c{n} text" for n in range(len(_COLUMNS["bench_titles"]) + 3))
    async with database.transaction() as session:
        connection = await session.connection()
        for sql in (
            "SET LOCAL statement_timeout = 0",
            f"CREATE TABLE bench_bare ({bare})",
            "CREATE TABLE bench_titles (LIKE titles INCLUDING ALL)",
            "ALTER TABLE bench_titles ALTER maturity SET DEFAULT 18",
            "CREATE TABLE bench_texts (LIKE title_texts INCLUDING ALL)",
        ):
            await connection.execute(text(sql))
        driver: Any = (await connection.get_raw_connection()).driver_connection
        start = perf_counter()
        for table in tables:
            source = BytesIO(lines[table])
            await driver.copy_to_table(table, source=source, columns=_COLUMNS.get(table))
        taken = perf_counter() - start
        await connection.execute(text("DROP TABLE bench_bare, bench_titles, bench_texts"))
    return taken


async def _import(database: Database, folder: Path) -> tuple[float, float]:
    """Seconds for all of it, and those of them that moods took."""
    moods = 0.0
    start = perf_counter()
    for platform, file in LISTS.items():
        report = await import_catalog(
            database, [folder / file], platform, "US", observed_at=datetime.now(UTC)
        )
        moods += report.timings.moods_s
    taken = perf_counter() - start
    async with database.transaction() as session:
        await (await session.connection()).execute(text("TRUNCATE titles CASCADE"))
    return taken, moods


def _print(found: dict[str, Any]) -> None:
    if "skipped" in found:
        print("skipped:", found["skipped"])
        return
    print(f"{ROWS:,} rows, medians of {found['rounds']} rounds in turn")
    for name, label in (
        ("bare", "(a) COPY, no keys"),
        ("keyed", "(b) COPY, same keys and search indexes"),
        ("plain", "import without moods"),
        ("whole", "import with moods"),
    ):
        print(f"{label:<40}{found[f'{name}_rows_s']:>10,} rows/s")
    verdict = "reached" if found["whole"].low >= GOAL else "MISSED"
    print(f"import / (b): {found['plain']} without moods, {found['whole']} with them")
    print(f"goal {GOAL}x: {verdict}")


if __name__ == "__main__":
    _print(asyncio.run(run(sys.argv[1])))
