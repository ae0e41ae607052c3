"""From other people's ids to titles of ours, and what waits for a title we don't have yet.

JustWatch's id of a film or show decides. Where we have no title by that one, TMDB's and then
IMDb's are asked, of titles to which nobody has given a JustWatch id of their own.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import orjson
import structlog
from sqlalchemy import ARRAY, BigInteger, DateTime, bindparam, text
from sqlalchemy.dialects.postgresql import insert
from sqlmodel.ext.asyncio.session import AsyncSession

from domain.availability import service
from domain.catalog.identity import UNCLAIMED
from domain.db import Database, Record, is_away
from domain.webhooks.models import ParkedObservation
from domain.webhooks.sightings import Sighting, as_json, digest, from_json

log = structlog.get_logger()

KEPT = timedelta(days=90)
BATCH = 1_000

_FREE = f"(w.justwatch_id IS NULL OR {UNCLAIMED})"
TITLE = f"""coalesce(
    (SELECT t.id FROM titles t WHERE t.justwatch_id = w.justwatch_id),
    (SELECT t.id FROM titles t WHERE t.kind = w.kind AND t.tmdb_id = w.tmdb_id AND {_FREE}
     ORDER BY t.id LIMIT 1),
    (SELECT t.id FROM titles t
     WHERE t.imdb_id = w.imdb_id AND t.kind = coalesce(w.kind, t.kind) AND {_FREE}
     ORDER BY t.id LIMIT 1))
"""
"""Which title of ours `w` is about, by its ids; null where we have none."""
_IDS = "justwatch_id", "kind", "tmdb_id", "imdb_id", "package_id"
_FIND = text(f"""
    SELECT {TITLE} AS title_id, p.id AS platform_id
    FROM jsonb_to_recordset(CAST(:wanted AS jsonb)) AS w (
        n int, justwatch_id text, kind text, tmdb_id int, imdb_id text, package_id int)
    LEFT JOIN platforms p ON p.package_id = w.package_id
    ORDER BY w.n
""")
# Without a lock: an observation that two processes hear is one that the second confirms.
_KNOWN_NOW = text(f"""
    SELECT * FROM (
        SELECT w.id, w.observation, p.id AS platform_id, {TITLE} AS title_id
        FROM parked_observations w
        JOIN platforms p ON p.package_id = CAST(w.observation ->> 'package_id' AS int)
        WHERE w.id > :after
        OFFSET 0  -- so that the title is looked up once
    ) AS found
    WHERE title_id IS NOT NULL ORDER BY id LIMIT :most
""")
_HEARD = text("DELETE FROM parked_observations WHERE id = ANY(:ids)").bindparams(
    bindparam("ids", type_=ARRAY(BigInteger))
)
_PRUNE = text("DELETE FROM parked_observations WHERE parked_at < :before").bindparams(
    bindparam("before", type_=DateTime(timezone=True))
)


async def hear(session: AsyncSession, sightings: Sequence[Sighting], now: datetime) -> int:
    """Record what is about titles and platforms of ours and park the rest; how many are parked."""
    wanted = [
        {"n": n, **{name: getattr(each, name) for name in _IDS}} for n, each in enumerate(sightings)
    ]
    connection = await session.connection()
    rows = (await connection.execute(_FIND, {"wanted": orjson.dumps(wanted).decode()})).all()
    found = list(zip(sightings, rows, strict=True))
    observations = [
        each.observation(row.title_id, row.platform_id)
        for each, row in found
        if row.title_id is not None and row.platform_id is not None
    ]
    unknown = [each for each, row in found if row.title_id is None or row.platform_id is None]
    if observations:
        await service.record(session, observations, now)
    if unknown:
        await park(session, unknown, now)
    return len(unknown)


async def park(session: AsyncSession, sightings: Sequence[Sighting], now: datetime) -> None:
    """Keep sightings until their titles come; one that waits already is kept once."""
    rows: dict[bytes, dict[str, Any]] = {}
    for each in sightings:
        told = as_json(each)
        rows[digest(told)] = {
            "digest": digest(told),
            "kind": each.kind,
            "justwatch_id": each.justwatch_id,
            "imdb_id": each.imdb_id,
            "tmdb_id": each.tmdb_id,
            "source": each.source,
            "signed": each.signed,
            "observation": told,
            "parked_at": now,
        }
    # In one order, or two deliveries of the same could wait for each other.
    ordered = [rows[key] for key in sorted(rows)]
    parking = insert(ParkedObservation).on_conflict_do_nothing(index_elements=["digest"])
    await (await session.connection()).execute(parking, ordered)


async def hear_parked(database: Database, now: datetime) -> int:
    """Record what is about titles that came since; how many sightings were heard.

    A batch of them is a transaction. One that can't be recorded holds up nothing else: it is passed
    over, and its turn comes again in the next round.
    """
    heard = after = 0
    while True:
        async with database.read() as connection:
            known = {"after": after, "most": BATCH}
            rows = (await connection.execute(_KNOWN_NOW, known)).all()
        if not rows:
            return heard
        heard += await _hear(database, rows, now)
        after = rows[-1].id


async def _hear(database: Database, rows: Sequence[Record], now: datetime) -> int:
    """Record all of them, or where that fails, each half of them by itself."""
    try:
        async with database.transaction() as session:
            observations = [
                from_json(row.observation).observation(row.title_id, row.platform_id)
                for row in rows
            ]
            await service.record(session, observations, now)
            connection = await session.connection()
            await connection.execute(_HEARD, {"ids": [row.id for row in rows]})
    except Exception as error:  # whichever: some sighting's own, since Postgres is there
        if is_away(error):
            raise
        if len(rows) == 1:
            log.warning("parked.not_heard", sighting=rows[0].id, problem=type(error).__name__)
            return 0
        half = len(rows) // 2
        return await _hear(database, rows[:half], now) + await _hear(database, rows[half:], now)
    return len(rows)


async def prune(session: AsyncSession, now: datetime) -> int:
    """Forget what has waited for 90 days; how many there were."""
    connection = await session.connection()
    return (await connection.execute(_PRUNE, {"before": now - KEPT})).rowcount
