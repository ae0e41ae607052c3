"""A change that is asked for twice under one key happens once, and is answered the same.

The key and the answer are written in the transaction of the change itself. Killed before the
commit, nothing has happened and the key is free; killed after it, whoever asks again is told what
the first was told. A refusal changes nothing, so it is not kept: asking again asks anew.
"""

import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any
from uuid import UUID

from sqlalchemy import delete, update
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from domain.idempotency import rules
from domain.idempotency.errors import KeyReused
from domain.idempotency.models import GivenAnswer

KEPT = timedelta(hours=24)
Facts = Mapping[str, Any]
"""What an answer is built from, in words of JSON."""


@dataclass(frozen=True, slots=True)
class ClientKey:
    """A key as a client sent it. field: what it calls it."""

    value: str
    field: str


@dataclass(frozen=True, slots=True)
class Request:
    """A change as it was asked for.

    operation: a word for what kind of change, keys of others are apart; asked: all that decides
    what it does, in words of JSON; key: None where the client sent none.
    """

    operation: str
    asked: Facts
    key: ClientKey | None

    @property
    def digest(self) -> bytes:
        """The same for the same request."""
        return sha256(json.dumps(self.asked, sort_keys=True).encode()).digest()


async def once(
    session: AsyncSession,
    profile_id: UUID,
    request: Request,
    work: Callable[[], Awaitable[Facts]],
    now: datetime,
) -> Facts:
    """Do the work, unless it was done under this key in the last 24 hours; its answer's facts.

    Of two at the same moment the second waits for the first to commit and is answered the same; it
    does the work itself where the first failed. Raises KeyReused where the key stands for another
    request of this operation, and InvalidInput for what can't be a key.
    """
    if request.key is None:
        return await work()
    key = rules.key(request.key.value, request.key.field)
    kept_as = rules.stored(request.operation, key)
    own = (col(GivenAnswer.profile_id) == profile_id, col(GivenAnswer.key) == kept_as)
    taken = insert(GivenAnswer).values(
        profile_id=profile_id, key=kept_as, request_hash=request.digest, answer={}, given_at=now
    )
    taken = taken.on_conflict_do_update(
        index_elements=["profile_id", "key"],
        set_={"request_hash": request.digest, "answer": {}, "given_at": now},
        where=col(GivenAnswer.given_at) < now - KEPT,
    )
    if not (await session.exec(taken)).rowcount:
        found = await session.exec(select(GivenAnswer.request_hash, GivenAnswer.answer).where(*own))
        digest, answer = found.one()
        if digest != request.digest:
            raise KeyReused(request.key.field)
        return answer
    answer = await work()
    await session.exec(update(GivenAnswer).where(*own).values(answer=dict(answer)))
    return answer


async def prune(session: AsyncSession, now: datetime) -> int:
    """Forget answers that nobody may ask for any more; how many."""
    old = col(GivenAnswer.given_at) < now - KEPT
    return (await session.exec(delete(GivenAnswer).where(old))).rowcount
