"""Staged titles become titles, set by set: who is known, what changed, who is new.

`titles_sql` settles for every column what a list may say about a title that is there already.
"""

from dataclasses import dataclass

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.catalog import staging
from domain.catalog import titles_sql as sql
from domain.catalog.staging import Staging, statement
from domain.db import Database

DEMO = "demo"

TITLES = Staging(
    "staged_titles",
    {
        "n": "integer",  # the order of the list: where two rows claim one title, the first has it
        "justwatch_id": "text",
        "kind": "text",
        "name": "text",
        "name_key": "text",
        "year": "smallint",
        "runtime_min": "smallint",
        "maturity": "smallint",
        "genres": "text[]",
        "countries": "varchar(2)[]",
        "critics_score": "smallint",
        "audience_score": "float8",
        "audience_votes": "integer",
        "popularity": "float8",
        "season_count": "smallint",
        "episode_count": "smallint",
        "imdb_id": "text",
        "tmdb_id": "integer",
        "mal_id": "integer",
        "synopsis": "text",
        "keywords": "text[]",
        "ratings": "jsonb",  # {"US": "PG-13"}
    },
    {"title_id": "bigint", "is_new": "boolean NOT NULL DEFAULT false"},
)
# Titles of this run that are new or changed; facts: something that moods are derived from did.
TOUCHED = Staging("touched", {"title_id": "bigint PRIMARY KEY", "facts": "boolean"}, {})
_MANY = 500


@dataclass(frozen=True, slots=True)
class TitleChanges:
    """How many titles of a list are new, and how many of the known ones were changed by it."""

    new: int
    changed: int


async def sync(connection: AsyncConnection, source: str) -> TitleChanges:
    """Write the staged titles, whose title_id `identity.resolve` has set, and note the touched."""
    await TOUCHED.create(connection)
    said = {"source": source}
    await connection.execute(statement(sql.UPDATE_TITLES), said)
    await connection.execute(statement(sql.UPDATE_TEXTS), said)
    new = (await connection.execute(statement(sql.INSERT_TITLES), said)).rowcount
    await connection.execute(statement(sql.INSERT_TEXTS))
    await connection.execute(statement(sql.RATINGS), said)
    touched = (await connection.execute(text("SELECT count(*) FROM touched"))).scalar_one()
    return TitleChanges(new, touched - new)


async def refresh_statistics(database: Database, changes: TitleChanges) -> None:
    """After a large load, tell the planner at once what autovacuum would find out in a minute.

    In a transaction of its own: nobody waits for it who waits for what the load has locked.
    """
    if changes.new >= _MANY:
        async with database.transaction() as session:
            connection = await staging.begin(session)
            await connection.execute(text("ANALYZE titles, title_texts, title_moods, offers"))
