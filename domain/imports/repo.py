"""Imports in Postgres: batches and their lines, read in pages and written in rounds."""

from collections.abc import AsyncIterator, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlmodel.ext.asyncio.session import AsyncSession

from domain.db import Record
from domain.imports.batches import (
    Batch,
    Choice,
    Counts,
    LineKey,
    Listed,
    Match,
    State,
)
from domain.imports.matching import Verdict
from domain.imports.refusals import ImportBusy, NoSuchImport, NoSuchLine
from domain.imports.telling import hear
from domain.imports.values import Line, Reading

_LOCK = 0x57AC_0004  # with a profile beside it; nobody else takes this number
_BATCHES = """
    SELECT b.id, b.source, b.file_name, b.state, b.passed, b.reasons, b.created_at,
           b.committed_at, b.undone_at
    FROM import_batches b WHERE b.profile_id = :profile {and_}
    ORDER BY b.created_at DESC, b.id
"""
_COUNTS = text("""
    SELECT batch_id, match, what, count(*) AS lines,
           count(*) FILTER (WHERE committed) AS committed, count(wrote) AS wrote
    FROM import_lines WHERE batch_id = ANY (CAST(:batches AS uuid[]))
    GROUP BY batch_id, match, what
""")
_COLUMNS = (
    "l.n, l.part, l.what, l.told, l.match, l.title_id, l.episode_id, l.confidence, l.candidates,"
    " l.committed, l.wrote, l.problem"
)
_NAMED = tuple(f"l.told #>> '{{readings,0,{each}}}'" for each in ("name", "year", "kind"))
_NAME = ", ".join(_NAMED)
_ADD = text("""
    INSERT INTO import_lines
        (batch_id, n, part, what, told, match, title_id, episode_id, confidence, candidates,
         problem)
    SELECT CAST(:batch AS uuid), n, part, what, CAST(told AS jsonb), match, title_id, episode_id,
           confidence, CAST(candidates AS jsonb), problem
    FROM unnest(
        CAST(:n AS int[]), CAST(:part AS smallint[]), CAST(:what AS text[]),
        CAST(:told AS text[]), CAST(:match AS text[]), CAST(:title_id AS bigint[]),
        CAST(:episode_id AS bigint[]), CAST(:confidence AS float8[]),
        CAST(:candidates AS text[]), CAST(:problem AS text[])
    ) AS new (n, part, what, told, match, title_id, episode_id, confidence, candidates, problem)
""")
_JUDGE = text("""
    UPDATE import_lines l
    SET match = new.match, title_id = new.title_id, episode_id = new.episode_id,
        confidence = new.confidence, candidates = CAST(new.candidates AS jsonb),
        problem = new.problem
    FROM unnest(
        CAST(:n AS int[]), CAST(:part AS smallint[]), CAST(:match AS text[]),
        CAST(:title_id AS bigint[]), CAST(:episode_id AS bigint[]),
        CAST(:confidence AS float8[]), CAST(:candidates AS text[]), CAST(:problem AS text[])
    ) AS new (n, part, match, title_id, episode_id, confidence, candidates, problem)
    WHERE l.batch_id = :batch AND l.n = new.n AND l.part = new.part
""")
_UNJUDGED = text(f"""
    SELECT {_COLUMNS} FROM import_lines l
    WHERE l.batch_id = :batch AND NOT l.committed
      AND l.match IN ('matched', 'ambiguous', 'unknown') AND (l.n, l.part) > (:n, :part)
    ORDER BY l.n, l.part LIMIT :most
""")


@dataclass(frozen=True, slots=True)
class Lines:
    """A page of lines; more: whether others follow."""

    lines: Sequence[Listed]
    more: bool


async def begin(session: AsyncSession, profile_id: UUID) -> AsyncConnection:
    """A connection for one import of a profile at a time; raises ImportBusy for a second one."""
    connection = await session.connection()
    await connection.execute(text("SET LOCAL statement_timeout = '60s'"))
    locked = await connection.execute(
        text("SELECT pg_try_advisory_xact_lock(CAST(:lock AS int), hashtext(:profile))"),
        {"lock": _LOCK, "profile": str(profile_id)},
    )
    if not locked.scalar_one():
        raise ImportBusy
    return connection


async def batches(connection: AsyncConnection, profile_id: UUID) -> list[Batch]:
    """A profile's imports with their counts, the newest first."""
    return await _batches(connection, profile_id, "")


