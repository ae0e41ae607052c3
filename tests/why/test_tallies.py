"""How lines ended, counted by day, and what admins are told of it."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy import text

from domain.db import Database
from domain.services import Services
from domain.why import tallies
from domain.why.tallies import Outcome, Tally
from jobs.prune_tallies import prune_tallies

pytestmark = pytest.mark.anyio
NOW = datetime(2026, 11, 21, 20, tzinfo=UTC)
MODEL = "mistral:7b-instruct"


async def count(
    database: Database, word: str, reason: str = "", problem: str | None = None, *,
    lines: int = 1, at: datetime = NOW, model: str = MODEL,
) -> None:  # fmt: skip
    async with database.work() as connection:
        await tallies.count(connection, model, Outcome(word, reason, problem), at, lines)


async def test_lines_are_counted_by_how_they_ended(database: Database):
    await count(database, "accepted")
    await count(database, "accepted", lines=2)
    await count(database, "replaced", "number")
    await count(database, "accepted", model="another")
    await count(database, "accepted", at=NOW + timedelta(1))
    async with database.read() as connection:
        assert await tallies.counts(connection) == [
            Tally("accepted", "", 5), Tally("replaced", "number", 1)
        ]  # fmt: skip


async def test_a_model_s_health_is_what_it_did_lately(database: Database):
    await count(database, "accepted", lines=6)
    await count(database, "retried", "claim", lines=2, at=NOW + timedelta(minutes=1))
    await count(database, "replaced", "claim", lines=1)
    await count(database, "replaced", "number", lines=1)
    await count(database, "away", "", "It is gone.", at=NOW + timedelta(minutes=2))
    await count(database, "away", "set_up", "Pull\0 it.", at=NOW - timedelta(minutes=2))
    await count(database, "cancelled", lines=3)
    await count(database, "replaced", "url", lines=9, at=NOW - timedelta(days=9))
    await count(database, "replaced", "url", lines=9, model="another")
    async with database.read() as connection:
        since = (NOW - timedelta(days=7)).date()
        health = await tallies.health(connection, MODEL, since)
        nothing = await tallies.health(connection, "unknown", since)
    assert (health.accepted, health.retried, health.replaced) == (6, 2, 2)
    assert (health.away, health.cancelled) == (2, 3)
    assert health.share == 0.8
    assert health.reasons == [("claim", 3), ("number", 1)]
    assert health.last_written_at == NOW + timedelta(minutes=1)
    assert health.last_problem == "It is gone."
    assert health.last_problem_at == NOW + timedelta(minutes=2)
    assert nothing.share is None
    assert nothing.last_problem is None
    assert nothing.last_written_at is None


async def test_a_later_line_without_a_problem_leaves_the_last_one_told(database: Database):
    await count(database, "away", "", "It is gone.")
    await count(database, "away", "", at=NOW + timedelta(minutes=1))
    async with database.read() as connection:
        assert (await tallies.health(connection, MODEL, NOW.date())).last_problem == "It is gone."


async def test_days_are_utc_s(database: Database):
    east = timezone(timedelta(hours=14))
    await count(database, "accepted", at=datetime(2026, 11, 22, 1, tzinfo=east))
    async with database.read() as connection:
        days = await connection.execute(text("SELECT day FROM why_tallies"))
        assert [day.isoformat() for day in days.scalars()] == ["2026-11-21"]


async def test_what_is_older_than_400_days_is_forgotten(services: Services):
    now = datetime.now(UTC)
    await count(services.database, "accepted", at=now - timedelta(days=402))
    await count(services.database, "accepted", at=now - timedelta(days=398))
    assert await prune_tallies({"services": services}) == 1
    async with services.database.read() as connection:
        assert await tallies.counts(connection) == [Tally("accepted", "", 1)]
