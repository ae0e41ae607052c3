"""The dashboard at `/`: the files that `make web` built, and for every page the one it begins with.

It is read once, into memory: under 3 MB, and a build that happens meanwhile is not half seen.
"""

from collections.abc import Iterable, Mapping
from functools import cached_property
from pathlib import Path, PurePosixPath

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import BaseRoute, Match, Mount, Route
from starlette.types import Receive, Scope, Send

from app.web_files import PACKED, SHELL, File, page_for, policy_for, read

PLACES = (Path(__file__).parent / "dashboard", Path(__file__).parents[1] / "web" / "build")
HOW_TO_BUILD = "There is no dashboard yet: type `make web`, then start again."
_BUILT = "_app"
_LASTING = "/_app/immutable/"
_FRAME = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/static/docs/page.css">
</head>
<body>
<main class="page">
<h1>{title}</h1>
{text}
</main>
</body>
</html>
"""
_NOT_BUILT = _FRAME.format(
    title="The dashboard is not built yet",
    text="""<p>Type <code>make web</code> in the project's folder, and start it again. That fetches
packages from npm's registry; where it can't be reached, the last lines say so.</p>
<p>Everything else is there: <a href="/graphql">GraphiQL</a> and the
<a href="/api/docs">REST API</a>.</p>""",
)
_NO_FILE = _FRAME.format(
    title="Nothing is at this address",
    text='<p>It may have been a file of an earlier version: begin again at <a href="/">/</a>.</p>',
)


def built(folders: Iterable[Path] = PLACES) -> Path | None:
    """The folder of what was built; None where nothing was."""
    return next((each for each in folders if (each / SHELL[1:]).is_file()), None)


class Dashboard(BaseRoute):
    """A route that takes pages and files of the dashboard, and nothing that another one could mean.

    others: whose addresses are not pages; folders: the first that has a shell is taken.
    """

    path = "/{dashboard}"  # what figures and log lines call it

    def __init__(self, others: Iterable[BaseRoute], folders: Iterable[Path] = PLACES) -> None:
        routes = [each for each in others if isinstance(each, Route | Mount)]
        self._taken = {_first(each.path) for each in routes if each.path != "/"}
        self._folders = tuple(folders)

    @cached_property
    def files(self) -> Mapping[str, File]:
        """What was built, by address; empty where nothing was."""
        folder = built(self._folders)
        return read(folder) if folder else {}

    @cached_property
    def policies(self) -> Mapping[str, str]:
        """What each page may load and run: nothing from elsewhere, no script but its own."""
        pages = {path: each for path, each in self.files.items() if path.endswith(".html")}
        return {path: policy_for(each.body.decode()) for path, each in pages.items()}

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """Take what is a file of ours, and what a browser wants to see as a page."""
        if scope["type"] != "http" or scope["method"] not in {"GET", "HEAD"}:
            return Match.NONE, {}
        path = scope["path"]
        first = _first(path)
        ours = path in self.files or first == _BUILT
        if ours or (first not in self._taken and _reads_pages(Request(scope))):
            return Match.FULL, {"endpoint": self, "route": self}
        return Match.NONE, {}

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer."""
        answer = self._answer(Request(scope))
        if scope["method"] == "HEAD":
            answer.body = b""  # its Content-Length stays
        await answer(scope, receive, send)

    def _answer(self, request: Request) -> Response:
        path = request.scope["path"]
        if file := self.files.get(path):
            return self._send(request, path, file)
        # What isn't in the folder of what was built is of another version, and no page.
        if _first(path) == _BUILT or "." in PurePosixPath(path).name:
            return HTMLResponse(_NO_FILE, 404, headers={"Cache-Control": "no-store"})
        if not self.files:
            headers = {"Cache-Control": "no-store", "Vary": "Accept"}
            return HTMLResponse(_NOT_BUILT, 503, headers=headers)
        page = page_for(path, self.files)
        return self._send(request, page, self.files[page])

    def _send(self, request: Request, path: str, file: File) -> Response:
        lasting, policy = path.startswith(_LASTING), self.policies.get(path)
        headers = {
            "Cache-Control": "public, max-age=31536000, immutable" if lasting else "no-cache",
            "Vary": "Accept, Accept-Encoding" if policy else "Accept-Encoding",
        }
        if policy:
            headers["Content-Security-Policy"] = policy
        body, tag = file.body, file.tag
        accepted = _accepted(request.headers.get("accept-encoding", ""))
        for name in PACKED:
            if name in accepted and name in file.packed:
                body, tag = file.packed[name], f"{file.tag}-{name}"
                headers["Content-Encoding"] = name
                break
        headers["ETag"] = f'"{tag}"'
        if f'"{tag}"' in request.headers.get("if-none-match", ""):
            headers.pop("Content-Encoding", None)
            return Response(status_code=304, headers=headers)
        return Response(body, headers=headers | {"Content-Type": file.type})


def _first(path: str) -> str:
    return path.split("/", 2)[1] if path.startswith("/") else path


def _reads_pages(request: Request) -> bool:
    return "text/html" in request.headers.get("accept", "")


def _accepted(header: str) -> set[str]:
    """The encodings a client takes; what it gives no weight, it refuses."""
    ways: set[str] = set()
    for part in header.lower().split(","):
        name, _, weight = part.partition(";")
        if weight.replace(" ", "") not in {"q=0", "q=0.0", "q=0.00", "q=0.000"}:
            ways.add(name.strip())
    return ways
