"""Reads of what a profile is and likes."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlmodel import col

from domain.db import Record
from domain.profiles.models import Profile, ProfilePlatform

_COLUMNS = (
    "id", "account_id", "name", "maturity_ceiling", "mood_preferences", "avoided_genres",
    "notifications", "created_at",
)  # fmt: skip


async def profiles_of(connection: AsyncConnection, account_id: UUID) -> Sequence[Record]:
    """An account's profiles, oldest first; has_pin instead of the PIN."""
    rows = await connection.execute(
        select(
            *(getattr(Profile, name) for name in _COLUMNS),
            col(Profile.pin_hash).is_not(None).label("has_pin"),
        )
        .where(col(Profile.account_id) == account_id)
        .order_by(col(Profile.created_at), col(Profile.id))
    )
    return rows.all()


async def platforms_by_profile(
    connection: AsyncConnection, ids: Sequence[UUID]
) -> Mapping[UUID, tuple[int, ...]]:
    """The keys of the platforms that profiles watch on, by profile."""
    rows = await connection.execute(
        select(col(ProfilePlatform.profile_id), col(ProfilePlatform.platform_id))
        .where(one_of(col(ProfilePlatform.profile_id), ids))
        .order_by(col(ProfilePlatform.platform_id))
    )
    found: dict[UUID, tuple[int, ...]] = dict.fromkeys(ids, ())
    for row in rows:
        found[row.profile_id] += (row.platform_id,)
    return found


async def avoided_genres(connection: AsyncConnection, profile_id: UUID | None) -> Sequence[str]:
    """The genres that a profile does not want to be shown; none for nobody."""
    if profile_id is None:
        return ()
    found = await connection.execute(
        select(col(Profile.avoided_genres)).where(col(Profile.id) == profile_id)
    )
    return found.scalar_one_or_none() or ()
