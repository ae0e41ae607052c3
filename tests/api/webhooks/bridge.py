"""A bridge that sends webhooks, as the tests of the route do."""

import httpx
from starlette.applications import Starlette

from tests.api.conftest import SITE
from tests.webhooks.sender import (
    sealed,
)

PATH = "/webhooks/justwatch"


def at(app: Starlette, address: str) -> httpx.AsyncClient:
    transport = httpx.ASGITransport(app, client=(address, 50_000))
    return httpx.AsyncClient(transport=transport, base_url=SITE)


async def post(
    sender: httpx.AsyncClient, body: bytes, webhook_id: str = "msg_1", **other: str
) -> httpx.Response:
    """A genuine webhook; other: headers to have instead, with underscores."""
    headers = sealed(body, webhook_id) | {
        name.replace("_", "-"): value for name, value in other.items()
    }
    return await sender.post(PATH, content=body, headers=headers)
