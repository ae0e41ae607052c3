"""Who listens: a subscription that comes back, to whichever process, behind the last it heard."""

import asyncio
import time
from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from contextlib import aclosing
from random import Random
from typing import Any, TypeAlias

import httpx
import orjson
from websockets.asyncio.client import connect
from websockets.exceptions import WebSocketException
from websockets.typing import Subprotocol

from domain import ids
from domain.events.values import Cursor
from tests.soak.history import Heard, Log
from tests.soak.people import Person

Result: TypeAlias = dict[str, Any]
Transport: TypeAlias = Callable[[str, Mapping[str, str], Result], AsyncGenerator[Result, None]]

_AVAILABILITY = """
subscription ($scope: AvailabilityScope!, $titleId: ID, $after: Cursor) {
  told: availabilityChanged(scope: $scope, titleId: $titleId, after: $after) {
    __typename
    ... on AvailabilityEvent { cursor kind title { id } }
    ... on Resync { cursor reason }
    ... on Heartbeat { cursor }
  }
}"""
_LIST = """
subscription ($after: Cursor) {
  told: watchlistChanged(after: $after) {
    __typename
    ... on WatchlistEvent { cursor kind title { id } }
    ... on Resync { cursor reason }
    ... on Heartbeat { cursor }
  }
}"""
_LONGEST_PAUSE_S = 2.0


class Ended(Exception):
    """The other side ended a subscription, and said why."""


class Follower:
    """Fills a log. after: where it begins; None: with what happens from now on."""

    def __init__(
        self,
        person: Person,
        log: Log,
        bases: Sequence[str],
        transport: Transport,
        rng: Random,
        after: str | None = None,
    ) -> None:
        self.log = log
        self.reading = asyncio.Event()  # cleared: it takes nothing from its socket
        self.reading.set()
        self._person = person
        self._bases = bases
        self._transport = transport
        self._rng = rng
        self._after = after
        self._failures = 0
        self._lost_at: float | None = None
        log.since = Cursor.parse(after).position if after else None

    async def run(self) -> None:
        """Follow until cancelled."""
        while True:
            try:
                async with aclosing(self._connection()) as results:
                    async for result in results:
                        self._take(result)
                        await self.reading.wait()
                raise Ended("the stream ended")
            except (Ended, WebSocketException, httpx.TransportError, OSError, EOFError) as problem:
                self.log.closed.append(f"{type(problem).__name__}: {problem}"[:200])
                self._lost_at = self._lost_at or time.monotonic()
                self._failures += 1
                pause = min(_LONGEST_PAUSE_S, 0.1 * 2**self._failures)
                await asyncio.sleep(self._rng.uniform(0, pause))

    def _connection(self) -> AsyncGenerator[Result, None]:
        variables: Result = {"after": self._after}
        if self.log.scope != "LIST":
            variables["scope"] = self.log.scope
        if self.log.title_id is not None:
            variables["titleId"] = ids.encode("title", self.log.title_id)
        query = _LIST if self.log.scope == "LIST" else _AVAILABILITY
        payload = {"query": query, "variables": variables}
        return self._transport(self._rng.choice(self._bases), self._person.headers, payload)

    def _take(self, result: Result) -> None:
        if result.get("errors"):
            raise Ended(str(result["errors"]))
        now, told = time.monotonic(), result["data"]["told"]
        if self._lost_at is not None:
            self.log.returned.append(now - self._lost_at)
            self._lost_at, self._failures = None, 0
        cursor = Cursor.parse(told["cursor"])
        event = told["__typename"] not in {"Resync", "Heartbeat"}
        if self.log.since is None:
            self.log.since = cursor.position - event
        if event:
            title_id = ids.decode_int("title", told["title"]["id"])
            kind = told["kind"].lower()
            self.log.heard.append(Heard(cursor.position, cursor.mark, kind, title_id, now))
        elif told["__typename"] == "Resync":  # there is nothing to re-read: it fails the run
            self.log.resyncs.append(f"{told['reason']} at {self._after}")
        self._after = told["cursor"]


async def over_websocket(
    base: str, headers: Mapping[str, str], payload: Result
) -> AsyncGenerator[Result, None]:
    """The results of a subscription over graphql-transport-ws."""
    address = base.replace("http", "ws", 1) + "/graphql"
    protocol = [Subprotocol("graphql-transport-ws")]
    async with connect(
        address, subprotocols=protocol, additional_headers=headers, compression=None, proxy=None,
        max_queue=4, close_timeout=1,
    ) as socket:  # fmt: skip
        await socket.send('{"type":"connection_init"}')
        async for frame in socket:
            match orjson.loads(frame):
                case {"type": "connection_ack"}:
                    subscribe = {"id": "1", "type": "subscribe", "payload": payload}
                    await socket.send(orjson.dumps(subscribe).decode())
                case {"type": "next", "payload": result}:
                    yield result
                case {"type": "ping"}:
                    await socket.send('{"type":"pong"}')
                case {"type": "error" | "complete"} as last:
                    raise Ended(str(last))
        raise Ended(f"{socket.close_code} {socket.close_reason}")


async def over_sse(
    base: str, headers: Mapping[str, str], payload: Result
) -> AsyncGenerator[Result, None]:
    """The results of a subscription over SSE, by a connection of its own."""
    accept = {"Accept": "text/event-stream", **headers}
    async with (
        httpx.AsyncClient(timeout=httpx.Timeout(10, read=None)) as client,
        client.stream("POST", f"{base}/graphql/stream", json=payload, headers=accept) as answer,
    ):
        if answer.status_code != 200:
            raise Ended(f"{answer.status_code} {(await answer.aread())[:200]!r}")
        kind = ""
        async for line in answer.aiter_lines():
            name, _, value = line.partition(":")
            if name == "event":
                kind = value.strip()
            elif name == "data" and kind == "next":
                yield orjson.loads(value)
            elif kind == "complete":
                raise Ended("complete")
