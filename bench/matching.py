"""How many lines of a real export find their title, and a sample to look at.

The catalogue: real lists of 2022 and 2023 and of anime, and the films of TMDB that they lack. The
export: a real Letterboxd history. Which films are in both is decided without our matching: the same
folded name and the same year, on either side of one title only.
"""

import csv
import gzip
import random
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter

from sqlalchemy import text

from app.database import open_database
from bench.report import Row
from bench.stage import DATA, Stage
from domain.catalog.imports import import_catalog
from domain.db import Database
from domain.imports import candidates
from domain.imports.matching import MATCHED, Verdict
from domain.imports.reading import open_export
from domain.imports.values import Line
from domain.titles.names import fold

PART = "matching"
LEAST = 0.98
SAMPLE = 100
SEED = 4
_WATCHED = DATA / "import_letterboxd" / "watched.csv.gz"
_TMDB = DATA / "tmdb_5000" / "tmdb_5000_movies.csv.gz"
_LISTS = (
    ("catalog_justwatch_2022", "netflix", "netflix_titles.csv.gz"),
    ("catalog_justwatch_2022", "amazon-prime-video", "amazon_titles.csv.gz"),
    ("catalog_justwatch_2022", "disney-plus", "disney_titles.csv.gz"),
    ("catalog_justwatch_2022", "paramount-plus", "paramount_titles.csv.gz"),
    ("catalog_justwatch_2023", "netflix", "netflix_titles.csv.gz"),
    ("catalog_justwatch_2023", "disney-plus", "disney_titles.csv.gz"),
    ("catalog_justwatch_2023", "paramount-plus", "paramount_titles.csv.gz"),
    ("catalog_justwatch_2023", "apple-tv", "apple_titles.csv"),
    ("catalog_justwatch_anime", "crunchyroll", "crunchyroll_titles.csv.gz"),
)
_ADD = text("""
    INSERT INTO titles (kind, name, name_key, year, tmdb_id, popularity, maturity, source)
    SELECT 'film', new.name, new.name_key, new.year, new.tmdb_id, new.popularity, 18, 'bench'
    FROM unnest(
        CAST(:names AS text[]), CAST(:keys AS text[]), CAST(:years AS smallint[]),
        CAST(:ids AS int[]), CAST(:popularities AS float8[])
    ) AS new (name, name_key, year, tmdb_id, popularity)
    WHERE NOT EXISTS (
        SELECT FROM titles t
        WHERE t.kind = 'film' AND t.name_key = new.name_key AND t.year = new.year
    )
""")


async def run(stage: Stage) -> list[Row]:
    """The share of films in both that were matched, and to which title."""
    if not _WATCHED.is_file() or not _TMDB.is_file():
        return [Row.skipped(PART, "a Letterboxd history", "set STREAMING_STACK_TEST_DATA")]
    database = open_database(await stage.database("matching"), application="bench")
    try:
        stage.say("importing nine lists and the films of TMDB")
        await _catalogue(database)
        lines = [each for each in open_export(_WATCHED).lines() if isinstance(each, Line)]
        films = await _films(database)
        start = perf_counter()
        async with database.transaction() as session:
            verdicts = await candidates.judge(await session.connection(), lines, 18)
        taken = perf_counter() - start
        rows = _rows(lines, verdicts, films, taken)
        sample = stage.folder.parent / "stack-bench-matching.txt"
        _write_sample(sample, lines, verdicts)
        stage.say(f"{SAMPLE} matched pairs to look at are in {sample}")
    finally:
        await database.engine.dispose()
    return rows


def _rows(
    lines: Sequence[Line],
    verdicts: Sequence[Verdict],
    films: Mapping[tuple[str, int], Sequence[int]],
    taken: float,
) -> list[Row]:
    named = Counter(_key(line) for line in lines)
    both = right = wrong = 0
    for line, verdict in zip(lines, verdicts, strict=True):
        there = films.get(_key(line), ())
        if len(there) != 1 or named[_key(line)] != 1:
            continue
        both += 1
        if verdict.best is not None:
            right += verdict.best.card.id == there[0]
            wrong += verdict.best.card.id != there[0]
    counts = Counter(verdict.match for verdict in verdicts)
    share = right / both if both else 0.0
    told = ", ".join(f"{number:,} {match}" for match, number in counts.most_common())
    return [
        Row(PART, "films in both, matched", f"{right:,} of {both:,}, {wrong:,} wrongly",
            ratio=f"{share:.2%}", target=f">= {LEAST:.0%}",
            verdict="pass" if share >= LEAST and not wrong else "FAIL"),
        Row(PART, "all lines of the history", told),
        Row(PART, "how fast", f"{len(lines) / taken:,.0f} lines/s"),
    ]  # fmt: skip


def _key(line: Line) -> tuple[str, int]:
    reading = line.readings[0]
    return fold(reading.name), reading.year or 0


def _write_sample(path: Path, lines: Sequence[Line], verdicts: Sequence[Verdict]) -> None:
    """Matched pairs as lines of text, those first that were not the same to the letter."""
    pairs = [
        (line, verdict.best)
        for line, verdict in zip(lines, verdicts, strict=True)
        if verdict.match == MATCHED and verdict.best is not None
    ]
    chosen = random.Random(SEED).sample(pairs, min(SAMPLE, len(pairs)))
    chosen.sort(key=lambda pair: pair[1].confidence)
    with path.open("w", encoding="utf-8") as out:
        for line, best in chosen:
            told, card = line.readings[0], best.card
            out.write(
                f"{best.confidence:.2f}  {told.name} ({told.year})  ->  {card.name} ({card.year}),"
                f" {card.kind}, {card.justwatch_id or card.tmdb_id}: {best.why}\n"
            )


async def _catalogue(database: Database) -> None:
    for folder, platform, file in _LISTS:
        await import_catalog(
            database,
            [DATA / folder / file],
            platform,
            "US",
            observed_at=datetime.now(UTC),
            allow_mass_removal=True,
        )
    columns: dict[str, list[object]] = {
        name: [] for name in ("names", "keys", "years", "ids", "popularities")
    }
    with gzip.open(_TMDB, "rt", encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            year = row["release_date"][:4]
            if year.isdecimal():
                told = (row["title"], fold(row["title"]), int(year), int(row["id"]),
                        float(row["popularity"]))  # fmt: skip
                for column, value in zip(columns.values(), told, strict=True):
                    column.append(value)
    async with database.work() as connection:
        await connection.execute(_ADD, columns)
    async with database.read() as connection:
        await connection.execute(text("ANALYZE titles"))


async def _films(database: Database) -> Mapping[tuple[str, int], Sequence[int]]:
    """The films there are, by folded name and year."""
    found: dict[tuple[str, int], list[int]] = {}
    async with database.read() as connection:
        rows = await connection.execute(
            text("SELECT id, name, year FROM titles WHERE kind = 'film' AND year IS NOT NULL")
        )
        for row in rows:
            found.setdefault((fold(row.name), row.year), []).append(row.id)
    return found
