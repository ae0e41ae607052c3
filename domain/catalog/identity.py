"""Which of our titles a list's row is about, for all rows at once.

JustWatch's id decides. A title that nobody gave one yet is found by its IMDb id, else by its name,
year and kind. Each row gets one title and each title one row: of two rows that claim a title, the
first in the list has it, and the other one is a title of its own.
"""

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

# An import may take over what the demo invented an id for, or what came without any.
UNCLAIMED = r"(t.justwatch_id IS NULL OR t.source = 'demo' AND t.justwatch_id ~ '^t[ms]9\d{9}$')"
# The demo must recognise what an import has taken over since it was loaded last.
TAKEN_OVER = "t.source <> 'demo'"

_BY_JUSTWATCH = """
    UPDATE staged_titles s SET title_id = t.id FROM titles t WHERE t.justwatch_id = s.justwatch_id
"""
# IMDb ids are typed by people and now and then wrong: a title with another name and another year
# is another title, whatever the id says.
_SAME_IMDB = """
    t.imdb_id = s.imdb_id AND (t.name_key = s.name_key OR abs(t.year - s.year) <= 1)
"""
_SAME_NAME = "t.name_key = s.name_key AND t.year = s.year AND s.name_key <> ''"
# The candidates are set apart and counted, so that Postgres hashes them. Guessing, it would look
# each name up in the trigram index, which can answer "=" and takes a thousand times as long.
_CANDIDATES = """
    CREATE TEMPORARY TABLE candidates ON COMMIT DROP AS
    SELECT t.id, t.kind, t.name_key, t.year, t.imdb_id FROM titles t
    WHERE {among} AND t.id NOT IN (SELECT title_id FROM staged_titles WHERE title_id IS NOT NULL)
"""
_CLAIM = """
    UPDATE staged_titles SET title_id = claim.title_id
    FROM (
        SELECT DISTINCT ON (title_id) n, title_id
        FROM (
            SELECT DISTINCT ON (s.n) s.n, t.id AS title_id
            FROM staged_titles s JOIN candidates t ON t.kind = s.kind AND {same}
            WHERE s.title_id IS NULL
            ORDER BY s.n, t.id
        ) AS of_rows
        ORDER BY title_id, n
    ) AS claim
    WHERE staged_titles.n = claim.n
"""
_CLAIMED = "DELETE FROM candidates t USING staged_titles s WHERE s.title_id = t.id"
_NEW = """
    UPDATE staged_titles
    SET title_id = nextval(pg_get_serial_sequence('titles', 'id')), is_new = true
    WHERE title_id IS NULL
"""


async def resolve(connection: AsyncConnection, among: str) -> int:
    """Give every staged title its title_id, a fresh one where it is new.

    among: UNCLAIMED or TAKEN_OVER, the titles that may be found by other marks than JustWatch's id.
    Returns how many were found by such marks.
    """

    async def run(sql: str) -> int:
        return (await connection.execute(text(sql))).rowcount

    await run("ANALYZE staged_titles (justwatch_id, kind, name_key, imdb_id)")
    await run(_BY_JUSTWATCH)
    await run(_CANDIDATES.format(among=among))
    await run("ANALYZE candidates")
    found = await run(_CLAIM.format(same=_SAME_IMDB))
    await run(_CLAIMED)
    found += await run(_CLAIM.format(same=_SAME_NAME))
    await run(_NEW)
    await run("ANALYZE staged_titles (n, title_id, is_new)")
    return found
