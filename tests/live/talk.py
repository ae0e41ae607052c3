"""Following something over a socket, as tests do it."""

import asyncio
from collections.abc import Callable
from typing import Any

from websockets.asyncio.client import ClientConnection

from tests.support.sockets import ask, hear


async def begin(opened: ClientConnection, id: str, query: str, **variables: Any) -> str:
    """Subscribe, and wait until nothing is missed from then on; the cursor."""
    await ask(opened, id, query, **variables)
    said = await hear(opened)
    assert said["type"] == "next", said
    (told,) = said["payload"]["data"].values()
    assert told["__typename"] == "Heartbeat", told
    return told["cursor"]


async def until(holds: Callable[[], bool], wait: float = 5) -> None:
    """Wait until something holds."""
    async with asyncio.timeout(wait):
        while not holds():  # noqa: ASYNC110  # nobody rings when it does
            await asyncio.sleep(0.01)


async def told(opened: ClientConnection, wait: float = 5) -> dict[str, Any]:
    """The next event."""
    while True:
        said = await hear(opened, wait)
        (event,) = said["payload"]["data"].values()
        if event["__typename"] != "Heartbeat":
            return event
