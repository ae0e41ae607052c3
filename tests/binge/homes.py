"""Households that binge, for the tests beside this: quick to make, with something to watch."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import text
from sqlmodel.ext.asyncio.session import AsyncSession

from domain.accounts.viewer import Viewer
from domain.binge import follow, following, plans, replanning, service
from domain.binge.plans import Slot
from domain.binge.questions import Asked
from domain.binge.repo import Whom
from domain.binge.service import Answer
from domain.db import Database
from tests.watchlists import homes
from tests.watchlists.homes import NOW, TODAY, events, rows

SIX = ["canon", "canon", "filler", "canon", "mixed", "unknown"]
HOUR = Asked(minutes_per_day=60)
DAY = timedelta(days=1)
LATER = NOW + timedelta(minutes=1)


async def move_in(database: Database, *, plan: str = "pro", **more: Any) -> Viewer:
    """Somebody with Netflix, on a plan."""
    viewer = await homes.move_in(database, **more)
    await run(
        database, "UPDATE accounts SET plan = :plan WHERE id = :id", plan=plan, id=viewer.account_id
    )
    return replace(viewer, plan=plan)  # type: ignore[arg-type]


async def six(database: Database, **more: Any) -> tuple[int, list[int]]:
    """A season of six episodes of 30 minutes, the third of them filler."""
    return await homes.series(database, [[], SIX], runtime_min=30, **more)


async def ask(
    database: Database, viewer: Viewer, title_id: int, asked: Asked = HOUR, now: datetime = NOW
) -> Answer:
    """What is answered."""
    async with database.read() as connection:
        return await service.schedule(connection, viewer, title_id, asked, now)


async def begin(
    database: Database, viewer: Viewer, title_id: int, asked: Asked = HOUR, now: datetime = NOW
) -> None:
    """Follow a plan, and let it be looked at once more."""
    async with database.transaction() as session:
        await follow.follow(session, viewer, title_id, asked, now)
    await replanning.replan_due(database, now)
    await run(database, "DELETE FROM events")


async def plan_of(database: Database, viewer: Viewer, title_id: int) -> Any:
    """The plan's row."""
    async with database.read() as connection:
        return await plans.one(connection, Whom.of(viewer, NOW), title_id)


async def slots_of(database: Database, viewer: Viewer, title_id: int) -> Sequence[Slot]:
    """All sittings that are kept."""
    assert viewer.profile_id is not None
    async with database.read() as connection:
        found = await plans.slots(connection, viewer.profile_id, [title_id], date.min)
    return found.get(title_id, ())


async def evenings(database: Database, viewer: Viewer, title_id: int) -> dict[int, list[int]]:
    """The numbers of the episodes of each sitting, by how many days ahead it is."""
    return {
        (each.day - TODAY).days: [number for _, number in each.places]
        for each in await slots_of(database, viewer, title_id)
    }


async def run(database: Database, statement: str, **values: Any) -> None:
    """Change something behind the services' back."""
    async with database.work() as connection:
        await connection.execute(text(statement), values)


async def again(database: Database, now: datetime = LATER) -> list[str]:
    """Make due plans anew; what was told since the last time."""
    await replanning.replan_due(database, now)
    told = [kind for kind, _ in await events(database, "binge")]
    await run(database, "DELETE FROM events")
    return told


async def stale(database: Database) -> bool:
    """Whether any plan waits to be made anew."""
    return bool(await rows(database, "SELECT 1 FROM binge_plans WHERE stale_at IS NOT NULL"))


async def takes_for_canon(
    session: AsyncSession, viewer: Viewer, title: int, episodes: list[int]
) -> None:
    """The third episode is canon now, and plans hear of it."""
    connection = await session.connection()
    await connection.exec_driver_sql(
        f"UPDATE episodes SET filler = 'canon' WHERE id = {episodes[2]}"
    )
    await following.stale(session, title_ids=[title], now=NOW)