async def batch(connection: AsyncConnection, profile_id: UUID, batch_id: UUID) -> Batch:
    """One of them; raises NoSuchImport, for another profile's too."""
    found = await _batches(connection, profile_id, "AND b.id = :batch", batch=batch_id)
    if not found:
        raise NoSuchImport
    return found[0]


async def same(connection: AsyncConnection, profile_id: UUID, digest: bytes) -> UUID | None:
    """The import that was brought with this content before."""
    found = await connection.execute(
        text("SELECT id FROM import_batches WHERE profile_id = :profile AND digest = :digest"),
        {"profile": profile_id, "digest": digest},
    )
    return found.scalar_one_or_none()


async def hold(connection: AsyncConnection, profile_id: UUID, batch_id: UUID) -> str:
    """Keep an import from others' changes until the commit; its source. Raises NoSuchImport."""
    found = await connection.execute(
        text(
            "SELECT source FROM import_batches WHERE id = :batch AND profile_id = :profile"
            " FOR UPDATE"
        ),
        {"batch": batch_id, "profile": profile_id},
    )
    source = found.scalar_one_or_none()
    if source is None:
        raise NoSuchImport
    return source


async def lines(
    connection: AsyncConnection,
    batch_id: UUID,
    *,
    first: int,
    after: LineKey | None = None,
    matches: Sequence[Match] = (),
) -> Lines:
    """Lines of an import in their order; matches: only these, where any are named."""
    conditions, values = "", dict[str, Any](batch=batch_id, most=first + 1)
    if after is not None:
        conditions += " AND (l.n, l.part) > (:n, :part)"
        values |= {"n": after.n, "part": after.part}
    if matches:
        conditions += " AND l.match = ANY (CAST(:matches AS text[]))"
        values["matches"] = [each.value for each in matches]
    rows = await connection.execute(
        text(
            f"SELECT {_COLUMNS} FROM import_lines l WHERE l.batch_id = :batch{conditions}"
            " ORDER BY l.n, l.part LIMIT :most"
        ),
        values,
    )
    found = [listed(row) for row in rows]
    return Lines(found[:first], len(found) > first)


async def line(connection: AsyncConnection, batch_id: UUID, key: LineKey) -> Listed:
    """One line; raises NoSuchLine."""
    rows = await connection.execute(
        text(
            f"SELECT {_COLUMNS} FROM import_lines l"
            " WHERE l.batch_id = :batch AND l.n = :n AND l.part = :part"
        ),
        {"batch": batch_id, "n": key.n, "part": key.part},
    )
    row = rows.one_or_none()
    if row is None:
        raise NoSuchLine(str(key))
    return listed(row)


async def namesakes(connection: AsyncConnection, batch_id: UUID, reading: Reading) -> list[Listed]:
    """The open lines of a name, year and kind: not matched by us, and not written."""
    same = " AND ".join(
        f"{each} IS NOT DISTINCT FROM CAST(:{name} AS text)"
        for each, name in zip(_NAMED, ("name", "year", "kind"), strict=True)
    )
    rows = await connection.execute(
        text(
            f"SELECT {_COLUMNS} FROM import_lines l WHERE l.batch_id = :batch"
            f" AND l.match <> 'matched' AND NOT l.committed AND {same} ORDER BY l.n, l.part"
        ),
        {
            "batch": batch_id,
            "name": reading.name,
            "year": None if reading.year is None else str(reading.year),
            "kind": reading.kind,
        },
    )
    return [listed(row) for row in rows]


async def names(
    connection: AsyncConnection, batch_id: UUID, match: Match, most: int
) -> list[tuple[Listed, int]]:
    """The names among lines that stand so, by year and kind: the first line of each, how many."""
    rows = await connection.execute(
        text(
            f"SELECT * FROM (SELECT DISTINCT ON ({_NAME}) {_COLUMNS},"
            f" count(*) OVER (PARTITION BY {_NAME}) AS lines FROM import_lines l"
            f" WHERE l.batch_id = :batch AND l.match = :match ORDER BY {_NAME}, l.n, l.part) l"
            " ORDER BY lines DESC, n, part LIMIT :most"
        ),
        {"batch": batch_id, "match": match.value, "most": most},
    )
    return [(listed(row), row.lines) for row in rows]


