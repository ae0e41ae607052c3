"""A profile's history, ratings and watchlist as lines, to be taken along."""

import asyncio
from typing import Any

from sqlalchemy import text

from domain import ids
from domain.accounts.viewer import Viewer
from domain.db import Database, Record
from domain.imports.values import Ids, Line, Reading, What

_TITLE = (
    "t.id AS title_id, t.name, t.kind, t.year, t.imdb_id, t.tmdb_id, t.trakt_id, t.mal_id,"
    " t.justwatch_id"
)
_NO_EPISODE = (
    "NULL::smallint AS season_number, NULL::smallint AS number, NULL::smallint AS number_abs,"
    " NULL::text AS episode_name"
)
_EVERYTHING = text(f"""
    SELECT 'watch' AS what, w.watched_at AS at, NULL::smallint AS score, NULL::text AS note,
           NULL::text AS platform,
           e.season_number, e.number, e.number_abs, e.name AS episode_name, {_TITLE}
    FROM watches w JOIN titles t ON t.id = w.title_id LEFT JOIN episodes e ON e.id = w.episode_id
    WHERE w.profile_id = :profile AND t.maturity <= :ceiling
    UNION ALL
    SELECT 'rating', r.rated_at, r.score, NULL, NULL, {_NO_EPISODE}, {_TITLE}
    FROM ratings r JOIN titles t ON t.id = r.title_id
    WHERE r.profile_id = :profile AND t.maturity <= :ceiling
    UNION ALL
    SELECT 'wish', i.added_at, NULL, i.note, p.slug, {_NO_EPISODE}, {_TITLE}
    FROM watchlist_items i JOIN titles t ON t.id = i.title_id
    LEFT JOIN platforms p ON p.id = i.platform_id
    WHERE i.profile_id = :profile AND t.maturity <= :ceiling
    ORDER BY 1, 2, title_id, season_number, number
""")


async def everything(database: Database, viewer: Viewer) -> list[Line]:
    """What a profile has watched, rated and wished for, the oldest first; raises NotSignedIn."""
    _, profile_id = viewer.require_profile()
    async with database.read() as connection:
        found = await connection.execute(
            _EVERYTHING, {"profile": profile_id, "ceiling": viewer.ceiling}
        )
        rows = found.all()
    # asyncio.to_thread: a hundred thousand take seconds, and others are being served.
    return await asyncio.to_thread(lambda: [_line(n, row) for n, row in enumerate(rows, 1)])


def _line(n: int, row: Record) -> Line:
    part: dict[str, Any] = {
        "season_number": row.season_number,
        "episode_number": row.number,
        "episode_name": row.episode_name,
        "number_abs": row.number_abs,
    }
    return Line(
        n=n,
        what=What(row.what),
        readings=(Reading(row.name, row.kind, row.year, **part),),
        ids=Ids(
            ours=ids.encode("title", row.title_id),
            imdb_id=row.imdb_id,
            tmdb_id=row.tmdb_id,
            trakt_id=row.trakt_id,
            mal_id=row.mal_id,
            justwatch_id=row.justwatch_id,
        ),
        at=row.at,
        score=row.score,
        note=row.note,
        platform=row.platform,
    )
