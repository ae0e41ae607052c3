"""Lines that say why: those that are there at once, those that are missing by order.

Nobody waits for a model in here. An order goes to a worker (see `drain`), through Valkey alone: a
line that is lost was never promised, and its template has been shown already.
"""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from domain.accounts.viewer import Viewer
from domain.ports import Backlog, Cache, Chime, Leases
from domain.recommendations.values import Question
from domain.why import keys, lately, waiting
from domain.why.holds import Hold, first_free
from domain.why.pace import Pace
from domain.why.recent import Recent
from domain.why.shelf import Shelf, settled
from domain.why.values import Line, Order, Source, Wanted

_RECENT_S = 300.0
_MOST_LINES = 4_096  # a line with its key takes a third of a kilobyte


def _recent_lines() -> Recent[str]:
    return Recent(_MOST_LINES, _RECENT_S)


@dataclass(frozen=True, slots=True)
class Whys:
    """model: who writes them, as settings say it; parallel: how many at once, in all processes;
    line_s: the most seconds for a line, a retry included. lines: what a model wrote, by key, as
    this process has just seen it in Valkey; to look again would be most of what it costs to tell.
    """

    cache: Cache
    backlog: Backlog
    leases: Leases
    chime: Chime
    model: str
    parallel: int = 1
    line_s: float = 60.0
    pace: Pace = field(default_factory=Pace)
    lines: Recent[str] = field(default_factory=_recent_lines, compare=False)

    @property
    def shelf(self) -> Shelf:
        """Where the lines are."""
        return Shelf(self.cache)

    async def told(
        self, profile_id: UUID | None, question: Question, wanted: Sequence[Wanted]
    ) -> list[Line | None]:
        """The lines that are settled, and None for the others, in one look at Valkey or in none.

        profile_id: whose question it is, for whom it is remembered; None: nobody's. It was when
        its lines were looked for, if this process knows them all.
        """
        lines = [_line(each, self.lines.get(each.key)) for each in wanted]
        others = [each for each, line in zip(wanted, lines, strict=True) if line is None]
        if not others:
            return lines
        names = [keys.line(each.key) for each in others]
        if remember := profile_id and lately.remembered(profile_id, question):
            place, written = remember
            *stored, known = await self.cache.get_many([*names, place])
            if known != written:
                await self.cache.put(place, written, lately.KEPT_S)
        else:
            stored = await self.cache.get_many(names)
        found = {each.key: settled(it, each) for it, each in zip(stored, others, strict=True)}
        for key, line in found.items():
            # That a template stays may hold for some seconds alone.
            if line is not None and line.source is Source.OLLAMA:
                self.lines.put(key, line.text)
        return [line or found[each.key] for line, each in zip(lines, wanted, strict=True)]

    async def order(
        self, order_id: str, profile_id: UUID | None, wanted: Sequence[Wanted], now: datetime
    ) -> int:
        """Have lines written; how many will be, which is none where Valkey is away.

        order_id: what the answer is known by, which nobody can guess. Never raises.
        """
        if not wanted:
            return 0
        order = Order(order_id, profile_id, tuple(wanted), now)
        if not await self.shelf.put_order(order, self.pace.order):
            return 0
        await self.backlog.push(order_id)
        return len(wanted)

    async def ready(
        self, order_id: str, viewer: Viewer, *, drafts: bool = False, patience_s: float = 120.0
    ) -> AsyncGenerator[Line, None]:
        """The missing lines of an answer, each once as it is settled: final, with the model's text
        or, where it gave none, the template's.

        drafts: with what there is of a line while it is being written, which grows; the line that
        is settled may be another one all the same. It ends when all are settled, at patience_s at
        the latest, with the templates of the others. order_id: as a client sent it; an unknown
        one, one that is over, and another's, end soon with nothing.
        """
        order = await self._order(order_id)
        if order is None or order.profile_id != viewer.profile_id:
            return
        lines = waiting.ready(
            self.shelf, self.chime, order, self.pace, self._again,
            drafts=drafts, patience_s=patience_s,
        )  # fmt: skip
        async with aclosing(lines):
            async for line in lines:
                yield line

    async def _order(self, order_id: str) -> Order | None:
        """The order, though Valkey hiccup just now: nobody would ask for its lines again."""
        order = await self.shelf.order(order_id)
        if order is None and keys.is_order_id(order_id):
            await asyncio.sleep(self.pace.twice)
            order = await self.shelf.order(order_id)
        return order

    async def _again(self, order: Order) -> None:
        """Order again, unless others wait: it may have been passed over before anybody waited, or
        have been lost with Valkey or a worker. Whoever is at it all the same is not disturbed.
        """
        if not await self.backlog.size():
            await self.shelf.put_order(order, self.pace.order, latest=False)
            await self.backlog.push(order.id)

    async def is_waited_for(self, order: Order, now: datetime) -> bool:
        """Whether it is worth writing: somebody says that they wait, or is likely to read it.

        Nobody says so at first. For a moment they are taken to wait all the same, unless they have
        asked for something else meanwhile.
        """
        heard = await self.shelf.is_heard(order)
        if heard is not None:
            return heard
        return now - order.at <= timedelta(seconds=self.pace.grace)

    async def wake(self) -> None:
        """Tell a worker, where something waits, that there is a place at the model."""
        if name := await self.backlog.pop():
            await self.backlog.push(name)

    @asynccontextmanager
    async def slot(self) -> AsyncIterator[Hold | None]:
        """One of the places at the model, for the block; None where all are taken."""
        hold = await first_free(self.leases, keys.slots(self.parallel), self.pace.lease)
        try:
            yield hold
        finally:
            if hold is not None:
                await hold.release()


def _line(wanted: Wanted, text: str | None) -> Line | None:
    return None if text is None else Line(wanted.id, text, Source.OLLAMA)
