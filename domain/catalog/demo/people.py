"""The demo's people and credits. It knows people by name alone, and JustWatch's know better.

Where a title has real credits in a role, the demo has nothing to add. Somebody who is credited for
a part already is that person, else the demo's own person of that name is, else it is a new one.
"""

from collections.abc import Iterable

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.catalog.demo.rows import DemoTitle
from domain.catalog.staging import Staging
from domain.copying import encode
from domain.titles import names

_PARTS = Staging(
    "staged_parts",
    {
        "title_id": "bigint",
        "role": "text",
        "position": "smallint",
        "name": "text",
        "name_key": "text",
    },
    {"person_id": "bigint"},
)
_MAKE_WAY = text("""
    DELETE FROM staged_parts s USING credits c JOIN people p ON p.id = c.person_id
    WHERE c.title_id = s.title_id AND c.role = s.role AND p.justwatch_id IS NOT NULL
      AND EXISTS (SELECT FROM titles t WHERE t.id = s.title_id AND t.source <> 'demo')
""")
_CREDITED = text("""
    UPDATE staged_parts s SET person_id = p.id
    FROM credits c JOIN people p ON p.id = c.person_id
    WHERE c.title_id = s.title_id AND c.role = s.role AND p.name_key = s.name_key
""")
_BY_NAME = text("""
    UPDATE staged_parts s SET person_id = p.id
    FROM (SELECT name_key, min(id) AS id FROM people WHERE justwatch_id IS NULL
          GROUP BY name_key) AS p
    WHERE p.name_key = s.name_key AND s.person_id IS NULL
""")
_NEW = text("""
    INSERT INTO people (name, name_key)
    SELECT DISTINCT ON (name_key) name, name_key FROM staged_parts
    WHERE person_id IS NULL ORDER BY name_key, title_id, "position"
""")
_STORE = text("""
    INSERT INTO credits AS c (title_id, person_id, role, "position")
    SELECT DISTINCT ON (title_id, person_id, role) title_id, person_id, role, "position"
    FROM staged_parts ORDER BY title_id, person_id, role, "position"
    ON CONFLICT (title_id, person_id, role) DO UPDATE SET "position" = excluded.position
    WHERE c.position <> excluded.position
""")


async def sync(connection: AsyncConnection, known: Iterable[tuple[int, DemoTitle]]) -> int:
    """Store who made and who plays in titles, given with their ids.

    Returns how many credits are new or changed.
    """
    await _PARTS.create(connection)
    await _PARTS.copy(
        connection,
        encode(
            (key, role, position, name, names.fold(name))
            for key, title in known
            for role, position, name in title.parts
        ),
    )
    for step in (_MAKE_WAY, _CREDITED, _BY_NAME, _NEW, _BY_NAME):
        await connection.execute(step)
    return (await connection.execute(_STORE)).rowcount
