"""The application on a real port, with the settings that the API is served with, and clients."""

import asyncio
import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

import uvicorn
from starlette.types import ASGIApp
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed
from websockets.typing import Subprotocol

from app.programs import SOCKETS

TRANSPORT_WS = Subprotocol("graphql-transport-ws")


@asynccontextmanager
async def served(app: ASGIApp, port: int = 0, **settings: Any) -> AsyncIterator[int]:
    """The port on which it answers while the block runs, in this loop."""
    settings = {"ws_per_message_deflate": False, **settings}
    config = uvicorn.Config(
        app,
        port=port,
        lifespan="off",
        log_config=None,
        access_log=False,
        server_header=False,
        ws=SOCKETS["--ws"],
        ws_max_size=int(SOCKETS["--ws-max-size"]),
        timeout_graceful_shutdown=1,
        **settings,
    )
    config.load()
    server = uvicorn.Server(config)
    server.lifespan = config.lifespan_class(config)
    await server.startup()
    running = asyncio.create_task(server.main_loop())
    try:
        yield server.servers[0].sockets[0].getsockname()[1]
    finally:
        server.should_exit = True
        await running
        await server.shutdown()


@asynccontextmanager
async def socket(
    port: int, *, begun: bool = True, headers: Mapping[str, str] | None = None, **options: Any
) -> AsyncIterator[ClientConnection]:
    """A socket to `/graphql`; begun: whether the connection was initialised and acknowledged."""
    options = {"subprotocols": [TRANSPORT_WS], "max_size": None, "compression": None, **options}
    url = f"ws://127.0.0.1:{port}/graphql"
    async with connect(url, additional_headers=headers, **options) as opened:
        if begun:
            await say(opened, type="connection_init")
            assert await hear(opened) == {"type": "connection_ack"}
        yield opened


async def say(opened: ClientConnection, **message: Any) -> None:
    """Send a message."""
    await opened.send(json.dumps(message))


async def ask(opened: ClientConnection, id: str, query: str, **variables: Any) -> None:
    """Start an operation."""
    await say(opened, id=id, type="subscribe", payload={"query": query, "variables": variables})


async def hear(opened: ClientConnection, wait: float = 5) -> dict[str, Any]:
    """The next message."""
    async with asyncio.timeout(wait):
        return json.loads(await opened.recv())


async def closing(opened: ClientConnection, wait: float = 5) -> tuple[int | None, str]:
    """The code and reason with which the server closes, whatever comes before."""
    try:
        async with asyncio.timeout(wait):
            while True:
                await opened.recv()
    except ConnectionClosed as closed:
        return (closed.rcvd.code, closed.rcvd.reason) if closed.rcvd else (None, "")
