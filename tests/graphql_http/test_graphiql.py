"""GraphiQL from our own files: complete, offline, under its policy, and able to run a query."""

import hashlib
import itertools
import json
import re
import shutil
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast
from urllib.parse import quote

import demo
import httpx
import pytest
from conftest import get_context, serve
from starlette.applications import Starlette
from starlette.requests import HTTPConnection, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Mount, Route, WebSocketRoute
from websockets.sync.client import ClientConnection, connect

from app.graphql.connections import Connections
from app.graphql.graphiql import FILES, Account, Static, Tab, page
from app.graphql.http import GraphQLEndpoint, Schema
from app.graphql.operations import Operations
from app.graphql.websocket import WebSocketEndpoint
from schema.context import Context
from tests.support.graphql import context_for

pytestmark = pytest.mark.anyio

TABS = [
    Tab("Three titles", "query Three($n: Int!) { titles(first: $n) { name } }", {"n": 3}),
    Tab("</script><script>alert(1)</script>", "query Hello { hello }"),
]
COMPLAINTS = ("Log.entryAdded", "Runtime.exceptionThrown", "Runtime.consoleAPICalled")
BROWSER = {"accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")


def make_app() -> Starlette:
    session: dict[str, str] = {}

    async def api_session(request: Request) -> Response:
        if request.method == "POST":
            session["email"] = (await request.json())["email"]
        if request.method == "DELETE":
            session.clear()
        return JSONResponse({"account": session or None})

    ide = page(tabs=TABS, demo_accounts=[Account("pro & co", "pro@example.com", "secret")])
    return Starlette(
        routes=[
            Route(
                "/graphql",
                GraphQLEndpoint(Schema(**demo.ROOTS), get_context=get_context, ide=ide),
            ),
            Route("/api/session", api_session, methods=["GET", "POST", "DELETE"]),
            Mount("/static/graphiql", Static()),
        ]
    )


@pytest.fixture
async def site() -> Any:
    transport = httpx.ASGITransport(make_app())
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as http:
        yield http


async def test_the_page_has_a_policy_and_no_script_of_its_own(site: httpx.AsyncClient) -> None:
    reply = await site.get("/graphql", headers=BROWSER)
    policy = reply.headers["content-security-policy"]
    assert policy.startswith("default-src 'self';")
    assert "script-src" not in policy
    scripts = re.findall(r"<script([^>]*)>([^<]*)</script>", reply.text)
    assert [
        body for attributes, body in scripts if body and "application/json" not in attributes
    ] == []
    assert not re.search(r"\son\w+=|style=|https?:", reply.text)


async def test_what_the_page_is_told_cannot_leave_its_block(site: httpx.AsyncClient) -> None:
    text = (await site.get("/graphql", headers=BROWSER)).text
    (told,) = re.findall(r'<script type="application/json" id="told">([^<]*)</script>', text)
    assert "alert(1)" in json.loads(told)["tabs"][1]["query"]
    assert "alert(1)</script>" not in text
    assert "Sign in as pro &amp; co" in text


async def test_every_file_of_the_page_is_served_and_kept(site: httpx.AsyncClient) -> None:
    text = (await site.get("/graphql", headers=BROWSER)).text
    urls = re.findall(r'(?:src|href)="(/[^"]+)"', text)
    assert len(urls) == 6
    for url in urls:
        reply = await site.get(url)
        assert reply.status_code == 200
        assert "immutable" in reply.headers["cache-control"]
    assert (await site.get("/static/graphiql/react.js")).headers["cache-control"] == "no-cache"


async def test_without_demo_accounts_there_is_no_button() -> None:
    response = page(tabs=TABS)(Request({"type": "http"}))
    assert b"<button" not in bytes(response.body)


async def test_the_vendored_files_are_those_that_are_listed() -> None:
    text = (FILES / "VENDORED.md").read_text()
    listed = dict(re.findall(r"\| `([\w.-]+)` \|.*?\| `([0-9a-f]{64})`", text))
    assert set(listed) == {"react.js", "react-dom.js", "graphiql.js", "graphiql.css"}
    for name, digest in listed.items():
        assert hashlib.sha256((FILES / name).read_bytes()).hexdigest() == digest, name
    assert sum(file.stat().st_size for file in FILES.iterdir()) < 4_000_000


