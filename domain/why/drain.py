"""A worker's turn at the orders that wait: nothing that somebody waits for is left lying."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from time import monotonic

from domain.why import keys
from domain.why.holds import Hold
from domain.why.pen import Pen, SlotLost
from domain.why.tallies import AWAY, CANCELLED
from domain.why.values import Order, Wanted


@dataclass(frozen=True, slots=True)
class Drain:
    """Works orders off, the oldest first."""

    pen: Pen

    async def run(self) -> int:
        """Write what waits, if there is room at the model; how many lines were settled.

        Whoever orders, puts the order down and then wakes a worker. It may find all places taken,
        and go. But then each place is given back after that, and whoever gives one back looks
        once more before going: the order was there by then. Where they were killed instead,
        `look_after` finds out.
        """
        whys, done = self.pen.whys, 0
        until = monotonic() + whys.pace.turn
        while True:
            async with whys.slot() as slot:
                if slot is None:
                    return done
                try:
                    done += await self._turn(slot, until)
                except SlotLost:
                    return done
            if monotonic() >= until:
                await whys.wake()
                return done
            if not await whys.backlog.size():
                return done

    async def look_after(self) -> int:
        """The same where something waits, or lies where somebody died at it; to be called often."""
        whys = self.pen.whys
        hands = [keys.hand(each) for each in keys.slots(whys.parallel)]
        if await whys.backlog.size() or any(await whys.cache.get_many(hands)):
            return await self.run()
        return 0

    async def _turn(self, slot: Hold, until: float) -> int:
        """Work orders off until there are none, or it is over."""
        whys, done = self.pen.whys, 0
        hand = keys.hand(slot.name)
        if left := await whys.cache.get(hand):
            # Whoever had this place has died at it. It is tried once more, but doesn't lie here
            # meanwhile: an order that kills must not kill for ever.
            await whys.cache.drop(hand)
            lines, _ = await self._order(left.decode(errors="replace"), slot, until)
            done += lines
        while monotonic() < until and (name := await whys.backlog.pop()):
            await whys.cache.put(hand, name.encode(errors="replace"), whys.pace.order)
            if not await slot.keep():
                await whys.backlog.push(name)
                raise SlotLost
            try:
                lines, ended = await self._order(name, slot, until)
            except SlotLost:
                await whys.backlog.push(name)
                raise
            done += lines
            if not ended:
                await whys.backlog.push(name)
            await whys.cache.drop(hand)
        return done

    async def _order(self, name: str, slot: Hold, until: float) -> tuple[int, bool]:
        """Write an order's lines; how many, and whether it is done with. May raise SlotLost."""
        order = await self.pen.whys.shelf.order(name)
        if order is None:
            return 0, True
        whys, done = self.pen.whys, 0
        left = await self.pen.missing(order.wanted)
        while left:
            lines, others, ended = await self._lines(order, left, slot, until)
            done += lines
            if ended is not None:
                return done, ended
            # Who is at these may stop, since nobody waits for them there.
            left = await self.pen.missing(others)
            if left:
                await asyncio.sleep(whys.pace.least)
                if await whys.backlog.size():
                    return done, False
        return done, True

    async def _lines(
        self, order: Order, wanted: Sequence[Wanted], slot: Hold, until: float
    ) -> tuple[int, list[Wanted], bool | None]:
        """How many were written, which ones others write, and what ends the order before its end:
        True, it is done with, False, our time is over.
        """
        pen, done = self.pen, 0
        others: list[Wanted] = []

        async def still() -> bool:
            return await pen.whys.is_waited_for(order, pen.clock())

        for place, each in enumerate(wanted):
            if monotonic() >= until:
                return done, others, False
            if not await still():
                return done, others, True
            outcome = await pen.write(each, slot, still)
            if outcome is None:
                others.append(each)
            elif outcome.word == AWAY:
                await pen.give_up(wanted[place:], outcome)
                return done, others, True
            elif outcome.word == CANCELLED:
                return done, others, True
            else:
                done += 1
        return done, others, None
