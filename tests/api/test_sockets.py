"""Over a real server and raw sockets: what no client library would send."""

import asyncio
from collections.abc import AsyncIterator

import pytest
import uvicorn
from starlette.applications import Starlette

pytestmark = pytest.mark.anyio
HOST = b"Host: films.test\r\n"
JSON = HOST + b"Content-Type: application/json\r\n"


@pytest.fixture
async def port(app: Starlette) -> AsyncIterator[int]:
    """A server in this loop, with the settings that the API is served with."""
    config = uvicorn.Config(
        app, port=0, lifespan="off", log_config=None, access_log=False, server_header=False
    )
    config.load()
    server = uvicorn.Server(config)
    server.lifespan = config.lifespan_class(config)
    await server.startup()
    running = asyncio.create_task(server.main_loop())
    yield server.servers[0].sockets[0].getsockname()[1]
    server.should_exit = True
    await running
    await server.shutdown()


async def send(port: int, data: bytes, *, wait: float = 3) -> bytes:
    """What comes back for some bytes, until the server closes or falls silent."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    answer = b""
    try:
        writer.write(data)
        async with asyncio.timeout(wait):
            while chunk := await reader.read(65_536):
                answer += chunk
    except (TimeoutError, ConnectionError):
        pass
    finally:
        writer.close()
    return answer


def request(line: bytes, headers: bytes = HOST, body: bytes = b"") -> bytes:
    return line + b" HTTP/1.1\r\nConnection: close\r\n" + headers + b"\r\n" + body


async def test_bytes_that_are_no_request_are_refused(port: int) -> None:
    for data in (b"\x16\x03\x01\x02\x00\x01\x00", b"\x00\xff\r\n\r\n", b"GET\r\n\r\n"):
        answer = await send(port, data, wait=1)
        assert answer == b"" or b" 400 " in answer.partition(b"\r\n")[0]
    assert b" 200 " in await send(port, request(b"GET /livez"))


async def test_half_a_request_harms_nobody(port: int) -> None:
    for data in (
        b"GET /api/sea",
        b"POST /api/recommend HTTP/1.1\r\nHost: films.te",
        request(b"POST /api/recommend", JSON + b"Content-Length: 100\r\n", b'{"mood":'),
        request(b"POST /api/recommend", JSON + b"Transfer-Encoding: chunked\r\n", b"5\r\n{\r\n"),
    ):
        assert b" 500 " not in await send(port, data, wait=0.3)
    assert b" 200 " in await send(port, request(b"GET /livez"))


async def test_odd_bytes_in_addresses_and_headers_are_no_fault_of_ours(port: int) -> None:
    for line in (
        b"GET /api/search?q=\xff\xfe",
        b"GET /api/search?q=%ff%00",
        b"GET /api/%ff%00",
        b"GET /problems/%ED%A0%80",
        b"GET //api///search",
        b"GET /api/../etc/passwd",
        b"GET /static/docs/..%2f..%2fsettings.py",
        b"HEAD /api/search",
        b"OPTIONS *",
    ):
        status = (await send(port, request(line))).partition(b"\r\n")[0]
        assert b" 5" not in status, line
    for header in (
        b"Cookie: session=\xff\x01\r\n", b"Authorization: Bearer \xe9\r\n",
        b"X-Forwarded-For: \xff, ::1\r\n", b"Origin: http://[\r\n", b"X-Request-Id: \xff\r\n",
    ):  # fmt: skip
        answer = await send(port, request(b"GET /api/session", HOST + header))
        assert b" 5" not in answer.partition(b"\r\n")[0], header


async def test_a_refused_body_is_not_taken_for_the_next_request(port: int) -> None:
    smuggled = b"GET /livez HTTP/1.1\r\n" + HOST + b"\r\n"
    body = b"x" * 300_000 + smuggled
    headers = JSON + b"Content-Length: %d\r\n" % len(body)
    line = b"POST /api/recommend HTTP/1.1\r\n"
    answer = await send(port, line + headers + b"\r\n" + body)
    assert answer.count(b"HTTP/1.1 ") <= 1
    assert answer == b"" or b" 413 " in answer.partition(b"\r\n")[0]
    assert b"server: uvicorn" not in answer
