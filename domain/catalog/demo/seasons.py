"""The demo's seasons and episodes: counted out by Postgres from "season 3 has 41 of 23 minutes".

A title that is no longer the demo's keeps the episodes it has; it gets ours if it has none.
"""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import text
from sqlmodel.ext.asyncio.session import AsyncSession

from domain.catalog.demo.rows import DemoTitle
from domain.catalog.staging import Staging
from domain.copying import encode
from domain.filler import beliefs

_SURE = 0.9
"""How sure the demo is of what it says about filler: somebody has gone through every episode."""

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
# Known only here: whoever lists a series' episodes later knows them better.
_MAKE_WAY = text("""
    DELETE FROM staged_seasons s USING titles t
    WHERE t.id = s.title_id AND t.source <> 'demo'
      AND EXISTS (SELECT FROM episodes o WHERE o.title_id = s.title_id)
""")
# A new episode is believed to be what the demo says of it, as nobody else says anything yet.
_EPISODES = text(f"""
    INSERT INTO episodes AS e (title_id, season_number, number, number_abs, runtime_min, filler,
                               filler_source, filler_confidence)
    SELECT s.title_id, s.number, i, s.first + i - 1, s.runtime_min,
           CASE WHEN s.filler_known THEN coalesce(f.verdict, 'canon') ELSE 'unknown' END,
           CASE WHEN s.filler_known THEN 'demo' END,
           CASE WHEN s.filler_known THEN {_SURE} END
    FROM staged_seasons s
    CROSS JOIN generate_series(1, s.episodes) AS i
    LEFT JOIN staged_filler f ON f.title_id = s.title_id AND f.number_abs = s.first + i - 1
    ORDER BY s.title_id, s.first, i
    ON CONFLICT (title_id, season_number, number) DO UPDATE
    SET number_abs = excluded.number_abs, runtime_min = excluded.runtime_min
    WHERE (e.number_abs, e.runtime_min) IS DISTINCT FROM
          (excluded.number_abs, excluded.runtime_min)
""")
_CLAIMS = text(f"""
    INSERT INTO filler_claims AS c (episode_id, source, verdict, confidence, heard_at)
    SELECT e.id, 'demo', coalesce(f.verdict, 'canon'), {_SURE}, :now
    FROM staged_seasons s
    JOIN episodes e ON e.title_id = s.title_id AND e.season_number = s.number
                   AND e.number <= s.episodes
    LEFT JOIN staged_filler f ON f.title_id = e.title_id AND f.number_abs = e.number_abs
    WHERE s.filler_known
    ORDER BY e.id
    ON CONFLICT (episode_id, source) DO UPDATE
    SET verdict = excluded.verdict, confidence = excluded.confidence, heard_at = excluded.heard_at
    WHERE (c.verdict, c.confidence) IS DISTINCT FROM (excluded.verdict, excluded.confidence)
    RETURNING episode_id
""")
_STORE_SEASONS = text("""
    INSERT INTO seasons AS x (title_id, number, episode_count)
    SELECT s.title_id, s.number, s.episodes
    FROM staged_seasons s JOIN titles t ON t.id = s.title_id
    WHERE t.source = 'demo' OR NOT EXISTS (SELECT FROM seasons o WHERE o.title_id = s.title_id)
    ON CONFLICT (title_id, number) DO UPDATE SET episode_count = excluded.episode_count
    WHERE x.episode_count <> excluded.episode_count
""")


async def sync(session: AsyncSession, known: Iterable[tuple[int, DemoTitle]], now: datetime) -> int:
    """Store the seasons and episodes of titles, given with their ids, and which are filler.

    Returns how many episodes are new or changed.
    """
    connection = await session.connection()
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
    await connection.execute(_STORE_SEASONS)
    await connection.execute(_MAKE_WAY)
    episodes = (await connection.execute(_EPISODES)).rowcount
    claimed = await connection.execute(_CLAIMS, {"now": now})
    await beliefs.settle(session, list(claimed.scalars()), now)
    return episodes
