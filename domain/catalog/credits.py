"""Take in who plays in and directs what: people and credits, in one transaction.

JustWatch numbers people, so a number decides who somebody is. The demo knows people by name alone:
where it has somebody of that name in the same part of the same title, that is the same person, who
gets the number. What else the demo says of a part of the credits that a file covers (the cast, the
directors) then goes, as an invented list does when the real one comes.
"""

import asyncio
from collections.abc import Callable, Sequence
from pathlib import Path
from time import perf_counter

from sqlalchemy import text

from domain.catalog import staging
from domain.catalog.credit_lists import CreditsReader
from domain.catalog.reports import CreditsReport, Progress
from domain.db import Database

_CREDITS = staging.Staging(
    "staged_credits",
    {
        "n": "integer",
        "justwatch_id": "text",
        "person_number": "integer",
        "name": "text",
        "name_key": "text",
        "role": "text",
        "character": "text",
    },
    {"title_id": "bigint", "person_id": "bigint"},
)
_TITLES = """
    UPDATE staged_credits s SET title_id = t.id FROM titles t WHERE t.justwatch_id = s.justwatch_id
"""
_UNKNOWN = "DELETE FROM staged_credits WHERE title_id IS NULL"
_ADOPT = """
    UPDATE people SET justwatch_id = same.number, name = same.name
    FROM (
        SELECT DISTINCT ON (person_id) person_id, number, name
        FROM (
            SELECT DISTINCT ON (s.person_number)
                   p.id AS person_id, s.person_number AS number, s.name, s.n
            FROM people p JOIN credits c ON c.person_id = p.id
            JOIN staged_credits s ON s.title_id = c.title_id AND s.role = c.role
                                 AND s.name_key = p.name_key
            WHERE p.justwatch_id IS NULL
              AND NOT EXISTS (SELECT FROM people q WHERE q.justwatch_id = s.person_number)
            ORDER BY s.person_number, s.n
        ) AS of_numbers
        ORDER BY person_id, n
    ) AS same
    WHERE people.id = same.person_id
"""
_PEOPLE = """
    INSERT INTO people (name, name_key, justwatch_id)
    SELECT DISTINCT ON (person_number) name, name_key, person_number
    FROM staged_credits ORDER BY person_number, n DESC
    ON CONFLICT (justwatch_id) DO UPDATE SET name = excluded.name, name_key = excluded.name_key
    WHERE people.name <> excluded.name
    RETURNING xmax = 0
"""
_PERSONS = """
    UPDATE staged_credits s SET person_id = p.id
    FROM people p WHERE p.justwatch_id = s.person_number
"""
_DROP_INVENTED = """
    DELETE FROM credits c USING people p
    WHERE p.id = c.person_id AND p.justwatch_id IS NULL
      AND (c.title_id, c.role) IN (SELECT title_id, role FROM staged_credits)
"""
# Who plays two characters has two records; the first one counts, and gives the place in the cast.
_STORE = """
    INSERT INTO credits AS c (title_id, person_id, role, character, position)
    SELECT title_id, person_id, role, character,
           least(row_number() OVER (PARTITION BY title_id, role ORDER BY n) - 1, 32767)
    FROM (SELECT DISTINCT ON (title_id, person_id, role) * FROM staged_credits
          ORDER BY title_id, person_id, role, n) AS first
    ON CONFLICT (title_id, person_id, role) DO UPDATE
    SET character = excluded.character, position = excluded.position
    WHERE (c.character, c.position) IS DISTINCT FROM (excluded.character, excluded.position)
"""


async def import_credits(
    database: Database,
    files: Sequence[Path],
    *,
    progress: Callable[[Progress], None] | None = None,
) -> CreditsReport:
    """Add the files' people and credits to the titles we have; the same files again change nothing.

    Credits of titles that we don't have are counted and passed over, records that cannot be used
    are reported. Raises UnreadableFile, and then nothing has changed.
    """
    reader = CreditsReader(files)
    timings = reader.timings
    async with database.transaction() as session:
        connection = await staging.begin(session)

        async def run(sql: str) -> int:
            return (await connection.execute(text(sql))).rowcount

        await _CREDITS.create(connection)
        while (lines := await asyncio.to_thread(next, reader, None)) is not None:
            start = perf_counter()
            await _CREDITS.copy(connection, lines)
            timings.copy_s += perf_counter() - start
            if progress:
                progress(Progress(reader.file, reader.rows))
        start = perf_counter()
        await run(_TITLES)
        unknown = await run(_UNKNOWN)
        await run("ANALYZE staged_credits")
        await run(_ADOPT)
        added = (await connection.execute(text(_PEOPLE))).scalars().all().count(True)
        await run(_PERSONS)
        await run(_DROP_INVENTED)
        stored = await run(_STORE)
        timings.upsert_s = perf_counter() - start
    return CreditsReport(reader.rows, reader.bad, unknown, added, stored, timings)
