"""Who fans out in `bench.live`: ours, the rival and the limit, and how each is told of an event."""

import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import orjson
from pydantic import SecretStr
from redis.asyncio import Redis

from app.deps import open_services
from app.settings import Settings
from bench import live_people
from bench.client import Connection
from bench.live_crowd import FILES, crowd
from bench.live_server import Publish, Server
from bench.peers import nchan
from bench.stage import Stage
from domain import ids
from domain.db import Database
from domain.events import outbox
from domain.events.values import AvailabilityKind, Event, Topic

_CHANNEL = "availability"  # of bench.peers.live_stock, which may not be importable here
_FIELDS = """
  __typename
  ... on AvailabilityEvent {
    cursor kind title { id name } platform { name } country expiresOn previousExpiresOn source at
  }
  ... on Resync { cursor reason }
  ... on Heartbeat { cursor }
"""


def missing() -> dict[str, str]:
    """The peers that can't run here, and where to get them."""
    told: dict[str, str] = {}
    if find_spec("broadcaster") is None:
        told["stock"] = "pip install broadcaster"
    if nchan.installed() is None:
        told["nchan"] = "apt install nginx-light libnginx-mod-nchan"
    return told


@asynccontextmanager
async def writer(stage: Stage, url: str) -> AsyncIterator[Database]:
    """Where events are committed, by this process: with a bell, as the API and the worker have."""
    settings = Settings(_env_file=None).model_copy(  # pyright: ignore[reportCallIssue]
        update={"database_url": SecretStr(url), "redis_url": SecretStr(stage.valkey.url),
                "data_dir": Path()}
    )  # fmt: skip
    async with open_services(settings, "bench") as services:
        yield services.database


@asynccontextmanager
async def ours(
    stage: Stage, url: str, database: Database, size: int, port: int = 0
) -> AsyncIterator[Server]:
    """The API, with `size` subscribers to one title, ten for each account."""
    title, tokens = await live_people.a_title(url), await live_people.settle(url, size)
    told = asked(ids.encode("title", title), resumable=True)
    with stage.serve(url, port=port) as api:
        async with crowd() as subscribers:
            server = Server("ours", api, subscribers, _ours(database, title), stage.pids)
            await _fill(stage, server, "/graphql", size, tokens=tokens, told=told)
            yield server


@asynccontextmanager
async def stock(stage: Stage, url: str, size: int, said: bytes) -> AsyncIterator[Server]:
    """The rival. said: a message of ours, whose event it tells."""
    event = orjson.loads(said)["payload"]["data"]["availabilityChanged"]
    told = asked(event["title"]["id"], resumable=False)
    with stage.serve(url, "bench.peers.live_stock:create_app") as api:
        async with crowd() as subscribers, Redis.from_url(stage.valkey.url) as redis:
            publish = _stock(redis, orjson.dumps(event))
            helpers = (stage.pids[1],)
            server = Server("stock", api, subscribers, publish, helpers)
            await _fill(stage, server, "/graphql", size, tokens=(), told=told)
            yield server


@asynccontextmanager
async def limit(stage: Stage, size: int, said: bytes) -> AsyncIterator[Server]:
    """nginx with nchan. said: a message of ours, which it passes on."""
    with nchan.serve(stage.folder / "nginx", FILES) as api:
        async with crowd() as subscribers:
            connection = await Connection.open(api.port)
            server = Server("nchan", api, subscribers, _nchan(connection, said))
            await _fill(stage, server, "/sub", size, tokens=(), told=None)
            yield server
            await connection.close()


def asked(title: str, *, resumable: bool) -> dict[str, Any]:
    """The request that subscribes to a title, as a client sends it."""
    # `Cursor` is a scalar of ours alone, and the rival has no use for one.
    declared, given = (", $after: Cursor", ", after: $after") if resumable else ("", "")
    head = f"subscription Live($title: ID!{declared})"
    field = f"availabilityChanged(scope: TITLE, titleId: $title{given})"
    return {"query": f"{head} {{ {field} {{ {_FIELDS} }} }}", "variables": {"title": title}}


async def _fill(stage: Stage, server: Server, path: str, size: int, **how: Any) -> None:
    """Let everybody subscribe, and note what one costs in memory while nothing happens."""
    before = server.rss_kb
    seconds = await server.crowd.open(server.api.port, path, size, **how)
    stage.say(f"live: {size} subscribed to {server.name} in {seconds:.1f} s")
    await server.settled()
    server.idle_kb = (server.rss_kb - before) / size
    await server.warm_up()


def _ours(database: Database, title: int) -> Publish:
    """As the services write: the moment just before the commit."""

    async def publish() -> float:
        event = Event(
            topic=Topic.AVAILABILITY, kind=AvailabilityKind.LEAVING, at=datetime.now(UTC),
            title_id=title, platform_id=1, country="US", monetization="subscription", quality="hd",
            expires_on=date(2026, 12, 24), source="justwatch", confidence=0.9,
        )  # fmt: skip
        async with database.transaction() as session:
            await outbox.add(session, [event])
            return time.monotonic()

    return publish


def _stock(redis: Redis, message: bytes) -> Publish:
    """As `broadcast.publish` does."""

    async def publish() -> float:
        started = time.monotonic()
        await redis.publish(_CHANNEL, message)
        return started

    return publish


def _nchan(connection: Connection, said: bytes) -> Publish:
    """By HTTP on a connection that is kept alive."""
    head = f"Host: 127.0.0.1\r\nContent-Type: text/plain\r\nContent-Length: {len(said)}"
    spoken = f"POST /pub HTTP/1.1\r\n{head}\r\n\r\n".encode() + said

    async def publish() -> float:
        started = time.monotonic()
        await connection.ask(spoken)
        return started

    return publish
