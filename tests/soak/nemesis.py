"""What goes wrong, and when: by seed. Each fault does its damage, waits, and heals it."""

import asyncio
import signal
import time
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import TypeAlias

from tests.soak.client import Client
from tests.soak.followers import Follower
from tests.soak.stage import Stage
from tests.soak.waiting import until

Fault: TypeAlias = Callable[["Nemesis"], Awaitable[None]]
_TAKES_ONE_API = {"api killed", "api stopped", "api frozen", "worker frozen"}
_MID_MUTATION_S = 2.0  # how long it waits for a request to be on its way


@dataclass(frozen=True, slots=True)
class Blow:
    """A fault that happened; began and healed by the monotonic clock, in seconds."""

    name: str
    began: float
    healed: float


@dataclass(slots=True)
class Nemesis:
    """Strikes. patience: by what the waits are multiplied."""

    stage: Stage
    clients: Sequence[Client]
    slow: Sequence[Follower]
    rng: Random
    patience: float = 1.0
    timeline: list[Blow] = field(default_factory=list)

    async def strike(self, name: str) -> None:
        """One fault, its damage and its healing; what was killed may still be starting then."""
        if name in _TAKES_ONE_API:
            await self.stage.ready()  # the other one shall go on meanwhile
        began = time.monotonic()
        try:
            await FAULTS[name](self)
        finally:
            self.stage.thaw()
        self.timeline.append(Blow(name, began, time.monotonic()))

    async def rest(self) -> None:
        """A while in which nothing goes wrong."""
        await self.wait(0.3, 1.5)

    async def wait(self, least: float, most: float) -> None:
        """So many seconds, drawn."""
        await asyncio.sleep(self.rng.uniform(least, most) * self.patience)


def schedule(rng: Random) -> Iterator[str]:
    """Faults without an end: all of them in a drawn order, and again in another."""
    while True:
        yield from rng.sample(sorted(FAULTS), len(FAULTS))


async def _postgres_stopped(it: Nemesis) -> None:
    """As an upgrade does it: connections are ended, nothing is lost."""
    await it.stage.kill(it.stage.postgres, signal.SIGINT)
    await it.wait(0, 1)
    await it.stage.revive(it.stage.postgres)


async def _postgres_crashed(it: Nemesis) -> None:
    """At once and without a word ("immediate"): it recovers from its log."""
    await it.stage.kill(it.stage.postgres, signal.SIGQUIT)
    await it.wait(0, 1)
    await it.stage.revive(it.stage.postgres)


async def _postgres_frozen(it: Nemesis) -> None:
    it.stage.freeze(it.stage.postgres)
    await it.wait(1, 3)


async def _valkey_killed(it: Nemesis) -> None:
    await it.stage.kill(it.stage.valkey)
    await it.wait(0.5, 3)
    await it.stage.revive(it.stage.valkey)


async def _valkey_restarted(it: Nemesis) -> None:
    await it.stage.kill(it.stage.valkey, signal.SIGTERM)
    await it.stage.revive(it.stage.valkey)


async def _valkey_flushed(it: Nemesis) -> None:
    await it.stage.flush()


async def _valkey_frozen(it: Nemesis) -> None:
    it.stage.freeze(it.stage.valkey)
    await it.wait(1, 3)


async def _api_killed(it: Nemesis) -> None:
    """While at least one request is on its way to it."""
    number = it.rng.randrange(len(it.stage.apis))
    base = it.stage.bases[number]

    def in_the_middle() -> bool:
        return any(client.in_flight[base] for client in it.clients)

    await until(in_the_middle, _MID_MUTATION_S, every_s=0.001)
    await it.stage.kill(it.stage.apis[number])
    await it.stage.revive(it.stage.apis[number])


async def _api_stopped(it: Nemesis) -> None:
    """As a new version is brought in: what it has begun it may end."""
    api = it.rng.choice(it.stage.apis)
    await it.stage.kill(api, signal.SIGTERM)
    await it.stage.revive(api)


async def _api_frozen(it: Nemesis) -> None:
    it.stage.freeze(it.rng.choice(it.stage.apis))
    await it.wait(1, 3)


async def _worker_frozen(it: Nemesis) -> None:
    """And an API dies meanwhile: what that one had promised waits for the worker."""
    assert it.stage.worker is not None
    it.stage.freeze(it.stage.worker)
    await _api_killed(it)
    await it.wait(1, 8)


async def _worker_killed(it: Nemesis) -> None:
    assert it.stage.worker is not None
    await it.stage.kill(it.stage.worker)
    await it.stage.revive(it.stage.worker)


async def _followers_stop_reading(it: Nemesis) -> None:
    for each in it.slow:
        each.reading.clear()
    await it.wait(1, 10)
    for each in it.slow:
        each.reading.set()


async def _everything_at_once(it: Nemesis) -> None:
    """The machine loses its power."""
    programs = [
        it.stage.valkey,
        it.stage.postgres,
        *it.stage.apis,
        *filter(None, [it.stage.worker]),
    ]
    await asyncio.gather(*(it.stage.kill(each) for each in programs))
    for each in programs:
        await it.stage.revive(each)


FAULTS: Mapping[str, Fault] = {
    "postgres stopped": _postgres_stopped,
    "postgres crashed": _postgres_crashed,
    "postgres frozen": _postgres_frozen,
    "valkey killed": _valkey_killed,
    "valkey restarted": _valkey_restarted,
    "valkey flushed": _valkey_flushed,
    "valkey frozen": _valkey_frozen,
    "api killed": _api_killed,
    "api stopped": _api_stopped,
    "api frozen": _api_frozen,
    "worker frozen": _worker_frozen,
    "worker killed": _worker_killed,
    "followers stop reading": _followers_stop_reading,
    "everything at once": _everything_at_once,
}
