"""What we conclude about the titles a run has touched: their maturity and their moods.

Both come from pure rules in `domain/titles`; here their facts are fetched and the answers stored,
a page of titles at a time, with the rules in a thread so that the event loop stays free.
"""

import asyncio
from collections.abc import Sequence
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.catalog.staging import Staging
from domain.copying import Value, encode
from domain.titles import maturity, moods
from domain.titles.genres import Genre

HOME = "US"  # the country whose rating `titles.maturity` follows; viewers' own are asked on reading
_PAGE = 1_000

_MOODS = Staging(
    "staged_moods",
    {"title_id": "bigint", "mood": "text", "weight": "float8", "reasons": "text[]"},
    {},
)
_MATURITY = Staging("staged_maturity", {"title_id": "bigint", "maturity": "smallint"}, {})

_FACTS = text("""
    SELECT t.id, t.kind, t.year, t.runtime_min, t.genres, t.audience_score, t.maturity,
           x.synopsis, x.keywords,
           array(SELECT a.country || ' ' || a.rating FROM age_ratings a WHERE a.title_id = t.id)
    FROM (SELECT title_id FROM touched WHERE facts AND title_id > :after
          ORDER BY title_id LIMIT :page) AS page
    JOIN titles t ON t.id = page.title_id JOIN title_texts x ON x.title_id = page.title_id
    ORDER BY t.id
""")
_DROP_OLD = text("""
    DELETE FROM title_moods m USING touched
    WHERE touched.title_id = m.title_id AND touched.facts AND NOT EXISTS (
        SELECT FROM staged_moods s WHERE s.title_id = m.title_id AND s.mood = m.mood)
""")
_STORE = text("""
    INSERT INTO title_moods AS m (title_id, mood, weight, reasons)
    SELECT title_id, mood, weight, reasons FROM staged_moods ORDER BY title_id
    ON CONFLICT (title_id, mood) DO UPDATE
    SET weight = excluded.weight, reasons = excluded.reasons
    WHERE (m.weight, m.reasons) IS DISTINCT FROM (excluded.weight, excluded.reasons)
""")
_MATURE = text("""
    UPDATE titles t SET maturity = s.maturity FROM staged_maturity s WHERE t.id = s.title_id
""")


async def refresh(connection: AsyncConnection, this_year: int) -> int:
    """Derive anew for each touched title whose facts changed; returns how many those are."""
    await _MOODS.create(connection)
    await _MATURITY.create(connection)
    after = count = 0
    while page := (await connection.execute(_FACTS, {"after": after, "page": _PAGE})).all():
        tags, steps = await asyncio.to_thread(_conclude, page, this_year)
        await _MOODS.copy(connection, tags)
        await _MATURITY.copy(connection, steps)
        after, count = page[-1].id, count + len(page)
    if count:
        await connection.execute(text("ANALYZE staged_moods"))
        await connection.execute(_DROP_OLD)
        await connection.execute(_STORE)
        await connection.execute(_MATURE)
    return count


def _conclude(page: Sequence[Any], this_year: int) -> tuple[bytes, bytes]:
    """The lines to copy for a page of facts: moods, and those maturities that are not right yet."""
    tags: list[tuple[Value, ...]] = []
    steps: list[tuple[Value, ...]] = []
    for title_id, kind, year, runtime, genres, score, known, synopsis, keywords, rated in page:
        ratings = dict(entry.split(" ", 1) for entry in rated)
        step = int(maturity.of_title(ratings, HOME))
        if step != known:
            steps.append((title_id, step))
        facts = moods.TitleFacts(
            kind=kind,
            year=year,
            runtime_min=runtime,
            genres=tuple(filter(None, map(Genre.from_source, genres))),
            keywords=tuple(keywords),
            synopsis=synopsis,
            maturity=step if ratings else None,
            audience_score=score,
        )
        for tag in moods.derive(facts, this_year=this_year):
            tags.append((title_id, tag.mood.value, tag.weight, tag.reasons))
    return encode(tags), encode(steps)
