"""Lines as readers hand them over, and what became of them."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import text

from domain.accounts.viewer import Viewer
from domain.db import Database
from domain.imports import repo
from domain.imports.batches import Batch, Listed, Match
from domain.imports.bringing import from_lines
from domain.imports.desk import bring as bring_to_desk
from domain.imports.values import Ids, Line, Passed, Reading, What
from tests.watchlists.homes import NOW

MOVED = datetime(2024, 3, 1, 20, 15, tzinfo=UTC)
DAY = datetime(2024, 3, 1, 12, tzinfo=UTC)


def line(
    name: str,
    year: int | None = 2020,
    *,
    n: int = 1,
    what: What = What.WATCH,
    kind: str | None = "film",
    at: datetime | None = MOVED,
    ids: Ids = Ids(),  # noqa: B008
    dated: bool = False,
    score: int | None = None,
    note: str | None = None,
    **part: Any,
) -> Line:
    """A line of one reading. part: of Reading, an episode."""
    reading = Reading(name, kind, year, **part)
    return Line(n, what, (reading,), ids, at, dated, score, note=note)


def numbered(*lines: Line) -> list[Line]:
    """The lines with their rows in order."""
    return [
        Line(n, each.what, each.readings, each.ids, each.at, each.dated, each.score,
             each.times, each.note)
        for n, each in enumerate(lines, 1)
    ]  # fmt: skip


async def bring(
    database: Database,
    viewer: Viewer,
    *lines: Line | Passed,
    source: str = "letterboxd",
    now: datetime = NOW,
) -> Batch:
    """The lines on the desk."""
    return await bring_to_desk(database, viewer, from_lines(source, "export.zip", lines), now)


async def lines_of(database: Database, batch_id: UUID, *matches: Match) -> Sequence[Listed]:
    """What the desk says of the lines."""
    async with database.read() as connection:
        return (await repo.lines(connection, batch_id, first=500, matches=matches)).lines


async def past_of(database: Database, viewer: Viewer) -> dict[str, list[tuple[Any, ...]]]:
    """Everything that a profile has watched, rated and wished for."""
    found: dict[str, list[tuple[Any, ...]]] = {}
    async with database.read() as connection:
        for table, columns in (
            ("watches", "title_id, episode_id, watched_at, source"),
            ("ratings", "title_id, score, rated_at"),
            ("watchlist_items", "title_id, added_at, platform_id, note, watched_at"),
            ("removed_watchlist_items", "title_id, added_at, note, watched_at"),
        ):
            rows = await connection.execute(
                text(f"SELECT {columns} FROM {table} WHERE profile_id = :p ORDER BY {columns}"),
                {"p": viewer.profile_id},
            )
            found[table] = [tuple(row) for row in rows]
    return found
