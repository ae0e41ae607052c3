"""How the dashboard is served: kept or asked for each time, packed, and never in the way."""

import base64
import hashlib
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.responses import PlainTextResponse
from starlette.routing import Mount, Route

from app.middleware import POLICY, Hardened
from app.web import Dashboard
from rest.routes import EXCEPTION_HANDLERS

pytestmark = pytest.mark.anyio

PAGE = {"accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
SCRIPT = "\n\tlet less = 1 < 2 && '</i>';\n"
STYLE = "a > b { color: red }"
SHELL = f"""<!doctype html><html lang="en"><head><script>{SCRIPT}</script><style>{STYLE}</style>
<script src="/_app/immutable/a.js"></script></head><body><script>start()</script></body></html>"""
FILES = {
    "shell.html": SHELL,
    "shell.html.br": "packed shell",
    "index.html": "<title>tonight</title><script>tonight()</script>",
    "leaving.html": "<title>leaving</title>",
    "title/_.html": "<title>any title</title>",
    "service-worker.js": "worker",
    "manifest.webmanifest": "{}",
    "_app/version.json": "{}",
    "_app/immutable/a.js": "plain",
    "_app/immutable/a.js.br": "brotli",
    "_app/immutable/a.js.gz": "gzip",
    "_app/immutable/b.woff2": "letters",
    ".built": "digest",
}


def make_app(folder: Path) -> Starlette:
    others = [
        Route("/", lambda _: PlainTextResponse("for programs")),
        Route("/api/search", lambda _: PlainTextResponse("found"), methods=["GET"]),
        Mount("/static", Starlette()),
    ]
    return Starlette(
        routes=[Dashboard(others, [folder / "nowhere", folder]), *others],
        middleware=[Middleware(Hardened)],
        exception_handlers=EXCEPTION_HANDLERS,
    )


async def opened(app: Starlette) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(
        transport=transport, base_url="http://test", headers={"accept-encoding": "identity"}
    ) as site:
        yield site


@pytest.fixture
async def site(tmp_path: Path) -> AsyncIterator[httpx.AsyncClient]:
    for name, content in FILES.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(content)
    async for client in opened(make_app(tmp_path)):
        yield client


@pytest.fixture
async def unbuilt(tmp_path: Path) -> AsyncIterator[httpx.AsyncClient]:
    async for client in opened(make_app(tmp_path)):
        yield client


@pytest.mark.parametrize(
    ("path", "file"),
    [
        ("/", "index.html"),
        ("/leaving", "leaving.html"),
        ("/leaving/", "leaving.html"),
        ("/title/title_2", "title/_.html"),
        ("/title/%00%ff", "title/_.html"),
        ("/title", "shell.html"),
        ("/title/a/b", "shell.html"),
        ("/nobody-knows", "shell.html"),
        ("/x//y", "shell.html"),
        ("/a/", "shell.html"),
    ],
)
async def test_a_page_begins_with_its_own_file_or_with_the_shell(
    site: httpx.AsyncClient, path: str, file: str
) -> None:
    reply = await site.get(path, headers=PAGE)
    assert (reply.status_code, reply.text) == (200, FILES[file])
    assert reply.headers["content-type"] == "text/html; charset=utf-8"
    assert reply.headers["cache-control"] == "no-cache"
    assert "Accept" in reply.headers["vary"].split(", ")


def digest(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


async def test_a_page_runs_no_script_and_takes_no_style_but_its_own(
    site: httpx.AsyncClient,
) -> None:
    policy = (await site.get("/nobody-knows", headers=PAGE)).headers["content-security-policy"]
    assert f"script-src 'self' {digest(SCRIPT)} {digest('start()')};" in policy
    assert f"style-src 'self' {digest(STYLE)};" in policy
    tonight = (await site.get("/", headers=PAGE)).headers["content-security-policy"]
    assert f"script-src 'self' {digest('tonight()')}; style-src 'self';" in tonight
    assert "unsafe" not in policy
    for rule in ("default-src 'none'", "frame-ancestors 'none'", "base-uri 'none'"):
        assert rule in policy.split("; ")
    assert (await site.get("/_app/immutable/a.js")).headers["content-security-policy"] == POLICY


@pytest.mark.parametrize("path", ["/api", "/api/nothing", "/static/none", "/static/x.css"])
async def test_what_is_the_apis_stays_the_apis(site: httpx.AsyncClient, path: str) -> None:
    reply = await site.get(path, headers=PAGE)
    assert reply.status_code == 404
    assert "html" not in reply.headers["content-type"]


async def test_programs_get_what_they_got_before(site: httpx.AsyncClient) -> None:
    assert (await site.get("/")).text == "for programs"
    assert (await site.get("/api/search")).text == "found"
    assert (await site.post("/api/search")).status_code == 405
    for method, path in (("GET", "/leaving"), ("POST", "/leaving"), ("GET", "/.built")):
        reply = await site.request(method, path)
        assert reply.json()["code"] == "NO_SUCH_ADDRESS"
    assert (await site.post("/leaving", headers=PAGE)).status_code == 404


@pytest.mark.parametrize(
    ("path", "type", "cached"),
    [
        ("/_app/immutable/a.js", "text/javascript; charset=utf-8", "immutable"),
        ("/_app/immutable/b.woff2", "font/woff2", "immutable"),
        ("/_app/version.json", "application/json", "no-cache"),
        ("/service-worker.js", "text/javascript; charset=utf-8", "no-cache"),
        ("/manifest.webmanifest", "application/manifest+json", "no-cache"),
        ("/index.html", "text/html; charset=utf-8", "no-cache"),
    ],
)
async def test_a_file_has_its_type_and_is_kept_as_long_as_it_may(
    site: httpx.AsyncClient, path: str, type: str, cached: str
) -> None:
    reply = await site.get(path)
    assert reply.headers["content-type"] == type
    assert cached in reply.headers["cache-control"]
    assert reply.headers["x-content-type-options"] == "nosniff"
    head = await site.head(path)
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["content-length"] == reply.headers["content-length"]
    again = await site.get(path, headers={"if-none-match": reply.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize(
    ("accepted", "sent", "way"),
    [
        ("gzip, deflate, br", b"brotli", "br"),
        ("gzip;q=0.5", b"gzip", "gzip"),
        ("br;q=0, gzip", b"gzip", "gzip"),
        ("identity", b"plain", None),
        ("", b"plain", None),
        ("gzip;q=0, br; q=0.0", b"plain", None),
    ],
)
async def test_a_file_comes_packed_where_that_is_understood(
    site: httpx.AsyncClient, accepted: str, sent: bytes, way: str | None
) -> None:
    headers = {"accept-encoding": accepted}
    async with site.stream("GET", "/_app/immutable/a.js", headers=headers) as reply:
        assert b"".join([part async for part in reply.aiter_raw()]) == sent
    assert reply.headers.get("content-encoding") == way
    assert reply.headers["vary"] == "Accept-Encoding"
    assert ("-" in reply.headers["etag"]) == (way is not None)


@pytest.mark.parametrize(
    "path", ["/nothing.js", "/_app/immutable/old.js", "/_app/x", "/../secret.txt"]
)
async def test_a_file_that_is_not_there_is_told_with_a_page(
    site: httpx.AsyncClient, path: str
) -> None:
    reply = await site.get(path, headers=PAGE)
    assert reply.status_code == 404
    assert "Nothing is at this address" in reply.text
    assert reply.headers["cache-control"] == "no-store"
    assert reply.headers["content-security-policy"] == POLICY


async def test_where_it_is_not_built_the_page_says_how(unbuilt: httpx.AsyncClient) -> None:
    reply = await unbuilt.get("/", headers=PAGE)
    assert reply.status_code == 503
    assert "make web" in reply.text
    assert reply.headers["cache-control"] == "no-store"
    assert (await unbuilt.get("/")).text == "for programs"
