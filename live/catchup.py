"""From a subscriber's cursor to where the hub is: what was missed, in its order, without a double.

It walks behind the hub until it has caught up; then, without a pause in between, the subscriber
joins those whom the hub tells what happens. So nothing falls between the two, and nothing is both.
"""

from collections.abc import Sequence

from domain.events.values import START, Cursor, Event
from live.errors import HubClosed
from live.history import History
from live.index import Index
from live.interest import Interest, listed, rechooses
from live.loads import Loads
from live.updates import Heartbeat, Resync, ResyncReason, Update

MOST_MISSED = 10_000  # more than that nobody wants one by one
_FARTHEST = 1_000_000  # events of everybody between then and now
_PAGE = 500
_AHEAD_S = 5.0  # another process told the subscriber what we are about to read


class CatchUp:
    """One subscriber's way. ids: what its interest follows as of the cursor it has reached."""

    def __init__(self, history: History, index: Index, loads: Loads, interest: Interest) -> None:
        self._history = history
        self._index = index
        self._loads = loads
        self._interest = interest
        self._number = 0
        self.cursor = START
        self.ids: set[int] = set()

    @property
    def behind(self) -> bool:
        """Whether the hub has passed something that this has not."""
        return self.cursor != self._history.place or self._number != self._history.number

    async def begin(self, after: Cursor | None) -> Update | None:
        """Start at a cursor, or from now on: then the first thing to tell is where that is."""
        self._number = self._history.number
        reason = None if after is None else await self._judge(after)
        if after is not None and reason is None:
            await self._go_to(after)
            if await self._too_much():
                reason = ResyncReason.TOO_OLD
        if reason is not None:
            return (await self._start_over(reason))[0]
        if after is not None:
            return None
        await self._go_to(self._history.place)
        return Heartbeat(self.cursor)

    async def next(self) -> Sequence[Update]:
        """What comes next on the way; it may be nothing of interest."""
        if self._number != self._history.number:
            return await self._start_over(ResyncReason.UNKNOWN)
        goal = self._history.place
        if self._history.covers(self.cursor.position):
            events = self._history.after(self.cursor.position, _PAGE)
        else:
            heard = self._interest.past(self.ids)
            events = await self._loads.missed(heard, self.cursor.position, goal.position, _PAGE)
            if events is None:
                return await self._start_over(ResyncReason.TOO_OLD)
        return await self._walk(events, goal)

    async def _start_over(self, reason: ResyncReason) -> Sequence[Update]:
        self._number = self._history.number
        await self._go_to(self._history.place)
        return [Resync(self.cursor, reason)]

    async def _walk(self, events: Sequence[Event], goal: Cursor) -> Sequence[Update]:
        told: list[Update] = []
        for event in events:
            self.cursor = event.cursor
            if self._interest.hears(self.ids, event):
                told.append(event)
            if await self._follow(event):
                return told  # what comes next was not asked for with these ids
        if len(events) < _PAGE:
            self.cursor = goal
        return told

    async def _follow(self, event: Event) -> bool:
        """Follow a change of what is followed; whether there is more to hear than before."""
        if event.profile_id is None or event.profile_id != self._interest.followed:
            return False
        if self._interest.platforms_of and rechooses(event):
            self.ids = await self._load(event.position)
            return True
        on_it = listed(event) if self._interest.watchlist_of else None
        if on_it is False:
            self.ids.discard(event.title_id or 0)
        elif on_it and event.title_id is not None:
            self.ids.add(event.title_id)
            return True
        return False

    async def _go_to(self, cursor: Cursor) -> None:
        self.cursor = cursor
        known = self._index.ids(self._interest) if cursor == self._history.place else None
        self.ids = set(known) if known is not None else await self._load(cursor.position)

    async def _load(self, position: int) -> set[int]:
        whose = (self._interest.watchlist_of, self._interest.platforms_of)
        return set(await self._loads.ids(*whose, position))

    async def _too_much(self) -> bool:
        behind, until = self.cursor.position, self._history.place.position
        if self._history.covers(behind):
            return False
        if until - behind > _FARTHEST:
            return True
        heard = self._interest.past(self.ids)
        most = MOST_MISSED + 1
        return await self._loads.count_missed(heard, behind, until, most) == most

    async def _judge(self, cursor: Cursor) -> ResyncReason | None:
        """Why a cursor can't be gone on from, if it can't."""
        known = self._history.knows(cursor)
        if known is None:
            known = await self._is_kept(cursor)
        if not known:
            if cursor.position == 0 and cursor != START:
                return ResyncReason.UNKNOWN
            oldest = await self._loads.oldest()
            old = oldest is None or cursor.position < oldest
            ahead = cursor.position > self._history.place.position
            return ResyncReason.TOO_OLD if old and not ahead else ResyncReason.UNKNOWN
        if not await self._history.reach(cursor.position, _AHEAD_S):
            raise HubClosed("This server is behind another one.")
        return None

    async def _is_kept(self, cursor: Cursor) -> bool:
        if cursor.position == 0:  # right before the first event, if that is still there
            return cursor == START and await self._loads.mark.load(1) is not None
        return await self._loads.mark.load(cursor.position) == cursor.mark
