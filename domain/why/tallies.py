"""What became of the lines that a model was to write: counted by day, and read by admins."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import partial
from typing import Any

from sqlalchemy import Date, DateTime, String
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlmodel.ext.asyncio.session import AsyncSession

from domain.sql import typed
from domain.titles.names import clean
from domain.why.prompt import VERSION

ACCEPTED, RETRIED, REPLACED, AWAY, CANCELLED = (
    "accepted", "retried", "replaced", "away", "cancelled",
)  # fmt: skip

_KEPT = timedelta(days=400)
_LONGEST_PROBLEM = 500
_TYPES: dict[str, Any] = {
    "day": Date(), "model": String(), "reason": String(), "problem": String(), "since": Date(),
    "now": DateTime(timezone=True),
}  # fmt: skip
_sql = partial(typed, types=_TYPES)
_COUNT = _sql("""
    INSERT INTO why_tallies AS t (day, model, prompt, outcome, reason, lines, problem, last_at)
    VALUES (:day, :model, :prompt, :outcome, :reason, :lines, :problem, :now)
    ON CONFLICT (day, model, prompt, outcome, reason) DO UPDATE
    SET lines = t.lines + excluded.lines, problem = coalesce(excluded.problem, t.problem),
        last_at = greatest(t.last_at, excluded.last_at)
""")
_COUNTS = _sql("""
    SELECT outcome, reason, sum(lines)::bigint AS lines FROM why_tallies
    GROUP BY outcome, reason ORDER BY outcome, reason
""")
_HEALTH = _sql("""
    SELECT outcome, reason, sum(lines)::bigint AS lines, max(last_at) AS last_at
    FROM why_tallies WHERE model = :model AND day >= :since
    GROUP BY outcome, reason ORDER BY sum(lines) DESC, outcome, reason
""")
_PROBLEM = _sql("""
    SELECT problem, last_at FROM why_tallies
    WHERE model = :model AND day >= :since AND problem IS NOT NULL
    ORDER BY last_at DESC LIMIT 1
""")
_PRUNE = _sql("DELETE FROM why_tallies WHERE day < :day")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a line. word: accepted, retried (accepted the second time), replaced (by the
    template), away (nobody wrote), or cancelled (nobody waited). reason: a word of check.Reason, or
    what was wrong with the model; "" where nothing was. problem: a sentence for people.
    """

    word: str
    reason: str = ""
    problem: str | None = None


@dataclass(frozen=True, slots=True)
class Tally:
    """How many lines ended like this."""

    outcome: str
    reason: str
    lines: int


@dataclass(frozen=True, slots=True)
class Health:
    """How a model does. share: of the lines it wrote, those that were shown, 0 to 1; None where it
    wrote none. reasons: why lines were retried or replaced, the most frequent first.
    """

    accepted: int
    retried: int
    replaced: int
    away: int
    cancelled: int
    share: float | None
    reasons: Sequence[tuple[str, int]]
    last_written_at: datetime | None
    last_problem: str | None
    last_problem_at: datetime | None


async def count(
    connection: AsyncConnection, model: str, outcome: Outcome, now: datetime, lines: int = 1
) -> None:
    """Count lines that ended like this at a moment; aware."""
    await connection.execute(
        _COUNT,
        {
            "day": now.astimezone(UTC).date(),
            "model": model,
            "prompt": VERSION,
            "outcome": outcome.word,
            "reason": outcome.reason,
            "lines": lines,
            "problem": outcome.problem and clean(outcome.problem, _LONGEST_PROBLEM),
            "now": now,
        },
    )


async def counts(connection: AsyncConnection) -> list[Tally]:
    """All lines there ever were, of every model, by how they ended."""
    return [Tally(*row) for row in await connection.execute(_COUNTS)]


async def health(connection: AsyncConnection, model: str, since: date) -> Health:
    """How a model has done since a day (UTC)."""
    asked = {"model": model, "since": since}
    rows = (await connection.execute(_HEALTH, asked)).all()
    problem = (await connection.execute(_PROBLEM, asked)).one_or_none()
    lines: Mapping[str, int] = {
        word: sum(row.lines for row in rows if row.outcome == word)
        for word in (ACCEPTED, RETRIED, REPLACED, AWAY, CANCELLED)
    }
    shown = lines[ACCEPTED] + lines[RETRIED]
    written = shown + lines[REPLACED]
    reasons: dict[str, int] = {}
    for row in rows:
        if row.outcome in {RETRIED, REPLACED} and row.reason:
            reasons[row.reason] = reasons.get(row.reason, 0) + row.lines
    return Health(
        **lines,
        share=shown / written if written else None,
        reasons=sorted(reasons.items(), key=lambda each: -each[1]),
        last_written_at=max(
            (row.last_at for row in rows if row.outcome in {ACCEPTED, RETRIED}), default=None
        ),
        last_problem=problem.problem if problem else None,
        last_problem_at=problem.last_at if problem else None,
    )


async def prune(session: AsyncSession, now: datetime) -> int:
    """Forget what is older than 400 days; how many rows."""
    before = {"day": now.astimezone(UTC).date() - _KEPT}
    return (await (await session.connection()).execute(_PRUNE, before)).rowcount
