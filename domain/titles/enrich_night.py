"""A night's asking for what our catalogue lacks of titles that somebody wants to watch.

One title at a time, and one transaction for each: killed in between, it goes on with the next one.
A title that was asked about rests for a month, whatever came of it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from time import monotonic

import structlog
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlmodel.ext.asyncio.session import AsyncSession

from domain.binge import following
from domain.db import Database, Record
from domain.errors import DomainError
from domain.jobs import ledger
from domain.jobs.values import Again, Claim, Done, Outcome
from domain.sync.ports import UpstreamAway
from domain.titles.enrich import Additions, Lack, additions, seasons_to_ask
from domain.titles.ports import Metadata

KIND = "enrich"
REQUESTS = 500
"""The most questions of a night."""

log = structlog.get_logger()

_RESTS = timedelta(days=30)
_TURN_S = 15.0
_LONGEST_WAIT_S = 3_600.0
_LACK = """
    SELECT t.id, t.kind, t.tmdb_id, coalesce(x.synopsis, '') = '' AS synopsis,
           t.runtime_min IS NULL AS runtime,
           t.kind = 'series' AND NOT EXISTS (
               SELECT FROM episodes e WHERE e.title_id = t.id) AS episodes
    FROM titles t LEFT JOIN title_texts x ON x.title_id = t.id
"""
_NEXT = text(f"""
    SELECT * FROM ({_LACK}
        WHERE t.tmdb_id IS NOT NULL
          AND EXISTS (SELECT FROM watchlist_items w
                      WHERE w.title_id = t.id AND w.watched_at IS NULL)
          AND NOT EXISTS (SELECT FROM enrichments a
                          WHERE a.title_id = t.id AND a.asked_at > :before)
    ) AS wanted
    WHERE synopsis OR runtime OR episodes ORDER BY id LIMIT 1
""")
_NOW = text(f"{_LACK} WHERE t.id = :title FOR UPDATE OF t")
_SPENT = text("""
    SELECT coalesce(sum(requests), 0) AS requests, count(*) AS titles,
           count(*) FILTER (WHERE added) AS added
    FROM enrichments WHERE job_id = :job
""")
_ASKED = text("""
    INSERT INTO enrichments AS e (title_id, job_id, asked_at, requests, added, owed, problem)
    VALUES (:title, :job, :now, :requests, :added, :added, :problem)
    ON CONFLICT (title_id) DO UPDATE
    SET job_id = excluded.job_id, asked_at = excluded.asked_at, requests = excluded.requests,
        added = excluded.added, owed = e.owed OR excluded.owed, problem = excluded.problem
""")
_SYNOPSIS = text("""
    INSERT INTO title_texts AS x (title_id, name, synopsis)
    SELECT t.id, t.name, CAST(:synopsis AS text) FROM titles t WHERE t.id = :title
    ON CONFLICT (title_id) DO UPDATE SET synopsis = excluded.synopsis WHERE x.synopsis = ''
""")
_RUNTIME = text("""
    UPDATE titles SET runtime_min = :runtime, updated_at = :now
    WHERE id = :title AND runtime_min IS NULL
""")
_SEASONS = text("""
    INSERT INTO seasons AS s (title_id, number, name, year, episode_count)
    SELECT CAST(:title AS bigint), number, name, year, episode_count FROM unnest(
        CAST(:numbers AS smallint[]), CAST(:names AS text[]), CAST(:years AS smallint[]),
        CAST(:counts AS smallint[])
    ) AS new (number, name, year, episode_count)
    ON CONFLICT (title_id, number) DO UPDATE
    SET name = coalesce(s.name, excluded.name), year = coalesce(s.year, excluded.year),
        episode_count = CASE s.episode_count WHEN 0 THEN excluded.episode_count
                        ELSE s.episode_count END
""")
# What is not named here, such as whether an episode is filler, stays as it is.
_EPISODES = text("""
    INSERT INTO episodes AS e
        (title_id, season_number, number, number_abs, name, runtime_min, air_date)
    SELECT CAST(:title AS bigint), season, number, number_abs, name, runtime_min, air_date
    FROM unnest(
        CAST(:seasons AS smallint[]), CAST(:numbers AS smallint[]), CAST(:absolute AS smallint[]),
        CAST(:names AS text[]), CAST(:runtimes AS smallint[]), CAST(:days AS date[])
    ) AS new (season, number, number_abs, name, runtime_min, air_date)
    ON CONFLICT (title_id, season_number, number) DO UPDATE
    SET number_abs = coalesce(e.number_abs, excluded.number_abs),
        name = coalesce(e.name, excluded.name),
        runtime_min = coalesce(e.runtime_min, excluded.runtime_min),
        air_date = coalesce(e.air_date, excluded.air_date)
""")
_COUNTS = text("""
    UPDATE titles t SET updated_at = :now,
        season_count = CASE t.season_count WHEN 0 THEN
            (SELECT count(*) FROM seasons s WHERE s.title_id = t.id AND s.number > 0)
            ELSE t.season_count END,
        episode_count = CASE t.episode_count WHEN 0 THEN
            (SELECT count(*) FROM episodes e WHERE e.title_id = t.id AND e.season_number > 0)
            ELSE t.episode_count END
    WHERE t.id = :title
