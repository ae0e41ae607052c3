"""The import desk: an export is brought and matched, its doubtful lines are settled by a person.

Nothing of a history changes here: `domain.imports.commit` writes, `domain.imports.undo` takes back.
A file is known by its content, so the same one brought again is the same import; what nobody has
settled or written of it is matched anew, since the catalogue has grown since.
"""

import asyncio
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from itertools import islice
from typing import TypeAlias
from uuid import UUID, uuid4

import orjson
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.accounts.viewer import Viewer
from domain.db import Database
from domain.errors import NotSignedIn
from domain.imports import candidates, limits, repo
from domain.imports.batches import (
    KEPT_DAYS,
    MOST_BATCHES,
    MOST_LINES,
    MOST_REASONS,
    Batch,
    Brought,
    LineKey,
    Progress,
)
from domain.imports.refusals import NothingToImport, StillWritten, TooManyLines
from domain.imports.telling import tell
from domain.imports.values import Line, Passed
from domain.titles.names import clean

Told: TypeAlias = Callable[[Progress], None]

_ROUND = 5_000
_LONGEST_FILE_NAME = 120
_LONGEST_REASON = 300


async def bring(
    database: Database,
    viewer: Viewer,
    brought: Brought,
    now: datetime,
    progress: Told | None = None,
) -> Batch:
    """Match an export line by line, and keep what came of it; nothing else is written.

    Raises NotSignedIn, ImportBusy, NothingToImport, TooManyLines, and what its lines raise.
    """
    _, profile_id = viewer.require_profile()
    async with database.transaction() as session:
        connection = await repo.begin(session, profile_id)
        ceiling = await _ceiling(connection, profile_id)
        batch_id = await repo.same(connection, profile_id, brought.digest)
        if batch_id is not None:
            await _match_again(connection, batch_id, ceiling, progress)
        else:
            batch_id = await _add(connection, profile_id, brought, now)
            await _match(connection, batch_id, brought, ceiling, progress)
        return await repo.batch(connection, profile_id, batch_id)


async def discard(database: Database, viewer: Viewer, batch_id: UUID) -> Batch:
    """Throw an import away, as it was; raises NoSuchImport, and StillWritten until it is undone."""
    _, profile_id = viewer.require_profile()
    async with database.transaction() as session:
        connection = await repo.begin(session, profile_id)
        batch = await repo.batch(connection, profile_id, batch_id)
        if batch.counts.wrote:
            raise StillWritten
        await connection.execute(
            text("DELETE FROM import_batches WHERE id = :batch"), {"batch": batch_id}
        )
    return batch


async def prune(connection: AsyncConnection, now: datetime) -> int:
    """Forget imports brought and written too long ago; they can't be undone then. How many."""
    # Each takes up to 200,000 lines with it.
    await connection.execute(text("SET LOCAL statement_timeout = '5min'"))
    gone = await connection.execute(
        text("DELETE FROM import_batches WHERE coalesce(committed_at, created_at) < :before"),
        {"before": now - timedelta(days=KEPT_DAYS)},
    )
    return gone.rowcount


async def _add(
    connection: AsyncConnection, profile_id: UUID, brought: Brought, now: datetime
) -> UUID:
    """A new batch; of too many, the oldest goes, and one that has written nothing goes first."""
    await connection.execute(
        text("""
            DELETE FROM import_batches WHERE id IN (
                SELECT b.id FROM import_batches b WHERE b.profile_id = :profile
                ORDER BY b.state = 'committed' OR EXISTS (
                    SELECT FROM import_lines l WHERE l.batch_id = b.id AND l.wrote IS NOT NULL
                ) DESC, b.created_at DESC, b.id OFFSET :kept
            )
        """),
        {"profile": profile_id, "kept": MOST_BATCHES - 1},
    )
    batch_id = uuid4()
    await connection.execute(
        text("""
            INSERT INTO import_batches
                (id, profile_id, source, file_name, digest, state, created_at)
            VALUES (:id, :profile, :source, :name, :digest, 'matched', :now)
        """),
        {
            "id": batch_id,
            "profile": profile_id,
            "source": brought.source,
            "name": clean(brought.file_name, _LONGEST_FILE_NAME),
            "digest": brought.digest,
            "now": now,
        },
    )
    return batch_id


async def _match(
    connection: AsyncConnection,
    batch_id: UUID,
    brought: Brought,
    ceiling: int,
    progress: Told | None,
) -> None:
    rows = iter(brought.lines)
    parts: Counter[int] = Counter()
    reasons: list[str] = []
    passed = taken = 0
    # asyncio.to_thread: parsing takes the processor, and others are being served.
    while chunk := await asyncio.to_thread(_next, rows):
        lines = [each for each in chunk if isinstance(each, Line)]
        for each in chunk:
            if isinstance(each, Passed):
                passed += 1
                if len(reasons) < MOST_REASONS:
                    reasons.append(_reason(each))
        taken += len(lines)
        if taken > MOST_LINES:
            raise TooManyLines(MOST_LINES)
        if lines:
            verdicts = await candidates.judge(connection, lines, ceiling)
            keys = [_key(line, parts) for line in lines]
            told = await asyncio.to_thread(lambda: [orjson.dumps(tell(each)) for each in lines])  # noqa: B023
            await repo.add(
                connection, batch_id, list(zip(keys, lines, told, verdicts, strict=True))
            )
        if progress:
            progress(Progress(taken + passed, 0))
    if not taken:
        raise NothingToImport(reasons)
    reasons = [*(clean(each, _LONGEST_REASON) for each in brought.remarks()), *reasons]
    await connection.execute(
        text(
            "UPDATE import_batches SET passed = :passed, reasons = CAST(:reasons AS jsonb)"
            " WHERE id = :batch"
        ),
        {"batch": batch_id, "passed": passed, "reasons": orjson.dumps(reasons).decode()},
    )


async def _match_again(
    connection: AsyncConnection, batch_id: UUID, ceiling: int, progress: Told | None
) -> None:
    done = 0
    async for listed in repo.unjudged(connection, batch_id, _ROUND):
        verdicts = await candidates.judge(connection, [each.line for each in listed], ceiling)
        keys = [each.key for each in listed]
        await repo.judge(connection, batch_id, zip(keys, verdicts, strict=True))
        done += len(listed)
        if progress:
            progress(Progress(done, 0))
    await connection.execute(
        text(
            "UPDATE import_batches SET state = 'matched', undone_at = NULL"
            " WHERE id = :batch AND state = 'undone'"
        ),
        {"batch": batch_id},
    )


def _next(rows: Iterator[Line | Passed]) -> Sequence[Line | Passed]:
    return list(islice(rows, _ROUND))


def _reason(passed: Passed) -> str:
    of_file = f" of {passed.file}" if passed.file else ""
    reason = passed.reason.rstrip(".")
    return clean(f"Row {passed.n:,}{of_file}: {reason}.", _LONGEST_REASON)


def _key(line: Line, parts: Counter[int]) -> LineKey:
    """A place of its own for everything that a row says."""
    part = parts[line.n]
    parts[line.n] += 1
    limits.check_things(line.n, part + 1)
    return LineKey(line.n, part)


async def _ceiling(connection: AsyncConnection, profile_id: UUID) -> int:
    """The profile's ceiling at this moment; raises NotSignedIn where it has just gone."""
    found = await connection.execute(
        text("SELECT maturity_ceiling FROM profiles WHERE id = :profile"), {"profile": profile_id}
    )
    ceiling = found.scalar_one_or_none()
    if ceiling is None:
        raise NotSignedIn
    return ceiling
