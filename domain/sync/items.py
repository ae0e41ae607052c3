"""The titles of a run: whose turn it is, and what came of it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from sqlalchemy import ARRAY, BigInteger, DateTime, String, text
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlmodel.ext.asyncio.session import AsyncSession

from domain.sql import typed
from domain.sync.rules import MOST_FAILURES, UNKNOWN_AGAIN, pause_after
from domain.sync.values import Asked

WAITING, AGAIN, DONE, UNKNOWN, FAILED = "waiting", "again", "done", "unknown", "failed"

_MOMENTS = ARRAY(DateTime(timezone=True))
_TYPES: dict[str, Any] = {
    "titles": ARRAY(BigInteger), "states": ARRAY(String), "problems": ARRAY(String),
    "source": String(), "next": _MOMENTS, "quarantined": _MOMENTS,
    "again_at": DateTime(timezone=True),
}  # fmt: skip

_sql = partial(typed, types=_TYPES)


_NEXT = text("""
    SELECT i.title_id, i.tries, t.kind, t.justwatch_id, t.tmdb_id, t.imdb_id
    FROM sync_items i JOIN titles t ON t.id = i.title_id
    WHERE i.run_id = :run AND i.state = :state ORDER BY i.tries, i.n LIMIT :most
""")
_LEFT = text("SELECT EXISTS (SELECT FROM sync_items WHERE run_id = :run AND state = :state)")
_TRY = text("""
    UPDATE sync_items SET tries = tries + 1 WHERE run_id = :run AND title_id = :title
""")
_TAKE_BACK = _sql("""
    UPDATE sync_items SET tries = tries - 1
    WHERE run_id = :run AND title_id = ANY(:titles) AND tries > 0
""")
_DEADLY = text("SELECT count(*) FROM sync_items WHERE run_id = :run AND tries >= 2")
_MARK = _sql("""
    UPDATE sync_items i SET state = told.state, problem = told.problem
    FROM unnest(CAST(:titles AS bigint[]), CAST(:states AS text[]), CAST(:problems AS text[]))
         AS told (title_id, state, problem)
    WHERE i.run_id = :run AND i.title_id = told.title_id
""")
_MARK_DONE = _sql("""
    UPDATE sync_items SET state = 'done' WHERE run_id = :run AND title_id = ANY(:titles)
""")
_FAILURES = _sql("""
    SELECT title_id, failures FROM sync_titles
    WHERE source = :source AND title_id = ANY(:titles) ORDER BY title_id FOR UPDATE
""")
_FAIL = _sql("""
    INSERT INTO sync_titles (source, title_id, failures, next_at, quarantined_at, problem)
    SELECT :source, told.title_id, 1, told.next_at, told.quarantined_at, told.problem
    FROM unnest(CAST(:titles AS bigint[]), CAST(:next AS timestamptz[]),
                CAST(:quarantined AS timestamptz[]), CAST(:problems AS text[]))
         AS told (title_id, next_at, quarantined_at, problem)
    JOIN titles t ON t.id = told.title_id
    ON CONFLICT (source, title_id) DO UPDATE
    SET failures = least(sync_titles.failures + 1, 1000), next_at = excluded.next_at,
        quarantined_at = excluded.quarantined_at, problem = excluded.problem
""")
_UNKNOWN = _sql("""
    INSERT INTO sync_titles (source, title_id, next_at, problem)
    SELECT :source, told.title_id, :again_at, told.problem
    FROM unnest(CAST(:titles AS bigint[]), CAST(:problems AS text[])) AS told (title_id, problem)
    JOIN titles t ON t.id = told.title_id
    ON CONFLICT (source, title_id) DO UPDATE
    SET failures = 0, next_at = excluded.next_at, quarantined_at = NULL, problem = excluded.problem
""")


@dataclass(frozen=True, slots=True)
class Item:
    """A title whose turn it is. tries: how often it was taken in on its own."""

    asked: Asked
    tries: int


async def upcoming(connection: AsyncConnection, run_id: int, state: str, most: int) -> list[Item]:
    """The next titles in a state, in their order; those that were tried on their own come last."""
    told = {"run": run_id, "state": state, "most": most}
    rows = (await connection.execute(_NEXT, told)).all()
    return [
        Item(Asked(row.title_id, row.kind, row.justwatch_id, row.tmdb_id, row.imdb_id), row.tries)
        for row in rows
    ]


async def any_left(session: AsyncSession, run_id: int, state: str) -> bool:
    """Whether there are titles in a state."""
    rows = await (await session.connection()).execute(_LEFT, {"run": run_id, "state": state})
    return bool(rows.scalar_one())


async def count_try(session: AsyncSession, run_id: int, title_id: int) -> None:
    """Note that a title is about to be taken in on its own."""
    await (await session.connection()).execute(_TRY, {"run": run_id, "title": title_id})


async def take_back_tries(session: AsyncSession, run_id: int, titles: Collection[int]) -> None:
    """Note that what was about to be taken in wasn't, as nothing was heard."""
    told = {"run": run_id, "titles": list(titles)}
    await (await session.connection()).execute(_TAKE_BACK, told)


async def deadly(session: AsyncSession, run_id: int) -> int:
    """At how many titles of a run somebody died twice, or is about to."""
    counted = await (await session.connection()).execute(_DEADLY, {"run": run_id})
    return counted.scalar_one()


async def mark(
    session: AsyncSession,
    run_id: int,
    done: Collection[int],
    others: Mapping[int, tuple[str, str | None]],
) -> None:
    """Note what came of titles. others: those that are not done, with their states and problems."""
    connection = await session.connection()
    if done:
        await connection.execute(_MARK_DONE, {"run": run_id, "titles": list(done)})
    if others:
        told = {
            "run": run_id,
            "titles": list(others),
            "states": [state for state, _ in others.values()],
            "problems": [problem for _, problem in others.values()],
        }
        await connection.execute(_MARK, told)


async def fail(
    session: AsyncSession,
    source: str,
    problems: Mapping[int, str],
    now: datetime,
    *,
    hopeless: bool = False,
) -> int:
    """Note that there was no answer about titles; how many of them are in quarantine now.

    hopeless: all of them are, at once.
    """
    connection = await session.connection()
    titles: Sequence[int] = sorted(problems)
    rows = await connection.execute(_FAILURES, {"source": source, "titles": titles})
    failures = dict.fromkeys(titles, 1) | {row.title_id: row.failures + 1 for row in rows}
    given_up = [hopeless or failures[each] >= MOST_FAILURES for each in titles]
    told = {
        "source": source,
        "titles": titles,
        "next": [now + pause_after(failures[each]) for each in titles],
        "quarantined": [now if each else None for each in given_up],
        "problems": [problems[each] for each in titles],
    }
    await connection.execute(_FAIL, told)
    return sum(given_up)


async def set_unknown(
    session: AsyncSession, source: str, problems: Mapping[int, str], now: datetime
) -> None:
    """Note that the source doesn't have titles, which is no failure of anybody's."""
    told = {
        "source": source,
        "titles": sorted(problems),
        "problems": [problems[each] for each in sorted(problems)],
        "again_at": now + UNKNOWN_AGAIN,
    }
    await (await session.connection()).execute(_UNKNOWN, told)
