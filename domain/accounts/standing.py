"""What sessions and tokens prove by now, asked for many at once by their ids.

For connections that stay open: they came in by a secret, which is not kept, and stay by its row.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import or_, select, true
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlmodel import col

from domain.accounts.models import Account, ApiToken, Session
from domain.accounts.viewer import Viewer
from domain.db import one_of
from domain.profiles.models import Profile


@dataclass(frozen=True, slots=True)
class Standing:
    """Everything about a caller that decides what they may see."""

    account_id: UUID
    profile_id: UUID
    plan: str
    role: str
    country: str
    time_zone: str
    ceiling: int

    @classmethod
    def of(cls, viewer: Viewer) -> "Standing":
        """How a signed-in viewer stood at the door; raises NotSignedIn."""
        account_id, profile_id = viewer.require_profile()
        return cls(
            account_id, profile_id, viewer.plan, viewer.role,
            viewer.country, viewer.time_zone, viewer.ceiling,
        )  # fmt: skip


async def of_sessions(
    connection: AsyncConnection, ids: Collection[UUID], now: datetime
) -> Mapping[UUID, Standing]:
    """What sessions prove; those that have ended are missing."""
    alive = or_(col(Session.expires_at).is_(None), col(Session.expires_at) > now)
    return await _of(connection, Session, ids, alive)


async def of_tokens(connection: AsyncConnection, ids: Collection[UUID]) -> Mapping[UUID, Standing]:
    """What API tokens prove; those that were revoked are missing."""
    return await _of(connection, ApiToken, ids, true())


async def _of(
    connection: AsyncConnection,
    table: type[Session] | type[ApiToken],
    ids: Collection[UUID],
    alive,
) -> Mapping[UUID, Standing]:
    rows = await connection.execute(
        select(
            col(table.id), col(table.account_id), col(table.profile_id), col(Account.plan),
            col(Account.role), col(Account.country), col(Account.time_zone),
            col(Profile.maturity_ceiling),
        )
        .join(Account, col(Account.id) == col(table.account_id))
        .join(Profile, col(Profile.id) == col(table.profile_id))
        .where(
            one_of(col(table.id), ids),
            col(table.revoked_at).is_(None),
            col(Profile.account_id) == col(table.account_id),
            alive,
        )
    )  # fmt: skip
    return {row.id: Standing(*row[1:]) for row in rows}
