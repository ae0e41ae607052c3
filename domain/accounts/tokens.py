"""API tokens: keys that a household gives to its programs, each for one profile."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import delete, func, null, select, update
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from domain.accounts import credentials, repo, rules
from domain.accounts.errors import TooManyTokens
from domain.accounts.models import ApiToken
from domain.accounts.values import Credential, ListedToken, NewToken
from domain.accounts.viewer import Viewer
from domain.db import Database
from domain.errors import NotFound
from domain.ports import Cache
from domain.profiles.models import Profile

_PROOF = credentials.proof(ApiToken, col(ApiToken.last_used_at), null())
_HINT_LENGTH = 8
_KEPT_AFTER_THE_END = timedelta(days=30)


async def create(session: AsyncSession, viewer: Viewer, name: str, now: datetime) -> NewToken:
    """A token for the viewer's own profile.

    Raises InvalidInput for the name, Forbidden for tokens, and TooManyTokens from 20 on.
    """
    viewer.require_browser_session()
    account_id, profile_id = viewer.require_profile()
    name = rules.token_name(name)
    await repo.lock(session, account_id)
    live = select(func.count()).where(
        col(ApiToken.account_id) == account_id, col(ApiToken.revoked_at).is_(None)
    )
    connection = await session.connection()
    if (await connection.execute(live)).scalar_one() >= rules.MOST_TOKENS:
        raise TooManyTokens(rules.MOST_TOKENS)
    profile = await session.get(Profile, profile_id)
    if profile is None:
        raise NotFound("This profile has just been deleted; choose another one.")
    token = credentials.make_secret("token")
    row = ApiToken(
        account_id=account_id,
        profile_id=profile_id,
        name=name,
        hint=token[:_HINT_LENGTH],
        token_hash=credentials.digest(token),
        created_at=now,
    )
    session.add(row)
    await session.flush()
    return NewToken(token, ListedToken(row.id, profile_id, profile.name, name, row.hint, now, None))


async def find(database: Database, cache: Cache, token: str, now: datetime) -> Credential | None:
    """What an API token proves; None when it was revoked or never existed."""
    known = await credentials.look_up(database, cache, "token", _PROOF, token, now)
    if known is None or (known.seen_at and now - known.seen_at < rules.SEEN_EVERY):
        return known
    await cache.drop(credentials.cache_key("token", credentials.digest(token)))
    async with database.transaction() as session:
        await session.exec(
            update(ApiToken)
            .where(
                col(ApiToken.id) == known.id,
                col(ApiToken.last_used_at).is_not_distinct_from(known.seen_at),
            )
            .values(last_used_at=now)
        )
    return known


async def of_account(connection: AsyncConnection, account_id: UUID) -> Sequence[ListedToken]:
    """The account's live tokens, the newest first."""
    statement = (
        select(
            col(ApiToken.id), col(ApiToken.profile_id), col(Profile.name), col(ApiToken.name),
            col(ApiToken.hint), col(ApiToken.created_at), col(ApiToken.last_used_at),
        )
        .join(Profile, col(Profile.id) == ApiToken.profile_id)
        .where(col(ApiToken.account_id) == account_id, col(ApiToken.revoked_at).is_(None))
        .order_by(col(ApiToken.created_at).desc(), col(ApiToken.id))
    )  # fmt: skip
    return [ListedToken(*row) for row in await connection.execute(statement)]


async def revoke(session: AsyncSession, viewer: Viewer, token_id: UUID, now: datetime) -> None:
    """End a token; raises Forbidden for tokens, NotFound when the account has no such live one."""
    viewer.require_browser_session()
    account_id, _ = viewer.require_profile()
    ended = await session.exec(
        update(ApiToken)
        .where(
            col(ApiToken.account_id) == account_id,
            col(ApiToken.id) == token_id,
            col(ApiToken.revoked_at).is_(None),
        )
        .values(revoked_at=now)
    )
    if not ended.rowcount:
        raise NotFound("No API token has that id; it may be revoked already.")


async def prune(session: AsyncSession, now: datetime) -> int:
    """Delete what was revoked a month ago or earlier; how many rows there were."""
    old = col(ApiToken.revoked_at) <= now - _KEPT_AFTER_THE_END
    return (await session.exec(delete(ApiToken).where(old))).rowcount
