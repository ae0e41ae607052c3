"""Pages of somebody's lists, kept between two attempts of a reading, and gone after it."""

from datetime import datetime
from time import monotonic
from uuid import UUID

import orjson
from sqlalchemy import text

from domain.db import Database
from domain.imports.values import What
from domain.jobs import ledger
from domain.jobs.values import Claim
from domain.trakt.values import KeptPage

_FIND = text("""
    SELECT body FROM trakt_pages WHERE profile_id = :profile AND part = :part AND page = :page
""")
_KEEP = text("""
    INSERT INTO trakt_pages (profile_id, part, page, of, items, body)
    SELECT CAST(:profile AS uuid), CAST(:part AS text), CAST(:page AS int), CAST(:of AS int),
           CAST(:items AS int), CAST(:body AS text)
    WHERE EXISTS (
        SELECT FROM trakt_readings WHERE profile_id = :profile AND job_id = :job FOR KEY SHARE
    )
    ON CONFLICT (profile_id, part, page) DO UPDATE
    SET of = excluded.of, items = excluded.items, body = excluded.body
""")
_FORGET_PART = text("DELETE FROM trakt_pages WHERE profile_id = :profile AND part = :part")
_FORGET = text("DELETE FROM trakt_pages WHERE profile_id = :profile")


class Paused(Exception):
    """The attempt has had its time; the next one goes on."""


class Stopped(Exception):
    """Nobody wants the reading any more: the account was disconnected."""


class KeptPages:
    """domain.trakt.ports.Pages for one attempt at a reading.

    until: by monotonic, when an attempt that has asked Trakt for something asks for no more.
    """

    def __init__(self, database: Database, claim: Claim, profile_id: UUID, until: float) -> None:
        self._database = database
        self._claim = claim
        self._profile_id = profile_id
        self._until = until
        self._begun: set[What] = set()
        self._asked = 0

    @property
    def over(self) -> bool:
        """Whether the attempt has asked Trakt for something and has had its time."""
        return bool(self._asked) and monotonic() >= self._until

    @property
    def replayed(self) -> bool:
        """Whether all that was read in this attempt had been kept before."""
        return bool(self._begun) and not self._asked

    async def find(self, part: What, page: int) -> KeptPage | None:
        """A page that was kept; raises Paused where Trakt had to be asked and time is up."""
        if page == 1 and part in self._begun:  # it moved while it was read: from its start
            await self._forget(part)
        if page == 1:
            self._begun.add(part)
        async with self._database.read() as connection:
            found = await connection.execute(
                _FIND, {"profile": self._profile_id, "part": part.value, "page": page}
            )
            body = found.scalar_one_or_none()
        if body is not None:
            kept = orjson.loads(body)
            return KeptPage(kept["items"], kept["told"])
        if self.over:
            raise Paused
        self._asked += 1
        return None

    async def keep(self, part: What, page: int, kept: KeptPage) -> None:
        """Remember a page; raises LeaseLost, and Stopped where it isn't wanted any more."""
        count = kept.told.get("x-pagination-page-count", "")
        values = {
            "profile": self._profile_id,
            "job": self._claim.job_id,
            "part": part.value,
            "page": page,
            "of": int(count) if count.isascii() and count.isdecimal() and len(count) < 7 else page,
            "items": len(kept.items) if isinstance(kept.items, list) else 0,
            "body": orjson.dumps({"items": kept.items, "told": dict(kept.told)}).decode(),
        }
        async with self._database.transaction() as session:
            await ledger.hold(session, self._claim)
            written = await (await session.connection()).execute(_KEEP, values)
            if not written.rowcount:
                raise Stopped
            await ledger.got_on(session, self._claim)

    async def forget(self) -> None:
        """Forget all of them: something in them is of no use."""
        async with self._database.transaction() as session:
            await ledger.hold(session, self._claim)
            await (await session.connection()).execute(_FORGET, {"profile": self._profile_id})

    async def _forget(self, part: What) -> None:
        async with self._database.transaction() as session:
            await ledger.hold(session, self._claim)
            await (await session.connection()).execute(
                _FORGET_PART, {"profile": self._profile_id, "part": part.value}
            )


async def prune(database: Database, before: datetime) -> int:
    """Forget pages of readings that were asked for before a moment, and codes that ended; how many.

    What a reading that was given up has left is nobody's any more.
    """
    async with database.work() as connection:
        pages = await connection.execute(
            text(
                "DELETE FROM trakt_pages p USING trakt_readings r"
                " WHERE r.profile_id = p.profile_id AND r.asked_at < :before"
            ),
            {"before": before},
        )
        codes = await connection.execute(
            text("DELETE FROM trakt_sign_ins WHERE expires_at < :before"), {"before": before}
        )
    return pages.rowcount + codes.rowcount
