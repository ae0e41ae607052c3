"""What commands that need the database have in common."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from domain.services import Services

T = TypeVar("T")


def with_services(act: Callable[["Services"], Awaitable[T]]) -> T:
    """Do something with the services, on whichever servers this command talks to."""
    from app.deps import open_services, server_urls
    from app.environment import read_settings
    from app.local import servers
    from app.prepare import usable
    from app.trouble import postgres_trouble

    settings = read_settings()

    async def run() -> T:
        await usable(reachable, own=settings.database_url is None)
        async with open_services(reachable, "streaming-stack-command") as services:
            return await act(services)

    with servers(settings) as reachable, postgres_trouble(server_urls(reachable)[0]):
        return asyncio.run(run())
