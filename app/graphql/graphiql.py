"""GraphiQL from our own files: it works offline and under a policy that loads nothing from outside.

The page holds no script of its own. What differs between installations, the example tabs and the
demo accounts, travels in a block of JSON that `static/graphiql/start.js` reads.
"""

import hashlib
import html
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import orjson
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

FILES = Path(__file__).parents[1] / "static" / "graphiql"
STYLES = ("graphiql.css", "page.css")
SCRIPTS = ("react.js", "react-dom.js", "graphiql.js", "start.js")

# GraphiQL's editor and menus add <style> elements and its editor draws with data: images. No script
# is ever inline.
POLICY = "; ".join(
    [
        "default-src 'self'",
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data:",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    ]
)

PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>{title}</title>
<link rel="icon" href="data:,">
{styles}
</head>
<body>
<header><h1>{title}</h1>{account}</header>
<div id="graphiql"></div>
<script type="application/json" id="told">{told}</script>
{scripts}
</body>
</html>
"""


class Tab(NamedTuple):
    title: str
    query: str
    variables: Mapping[str, Any] = {}


class Account(NamedTuple):
    """One to sign in as with a click. Its password is on the page: for demos only."""

    label: str
    email: str
    password: str


def page(
    *,
    tabs: Sequence[Tab] = (),
    demo_accounts: Sequence[Account] = (),
    title: str = "GraphiQL",
    endpoint: str = "/graphql",
    static: str = "/static/graphiql",
    session: str = "/api/session",
) -> Callable[[Request], Response]:
    """Build the page once; the answer is what `GraphQLEndpoint(ide=…)` takes."""
    told = {
        "endpoint": endpoint,
        "session": session,
        "accounts": [account._asdict() for account in demo_accounts],
        "tabs": [
            {
                "query": f"# {tab.title}\n{tab.query.strip()}\n",
                "variables": orjson.dumps(tab.variables, option=orjson.OPT_INDENT_2).decode()
                if tab.variables
                else None,
            }
            for tab in tabs
        ],
    }
    version = _version()
    content = PAGE.format(
        title=html.escape(title),
        account=_account_buttons(demo_accounts),
        # "</script>" in a query would end the block; JSON may write it differently.
        told=orjson.dumps(told).decode().replace("<", "\\u003c"),
        styles="\n".join(
            f'<link rel="stylesheet" href="{static}/{name}?v={version}">' for name in STYLES
        ),
        scripts="\n".join(
            f'<script defer src="{static}/{name}?v={version}"></script>' for name in SCRIPTS
        ),
    ).encode()
    headers = {
        "content-security-policy": POLICY,
        "cache-control": "no-cache",
        "vary": "accept",
        "referrer-policy": "same-origin",
        "x-content-type-options": "nosniff",
    }
    return lambda _request: HTMLResponse(content, headers=headers)


class Static(StaticFiles):
    """GraphiQL's files, to be mounted at `/static/graphiql`: kept for ever under their version."""

    def __init__(self) -> None:
        super().__init__(directory=FILES)

    async def get_response(self, path: str, scope: Scope) -> Response:
        response = await super().get_response(path, scope)
        versioned = b"v=" in scope["query_string"]
        lasting = "public, max-age=31536000, immutable" if versioned else "no-cache"
        response.headers["cache-control"] = lasting
        response.headers["x-content-type-options"] = "nosniff"
        return response


def _account_buttons(accounts: Sequence[Account]) -> str:
    if not accounts:
        return ""
    button = '<button type="button" {}>{}</button>'
    buttons = [
        button.format(f'data-account="{number}"', f"Sign in as {html.escape(account.label)}")
        for number, account in enumerate(accounts)
    ]
    buttons.append(button.format('id="out"', "Sign out"))
    return '<p id="state" role="status"></p>' + "".join(buttons)


def _version() -> str:
    names = sorted((*STYLES, *SCRIPTS))
    return hashlib.sha256(b"".join((FILES / name).read_bytes() for name in names)).hexdigest()[:12]