""")
_PLANNED = text("SELECT 1 FROM jobs WHERE kind = :kind AND key = :key")
_SYNCED = text("SELECT 1 FROM sync_runs WHERE night = :night AND finished_at IS NOT NULL")


@dataclass(frozen=True, slots=True)
class Heard:
    """What came of asking about a title. requests: how many questions it took."""

    added: Additions
    requests: int
    problem: str | None = None


async def plan(
    session: AsyncSession, night: date, now: datetime, *, after_sync: bool
) -> int | None:
    """Plan a night's asking once its sync, where there is one, has ended; the new job's id."""
    connection = await session.connection()
    known = {"kind": KIND, "key": night.isoformat()}
    if (await connection.execute(_PLANNED, known)).first():
        return None
    if after_sync and not (await connection.execute(_SYNCED, {"night": night})).first():
        return None
    return await ledger.plan(session, KIND, night.isoformat(), now)


async def go_on(
    database: Database,
    metadata: Metadata | None,
    claim: Claim,
    clock: Callable[[], datetime],
    most: int = REQUESTS,
) -> Outcome:
    """Ask about one title after the other; Again after a while, Done at the end or the limit."""
    until = monotonic() + _TURN_S
    while True:
        spent, title = await _next(database, claim, clock())
        if metadata is None or title is None or spent.requests >= most:
            told = {"titles": spent.titles, "added": spent.added, "requests": int(spent.requests)}
            return Done(told)
        if monotonic() >= until:
            return Again()
        try:
            heard = await _ask(metadata, title)
        except UpstreamAway as away:
            if away.permanent or away.retry_after_s is None:
                raise
            return Again(clock() + timedelta(seconds=min(away.retry_after_s, _LONGEST_WAIT_S)))
        async with database.transaction() as session:
            await ledger.hold(session, claim)
            await _write(await session.connection(), claim, title, heard, clock())
            if heard.added.runtime_min or heard.added.seasons or heard.added.episodes:
                await following.stale(session, title_ids=[title.id], now=clock())
            await ledger.got_on(session, claim)


async def _next(database: Database, claim: Claim, now: datetime) -> tuple[Record, Record | None]:
    async with database.read() as connection:
        spent = (await connection.execute(_SPENT, {"job": claim.job_id})).one()
        found = await connection.execute(_NEXT, {"before": now - _RESTS})
        return spent, found.one_or_none()


async def _ask(metadata: Metadata, title: Record) -> Heard:
    """What is said of a title. Raises UpstreamAway; an answer of no use is told as a problem."""
    lack, requests = _lack(title), 1
    try:
        facts = await metadata.metadata(title.kind, title.tmdb_id)
        if facts is None:
            return Heard(Additions(), requests, "It isn't there.")
        seasons = []
        for number in seasons_to_ask(lack, facts):
            requests += 1
            seasons.append(await metadata.season(title.tmdb_id, number))
    except UpstreamAway:
        raise
    except DomainError as problem:
        return Heard(Additions(), requests, problem.message)
    return Heard(additions(lack, facts, seasons), requests)


async def _write(
    connection: AsyncConnection, claim: Claim, title: Record, heard: Heard, now: datetime
) -> None:
    """Write what is still lacking, and that it was asked for."""
    current = (await connection.execute(_NOW, {"title": title.id})).one_or_none()
    if current is None:  # it has gone meanwhile
        return
    known = {"title": title.id, "now": now}
    await _add(connection, known, _lack(current), heard.added)
    await connection.execute(
        _ASKED,
        {
            **known,
            "job": claim.job_id,
            "requests": heard.requests,
            "added": heard.added.any,
            "problem": heard.problem and heard.problem[:300],
        },
    )


async def _add(
    connection: AsyncConnection, known: dict[str, object], lack: Lack, new: Additions
) -> None:
    title = {"title": known["title"]}
    if new.synopsis and lack.synopsis:
        await connection.execute(_SYNOPSIS, {**title, "synopsis": new.synopsis})
    if new.runtime_min and lack.runtime:
        await connection.execute(_RUNTIME, {**known, "runtime": new.runtime_min})
    if new.seasons:
        rows = new.seasons
        await connection.execute(
            _SEASONS,
            {
                **title,
                "numbers": [each.number for each in rows],
                "names": [each.name for each in rows],
                "years": [each.air_date and each.air_date.year for each in rows],
                "counts": [len(each.episodes) for each in rows],
            },
        )
    if new.episodes:
        await connection.execute(
            _EPISODES,
            {
                **title,
                "seasons": [each.facts.season_number for each in new.episodes],
                "numbers": [each.facts.number for each in new.episodes],
                "absolute": [each.number_abs for each in new.episodes],
                "names": [each.facts.name for each in new.episodes],
                "runtimes": [each.facts.runtime_min for each in new.episodes],
                "days": [each.facts.air_date for each in new.episodes],
            },
        )
    if new.seasons or new.episodes:
        await connection.execute(_COUNTS, known)


def _lack(row: Record) -> Lack:
    return Lack(row.kind, row.synopsis, row.runtime, row.episodes)
