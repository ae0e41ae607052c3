"""A demo schema behind the endpoint: called in memory, or served where a real client asks."""

import sys
import threading
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Literal

import httpx
import pytest
import uvicorn
from starlette.requests import HTTPConnection
from starlette.responses import Response
from starlette.types import ASGIApp

sys.path.insert(0, str(Path(__file__).parent))

import demo

from app.graphql.http import GraphQLEndpoint, Schema
from app.graphql.limits import Limits


async def get_context(connection: HTTPConnection, response: Response) -> dict[str, Any]:
    if connection.headers.get("x-crash"):
        raise RuntimeError("secret context")
    if connection.headers.get("x-cookie"):
        response.set_cookie("session", "abc")
    return {"connection": connection, "response": response}


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(scope="session")
def endpoint() -> GraphQLEndpoint:
    schema = Schema(**demo.ROOTS)
    return GraphQLEndpoint(schema, get_context=get_context, ide=b"<!doctype html>GraphiQL")


@pytest.fixture
async def client(endpoint: GraphQLEndpoint) -> AsyncIterator[httpx.AsyncClient]:
    async with _client(endpoint) as http:
        yield http


@pytest.fixture
async def hurried() -> AsyncIterator[httpx.AsyncClient]:
    """The same with a deadline that a test can wait for."""
    limits = Limits(deadline_s=0.2)
    endpoint = GraphQLEndpoint(Schema(**demo.ROOTS, limits=limits), get_context=get_context)
    async with _client(endpoint) as http:
        yield http


@contextmanager
def serve(app: ASGIApp, lifespan: Literal["on", "off"] = "off") -> Iterator[str]:
    """Serve for real, on a port of the system's choice, while the block runs."""
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="warning", lifespan=lifespan))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    until = time.monotonic() + 20
    while not server.started and time.monotonic() < until:
        time.sleep(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        thread.join(10)


def _client(endpoint: GraphQLEndpoint) -> httpx.AsyncClient:
    transport = httpx.ASGITransport(endpoint)
    return httpx.AsyncClient(transport=transport, base_url="http://test/graphql")
