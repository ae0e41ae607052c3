"""The demo's seasons and episodes: counted out by Postgres from "season 3 has 41 of 23 minutes".

A title that is no longer the demo's keeps the episodes it has; it gets ours if it has none.
"""

from collections.abc import Iterable

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.catalog.demo.rows import DemoTitle
from domain.catalog.staging import Staging
from domain.copying import encode

_SEASONS = Staging(
    "staged_seasons",
    {
        "title_id": "bigint",
        "number": "smallint",
        "episodes": "smallint",
        "runtime_min": "smallint",
        "first": "smallint",
        "filler_known": "boolean",
    },
    {},
)
_FILLER = Staging(
    "staged_filler", {"title_id": "bigint", "number_abs": "smallint", "verdict": "text"}, {}
)
_EPISODES = text("""
    INSERT INTO episodes AS e (title_id, season_number, number, number_abs, runtime_min, filler,
                               filler_source)
    SELECT s.title_id, s.number, i, s.first + i - 1, s.runtime_min,
           CASE WHEN s.filler_known THEN coalesce(f.verdict, 'canon') ELSE 'unknown' END,
           CASE WHEN s.filler_known THEN 'demo' END
    FROM staged_seasons s JOIN titles t ON t.id = s.title_id
    CROSS JOIN generate_series(1, s.episodes) AS i
    LEFT JOIN staged_filler f ON f.title_id = s.title_id AND f.number_abs = s.first + i - 1
    WHERE t.source = 'demo' OR NOT EXISTS (SELECT FROM episodes o WHERE o.title_id = s.title_id)
    ORDER BY s.title_id, s.first, i
    ON CONFLICT (title_id, season_number, number) DO UPDATE
    SET number_abs = excluded.number_abs, runtime_min = excluded.runtime_min,
        filler = excluded.filler, filler_source = excluded.filler_source
    WHERE (e.filler_source IS NULL OR e.filler_source = 'demo')
      AND (e.number_abs, e.runtime_min, e.filler, e.filler_source) IS DISTINCT FROM
          (excluded.number_abs, excluded.runtime_min, excluded.filler, excluded.filler_source)
""")
_STORE_SEASONS = text("""
    INSERT INTO seasons AS x (title_id, number, episode_count)
    SELECT s.title_id, s.number, s.episodes
    FROM staged_seasons s JOIN titles t ON t.id = s.title_id
    WHERE t.source = 'demo' OR NOT EXISTS (SELECT FROM seasons o WHERE o.title_id = s.title_id)
    ON CONFLICT (title_id, number) DO UPDATE SET episode_count = excluded.episode_count
    WHERE x.episode_count <> excluded.episode_count
""")


async def sync(connection: AsyncConnection, known: Iterable[tuple[int, DemoTitle]]) -> int:
    """Store the seasons and episodes of titles, given with their ids.

    Returns how many episodes are new or changed.
    """
    titles = [(key, title) for key, title in known if title.seasons]
    await _SEASONS.create(connection)
    await _SEASONS.copy(
        connection,
        encode(
            (key, s.number, s.episodes, s.minutes, s.first, title.filler is not None)
            for key, title in titles
            for s in title.seasons
        ),
    )
    await _FILLER.create(connection)
    await _FILLER.copy(
        connection,
        encode(
            (key, number, verdict)
            for key, title in titles
            for number, verdict in (title.filler or {}).items()
        ),
    )
    episodes = (await connection.execute(_EPISODES)).rowcount
    await connection.execute(_STORE_SEASONS)
    return episodes
