"""Does what is due later by the pretended clock, and carries webhooks to whoever asked for them."""

import asyncio
import heapq
import ssl
from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import count
from typing import Any

import httpx

from simulators.clock import Clock

_LOOK_EVERY_S = 0.02
_AT_ONCE = 16

Errand = Callable[[], Coroutine[Any, Any, None]]


@dataclass(frozen=True, slots=True)
class Answer:
    """What a receiver said. status: None when nothing came; problem: why, then."""

    status: int | None
    body: bytes = b""
    retry_after: str | None = None
    problem: str = ""

    @property
    def taken(self) -> bool:
        """Whether it need not be sent again."""
        return self.status is not None and 200 <= self.status < 300


class Courier:
    """Runs errands when the clock says so, from the first one on and as long as there are any."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._due: list[tuple[float, int, Errand]] = []
        self._order = count()
        self._watch: asyncio.Task[None] | None = None
        self._running: set[asyncio.Task[None]] = set()
        self._places = asyncio.Semaphore(_AT_ONCE)

    def at(self, moment: float, errand: Errand) -> None:
        """Run an errand at a Unix time of the pretended clock. Needs a running loop."""
        heapq.heappush(self._due, (moment, next(self._order), errand))
        if self._watch is None or self._watch.done():
            self._watch = asyncio.get_running_loop().create_task(self._look())

    async def _look(self) -> None:
        # The clock tells nobody when it is moved, so one has to look.
        while self._due:
            while self._due and self._due[0][0] <= self._clock.seconds():
                task = asyncio.get_running_loop().create_task(heapq.heappop(self._due)[2]())
                self._running.add(task)
                task.add_done_callback(self._running.discard)
            await asyncio.sleep(_LOOK_EVERY_S)

    async def post(
        self, url: str, body: bytes, headers: Mapping[str, str], timeout_s: float = 5.0
    ) -> Answer:
        """Post once, following nobody elsewhere."""
        async with self._places:
            try:
                async with httpx.AsyncClient(
                    verify=_trust(), timeout=timeout_s, trust_env=False
                ) as client:
                    told = await client.post(url, content=body, headers=dict(headers))
            except (httpx.HTTPError, httpx.InvalidURL, OSError) as problem:
                return Answer(None, problem=f"{type(problem).__name__}: {problem}")
        return Answer(told.status_code, told.content, told.headers.get("retry-after"))


@cache
def _trust() -> ssl.SSLContext:
    return ssl.create_default_context()
