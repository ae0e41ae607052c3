"""The demonstration: one terminal listens, another one sends a webhook, and things die between."""

import asyncio
import json
import os
import signal
import time
from collections.abc import Iterator
from contextlib import aclosing, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import httpx
import pytest

from app.database import open_database
from app.embedded.process import command_line
from domain import ids
from tests.soak import hooks, people
from tests.soak.followers import over_sse
from tests.soak.history import Told
from tests.soak.people import Stake
from tests.support.instance import READY, Instance

pytestmark = [pytest.mark.anyio, pytest.mark.timeout(240)]

LONGEST_S = 5.0  # on two busy processors; it is told how long it took
QUERY = """
subscription ($titleId: ID!, $after: Cursor) {
  told: availabilityChanged(scope: TITLE, titleId: $titleId, after: $after) {
    __typename
    ... on AvailabilityEvent { cursor kind expiresOn }
    ... on Resync { cursor reason }
    ... on Heartbeat { cursor }
  }
}"""


class Terminal:
    """Somebody who listens to one title with curl, or what is like it."""

    def __init__(self, base: str, stake: Stake) -> None:
        self.cursor: str | None = None
        self.events: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self.listening = asyncio.Event()
        self._base, self._title = base, ids.encode("title", stake.subject.title_id)

    async def listen(self) -> None:
        """Listen behind the last that was heard, until the connection ends."""
        variables = {"titleId": self._title, "after": self.cursor}
        payload = {"query": QUERY, "variables": variables}
        async with aclosing(over_sse(self._base, {}, payload)) as results:
            async for result in results:
                told = result["data"]["told"]
                self.cursor = told["cursor"]
                self.listening.set()
                assert told["__typename"] != "Resync", told
                if told["__typename"] == "AvailabilityEvent":
                    await self.events.put(told)


async def send(base: str, key: str, stake: Stake, told: Told) -> None:
    """Send a webhook as its sender would: until it is accepted."""
    body = hooks.delivery([(stake, told)], datetime.now(UTC))
    deadline = time.monotonic() + 30
    async with httpx.AsyncClient() as client:
        while True:
            with suppress(httpx.TransportError):
                answer = await client.post(
                    f"{base}/webhooks/justwatch", content=body, headers=hooks.signed(key, body)
                )
                assert answer.status_code in {202, 503}, answer.text
                if answer.status_code == 202:
                    return
            assert time.monotonic() < deadline, "nobody took the webhook"
            await asyncio.sleep(0.1)


def children(pid: int, word: str) -> Iterator[int]:
    """The children of a process whose command line has a word."""
    for status in Path("/proc").glob("[0-9]*/status"):
        with suppress(OSError):
            child = int(status.parent.name)
            if f"PPid:\t{pid}\n" in status.read_text() and word in command_line(child):
                yield child


async def test_two_terminals_see_each_other_and_nothing_is_missing_after_a_restart(
    tmp_path: Path,
) -> None:
    environment = {"STREAMING_STACK_JUSTWATCH_WEBHOOK_SECRET": hooks.SECRET}
    with Instance(tmp_path / "data", **environment) as instance:
        await asyncio.to_thread(instance.until, READY)
        base = f"http://127.0.0.1:{instance.port}"
        published = json.loads((instance.folder / "instance.json").read_text())
        database = open_database(published["urls"]["database"])
        (stake,) = await people.stakes(database, Random(7), 1)
        await database.engine.dispose()
        terminal, day = Terminal(base, stake), datetime.now(UTC).date() + timedelta(days=99)

        listening = asyncio.create_task(terminal.listen())
        await asyncio.wait_for(terminal.listening.wait(), 30)
        sent = time.monotonic()
        await send(base, "one", stake, Told("leaving", day))
        first = await asyncio.wait_for(terminal.events.get(), LONGEST_S)
        print(f"from the webhook to the other terminal: {time.monotonic() - sent:.3f} s")
        assert (first["kind"], first["expiresOn"]) == ("LEAVING", day.isoformat())

        victims = [*children(instance.process.pid, "uvicorn")]
        victims += children(instance.process.pid, "valkey")
        assert len(victims) == 2
        for victim in victims:
            os.kill(victim, signal.SIGKILL)
        with pytest.raises(httpx.TransportError):
            await asyncio.wait_for(listening, 10)
        await send(base, "two", stake, Told("renewed"))  # nobody listens
        listening = asyncio.create_task(terminal.listen())
        second = await asyncio.wait_for(terminal.events.get(), LONGEST_S)
        assert second["kind"] == "RENEWED"
        sent = time.monotonic()
        await send(base, "three", stake, Told("removed"))
        third = await asyncio.wait_for(terminal.events.get(), LONGEST_S)
        print(f"and after both were killed: {time.monotonic() - sent:.3f} s")
        assert third["kind"] == "REMOVED"
        assert terminal.events.empty()
        listening.cancel()
        assert await asyncio.to_thread(instance.ctrl_c) == 0
