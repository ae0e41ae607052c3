"""Which binge plans have to be made anew: said in the transaction that changes what they rest on.

So whoever is killed leaves either both or nothing, and `replanning` does the rest in its own time.
"""

from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlmodel.ext.asyncio.session import AsyncSession

# A plan that is stale already is marked again all the same: it may just be made anew by somebody
# who has read before this transaction, and is waited for. In an order, so that two never meet.
_STALE = """
    UPDATE binge_plans b SET stale_at = coalesce(b.stale_at, :now)
    FROM (SELECT profile_id, title_id FROM binge_plans
          WHERE {which} ORDER BY profile_id, title_id FOR NO KEY UPDATE) AS old
    WHERE b.profile_id = old.profile_id AND b.title_id = old.title_id
"""
_ITS, _THESE = "profile_id = :profile", "title_id = ANY (:titles)"
_OF_PROFILE = text(_STALE.format(which=_ITS))
_OF_TITLES = text(_STALE.format(which=_THESE))
_OF_BOTH = text(_STALE.format(which=f"{_ITS} AND {_THESE}"))


async def stale(
    session: AsyncSession,
    *,
    profile_id: UUID | None = None,
    title_ids: Collection[int] | None = None,
    now: datetime,
) -> int:
    """Let plans that are followed be made anew, and how many those are.

    A profile's, those of titles, or a profile's of these titles; one of the two must be said.
    """
    if title_ids is not None and not title_ids:
        return 0
    statement, values = _OF_PROFILE, dict[str, Any](now=now)
    if profile_id is not None:
        values["profile"] = profile_id
    if title_ids is not None:
        values["titles"] = sorted(title_ids)
        statement = _OF_TITLES if profile_id is None else _OF_BOTH
    connection = await session.connection()
    return (await connection.execute(statement, values)).rowcount
