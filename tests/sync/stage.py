"""A small catalogue, a clock that can be moved, and a run from its plan to its end."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import text

from domain.db import Database, Record
from domain.events.models import EventRow
from domain.jobs import ledger
from domain.jobs.values import Again, Done
from domain.sync import repo, runs
from domain.sync.ports import OfferSource
from domain.sync.round import Round
from domain.sync.values import SyncLimits
from tests.sync.sources import HULU, NETFLIX

NOW = datetime(2026, 11, 21, 17, tzinfo=UTC)
DAY = timedelta(days=1)
LIMITS = SyncLimits(budget=1_000, second_look_s=1_800, round_s=20)

_PLATFORMS = text("""
    INSERT INTO platforms (slug, name, package_id)
    VALUES ('netflix', 'Netflix', :netflix), ('hulu', 'Hulu', :hulu) ON CONFLICT DO NOTHING
""")
_TITLES = text("""
    INSERT INTO titles (kind, name, name_key, maturity, popularity, justwatch_id, source)
    SELECT 'film', 'Film ' || n, 'film ' || n, 12, 1000 - n, 'tm' || n, 'tests'
    FROM generate_series(CAST(:first AS integer), CAST(:last AS integer)) AS n ORDER BY n
    RETURNING id
""")


@dataclass
class Clock:
    """It runs a millisecond each time that somebody looks at it."""

    at: datetime = NOW

    def __call__(self) -> datetime:
        self.at += timedelta(milliseconds=1)
        return self.at

    def move(self, by: timedelta) -> None:
        self.at += by


@dataclass
class Stage:
    """A database with titles on two platforms, and whoever syncs it."""

    database: Database
    clock: Clock = field(default_factory=Clock)
    limits: SyncLimits = LIMITS

    async def titles(self, count: int, first: int = 1) -> list[int]:
        """So many titles that JustWatch knows, nowhere to be seen yet; their keys."""
        async with self.database.work() as connection:
            await connection.execute(_PLATFORMS, {"netflix": NETFLIX, "hulu": HULU})
            told = {"first": first, "last": first + count - 1}
            return sorted((await connection.execute(_TITLES, told)).scalars())

    async def plan(self, source: OfferSource, **told: Any) -> int:
        """A run by hand in the US; told: what plan_run shall be told instead."""
        usual = {
            "reason": "manual", "night": None, "countries": ["US"], "budget": self.limits.budget,
            "now": self.clock(),
        }  # fmt: skip
        async with self.database.transaction() as session:
            return await runs.plan_run(session, source, **(usual | told))

    async def turn(self, run_id: int, source: OfferSource | None) -> Done | Again:
        """One worker's turn at a run."""
        async with self.database.transaction() as session:
            job_id = await runs.job_of(session, run_id, self.clock())
            found = await ask(
                self.database, f"SELECT max(id) FROM jobs WHERE key LIKE '{run_id}/%'"
            )
        claim = await ledger.claim(self.database, found[0][0] or job_id, self.clock())
        assert claim is not None, "the job isn't free"
        turn = Round(self.database, source, self.limits, claim, self.clock)
        outcome = await turn.go_on()
        async with self.database.transaction() as session:
            if isinstance(outcome, Done):
                await ledger.finish(session, claim, outcome.result, self.clock())
            else:
                await ledger.again(session, claim, outcome.at, self.clock())
        return outcome

    async def finish(self, run_id: int, source: OfferSource | None) -> Record:
        """All turns of a run, waiting where it waits; the run as it is then."""
        for _ in range(100):
            outcome = await self.turn(run_id, source)
            if isinstance(outcome, Done):
                break
            if outcome.at is not None:
                self.clock.at = max(self.clock.at, outcome.at)
        return await self.run(run_id)

    async def sync(self, source: OfferSource, **told: Any) -> Record:
        """A run from its plan to its end."""
        return await self.finish(await self.plan(source, **told), source)

    async def run(self, run_id: int) -> Record:
        """A run as it is now."""
        async with self.database.read() as connection:
            return await repo.run(connection, run_id)

    async def here(self) -> set[tuple[Any, ...]]:
        """What is believed to be there: title, package, season, last day."""
        rows = await ask(
            self.database,
            "SELECT o.title_id, p.package_id, o.season_number, o.expires_on FROM offers o"
            " JOIN platforms p ON p.id = o.platform_id WHERE o.gone_at IS NULL",
        )
        return set(rows)

    async def told(self, topic: str = "availability") -> list[tuple[Any, ...]]:
        """The events: kind and title."""
        return await ask(
            self.database,
            f"SELECT kind, title_id FROM {EventRow.__tablename__}"
            f" WHERE topic = '{topic}' ORDER BY id",
        )


async def ask(database: Database, question: str) -> list[tuple[Any, ...]]:
    """The answer of a select, as tuples."""
    async with database.read() as connection:
        return [tuple(row) for row in await connection.execute(text(question))]


async def change(database: Database, *statements: str) -> None:
    """Statements, committed."""
    async with database.work() as connection:
        for each in statements:
            await connection.execute(text(each))


def listed(titles: Sequence[int], packages: int = 1) -> set[tuple[Any, ...]]:
    """What `Stage.here` says of titles that are on so many platforms, without a last day."""
    return {(title, package, None, None) for title in titles for package in (8, 15)[:packages]}
