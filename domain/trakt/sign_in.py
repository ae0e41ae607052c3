"""Connecting an account: a code that somebody types in at Trakt, and asking whether they have."""

import asyncio
import math
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import text

from domain.accounts.viewer import Viewer
from domain.db import Database, Record
from domain.errors import DomainError, TooManyRequests
from domain.ports import Limiter
from domain.trakt import links
from domain.trakt.errors import NoSignIn
from domain.trakt.ports import SignInEnded, Trakt
from domain.trakt.values import DeviceCode, Tokens, Waiting

_MOST, _WINDOW_S = 10, 600.0
_REVOKE_S = 1.5  # twice this and asking whether must fit into a request
_BEGIN = text("""
    INSERT INTO trakt_sign_ins
        (profile_id, device_code, user_code, verification_url, interval_s, expires_at)
    VALUES (:profile, :device_code, :user_code, :url, :interval_s, :expires_at)
    ON CONFLICT (profile_id) DO UPDATE
    SET device_code = excluded.device_code, user_code = excluded.user_code,
        verification_url = excluded.verification_url, interval_s = excluded.interval_s,
        expires_at = excluded.expires_at, polled_at = NULL
""")
_READ = text("""
    SELECT device_code, user_code, verification_url, interval_s, expires_at, polled_at
    FROM trakt_sign_ins WHERE profile_id = :profile
""")
# Of several who ask at once, one is passed on.
_TAKE_TURN = text("""
    UPDATE trakt_sign_ins SET polled_at = :now
    WHERE profile_id = :profile
      AND (polled_at IS NULL OR polled_at + interval_s * interval '1 second' <= :now)
    RETURNING device_code
""")
_SLOWER = text("""
    UPDATE trakt_sign_ins SET interval_s = :interval_s
    WHERE profile_id = :profile AND device_code = :device_code
""")
_END = text("""
    DELETE FROM trakt_sign_ins WHERE profile_id = :profile AND device_code = :device_code
    RETURNING 1
""")
_OLD = text("""
    SELECT access_token, refresh_token, issued_at, expires_at, problem FROM trakt_links
    WHERE profile_id = :profile FOR UPDATE
""")
_LINK = text("""
    INSERT INTO trakt_links
        (profile_id, username, access_token, refresh_token, issued_at, expires_at, linked_at)
    VALUES (:profile, :username, :access, :refresh, :issued_at, :expires_at, :now)
    ON CONFLICT (profile_id) DO UPDATE
    SET username = excluded.username, access_token = excluded.access_token,
        refresh_token = excluded.refresh_token, issued_at = excluded.issued_at,
        expires_at = excluded.expires_at, linked_at = excluded.linked_at, read_at = NULL,
        problem = NULL
""")
_NO_READING = text("DELETE FROM trakt_readings WHERE profile_id = :profile")


@dataclass(frozen=True, slots=True)
class Asked:
    """Whether the account is connected now; if not, when asking again makes sense."""

    connected: bool
    ask_again_in_s: int = 0


async def start(
    database: Database, limiter: Limiter, trakt: Trakt, viewer: Viewer, now: datetime
) -> None:
    """Have Trakt make a code; one that was begun before is worth nothing any more.

    Raises NotSignedIn, TooManyRequests, and what Trakt raises.
    """
    _, profile_id = viewer.require_profile()
    allowance = await limiter.take(f"trakt:sign_in:{profile_id}", _MOST, _WINDOW_S)
    if not allowance.allowed:
        wait = max(1, math.ceil(allowance.reset_s))
        raise TooManyRequests(
            f"A sign-in to Trakt was begun {_MOST} times in {_WINDOW_S / 60:g} minutes. Try again"
            f" in {wait} s.",
            limit=_MOST,
            retry_after=wait,
        )
    code = await trakt.start()
    async with database.work() as connection:
        await connection.execute(
            _BEGIN,
            {
                "profile": profile_id,
                "device_code": code.device_code,
                "user_code": code.user_code,
                "url": code.verification_url,
                "interval_s": code.interval_s,
                "expires_at": now + timedelta(seconds=code.expires_in_s),
            },
        )


