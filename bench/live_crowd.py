"""The other end of `bench.live_client`: a crowd of subscribers in a process of its own."""

import asyncio
import resource
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import orjson

from bench.api import ROOT

_LONGEST_ANSWER = 1 << 26
FILES = 20_000


@dataclass(frozen=True, slots=True)
class Heard:
    """What everybody had received. at: when the last of it came, by the monotonic clock.

    least, most: events of those who got the fewest and the most; last: one of them.
    """

    at: float
    least: int
    most: int
    problems: Sequence[str]
    size: int
    last: str


class Crowd:
    """Gives orders to the process, one after the other."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        assert process.stdin
        assert process.stdout
        self._in, self._out = process.stdin, process.stdout
        self.size = 0

    async def open(
        self,
        port: int,
        path: str,
        connections: int,
        *,
        tokens: Sequence[str] = (),
        told: dict[str, Any] | None = None,
    ) -> float:
        """Subscribe so often; the seconds that took."""
        self.size = connections
        answer = await self._order(
            "open", port=port, path=path, connections=connections, tokens=tokens, told=told
        )
        if answer["problems"]:
            raise SystemExit(f"Not everybody could subscribe: {answer['problems']}")
        return answer["seconds"]

    async def begin(self, *, recording: bool = False, returning: bool = False) -> None:
        """Count from zero."""
        await self._order("begin", recording=recording, returning=returning)

    async def count(self, events: int, seconds: float) -> Heard:
        """Until there were so many events for each, or the time is over."""
        return Heard(**await self._order("wait", events=events, seconds=seconds))

    async def wait(self, events: int, seconds: float = 60) -> Heard:
        """The same, and it is an error if somebody has more, or is gone."""
        heard = await self.count(events, seconds)
        if heard.problems or heard.most > events:
            raise SystemExit(f"Subscribers had {heard.least} to {heard.most} of {events}: {heard}")
        return heard

    async def all(self, events: int, seconds: float = 60) -> Heard:
        """The same, and it is an error if somebody has fewer."""
        heard = await self.wait(events, seconds)
        if heard.least < events:
            raise SystemExit(f"Somebody has {heard.least} of {events} events: {heard}")
        return heard

    async def arrivals(self) -> list[list[float]]:
        """When the events came to every 17th, by the monotonic clock."""
        return (await self._order("arrivals"))["times"]

    async def seen(self, expected: Sequence[str]) -> dict[str, int]:
        """How many cursors were lost, doubled and disordered, of all subscribers together."""
        return await self._order("seen", expected=expected)

    async def _order(self, do: str, **how: Any) -> dict[str, Any]:
        self._in.write(orjson.dumps({"do": do, **how}) + b"\n")
        await self._in.drain()
        line = await self._out.readline()
        if not line:
            raise SystemExit("The process of the subscribers has died.")
        return orjson.loads(line)


@asynccontextmanager
async def crowd() -> AsyncIterator[Crowd]:
    """A process that subscribes to one server."""
    allow_files()
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bench.live_client", cwd=ROOT, stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE, limit=_LONGEST_ANSWER,
    )  # fmt: skip
    try:
        yield Crowd(process)
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


def allow_files() -> None:
    """Let this process and those it starts have as many connections as a bench needs."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    enough = FILES if most == resource.RLIM_INFINITY else min(FILES, most)
    resource.setrlimit(resource.RLIMIT_NOFILE, (enough, most))
