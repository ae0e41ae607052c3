"""The hub: one reader of events for a process, and everybody in it who listens."""

import asyncio
from collections.abc import AsyncIterator, Callable, Hashable, Sequence
from contextlib import suppress
from functools import partial
from uuid import UUID

from domain.db import Database
from domain.events.values import Cursor, Event
from domain.ports import Wakeups
from live.audience import Audience, Listener
from live.catchup import CatchUp
from live.errors import HubClosed, NotRendered, SlowConsumer
from live.history import History
from live.index import Index
from live.interest import Interest, rechooses
from live.lane import Lane, Subscription
from live.loads import Loads
from live.mailbox import Mailbox
from live.reader import Reader
from live.updates import Heartbeat, Resync, ResyncReason, Update

__all__ = [
    "Audience", "Hub", "HubClosed", "Listener", "NotRendered", "SlowConsumer", "Subscription",
]  # fmt: skip

_READY_S = 10.0  # how long a subscriber waits for a hub that has not reached Postgres yet
_ROOM_S = 30.0  # how long it may take to read what it missed before it gets more of it
_BACKLOG = 1_000  # updates that may wait in a lane before the reader waits for it,
_BACKLOG_S = 5.0  # and how long it waits
_BREATH = 50  # events, until others have their turn


class Hub:
    """One reader, many listeners.

    heartbeat_s: how often each is told that nothing was missed; poll_s: how often Postgres is asked
    when nobody rings. The hub starts and stops the wake-ups, which are its alone.
    on_stop: who wants to know when it stops, beside those that listen.
    """

    def __init__(
        self,
        database: Database,
        wakeups: Wakeups,
        *,
        heartbeat_s: float = 15,
        poll_s: float = 1.0,
    ) -> None:
        self._wakeups = wakeups
        self._heartbeat_s = heartbeat_s
        self._history = History()
        self._index = Index()
        self._loads = Loads(database)
        self._lanes: dict[Hashable, Lane] = {}
        self._tasks: list[asyncio.Task[None]] = []
        self.on_stop: set[Callable[[], object]] = set()
        self._open = False
        self._reader = Reader(
            database, wakeups, self._history,
            poll_s=poll_s, passes=self._pass, begins=self._begin,
        )  # fmt: skip

    @property
    def subscribers(self) -> int:
        """How many listen."""
        return sum(len(lane.members) for lane in self._lanes.values())

    @property
    def cursor(self) -> Cursor:
        """The place of the last event that was passed on."""
        return self._history.place

    async def start(self) -> None:
        """Begin to read. Neither Postgres nor Valkey need to be there yet."""
        await self._wakeups.start()
        self._open = True
        self._tasks = [asyncio.create_task(self._reader.run()), asyncio.create_task(self._beat())]

    async def stop(self) -> None:
        """End every subscription and the reader."""
        self._open = False
        for task in self._tasks:
            task.cancel()
        for tell in list(self.on_stop):
            tell()
        for lane in list(self._lanes.values()):
            lane.stop()
            for subscription in list(lane.members):
                subscription.drop(HubClosed().message)
        for task in self._tasks:
            with suppress(asyncio.CancelledError):
                await task
        await self._wakeups.stop()

    async def shows(self, title_id: int, ceiling: int) -> bool:
        """Whether there is a title, and a viewer with this ceiling may see it."""
        maturity = await self._loads.maturity.load(title_id)
        return maturity is not None and maturity <= ceiling

    async def subscribe(
        self, interest: Interest, after: Cursor | None, audience: Audience, listener: Listener
    ) -> Subscription:
        """Tell a listener what it wants to hear, from a cursor on or from now on.

        Returns when it has been told what it missed and a heartbeat. Until then trouble is raised,
        and its `end` is not called: SlowConsumer, NotRendered, HubClosed, or what Postgres said.
        """
        await self._ready()
        lane = self._lanes.get(audience.key)
        if lane is None:
            lane = self._lanes[audience.key] = Lane(audience)
        lane.users += 1
        try:
            catchup = CatchUp(self._history, self._index, self._loads, interest)
            first = await catchup.begin(after)
            if first is not None:
                await self._tell(listener, lane, first)
            beaten = first is not None
            while catchup.behind or not beaten:
                while catchup.behind:
                    for update in await catchup.next():
                        await self._tell(listener, lane, update)
                if not beaten:
                    await self._tell(listener, lane, Heartbeat(catchup.cursor))
                    beaten = True
            # Nothing is awaited from here on, so nothing happens between the past and the present.
            return self._join(interest, catchup.ids, lane, listener)
        except BaseException:
            self._left(lane)
            raise

    async def updates(
        self, interest: Interest, after: Cursor | None, *, most: int = 1_000
    ) -> AsyncIterator[Update]:
        """The same for one listener, unrendered; raises SlowConsumer and HubClosed.

        most: how many updates may wait to be taken.
        """
        mailbox = Mailbox(most)
        subscribing = asyncio.create_task(self.subscribe(interest, after, mailbox, mailbox))
        subscribing.add_done_callback(mailbox.subscribed)
        try:
            while True:
                yield await mailbox.take()
        finally:
            subscribing.cancel()
            with suppress(asyncio.CancelledError, Exception):
                (await subscribing).close()

    async def _ready(self) -> None:
        if self._open and not await self._history.reach(0, _READY_S):
            raise HubClosed("The server can't reach its database.")
        if not self._open:
            raise HubClosed

    async def _tell(self, listener: Listener, lane: Lane, update: Update) -> None:
        if not self._open:
            raise HubClosed
        payload = await lane.render(update)
        if payload is not None and not listener.deliver(payload):
            raise SlowConsumer
        try:
            async with asyncio.timeout(_ROOM_S):
                await listener.room()
        except TimeoutError:
            raise SlowConsumer from None

    def _join(
        self, interest: Interest, ids: set[int], lane: Lane, listener: Listener
    ) -> Subscription:
        if not self._open:
            raise HubClosed
        subscription = Subscription(listener, partial(self._leave, interest, lane))
        self._index.join(interest, ids, lane, subscription)
        lane.members[subscription] = None
        return subscription

    def _leave(self, interest: Interest, lane: Lane, subscription: Subscription) -> None:
        self._index.leave(interest, lane, subscription)
        del lane.members[subscription]
        self._left(lane)

    def _left(self, lane: Lane) -> None:
        lane.users -= 1
        if lane.users == 0:
            lane.stop()
            del self._lanes[lane.audience.key]

    async def _pass(self, page: Sequence[Event]) -> None:
        for passed, event in enumerate(page, 1):
            if rechooses(event) and self._index.follows_platforms(event.profile_id):
                assert event.profile_id is not None
                platforms = await self._loads.platforms.load(event.profile_id)
                self._index.set_platforms(event.profile_id, platforms)
            # In one go: whoever joins finds that an event has been passed, or that it has not.
            self._history.append(event)
            self._index.follow(event)
            for lane, hearing in self._index.hearing(event).items():
                lane.put(event, hearing)
            if passed % _BREATH == 0:
                await self._let_lanes_catch_up()

    async def _let_lanes_catch_up(self) -> None:
        await asyncio.sleep(0)
        full = [lane for lane in self._lanes.values() if lane.backlog > _BACKLOG]
        if not full:
            return
        await asyncio.wait([asyncio.create_task(lane.idle()) for lane in full], timeout=_BACKLOG_S)
        for lane in full:
            if lane.backlog > _BACKLOG:
                for subscription in list(lane.members):
                    subscription.drop(HubClosed("What you ask for takes too long.").message)

    async def _begin(self, place: Cursor, events: Sequence[Event]) -> None:
        """Begin the history; those who heard another one read anew, as does what they follow."""
        lists: dict[UUID, frozenset[int]] = {}
        platforms: dict[UUID, frozenset[int]] = {}
        while True:  # others come while Postgres is asked
            new_lists = [each for each in self._index.lists() if each not in lists]
            new_platforms = [each for each in self._index.platforms() if each not in platforms]
            if not new_lists and not new_platforms:
                break
            load = self._loads.titles.load
            found = await asyncio.gather(*(load((each, place.position)) for each in new_lists))
            lists.update(zip(new_lists, found, strict=True))
            found = await asyncio.gather(*map(self._loads.platforms.load, new_platforms))
            platforms.update(zip(new_platforms, found, strict=True))
        self._history.begin(place, events)
        for each, ids in lists.items():
            self._index.set_list(each, ids)
        for each, ids in platforms.items():
            self._index.set_platforms(each, ids)
        self._say_to_all(Resync(place, ResyncReason.UNKNOWN))

    async def _beat(self) -> None:
        while True:
            await asyncio.sleep(self._heartbeat_s)
            if self._history.number:
                self._say_to_all(Heartbeat(self._history.place))

    def _say_to_all(self, update: Update) -> None:
        for lane in self._lanes.values():
            if lane.members:
                lane.put(update, tuple(lane.members))