@pytest.fixture
def browser(tmp_path: Path) -> Iterator[ClientConnection]:
    """One tab of a headless Chromium, spoken to in its DevTools protocol."""
    if CHROMIUM is None:
        pytest.skip("no chromium here")
    flags = ["--headless=new", "--no-sandbox", "--disable-gpu", "--remote-debugging-port=0"]
    process = subprocess.Popen(
        [CHROMIUM, *flags, f"--user-data-dir={tmp_path}", "about:blank"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        port = _wait(lambda: (tmp_path / "DevToolsActivePort").read_text().split()[0])
        tabs = _wait(lambda: httpx.get(f"http://127.0.0.1:{port}/json/list").json())
        (tab,) = [tab for tab in tabs if tab["type"] == "page"]
        with connect(tab["webSocketDebuggerUrl"], max_size=None) as socket:
            yield socket
    finally:
        process.terminate()
        process.wait(10)


def _wait(attempt: Any) -> Any:
    until = time.monotonic() + 20
    while True:
        try:
            if found := attempt():
                return found
        except (OSError, IndexError, httpx.HTTPError):
            pass
        assert time.monotonic() < until, "waited for too long"
        time.sleep(0.05)


class Page:
    """What can be done with the browser's tab; events: what it said meanwhile."""

    def __init__(self, browser: ClientConnection) -> None:
        self.browser, self.numbers = browser, itertools.count()
        self.events: list[dict[str, Any]] = []

    def call(self, method: str, **params: Any) -> Any:
        number = next(self.numbers)
        self.browser.send(json.dumps({"id": number, "method": method, "params": params}))
        while True:
            message = json.loads(self.browser.recv(20))
            if message.get("id") == number:
                return message["result"]
            self.events.append(message)

    def see(self, script: str) -> Any:
        return self.call("Runtime.evaluate", expression=script)["result"].get("value")


def test_a_subscription_runs_over_a_socket(browser: ClientConnection) -> None:
    async def context(_connection: HTTPConnection, _response: Response) -> Context:
        return context_for(cast(Any, SimpleNamespace(database=None)))

    schema = Schema(**demo.ROOTS)
    socket = WebSocketEndpoint(
        Operations(schema),
        get_context=context,
        connections=Connections(per_account=9, per_address=9),
        watch=lambda *_: lambda: None,
    )
    tab = Tab("Counting", "subscription Count { count(to: 7) }")
    endpoint = GraphQLEndpoint(
        schema, get_context=get_context, ide=page(tabs=[tab]), websocket=socket
    )
    app = Starlette(
        routes=[
            Route("/graphql", endpoint),
            WebSocketRoute("/graphql", endpoint),
            Mount("/static/graphiql", Static()),
        ]
    )
    shown = Page(browser)
    with serve(app) as url:
        for domain in ("Page", "Runtime", "Log"):
            shown.call(f"{domain}.enable")
        shown.call("Page.navigate", url=f"{url}/graphql")
        _wait(lambda: shown.see("!!document.querySelector('.graphiql-execute-button')"))
        shown.see("document.querySelector('.graphiql-execute-button').click()")
        answer = "document.querySelector('.result-window .CodeMirror').CodeMirror.getValue()"
        _wait(lambda: '"count": 6' in (shown.see(answer) or ""))
    assert [event for event in shown.events if event["method"] in COMPLAINTS] == []


def test_a_query_runs_and_nothing_is_asked_of_the_outside(browser: ClientConnection) -> None:
    shown = Page(browser)
    call, see, events = shown.call, shown.see, shown.events
    with serve(make_app()) as url:
        for domain in ("Page", "Runtime", "Log", "Network", "Audits"):
            call(f"{domain}.enable")
        call("Page.navigate", url=f"{url}/graphql")
        _wait(lambda: see("!!document.querySelector('.graphiql-execute-button')"))
        see("document.querySelector('[data-account]').click()")
        _wait(lambda: see("state.textContent") == "Signed in as pro@example.com")
        see("document.querySelector('.graphiql-execute-button').click()")
        answer = "document.querySelector('.result-window .CodeMirror').CodeMirror.getValue()"
        _wait(lambda: "Title 2" in (see(answer) or ""))
        see("document.getElementById('out').click()")
        _wait(lambda: see("state.textContent") == "Not signed in")

    requests = [event["params"] for event in events if event["method"].endswith("BeSent")]
    asked = [request["request"]["url"] for request in requests]
    assert f"{url}/graphql" in asked
    assert [one for one in asked if not one.startswith((url, "data:"))] == []
    assert [event for event in events if event["method"] in COMPLAINTS] == []
    assert "ContentSecurityPolicy" not in json.dumps(events)


def test_a_link_brings_its_query_along_and_runs_nothing(browser: ClientConnection) -> None:
    shown = Page(browser)
    with serve(make_app()) as url:
        for domain in ("Page", "Runtime", "Log", "Network"):
            shown.call(f"{domain}.enable")
        button = "!!document.querySelector('.graphiql-execute-button')"
        # Whoever was here before has tabs of their own.
        shown.call("Page.navigate", url=f"{url}/graphql")
        _wait(lambda: shown.see(button) and shown.see("localStorage['graphiql:tabState']"))
        query = quote("query Brought { hello } # </script>")
        shown.call("Page.navigate", url=f"{url}/graphql?query={query}&variables=%7B%7D")
        editor = "document.querySelector('.graphiql-query-editor .CodeMirror')?.CodeMirror"
        _wait(lambda: "Brought" in (shown.see(f"{editor}?.getValue()") or ""))
        active = "document.querySelector('.graphiql-tab-active .graphiql-tab-button').textContent"
        _wait(lambda: shown.see(active) == "Brought")
        assert shown.see("location.search") == "", "a reload would open it again"
        sent = [e["params"]["request"] for e in shown.events if e["method"].endswith("BeSent")]
        bodies = [each.get("postData", "") for each in sent]
        assert [body for body in bodies if "Brought" in body] == []
    assert [event for event in shown.events if event["method"] in COMPLAINTS] == []
