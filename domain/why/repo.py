"""Reads for the lines that are written ahead: whose evenings are likely, and as whom to ask."""

from datetime import date, datetime, timedelta
from functools import partial
from typing import Any
from uuid import UUID

from sqlalchemy import DateTime, Integer, String, Uuid
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.accounts.viewer import Viewer
from domain.sql import typed

KIND = "lines"
"""Of the ledger's jobs: one for each profile and night."""

PROFILES = 200
"""The most profiles of a night, those who were here last."""

ACTIVE = timedelta(days=14)

_TYPES: dict[str, Any] = {
    "now": DateTime(timezone=True), "since": DateTime(timezone=True), "night": String(),
    "most": Integer(), "profile": Uuid(),
}  # fmt: skip
_sql = partial(typed, types=_TYPES)
_NIGHT = f"kind = '{KIND}' AND starts_with(key, :night || ':')"
_STANDING = _sql(f"""
    SELECT count(*) AS planned, count(*) FILTER (WHERE state IN ('waiting', 'running')) AS open,
           count(*) FILTER (WHERE result ->> 'ended' IS NOT NULL) AS ended
    FROM jobs WHERE {_NIGHT}
""")
# By the index of each profile: none of these tables has one by time alone.
_NEXT = _sql(f"""
    SELECT id FROM (
        SELECT p.id, greatest(
            (SELECT max(watched_at) FROM watches w
             WHERE w.profile_id = p.id AND w.watched_at <= :now),
            (SELECT max(added_at) FROM watchlist_items i WHERE i.profile_id = p.id),
            (SELECT max(last_seen_at) FROM sessions s
             WHERE s.account_id = p.account_id AND s.profile_id = p.id),
            (SELECT max(last_used_at) FROM api_tokens t
             WHERE t.account_id = p.account_id AND t.profile_id = p.id)
        ) AS last_at
        FROM profiles p
    ) AS seen
    WHERE last_at > :since AND NOT EXISTS (
        SELECT FROM jobs WHERE {_NIGHT} AND key = :night || ':' || seen.id)
    ORDER BY last_at DESC, id LIMIT 1
""")
_SYNCED = _sql("""
    SELECT EXISTS (SELECT FROM sync_runs
                   WHERE night = CAST(:night AS date) AND finished_at IS NOT NULL)
""")
_VIEWER = _sql("""
    SELECT a.id AS account_id, a.email, a.plan, a.role, a.country, a.time_zone,
           p.maturity_ceiling AS ceiling
    FROM profiles p JOIN accounts a ON a.id = p.account_id WHERE p.id = :profile
""")


async def next_profile(connection: AsyncConnection, night: date, now: datetime) -> UUID | None:
    """The profile that is to be written for next; None: none, or somebody is at another one.

    None for the rest of a night, too, once the model was away in it.
    """
    known = {"night": night.isoformat()}
    standing = (await connection.execute(_STANDING, known)).one()
    if standing.open or standing.ended or standing.planned >= PROFILES:
        return None
    found = await connection.execute(_NEXT, {**known, "now": now, "since": now - ACTIVE})
    return found.scalar_one_or_none()


async def is_synced(connection: AsyncConnection, night: date) -> bool:
    """Whether a night's sync has ended: until then nobody knows what there will be to watch."""
    found = await connection.execute(_SYNCED, {"night": night.isoformat()})
    return bool(found.scalar_one())


async def viewer(connection: AsyncConnection, profile_id: UUID) -> Viewer | None:
    """A profile as if it asked; None where it has gone."""
    row = (await connection.execute(_VIEWER, {"profile": profile_id})).one_or_none()
    if row is None:
        return None
    return Viewer(via="session", profile_id=profile_id, **row._mapping)
