"""Making plans anew that don't know of a change, or were made for another day.

One transaction for each, which holds the plan: killed in between, it is as it was, and still due.
"""

from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime
from time import monotonic
from typing import Any
from uuid import UUID

import structlog
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlmodel.ext.asyncio.session import AsyncSession

from domain.accounts.viewer import Viewer
from domain.binge import follow, plans, repo
from domain.binge.follow import Followed
from domain.binge.plans import Wished
from domain.binge.repo import Whom
from domain.db import Database, Record, is_away
from domain.errors import DomainError
from domain.events.values import BingeKind

log = structlog.get_logger()

Key = tuple[UUID, int]
MOST = 2_000
SECONDS = 20.0

_ZONES = text("""
    SELECT DISTINCT a.time_zone FROM binge_plans b
    JOIN profiles p ON p.id = b.profile_id JOIN accounts a ON a.id = p.account_id
""")
# Whoever deletes the profile or the title locks that first and then its plans; to lock the plan
# alone and write rows that refer to the others would be the other way round. What was planned
# later than we began may know of a later day than we do.
_DUE = text(f"""
    SELECT {", ".join(f"b.{name}" for name in plans.COLUMNS)},
           a.country, here.day AS today, p.maturity_ceiling AS ceiling
    FROM unnest(CAST(:zones AS text[]), CAST(:days AS date[])) AS here (zone, day)
    JOIN accounts a ON a.time_zone = here.zone
    JOIN profiles p ON p.account_id = a.id
    JOIN binge_plans b ON b.profile_id = p.id
    JOIN titles t ON t.id = b.title_id
    WHERE (b.stale_at IS NOT NULL OR b.planned_on <> here.day) AND b.planned_at <= :now
      AND NOT EXISTS (
          SELECT FROM unnest(CAST(:profiles AS uuid[]), CAST(:titles AS bigint[]))
              AS failed (profile_id, title_id)
          WHERE failed.profile_id = b.profile_id AND failed.title_id = b.title_id)
    ORDER BY coalesce(b.stale_at, b.planned_at), b.profile_id, b.title_id LIMIT 1
    FOR UPDATE OF b SKIP LOCKED FOR KEY SHARE OF p, t SKIP LOCKED
""")
_HIDE = text("""
    UPDATE binge_plans SET stale_at = NULL, planned_on = :today, planned_at = :now
    WHERE profile_id = :profile AND title_id = :title
""")


async def replan_due(
    database: Database, now: datetime, *, most: int = MOST, seconds: float = SECONDS
) -> int:
    """Make plans anew that are due, the one that has waited longest first; how many.

    One that can't be made is left, and tried again by whoever comes next.
    """
    began, done = monotonic(), 0
    failed: list[Key] = []
    async with database.read() as connection:
        days = _days((await connection.execute(_ZONES)).scalars(), now)
    while days and done + len(failed) < most and monotonic() - began < seconds:
        due: Record | None = None
        try:
            async with database.transaction() as session:
                due = await _next(await session.connection(), days, failed, now)
                if due is None:
                    break
                await replan(session, due, now)
            done += 1
        except Exception as problem:
            if due is None or is_away(problem):
                raise
            failed.append((due.profile_id, due.title_id))
            log.exception("binge.not_replanned", title_id=due.title_id)
    return done


async def replan(session: AsyncSession, due: Record, now: datetime) -> None:
    """Make a plan anew that is held; one of which nothing is left is over."""
    connection = await session.connection()
    whom = Whom(due.profile_id, due.country, due.today, due.ceiling)
    title = await repo.shown(connection, whom, due.title_id)
    if title is None:  # it is above the profile's ceiling by now
        await _hide(connection, due, now)
        return
    try:
        made = await follow.settle(session, Followed(whom, title, Wished.from_row(due), due), now)
    except DomainError:  # the series has grown to more than we plan
        await _hide(connection, due, now)
        return
    if made is None:
        await plans.end(connection, due.profile_id, due.title_id)
        await follow.tell(session, BingeKind.FINISHED, (due.profile_id, due.title_id), now)


async def _next(
    connection: AsyncConnection, days: Mapping[str, date], failed: Collection[Key], now: datetime
) -> Record | None:
    asked: dict[str, Any] = {
        "zones": list(days),
        "days": list(days.values()),
        "profiles": [profile_id for profile_id, _ in failed],
        "titles": [title_id for _, title_id in failed],
        "now": now,
    }
    return (await connection.execute(_DUE, asked)).one_or_none()


def _days(zones: Iterable[str], now: datetime) -> dict[str, date]:
    """The day it is for viewers, by their time zone."""
    return {zone: Viewer("anonymous", "", zone).today(now) for zone in zones}


async def _hide(connection: AsyncConnection, due: Record, now: datetime) -> None:
    """Keep no sittings of what can't be planned as long as that is so."""
    known = {"profile": due.profile_id, "title": due.title_id}
    await plans.fill(connection, (due.profile_id, due.title_id), due.today, [])
    await connection.execute(_HIDE, known | {"today": due.today, "now": now})
