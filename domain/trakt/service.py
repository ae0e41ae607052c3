"""What somebody may do with an account of theirs at Trakt once it is connected: read it, end it.

Nothing here runs by itself: Trakt's policy lets people take their own data when they ask for it,
and forbids keeping a copy in step behind their backs.
"""

import math
from dataclasses import dataclass
from datetime import datetime
from time import monotonic
from uuid import UUID, uuid4

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.accounts.viewer import Viewer
from domain.db import Database
from domain.errors import TooManyRequests
from domain.imports import desk
from domain.imports import repo as imports
from domain.imports.batches import Batch
from domain.imports.undo import undo
from domain.jobs import ledger
from domain.jobs.values import QUARANTINED
from domain.services import Services
from domain.trakt import links, sign_in
from domain.trakt.errors import NotConnected, TraktNotConfigured
from domain.trakt.ports import LinkBroken, Trakt
from domain.trakt.reading import SOURCE
from domain.trakt.values import Tokens

KIND = "trakt_import"
_MOST, _WINDOW_S = 10, 3_600.0
_UNDER_WAY = text("""
    SELECT 1 FROM trakt_readings r JOIN jobs j ON j.id = r.job_id
    WHERE r.profile_id = :profile AND r.finished_at IS NULL AND j.state <> :given_up
""")
_NO_READING = text("DELETE FROM trakt_readings WHERE profile_id = :profile")
_ASK = text("""
    INSERT INTO trakt_readings (profile_id, job_id, asked_at) VALUES (:profile, :job, :now)
""")


@dataclass(frozen=True, slots=True)
class Disconnected:
    """revoked: whether Trakt was told; undone: imports that were taken back; done: whether all of
    those that had to be are.
    """

    revoked: bool
    undone: int
    done: bool


def trakt_of(services: Services) -> Trakt:
    """The client; raises TraktNotConfigured where there is none."""
    if services.trakt is None:
        raise TraktNotConfigured
    return services.trakt


async def ask_reading(services: Services, viewer: Viewer, now: datetime) -> None:
    """Have the account read once; while it is being read, that is the one.

    Raises NotSignedIn, NotConnected, LinkBroken, TooManyRequests, and TraktNotConfigured.
    """
    trakt_of(services)
    _, profile_id = viewer.require_profile()
    known = {"profile": profile_id}
    async with links.locked(services.database, profile_id) as (session, link):
        if link.problem is not None:
            raise LinkBroken
        connection = await session.connection()
        under_way = await connection.execute(_UNDER_WAY, {**known, "given_up": QUARANTINED})
        if under_way.one_or_none() is not None:
            return
        await _admit(services, profile_id)
        await connection.execute(_NO_READING, known)
        job_id = await ledger.plan(session, KIND, uuid4().hex, now)
        await connection.execute(_ASK, {**known, "job": job_id, "now": now})
    if services.queue is not None:
        await services.queue.nudge(job_id)


async def disconnect(
    services: Services, viewer: Viewer, now: datetime, *, delete_imported: bool, seconds: float
) -> Disconnected:
    """Forget the account, and have Trakt forget us; with delete_imported also what was read there.

    seconds: begin no new round of taking back after so long; called again it goes on. The tokens
    are gone first, whatever becomes of the rest. Raises NotSignedIn, TraktBusy and ImportBusy.
    """
    _, profile_id = viewer.require_profile()
    database, until = services.database, monotonic() + seconds
    tokens = await _forget(database, profile_id)
    revoked = False
    if tokens is not None and services.trakt is not None:
        revoked = await sign_in.give_back(services.trakt, tokens)
    undone, left = 0, await _imported(database, profile_id) if delete_imported else []
    for batch in left:
        rest_s = max(0.0, until - monotonic())
        after = await undo(database, viewer, batch.id, now, seconds=rest_s)
        if after.counts.committed:
            break
        await desk.discard(database, viewer, batch.id)
        undone += 1
    return Disconnected(revoked, undone, undone == len(left))


async def _admit(services: Services, profile_id: UUID) -> None:
    allowance = await services.limiter.take(f"trakt:reading:{profile_id}", _MOST, _WINDOW_S)
    if not allowance.allowed:
        wait = max(1, math.ceil(allowance.reset_s))
        raise TooManyRequests(
            f"This Trakt account was read {_MOST} times within an hour. Try again in"
            f" {math.ceil(wait / 60)} minutes.",
            limit=_MOST,
            retry_after=wait,
        )


async def _forget(database: Database, profile_id: UUID) -> Tokens | None:
    """Delete all that is kept of a connection; the tokens, which may still open something."""
    try:
        async with links.locked(database, profile_id) as (session, link):
            await _delete(await session.connection(), profile_id)
            return links.tokens_of(link)
    except NotConnected:
        async with database.work() as connection:
            await _delete(connection, profile_id)
    return None


async def _delete(connection: AsyncConnection, profile_id: UUID) -> None:
    for table in ("trakt_sign_ins", "trakt_readings", "trakt_links"):
        await connection.execute(
            text(f"DELETE FROM {table} WHERE profile_id = :profile"), {"profile": profile_id}
        )


async def _imported(database: Database, profile_id: UUID) -> list[Batch]:
    """What was read from accounts, the latest first: a later one may stand on an earlier one."""
    async with database.read() as connection:
        found = await imports.batches(connection, profile_id)
    return [each for each in found if each.source == SOURCE]
