"""The whole catalogue as rows: for whoever makes something else of it, such as the stand-ins."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.db import Record

_PLATFORMS = text("""
    SELECT id, slug, name, package_id FROM platforms WHERE package_id IS NOT NULL ORDER BY id
""")
# What goes by no id of JustWatch's can't be asked for there.
_TITLES = text("""
    SELECT t.id, t.kind, t.name, t.year, t.runtime_min, t.genres, t.countries, t.critics_score,
           t.audience_score, t.audience_votes, t.popularity, t.justwatch_id, t.imdb_id, t.tmdb_id,
           x.synopsis, x.keywords
    FROM titles t LEFT JOIN title_texts x ON x.title_id = t.id
    WHERE t.justwatch_id IS NOT NULL ORDER BY t.id
""")
_SEASONS = text("SELECT title_id, number, name, year FROM seasons ORDER BY title_id, number")
_EPISODES = text("""
    SELECT title_id, season_number, number, number_abs, name, runtime_min, air_date
    FROM episodes ORDER BY title_id, season_number, number
""")
_RATINGS = text("SELECT title_id, country, rating FROM age_ratings ORDER BY title_id, country")
_OFFERS = text("""
    SELECT title_id, season_number, platform_id, country, monetization, quality, price, currency,
           url, available_from, expires_on
    FROM offers WHERE gone_at IS NULL ORDER BY title_id, id
""")


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Rows with the columns of the statements above; offers: those believed to be there."""

    platforms: Sequence[Record]
    titles: Sequence[Record]
    seasons: Sequence[Record]
    episodes: Sequence[Record]
    ratings: Sequence[Record]
    offers: Sequence[Record]


async def snapshot(connection: AsyncConnection) -> Snapshot:
    """Everything, read at one moment where the connection is in a transaction that says so."""
    await connection.execute(text("SET LOCAL statement_timeout = '60s'"))
    statements = (_PLATFORMS, _TITLES, _SEASONS, _EPISODES, _RATINGS, _OFFERS)
    return Snapshot(*[(await connection.execute(each)).all() for each in statements])
