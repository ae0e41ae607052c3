"""Wake-ups through Valkey: broadcaster on a backend of our own (docs/decisions/0007).

broadcaster's own backend goes deaf for good when the server restarts. This one listens again, and
then wakes everybody, since something may have happened while it could not hear.
"""

import asyncio
import random
from contextlib import suppress
from typing import Any

import structlog
from broadcaster import Broadcast, Event
from broadcaster._backends.base import BroadcastBackend
from redis.asyncio import Redis
from redis.asyncio.client import PubSub

from integrations.valkey import FAILURES, Breaker

log = structlog.get_logger()

_VERSION = 1  # of what is said on the channel, which is nothing
_SILENCE_S = 5.0  # until the server is asked whether it is there; twice as long and it is not
_PUBLISH_S = 0.25
_LONGEST_PAUSE_S = 5.0


class ValkeyBackend(BroadcastBackend):
    """Listens to channels for as long as it is connected, whatever the server does.

    A message says only that there was one: those that wait unread on a channel are one.
    """

    def __init__(self, client: Redis) -> None:
        self._client = client
        self._channels: dict[str, None] = {}
        self._rung: dict[str, None] = {}
        self._any_rung = asyncio.Event()
        self._wanted = asyncio.Event()
        self._listening: PubSub | None = None
        self._task: asyncio.Task[None] | None = None

    @property
    def hears(self) -> bool:
        """Whether the server would tell us now."""
        return self._listening is not None

    async def connect(self) -> None:
        """Begin to listen; the server need not be there yet."""
        self._task = asyncio.create_task(self._listen_for_ever())

    async def disconnect(self) -> None:
        """Stop listening."""
        if self._task is not None:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task

    async def subscribe(self, group: str) -> None:
        """Hear a channel from now on, or from when the server is there."""
        self._channels[group] = None
        self._wanted.set()
        if self._listening is not None:
            with suppress(*FAILURES):  # whoever listens finds out
                await self._listening.subscribe(group)

    async def unsubscribe(self, group: str) -> None:
        """Hear a channel no more."""
        self._channels.pop(group, None)
        if self._listening is not None and self._channels:  # one must be left to listen to
            with suppress(*FAILURES):
                await self._listening.unsubscribe(group)

    async def publish(self, channel: str, message: Any) -> None:
        """Say something on a channel; raises one of FAILURES."""
        async with asyncio.timeout(_PUBLISH_S):
            await self._client.publish(channel, message)

    async def next_published(self) -> Event:
        """Wait for a channel on which something was said."""
        while not self._rung:
            self._any_rung.clear()
            await self._any_rung.wait()
        channel = next(iter(self._rung))
        del self._rung[channel]
        return Event(channel, "")

    def _ring(self, channel: str) -> None:
        self._rung[channel] = None
        self._any_rung.set()

    async def _listen_for_ever(self) -> None:
        pause, healthy = 0.05, True
        while True:
            try:
                async with self._client.pubsub() as listening:
                    await self._listen(listening)
            except FAILURES as problem:
                heard = self._listening is not None
                self._listening = None
                if healthy or heard:
                    log.warning("wakeups.deaf", problem=type(problem).__name__)
                healthy = False
                pause = 0.05 if heard else min(2 * pause, _LONGEST_PAUSE_S)
                await asyncio.sleep(pause * (0.5 + random.random() / 2))
            finally:
                self._listening = None

    async def _listen(self, listening: PubSub) -> None:
        await self._wanted.wait()  # broadcaster connects first and subscribes then
        await listening.subscribe(*self._channels)
        asked = False
        while True:
            message = await listening.get_message(timeout=_SILENCE_S)
            if message is None:
                if asked:
                    raise TimeoutError("the server has fallen silent")
                await listening.ping()
                asked = True
                continue
            asked = False
            if message["type"] in {"message", "subscribe"}:
                self._listening = listening
                self._ring(message["channel"].decode())


class LocalWakeups:
    """domain.ports.Wakeups within this process alone. `wait` is for one task."""

    def __init__(self) -> None:
        self._rung = asyncio.Event()

    async def start(self) -> None:
        """Nothing has to be started."""

    async def stop(self) -> None:
        """Nothing has to be stopped."""

    async def ring(self) -> None:
        """Wake whoever waits here."""
        self._rung.set()

    async def wait(self, timeout_s: float) -> bool:
        """Wait for the next ring, but no longer; whether it rang since the last wait."""
        with suppress(TimeoutError):
            async with asyncio.timeout(timeout_s):
                await self._rung.wait()
        rang = self._rung.is_set()
        self._rung.clear()
        return rang


class ValkeyWakeups(LocalWakeups):
    """The same for every process on a Valkey.

    Where Valkey is away, a ring is heard in this process alone; others find out by asking. about:
    which of several bells it is.
    """

    def __init__(
        self, client: Redis, breaker: Breaker | None = None, *, about: str = "events"
    ) -> None:
        super().__init__()
        database = client.connection_pool.connection_kwargs.get("db") or 0
        self.channel = f"streaming-stack:{database}:{about}:{_VERSION}"
        self._backend = ValkeyBackend(client)
        self._broadcast = Broadcast(backend=self._backend)
        self._breaker = breaker or Breaker()
        self._task: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Begin to listen; where nobody answers, it goes on trying."""
        await self._broadcast.connect()
        self._task = asyncio.create_task(self._listen())

    async def stop(self) -> None:
        """Stop listening."""
        if self._task is None:
            return
        self._task.cancel()
        with suppress(asyncio.CancelledError):
            await self._task
        self._task = None
        await self._broadcast.disconnect()

    async def ring(self) -> None:
        """Wake everybody, or at least this process; never raises, never takes long."""
        said = False
        if not self._breaker.open:
            try:
                await self._broadcast.publish(self.channel, "")
                said = True
            except FAILURES as problem:
                self._breaker.failed(problem)
        if not (said and self._backend.hears):
            self._rung.set()  # nobody would tell us of our own ring

    async def _listen(self) -> None:
        async with self._broadcast.subscribe(self.channel) as subscriber:
            while True:
                await subscriber.get()
                self._rung.set()
