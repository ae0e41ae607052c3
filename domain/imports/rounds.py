"""What writing an import and taking it back have in common: rounds of titles, each committed."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from time import monotonic
from typing import Any, TypeAlias
from uuid import UUID
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import orjson
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlmodel.ext.asyncio.session import AsyncSession

from domain.accounts.viewer import Viewer
from domain.db import Database
from domain.events import outbox
from domain.events.values import Event, Topic, WatchlistKind
from domain.imports import repo
from domain.imports.batches import LineKey, Listed, Progress
from domain.watchlists import repo as watchlists
from domain.watchlists.values import Whose

TITLES, LINES = 400, 5_000
"""The most of a round. A title's lines are in one, or two where they are more than fit."""


@dataclass(frozen=True, slots=True)
class Round:
    """The surroundings of a round. whose: with the ceiling of this moment."""

    session: AsyncSession
    connection: AsyncConnection
    whose: Whose
    batch_id: UUID
    source: str
    zone: tzinfo
    now: datetime


Work: TypeAlias = Callable[[Round], Awaitable[int]]
"""Does one round; how many lines it was about, 0 where nothing is left."""


async def run(
    database: Database,
    viewer: Viewer,
    batch_id: UUID,
    now: datetime,
    work: Work,
    *,
    of: int,
    seconds: float | None,
    progress: Callable[[Progress], None] | None,
) -> bool:
    """Rounds until nothing is left, or the time is up; whether nothing is.

    Each round is a transaction under the profile's lock: whoever changes its history waits for one
    of them, and what a crash interrupts goes on where it was. Raises ImportBusy, also in between.
    """
    began, lines = monotonic(), 0
    while True:
        async with database.transaction() as session:
            connection = await repo.begin(session, viewer.require_profile()[1])
            whose = await watchlists.lock(session, Whose.of(viewer, now))
            source = await repo.hold(connection, whose.profile_id, batch_id)
            round_ = Round(session, connection, whose, batch_id, source, _zone(viewer), now)
            worked = await work(round_)
        if not worked:
            return True
        lines += worked
        if progress:
            progress(Progress(min(lines, of), of))
        # Where all is done, the round that finds nothing left to do, and says so, is soon over.
        if seconds is not None and lines < of and monotonic() - began > seconds:
            return False


async def next_lines(round_: Round, where: str, order: str) -> list[Listed]:
    """The lines of the next titles. where: which are still to be done; order: of a title's."""
    rows = await round_.connection.execute(
        text(f"""
            WITH next AS (
                SELECT title_id FROM import_lines
                WHERE batch_id = :batch AND title_id IS NOT NULL AND {where}
                GROUP BY title_id ORDER BY title_id LIMIT {TITLES}
            )
            SELECT n, part, what, told, match, title_id, episode_id, confidence, candidates,
                   committed, wrote, problem
            FROM import_lines
            WHERE batch_id = :batch AND {where} AND title_id IN (SELECT title_id FROM next)
            ORDER BY title_id, {order} LIMIT {LINES}
        """),
        {"batch": round_.batch_id},
    )
    return [repo.listed(row) for row in rows]


async def set_lines(
    round_: Round, rows: Sequence[tuple[LineKey, bool, dict[str, Any] | None, str | None]]
) -> None:
    """Write down what came of lines: whether they count as written, what it was, why not."""
    await round_.connection.execute(
        text("""
            UPDATE import_lines l
            SET committed = new.committed, wrote = CAST(new.wrote AS jsonb), problem = new.problem
            FROM unnest(
                CAST(:n AS int[]), CAST(:part AS smallint[]), CAST(:committed AS bool[]),
                CAST(:wrote AS text[]), CAST(:problem AS text[])
            ) AS new (n, part, committed, wrote, problem)
            WHERE l.batch_id = :batch AND l.n = new.n AND l.part = new.part
        """),
        {
            "batch": round_.batch_id,
            "n": [key.n for key, *_ in rows],
            "part": [key.part for key, *_ in rows],
            "committed": [committed for _, committed, _, _ in rows],
            "wrote": [wrote and orjson.dumps(wrote).decode() for _, _, wrote, _ in rows],
            "problem": [problem for *_, problem in rows],
        },
    )


async def tell(round_: Round, kinds: Sequence[tuple[int, WatchlistKind]]) -> None:
    """Tell what changed on the watchlist: one event for a title."""
    await outbox.add(
        round_.session,
        [
            Event(Topic.WATCHLIST, kind.value, round_.now, title_id, round_.whose.profile_id)
            for title_id, kind in kinds
        ],
    )


def _zone(viewer: Viewer) -> tzinfo:
    try:
        return ZoneInfo(viewer.time_zone)
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo("UTC")
