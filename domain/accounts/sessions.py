"""Sessions of browsers: started by a password, found by their cookie, ended by anyone at home.

A session lives for 30 days from its last use and for 180 days at most. Its use is written down
once an hour and its end moved once a day, so that reading a page doesn't write to Postgres.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import delete, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from domain.accounts import credentials, rules
from domain.accounts.models import Session
from domain.accounts.values import Browser, Credential, ListedSession, Started
from domain.db import Database
from domain.errors import NotFound
from domain.ports import Cache
from domain.profiles.models import Profile
from domain.titles.names import clean

_PROOF = credentials.proof(Session, col(Session.last_seen_at), col(Session.expires_at))
_KEPT_AFTER_THE_END = timedelta(days=7)  # for whoever asks where they were signed in
_MOST_LISTED = 100


async def find(database: Database, cache: Cache, token: str, now: datetime) -> Credential | None:
    """What a session's token proves now; None when it ended, was revoked or never existed."""
    known = await credentials.look_up(database, cache, "session", _PROOF, token, now)
    if known is None or (known.expires_at and known.expires_at <= now):
        return None
    if known.seen_at is None or now - known.seen_at < rules.SEEN_EVERY:
        return known
    await cache.drop(credentials.cache_key("session", credentials.digest(token)))
    return await _seen(database, known, now)


async def _seen(database: Database, known: Credential, now: datetime) -> Credential:
    end = rules.session_end(known.created_at, now)
    renewed = known.expires_at is not None and end - known.expires_at >= rules.EXTEND_EVERY
    values = {"last_seen_at": now} | ({"expires_at": end} if renewed else {})
    async with database.transaction() as session:
        written = await session.exec(
            update(Session)
            .where(
                col(Session.id) == known.id,
                # Of requests at the same time one writes; and a session never comes back to life.
                col(Session.last_seen_at) == known.seen_at,
                col(Session.revoked_at).is_(None),
            )
            .values(values)
        )
    if not written.rowcount or not renewed:
        return known
    return replace(known, expires_at=end, renewed=True)


async def start(
    session: AsyncSession, account_id: UUID, profile_id: UUID, browser: Browser, now: datetime
) -> Started:
    """A new session for a browser, in place of the one it presented, whoever's that was.

    A token that somebody else planted in the browser is therefore worthless after the sign-in.
    """
    await session.exec(_revoke(now).where(col(Session.token_hash) == presented_hash(browser)))
    token = credentials.make_secret("session")
    row = Session(
        account_id=account_id,
        profile_id=profile_id,
        token_hash=credentials.digest(token),
        user_agent=clean(browser.user_agent, 200),
        address=clean(browser.address, 45),
        created_at=now,
        last_seen_at=now,
        expires_at=rules.session_end(now, now),
    )
    session.add(row)
    await session.flush()
    return Started(token, row.id, account_id, profile_id)


async def of_account(
    connection: AsyncConnection, account_id: UUID, now: datetime
) -> Sequence[ListedSession]:
    """The account's live sessions, the last used first."""
    statement = (
        select(
            col(Session.id), col(Session.profile_id), col(Profile.name), col(Session.user_agent),
            col(Session.address), col(Session.created_at), col(Session.last_seen_at),
            col(Session.expires_at),
        )
        .join(Profile, col(Profile.id) == Session.profile_id)
        .where(
            col(Session.account_id) == account_id,
            col(Session.revoked_at).is_(None),
            col(Session.expires_at) > now,
        )
        .order_by(col(Session.last_seen_at).desc(), col(Session.id))
        .limit(_MOST_LISTED)
    )  # fmt: skip
    return [ListedSession(*row) for row in await connection.execute(statement)]


async def revoke(session: AsyncSession, account_id: UUID, session_id: UUID, now: datetime) -> None:
    """End one session of an account; raises NotFound when it has no such live one."""
    ended = await session.exec(
        _revoke(now).where(col(Session.account_id) == account_id, col(Session.id) == session_id)
    )
    if not ended.rowcount:
        raise NotFound("No session has that id; it may have ended already.")


async def revoke_others(
    session: AsyncSession, account_id: UUID, kept: UUID | None, now: datetime
) -> int:
    """End all sessions of an account but one; how many there were."""
    others = _revoke(now).where(col(Session.account_id) == account_id)
    if kept is not None:
        others = others.where(col(Session.id) != kept)
    return (await session.exec(others)).rowcount


async def prune(session: AsyncSession, now: datetime) -> int:
    """Delete what ended a week ago or earlier; how many rows there were. For a daily job."""
    old = now - _KEPT_AFTER_THE_END
    ended = or_(col(Session.expires_at) <= old, col(Session.revoked_at) <= old)
    return (await session.exec(delete(Session).where(ended))).rowcount


def _revoke(now: datetime):
    return update(Session).where(col(Session.revoked_at).is_(None)).values(revoked_at=now)


def presented_hash(browser: Browser) -> bytes | None:
    """What is stored of the token that a browser came with; None where it is no token of ours."""
    token = browser.presented
    if token is None or not credentials.well_formed("session", token):
        return None
    return credentials.digest(token)
