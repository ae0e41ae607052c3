"""A server under measurement: its processes, its subscribers, and a way to tell it something."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

import psutil

from bench.api import Api, cpu_seconds
from bench.live_crowd import Crowd

Publish = Callable[[], Awaitable[float]]
"""Tells a server of one event; the monotonic moment from which anybody might know of it."""

_BETWEEN_S = 0.02
_IDLE = 0.2  # of a processor


@dataclass(slots=True)
class Server:
    """A server and its crowd. helpers: processes that it has others do its work in.

    costs, helped: microseconds of processor time for each delivery, of its own and of its helpers',
    by round; ways: milliseconds from `publish` to a subscriber; idle_kb: memory of one subscriber.
    """

    name: str
    api: Api
    crowd: Crowd
    publish: Publish
    helpers: tuple[int, ...] = ()
    costs: list[float] = field(default_factory=list)
    helped: list[float] = field(default_factory=list)
    ways: list[float] = field(default_factory=list)
    idle_kb: float = 0.0
    said: bytes = b""

    async def warm_up(self) -> None:
        """Publish until an event has reached everybody, and remember its message."""
        for seconds in (5, 10, 20):
            await self.crowd.begin()
            await self.publish()
            heard = await self.crowd.wait(1, seconds)
            if heard.least:
                self.said = heard.last.encode()
                return
        raise SystemExit(f"Not everybody hears {self.name}.")

    async def burst(self, events: int) -> None:
        """Publish each event once all have the one before; note what that cost."""
        await self.crowd.begin()
        before = self._cpu()
        for n in range(events):
            await self.publish()
            await self.crowd.all(n + 1)
        deliveries = events * self.crowd.size
        own, others = (now - then for now, then in zip(self._cpu(), before, strict=True))
        self.costs.append(own / deliveries * 1e6)
        self.helped.append(others / deliveries * 1e6)

    async def time(self, events: int) -> None:
        """Publish events with short breaks; note how long each took to a 17th of all."""
        await self.crowd.begin()
        starts: list[float] = []
        for n in range(events):
            starts.append(await self.publish())
            await self.crowd.all(n + 1)
            await asyncio.sleep(_BETWEEN_S)
        for arrivals in await self.crowd.arrivals():
            ways = zip(starts, arrivals, strict=True)
            self.ways += [(there - start) * 1000 for start, there in ways]

    async def settled(self) -> None:
        """Wait until it has nothing more to do."""
        busy = True
        while busy:
            before = cpu_seconds(self.api.pid)
            await asyncio.sleep(1)
            busy = cpu_seconds(self.api.pid) - before > _IDLE

    @property
    def rss_kb(self) -> float:
        """The memory of its processes, without its helpers'."""
        above = psutil.Process(self.api.pid)
        each = (above, *above.children(recursive=True))
        return sum(process.memory_info().rss for process in each) / 1024

    def _cpu(self) -> tuple[float, float]:
        return cpu_seconds(self.api.pid), cpu_seconds(*self.helpers)