async def finish(database: Database, trakt: Trakt, viewer: Viewer, now: datetime) -> Asked:
    """Ask once whether the code was typed in, unless Trakt was asked a moment ago.

    Raises NotSignedIn, NoSignIn, SignInEnded, and what Trakt raises. Killed after Trakt's yes and
    before ours, the code is used up, and the next to ask is told so.
    """
    _, profile_id = viewer.require_profile()
    known = {"profile": profile_id}
    async with database.work() as connection:
        row = (await connection.execute(_READ, known)).one_or_none()
        if row is None:
            raise NoSignIn
        turn = await connection.execute(_TAKE_TURN, {**known, "now": now})
        device_code = turn.scalar_one_or_none()
    if device_code is None:
        return Asked(False, _wait_s(row, now))
    row_of_code = {**known, "device_code": device_code}
    try:
        said = await trakt.poll(_code(row, device_code, now))
    except SignInEnded:
        async with database.work() as connection:
            await connection.execute(_END, row_of_code)
        raise
    if isinstance(said, Waiting):
        async with database.work() as connection:
            await connection.execute(_SLOWER, {**row_of_code, "interval_s": said.interval_s})
        return Asked(False, said.interval_s)
    await _connect(database, trakt, profile_id, row_of_code, said, now)
    return Asked(True)


async def give_back(trakt: Trakt, tokens: Tokens) -> bool:
    """Have Trakt forget tokens, if it can be had quickly; whether it has."""
    with suppress(DomainError, TimeoutError):
        async with asyncio.timeout(_REVOKE_S):
            await trakt.revoke(tokens)
            return True
    return False


async def _connect(
    database: Database,
    trakt: Trakt,
    profile_id: UUID,
    row_of_code: Mapping[str, Any],
    tokens: Tokens,
    now: datetime,
) -> None:
    """Keep what opens an account, in place of what opened another one before."""
    old = None
    async with database.work() as connection:
        wanted = (await connection.execute(_END, row_of_code)).one_or_none()
        if wanted:
            old = (await connection.execute(_OLD, {"profile": profile_id})).one_or_none()
            await connection.execute(_NO_READING, {"profile": profile_id})
            await connection.execute(
                _LINK,
                {
                    "profile": profile_id,
                    "username": None,
                    "now": now,
                    **links.values_of(tokens),
                },
            )
    if not wanted:  # it was given up, or begun anew, while Trakt was asked
        await give_back(trakt, tokens)
        raise NoSignIn
    if old is not None and old.problem is None:
        await give_back(trakt, links.tokens_of(old))
    await _learn_name(database, trakt, profile_id, tokens)


async def _learn_name(database: Database, trakt: Trakt, profile_id: UUID, tokens: Tokens) -> None:
    """Note whose account it is. Without the name it works as well."""
    with suppress(DomainError, TimeoutError):
        async with asyncio.timeout(_REVOKE_S):
            name = await trakt.whose(tokens)
        async with database.work() as connection:
            await connection.execute(
                text(
                    "UPDATE trakt_links SET username = :name"
                    " WHERE profile_id = :profile AND access_token = :access"
                ),
                {"name": name, "profile": profile_id, "access": tokens.access},
            )


def _code(row: Record, device_code: str, now: datetime) -> DeviceCode:
    left = max(0, int((row.expires_at - now).total_seconds()))
    return DeviceCode(row.user_code, row.verification_url, left, row.interval_s, device_code)


def _wait_s(row: Record, now: datetime) -> int:
    asked = row.polled_at or now
    until = asked + timedelta(seconds=row.interval_s)
    # Whoever came a moment before the one who was passed on waits no longer for it.
    return min(row.interval_s, max(1, math.ceil((until - now).total_seconds())))