async def episodes(connection: AsyncConnection, episode_ids: Sequence[int]) -> Sequence[Record]:
    """Episodes by key, with all that is shown of one."""
    if not episode_ids:
        return ()
    rows = await connection.execute(
        text(
            "SELECT id, season_number, number, number_abs, name, runtime_min, air_date, filler,"
            " filler_source, filler_confidence FROM episodes"
            " WHERE id = ANY (CAST(:episodes AS bigint[]))"
        ),
        {"episodes": list(episode_ids)},
    )
    return rows.all()


async def unjudged(
    connection: AsyncConnection, batch_id: UUID, most: int
) -> AsyncIterator[list[Listed]]:
    """The lines that nobody settled and that are not written, in rounds."""
    n, part = -1, 0
    while True:
        asked = {"batch": batch_id, "n": n, "part": part, "most": most}
        found = [listed(row) for row in await connection.execute(_UNJUDGED, asked)]
        if not found:
            return
        yield found
        n, part = found[-1].key.n, found[-1].key.part


async def add(
    connection: AsyncConnection,
    batch_id: UUID,
    rows: Sequence[tuple[LineKey, Line, bytes, Verdict]],
) -> None:
    """Write new lines. rows: each with what it tells, as JSON."""
    values = _columns((key, verdict) for key, _, _, verdict in rows)
    values["what"] = [line.what.value for _, line, _, _ in rows]
    values["told"] = [told.decode() for _, _, told, _ in rows]
    await connection.execute(_ADD, {"batch": batch_id, **values})


async def judge(
    connection: AsyncConnection, batch_id: UUID, rows: Iterable[tuple[LineKey, Verdict]]
) -> None:
    """Write down another verdict on lines."""
    await connection.execute(_JUDGE, {"batch": batch_id, **_columns(rows)})


def listed(row: Record) -> Listed:
    """A row as a value."""
    return Listed(
        key=LineKey(row.n, row.part),
        line=hear(row.n, row.what, row.told),
        match=Match(row.match),
        title_id=row.title_id,
        episode_id=row.episode_id,
        confidence=row.confidence,
        choices=[Choice(**each) for each in row.candidates],
        committed=row.committed,
        wrote=row.wrote,
        problem=row.problem,
    )


def moment(told: str | None) -> datetime | None:
    """A moment out of what a line wrote."""
    return None if told is None else datetime.fromisoformat(told)


def _columns(rows: Iterable[tuple[LineKey, Verdict]]) -> dict[str, list[Any]]:
    columns: dict[str, list[Any]] = {
        name: []
        for name in (
            "n", "part", "match", "title_id", "episode_id", "confidence", "candidates", "problem"
        )
    }  # fmt: skip
    for key, verdict in rows:
        best = verdict.best
        told = [
            {
                "title_id": each.card.id,
                "episode_id": each.episode_id,
                "confidence": round(each.confidence, 2),
                "why": each.why,
            }
            for each in verdict.guesses
        ]
        row = (
            key.n, key.part, verdict.match, best and best.card.id, best and best.episode_id,
            best and round(best.confidence, 2), orjson.dumps(told).decode(), verdict.problem,
        )  # fmt: skip
        for column, value in zip(columns.values(), row, strict=True):
            column.append(value)
    return columns


async def _batches(
    connection: AsyncConnection, profile_id: UUID, and_: str, **values: Any
) -> list[Batch]:
    rows = (
        await connection.execute(
            text(_BATCHES.format(and_=and_)), {"profile": profile_id, **values}
        )
    ).all()
    counted: dict[UUID, dict[str, int]] = {row.id: {} for row in rows}
    for row in await connection.execute(_COUNTS, {"batches": list(counted)}):
        of = counted[row.batch_id]
        kind = {"watch": "watches", "rating": "ratings", "wish": "wishes"}[row.what]
        for name in ("lines", row.match, kind):
            of[name] = of.get(name, 0) + row.lines
        of["committed"] = of.get("committed", 0) + row.committed
        of["wrote"] = of.get("wrote", 0) + row.wrote
    return [
        Batch(
            id=row.id,
            source=row.source,
            file_name=row.file_name,
            state=State(row.state),
            passed=row.passed,
            reasons=row.reasons,
            created_at=row.created_at,
            committed_at=row.committed_at,
            undone_at=row.undone_at,
            counts=Counts(**counted[row.id]),
        )
        for row in rows
    ]
