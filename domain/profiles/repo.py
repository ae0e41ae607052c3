"""Profiles in Postgres: listed for reading, loaded and locked for a change."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlmodel import col
from sqlmodel import select as select_rows
from sqlmodel.ext.asyncio.session import AsyncSession

from domain.accounts import repo as accounts
from domain.accounts.viewer import Viewer
from domain.db import one_of
from domain.errors import NotFound
from domain.platforms.models import Platform
from domain.profiles.models import Profile, ProfilePlatform


@dataclass(frozen=True, slots=True)
class Listed:
    """A profile as its household sees it. maturity_ceiling: in years; has_pin: never the PIN;
    skip_credits_min, skip_recap_min: minutes of each episode that they skip.
    """

    id: UUID
    account_id: UUID
    name: str
    maturity_ceiling: int
    has_pin: bool
    mood_preferences: Sequence[str]
    avoided_genres: Sequence[str]
    notifications: Mapping[str, Any]
    skip_credits_min: int
    skip_recap_min: int
    created_at: datetime


def _listed():
    return select(
        col(Profile.id), col(Profile.account_id), col(Profile.name), col(Profile.maturity_ceiling),
        col(Profile.pin_hash).is_not(None), col(Profile.mood_preferences),
        col(Profile.avoided_genres), col(Profile.notifications), col(Profile.skip_credits_min),
        col(Profile.skip_recap_min), col(Profile.created_at),
    )  # fmt: skip


async def of_accounts(
    connection: AsyncConnection, account_ids: Sequence[UUID]
) -> Mapping[UUID, Sequence[Listed]]:
    """The profiles of accounts, the oldest first."""
    rows = await connection.execute(
        _listed()
        .where(one_of(col(Profile.account_id), account_ids))
        .order_by(col(Profile.created_at), col(Profile.name_key))
    )
    found: defaultdict[UUID, list[Listed]] = defaultdict(list)
    for row in rows:
        found[row.account_id].append(Listed(*row))
    return found


async def by_id(connection: AsyncConnection, profile_ids: Sequence[UUID]) -> Mapping[UUID, Listed]:
    """Profiles by their keys; whose they are is for the caller to judge."""
    rows = await connection.execute(_listed().where(one_of(col(Profile.id), profile_ids)))
    return {row.id: Listed(*row) for row in rows}


async def platform_ids(
    connection: AsyncConnection, profile_ids: Sequence[UUID]
) -> Mapping[UUID, Sequence[int]]:
    """The platforms that profiles subscribe to, by name."""
    rows = await connection.execute(
        select(col(ProfilePlatform.profile_id), col(ProfilePlatform.platform_id))
        .join(Platform, col(Platform.id) == col(ProfilePlatform.platform_id))
        .where(one_of(col(ProfilePlatform.profile_id), profile_ids))
        .order_by(col(Platform.name))
    )
    found: defaultdict[UUID, list[int]] = defaultdict(list)
    for row in rows:
        found[row.profile_id].append(row.platform_id)
    return found


async def lock_household(session: AsyncSession, account_id: UUID) -> list[Profile]:
    """All profiles of an account, the oldest first, kept from others' changes until the commit."""
    await accounts.lock(session, account_id)
    statement = (
        select_rows(Profile)
        .where(col(Profile.account_id) == account_id)
        .order_by(col(Profile.created_at), col(Profile.name_key))
        .execution_options(populate_existing=True)
    )
    return list((await session.exec(statement)).all())


def member(profiles: Sequence[Profile], profile_id: UUID) -> Profile:
    """The profile of a household with an id; raises NotFound."""
    for profile in profiles:
        if profile.id == profile_id:
            return profile
    raise NotFound("No profile has that id.")


async def lock_one(session: AsyncSession, viewer: Viewer, profile_id: UUID) -> Profile:
    """A profile that the viewer may change: their own, or any of a household they manage.

    Raises NotSignedIn, Forbidden for another one seen from a profile with a ceiling, and NotFound.
    """
    account_id, own = viewer.require_profile()
    if profile_id != own:
        viewer.require_manager()
    return member(await lock_household(session, account_id), profile_id)
