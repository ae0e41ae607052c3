"""The tokens of connected accounts: always one whole pair, renewed by one at a time.

A refresh token works once. Whoever renews holds the link's row for as long, and commits the new
pair before anybody uses it. Killed between the two, the pair that is stored is worth nothing: the
next to ask is told so by Trakt, and the link says that it has to be connected again.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from time import monotonic
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlmodel.ext.asyncio.session import AsyncSession

from domain.db import Database, Record
from domain.trakt.errors import NotConnected, TraktBusy
from domain.trakt.ports import LinkBroken, Trakt
from domain.trakt.values import Tokens

_PATIENCE_S = 7.0
_PAUSE_S = 0.1
_READ = text("""
    SELECT access_token, refresh_token, issued_at, expires_at, problem FROM trakt_links
    WHERE profile_id = :profile
""")
# Whoever is second doesn't wait with a connection in hand: there are few, and Trakt may be slow.
_LOCK = text(f"{_READ.text} FOR UPDATE SKIP LOCKED")
_RENEW = text("""
    UPDATE trakt_links
    SET access_token = :access, refresh_token = :refresh, issued_at = :issued_at,
        expires_at = :expires_at
    WHERE profile_id = :profile
""")
_BREAK = text("""
    UPDATE trakt_links SET problem = :problem
    WHERE profile_id = :profile AND access_token = :access
""")


async def fresh(
    database: Database,
    trakt: Trakt,
    profile_id: UUID,
    now: datetime,
    *,
    refused: Tokens | None = None,
) -> Tokens:
    """Tokens that open the account now, renewed where half of their life is over.

    refused: some that Trakt didn't take before their time, as where clocks disagree: not these.
    Raises NotConnected, LinkBroken (which is then noted), TraktBusy, and what Trakt raises.
    """
    async with database.read() as connection:
        tokens = _usable(await _found(connection, profile_id))
    if _good(tokens, now, refused):
        return tokens
    # shield: whoever asked may give up meanwhile, and the new pair must be kept all the same.
    return await asyncio.shield(_renew(database, trakt, profile_id, now, refused))


async def note_broken(
    database: Database, profile_id: UUID, tokens: Tokens, broken: LinkBroken
) -> None:
    """Write down that these tokens are worth nothing, unless others have taken their place."""
    async with database.work() as connection:
        await connection.execute(
            _BREAK, {"profile": profile_id, "access": tokens.access, "problem": broken.message}
        )


@asynccontextmanager
async def locked(
    database: Database, profile_id: UUID
) -> AsyncIterator[tuple[AsyncSession, Record]]:
    """A transaction that has the link to itself, and the link. Raises NotConnected, TraktBusy."""
    until = monotonic() + _PATIENCE_S
    while True:
        async with database.transaction() as session:
            connection = await session.connection()
            found = (await connection.execute(_LOCK, {"profile": profile_id})).one_or_none()
            if found is not None:
                yield session, found
                return
            await _found(connection, profile_id)
        if monotonic() >= until:
            raise TraktBusy
        await asyncio.sleep(_PAUSE_S)


def tokens_of(row: Record) -> Tokens:
    """The tokens of a link's row."""
    return Tokens(row.access_token, row.refresh_token, row.issued_at, row.expires_at)


def values_of(tokens: Tokens) -> dict[str, object]:
    """Their columns' values, for a statement."""
    return {
        "access": tokens.access,
        "refresh": tokens.refresh,
        "issued_at": tokens.issued_at,
        "expires_at": tokens.expires_at,
    }


async def _renew(
    database: Database, trakt: Trakt, profile_id: UUID, now: datetime, refused: Tokens | None
) -> Tokens:
    async with locked(database, profile_id) as (session, row):
        old = _usable(row)
        if _good(old, now, refused):  # somebody was quicker
            return old
        try:
            tokens = await trakt.refresh(old)
        except LinkBroken as broken:
            problem = broken
        else:
            await (await session.connection()).execute(
                _RENEW, {"profile": profile_id, **values_of(tokens)}
            )
            return tokens
    await note_broken(database, profile_id, old, problem)
    raise problem


def _good(tokens: Tokens, now: datetime, refused: Tokens | None) -> bool:
    return now < tokens.renew_at and (refused is None or refused.access != tokens.access)


async def _found(connection: AsyncConnection, profile_id: UUID) -> Record:
    row = (await connection.execute(_READ, {"profile": profile_id})).one_or_none()
    if row is None:
        raise NotConnected
    return row


def _usable(row: Record) -> Tokens:
    if row.problem is not None:
        raise LinkBroken
    return tokens_of(row)
