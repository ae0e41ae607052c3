"""What a caller shows to prove who they are: a secret of 256 bits, of which we keep a SHA-256.

Postgres decides. The cache spares it the same question for five seconds, so whatever is revoked
or changed holds after five seconds even if Valkey missed the news; `changing` makes it hold at
once.
"""

import re
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any, Literal
from uuid import UUID

import orjson
from sqlalchemy import Select, bindparam, select
from sqlmodel import col
from sqlmodel import select as select_rows
from sqlmodel.ext.asyncio.session import AsyncSession

from domain.accounts.models import Account, ApiToken, Session
from domain.accounts.values import Credential
from domain.db import Database
from domain.ports import Cache
from domain.profiles.models import Profile

Kind = Literal["session", "token"]
Proof = Select[*tuple[Any, ...]]
TOKEN_PREFIX = "sst_"  # tells secret scanners and people what they have found
CACHE_LIFE = timedelta(seconds=5)
_BODY = r"[A-Za-z0-9_-]{43}"
_SHAPES = {"session": re.compile(_BODY), "token": re.compile(TOKEN_PREFIX + _BODY)}


def make_secret(kind: Kind) -> str:
    """A new secret: it is shown once, and never stored."""
    return (TOKEN_PREFIX if kind == "token" else "") + secrets.token_urlsafe(32)


def digest(secret: str) -> bytes:
    """What is stored of a secret. Nothing slower is needed: nobody guesses 256 random bits."""
    return sha256(secret.encode()).digest()


def cache_key(kind: str, token_hash: bytes) -> str:
    """Where the cache keeps what a secret proves."""
    return f"{kind}:{token_hash.hex()}"


def well_formed(kind: Kind, secret: str) -> bool:
    """Whether we could have made a secret. Anything else needs no look-up."""
    return _SHAPES[kind].fullmatch(secret) is not None


def proof(table: type[Session] | type[ApiToken], seen_at: Any, expires_at: Any) -> Proof:
    """Credential's columns for the row of a table that :hash names, unless it was revoked.

    seen_at, expires_at: the columns that the tables call by different names.
    """
    return (
        select(
            col(table.id), col(table.account_id), col(table.profile_id),
            col(Account.email), col(Account.plan), col(Account.role),
            col(Account.country), col(Account.time_zone), col(Profile.maturity_ceiling),
            col(table.created_at), seen_at, expires_at,
        )
        .join(Account, col(Account.id) == col(table.account_id))
        .join(Profile, col(Profile.id) == col(table.profile_id))
        .where(
            col(table.token_hash) == bindparam("hash"),
            col(table.revoked_at).is_(None),
            col(Profile.account_id) == col(table.account_id),
        )
    )  # fmt: skip


async def look_up(
    database: Database, cache: Cache, kind: Kind, proving: Proof, secret: str, now: datetime
) -> Credential | None:
    """What a secret proves, or None. proving: what `proof` made."""
    if not well_formed(kind, secret):
        return None
    token_hash = digest(secret)
    key = cache_key(kind, token_hash)
    known = _read(await cache.get(key), now)
    if known is None:
        async with database.read() as connection:
            row = (await connection.execute(proving, {"hash": token_hash})).first()
        if row is None:
            return None  # not kept: strangers could fill the cache with what does not exist
        known = Credential(*row)
        entry = orjson.dumps({"read_at": now, "proves": known}, default=str)
        await cache.put(key, entry, CACHE_LIFE.total_seconds())
    return known if known.expires_at is None or known.expires_at > now else None


def _read(entry: bytes | None, now: datetime) -> Credential | None:
    if entry is None:
        return None
    try:
        content = orjson.loads(entry)
        # The cache forgets after the same five seconds, but its word isn't taken for that either.
        if abs(now - datetime.fromisoformat(content["read_at"])) > CACHE_LIFE:
            return None
        fields: dict[str, Any] = content["proves"]
        for name in ("id", "account_id", "profile_id"):
            fields[name] = UUID(fields[name])
        for name in ("created_at", "seen_at", "expires_at"):
            fields[name] = fields[name] and datetime.fromisoformat(fields[name])
        return Credential(**fields)
    except (ValueError, TypeError, KeyError):
        return None  # written by another version of ours


@asynccontextmanager
async def changing(
    database: Database, cache: Cache, account_id: UUID
) -> AsyncIterator[AsyncSession]:
    """A transaction that changes what an account's sessions and tokens prove, or ends them.

    After the commit the cache forgets all of them, so the next request sees the change.
    """
    async with database.transaction() as session:
        hashes = {
            "session": await session.exec(_hashes(Session, account_id)),
            "token": await session.exec(_hashes(ApiToken, account_id)),
        }
        kept = [cache_key(kind, each) for kind, found in hashes.items() for each in found]
        yield session
    await cache.drop(*kept)


def _hashes(table: type[Session] | type[ApiToken], account_id: UUID):
    return select_rows(col(table.token_hash)).where(col(table.account_id) == account_id)
