"""Small lists, imports of them, and questions to the tables, for the tests beside this file."""

import csv
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import text

from domain.catalog.demo.load import load_demo
from domain.catalog.imports import import_catalog
from domain.catalog.reports import DemoReport, ImportReport
from domain.db import Database

COLUMNS: tuple[str, ...] = (
    "id", "title", "type", "description", "release_year", "age_certification", "runtime", "genres",
    "production_countries", "seasons", "imdb_id", "imdb_score", "imdb_votes", "tmdb_popularity",
    "tmdb_score",
)  # fmt: skip
NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
DAY = timedelta(days=1)


def record(number: int, **cells: str) -> dict[str, str]:
    """A film's record as JustWatch lists have it; `cells` replace what it says."""
    said = {
        "id": f"tm{number}", "title": f"Film {number}", "type": "MOVIE", "release_year": "1999",
        "description": f"The story of {number}.", "age_certification": "PG-13", "runtime": "100",
        "genres": "['drama', 'comedy']", "production_countries": "['US']", "imdb_score": "7.5",
        "imdb_votes": "1000.0", "imdb_id": f"tt{number:07}", "tmdb_popularity": "12.5",
    }  # fmt: skip
    return {column: (said | cells).get(column, "") for column in COLUMNS}


def films(*numbers: int) -> list[dict[str, str]]:
    """Records of films with these numbers."""
    return [record(number) for number in numbers]


def write(path: Path, rows: Sequence[Mapping[str, str]]) -> Path:
    """A CSV file with these records."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    return path


async def load(
    database: Database,
    path: Path,
    rows: Sequence[Mapping[str, str]],
    *,
    platform: str = "netflix",
    at: datetime = NOON,
    allow_mass_removal: bool = False,
) -> ImportReport:
    """Import a list with these records."""
    return await import_catalog(
        database,
        [write(path / "list.csv", rows)],
        platform,
        "US",
        observed_at=at,
        allow_mass_removal=allow_mass_removal,
    )


async def ask(database: Database, question: str, **parameters: Any) -> list[tuple[Any, ...]]:
    """The answer of a select, as tuples."""
    async with database.read() as connection:
        return [tuple(row) for row in await connection.execute(text(question), parameters)]


async def count(database: Database, table: str, condition: str = "true") -> int:
    """How many rows of a table are such."""
    return (await ask(database, f"SELECT count(*) FROM {table} WHERE {condition}"))[0][0]


async def state(database: Database) -> dict[str, list[tuple[Any, ...]]]:
    """All that a load writes, but for the moment when something was last seen."""
    tables = ("titles", "title_texts", "age_ratings", "title_moods", "seasons", "episodes",
              "people", "credits", "platforms", "platform_plans", "offer_beliefs",
              "availability_position")  # fmt: skip
    found = {
        name: await ask(database, f"SELECT x::text FROM {name} x ORDER BY 1") for name in tables
    }
    found["offers"] = await ask(
        database,
        "SELECT id, title_id, season_number, platform_id, country, monetization, quality, price,"
        " url, expires_on, source, confidence, first_seen_at, gone_at FROM offers ORDER BY id",
    )
    return found


async def demo(database: Database, days: int = 0) -> DemoReport:
    """Load the demo as it is some days after the first."""
    at = NOON + days * DAY
    return await load_demo(database, at.date(), observed_at=at)
