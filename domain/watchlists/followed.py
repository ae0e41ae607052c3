"""The part of many watchlists that is followed live: the titles still to be watched."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlmodel import col

from domain.db import one_of
from domain.watchlists.models import WatchlistItem


async def unwatched(
    connection: AsyncConnection, profile_ids: Collection[UUID]
) -> Mapping[UUID, set[int]]:
    """The titles on profiles' lists that they have not marked as watched."""
    rows = await connection.execute(
        select(col(WatchlistItem.profile_id), col(WatchlistItem.title_id)).where(
            one_of(col(WatchlistItem.profile_id), profile_ids),
            col(WatchlistItem.watched_at).is_(None),
        )
    )
    found: defaultdict[UUID, set[int]] = defaultdict(set)
    for row in rows:
        found[row.profile_id].add(row.title_id)
    return found
