"""Writes lines down: one at a time for each place at the model, and each by one writer alone."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from time import monotonic
from typing import TypeAlias

import structlog

from domain.db import Database, is_away
from domain.ports import Writer
from domain.why import keys, tallies
from domain.why.holds import Hold, first_free
from domain.why.service import Whys
from domain.why.tallies import AWAY, CANCELLED, Outcome
from domain.why.values import Wanted
from domain.why.writing import Written, written

log = structlog.get_logger()

Still: TypeAlias = Callable[[], Awaitable[bool]]
"""Whether a line is still worth its while."""


class SlotLost(Exception):
    """Somebody else has our place at the model by now."""


class _LineLost(Exception):
    """Somebody else writes this line by now."""


@dataclass(frozen=True, slots=True)
class Pen:
    """The writer and where its lines go. clock: the moment, aware, for the tallies."""

    whys: Whys
    writer: Writer
    database: Database
    clock: Callable[[], datetime]

    async def write(
        self, wanted: Wanted, slot: Hold, still: Still, line_s: float | None = None
    ) -> Outcome | None:
        """Settle a line, with a place at the model; how it went.

        None: nothing had to be done, since it is settled, or somebody else writes it. A line that
        nobody was there to write is left as it is (see `give_up`), and so is one that was cancelled
        since it wasn't worth its while any more. Raises SlotLost.
        """
        whys, pace = self.whys, self.whys.pace
        mine = await first_free(whys.leases, [keys.writing(wanted.key)], pace.lease)
        if mine is None:
            return None
        try:
            # It may have been settled before it was ours.
            if (await whys.shelf.lines([wanted]))[0] is not None:
                return None
            made = await self._watched(wanted, slot, mine, still, line_s or whys.line_s)
            if made.outcome.word not in {AWAY, CANCELLED}:
                await whys.shelf.put(wanted, made.text, pace.kept if made.text else pace.refused)
        except _LineLost:
            return None
        finally:
            await whys.shelf.drop_draft(wanted)
            await mine.release()
        await whys.chime.ring()
        if made.outcome.word != AWAY:
            await self.count(made.outcome)
        return made.outcome

    async def give_up(self, wanted: Sequence[Wanted], outcome: Outcome) -> None:
        """Settle lines by their templates, for a moment: nobody was there to write them."""
        left = await self.missing(wanted)
        for each in left:
            await self.whys.shelf.put(each, None, self.whys.pace.away)
        await self.whys.chime.ring()
        await self.count(outcome, len(left))

    async def missing(self, wanted: Sequence[Wanted]) -> list[Wanted]:
        """Those that are not settled."""
        lines = await self.whys.shelf.lines(wanted)
        return [each for each, line in zip(wanted, lines, strict=True) if line is None]

    async def count(self, outcome: Outcome, lines: int = 1) -> None:
        """Write down how lines ended; without Postgres, nobody will know."""
        if not lines:
            return
        try:
            async with self.database.work() as connection:
                await tallies.count(connection, self.whys.model, outcome, self.clock(), lines)
        except Exception as error:
            if not is_away(error):
                raise
            log.warning("why.not_counted", outcome=outcome.word, lines=lines)

    async def _watched(
        self, wanted: Wanted, slot: Hold, mine: Hold, still: Still, line_s: float
    ) -> Written:
        """Write, as long as it is ours to write and worth its while."""
        writing = asyncio.create_task(
            written(self.writer, wanted, line_s, self._drafting(wanted)), name="why-writing"
        )
        watching = asyncio.create_task(self._watch(slot, mine, still), name="why-watching")
        both = {writing, watching}
        try:
            await asyncio.wait(both, return_when=asyncio.FIRST_COMPLETED)
            if writing.done():
                return writing.result()
            watching.result()  # raises what ends it, unless nobody waits
            return Written(Outcome(CANCELLED))
        finally:
            for task in both:
                task.cancel()
            await asyncio.gather(*both, return_exceptions=True)

    async def _watch(self, slot: Hold, mine: Hold, still: Still) -> None:
        """Keep both leases until nobody wants the line; raises where one of them is another's."""
        pace, renewed_at = self.whys.pace, monotonic()
        while await still():
            if monotonic() - renewed_at >= pace.renewed:
                renewed_at = monotonic()
                if not await slot.keep():
                    raise SlotLost
                if not await mine.keep():
                    raise _LineLost
            await asyncio.sleep(pace.look)

    def _drafting(self, wanted: Wanted) -> Callable[[str], Awaitable[None]]:
        pace, put_at = self.whys.pace, -self.whys.pace.draft_every

        async def drafting(text: str) -> None:
            nonlocal put_at
            if monotonic() - put_at >= pace.draft_every:
                put_at = monotonic()
                await self.whys.shelf.put_draft(wanted, text, pace.draft)
                await self.whys.chime.ring()

        return drafting
