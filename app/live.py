"""What serves connections that stay open, for as long as the process runs."""

import asyncio
import signal
import threading
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from types import FrameType
from typing import Any, cast

from domain.ports import Wakeups
from domain.services import Services
from live.credentials import Credentials
from live.hub import Hub


@dataclass(frozen=True, slots=True)
class Live:
    """One of each for a process."""

    hub: Hub
    credentials: Credentials


@asynccontextmanager
async def open_live(services: Services) -> AsyncIterator[Live]:
    """Both, started. What wakes the hub, which starts and stops it, is the database's bell."""
    wakeups = cast(Wakeups, services.database.bell)  # a bell that can be heard, see app.deps
    live = Live(Hub(services.database, wakeups), Credentials(services.database))
    await live.hub.start()
    try:
        await live.credentials.start()
        try:
            with when_told_to_stop(live.hub.stop):
                yield live
        finally:
            await live.credentials.stop()
    finally:
        await live.hub.stop()


@contextmanager
def when_told_to_stop(stop: Callable[[], Coroutine[Any, Any, None]]) -> Iterator[None]:
    """Run `stop` as soon as a signal tells the process to end, beside what the server does then.

    The server waits for event streams to end before it lets the application know, and would wait
    until its patience is over.
    """
    loop, tasks = asyncio.get_running_loop(), set[asyncio.Task[None]]()
    before: dict[int, Any] = {}

    def heard(number: int, frame: FrameType | None) -> None:
        loop.call_soon_threadsafe(lambda: tasks.add(loop.create_task(stop())))
        if callable(before[number]):
            before[number](number, frame)

    if threading.current_thread() is threading.main_thread():  # others may not
        for number in (signal.SIGINT, signal.SIGTERM):
            before[number] = signal.getsignal(number)
            signal.signal(number, heard)
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
