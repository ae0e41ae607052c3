"""The documentation that the instance serves itself: /api/openapi.json, /api/docs, /problems."""

import html
from collections.abc import Iterable, Mapping
from functools import cache
from inspect import cleandoc
from typing import NamedTuple

import orjson
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from domain.errors import DomainError
from rest.openapi import document
from rest.operations import Operation
from rest.problems import slug

_FRAME = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<link rel="icon" href="data:,">
{head}</head>
<body>
{body}
</body>
</html>
"""
_STYLE = '<link rel="stylesheet" href="/static/docs/page.css">\n'
_PROBLEM = """<main class="page">
<h1>{title}</h1>
<p>{advice}</p>
<p><a href="/api/docs">All of the API</a></p>
</main>"""
_DOCS = _FRAME.format(
    title="Streaming Stack API",
    head='<link rel="stylesheet" href="/static/docs/swagger-ui.css">\n' + _STYLE,
    body="""<main id="docs"><noscript>This page needs JavaScript; the document itself is at
<a href="/api/openapi.json">/api/openapi.json</a>.</noscript></main>
<script src="/static/docs/swagger-ui-bundle.js"></script>
<script src="/static/docs/start.js"></script>""",
)


ADDRESSES = {
    "graphql": "/graphql",
    "rest": "/api/docs",
    "openapi": "/api/openapi.json",
    "health": "/readyz",
}


class Page(NamedTuple):
    """What is told of a problem: its title, and what to do about it."""

    title: str
    advice: str


PAGES: Mapping[str, Page] = {
    "invalid-input": Page("Invalid input", "A value can't be used; `detail` and `field` say which"
                          " and why, `errors` lists all of them."),
    "bad-body": Page("Bad body", "Send one JSON object in UTF-8 with `Content-Type:"
                     " application/json`, not compressed and at most 256 KiB."),
    "unauthenticated": Page("Not signed in", "Sign in with POST /api/session, or send an API token"
                            " as `Authorization: Bearer sst_…`."),
    "bad-token": Page("Bad token", "The API token is unknown or revoked. Make a new one with"
                      " `streaming-stack token` or the mutation createApiToken, or leave the"
                      " header out."),
    "rate-limited": Page("Too many requests", "Wait for as many seconds as Retry-After says. A Pro"
                         " account may ask for recommendations as often as it likes."),
    "cross-site": Page("Cross-site request", "A page of another site may not act for a visitor"
                       " who is signed in here. Programs use an API token instead."),
    "no-such-address": Page("Nothing here", "See /api/docs for what there is."),
    "method-not-allowed": Page("Method not allowed", "The Allow header lists the methods that this"
                               " address answers."),
    "unavailable": Page("Not available", "The database doesn't answer. Try again in a moment;"
                        " /readyz says more."),
    "internal": Page("Our fault", "It was logged under the `id` that you were told; whoever runs"
                     " this instance can find it there."),
}  # fmt: skip


def documentation(operations: Iterable[Operation]) -> list[Route]:
    """The routes that explain the others; they are not in the document themselves."""
    table = tuple(operations)

    @cache
    def encoded(version: str) -> bytes:
        return orjson.dumps(document(table, version))

    async def openapi(request: Request) -> Response:
        told = encoded(request.app.state.public.version)
        return Response(told, media_type="application/json")

    async def docs(request: Request) -> Response:
        return HTMLResponse(_DOCS)

    async def home(request: Request) -> Response:
        return RedirectResponse("/api/docs")

    return [
        Route("/", front),
        Route("/api", home),
        Route("/api/openapi.json", openapi),
        Route("/api/docs", docs),
        Route("/problems/{slug}", explain),
    ]


async def front(request: Request) -> Response:
    """Where everything begins, for programs; people get the dashboard, which stands before us."""
    varies = {"Vary": "Accept"}
    return Response(orjson.dumps(ADDRESSES), headers=varies, media_type="application/json")


async def explain(request: Request) -> Response:
    """What a problem's `type` leads to: a page for people, JSON for programs."""
    name = request.path_params["slug"]
    page = PAGES.get(name) or _from_code(name)
    if page is None:
        raise HTTPException(404)
    if _reads_pages(request):
        title, advice = html.escape(page.title), html.escape(page.advice)
        body = _PROBLEM.format(title=title, advice=advice)
        return HTMLResponse(_FRAME.format(title=title, head=_STYLE, body=body))
    told = {"type": f"/problems/{name}", "title": page.title, "advice": page.advice}
    return Response(orjson.dumps(told), media_type="application/json")


def _reads_pages(request: Request) -> bool:
    return "text/html" in request.headers.get("accept", "")


def _from_code(name: str) -> Page | None:
    """A page for a refusal that nobody wrote one for: what its class says of itself."""
    waiting: list[type[DomainError]] = [DomainError]
    while waiting:
        kind = waiting.pop()
        waiting += kind.__subclasses__()
        if slug(kind.code) == name:
            title = name.replace("-", " ").capitalize()
            return Page(title, cleandoc(kind.__doc__ or "").partition("\n")[0])
    return None
