"""What was built of the dashboard: files with their types and packings, and a page's policy."""

import base64
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path, PurePosixPath

SHELL = "/shell.html"  # what a page begins with that has no file of its own
PACKED = {"br": ".br", "gzip": ".gz"}  # the better one first
_TYPES = {
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".json": "application/json",
    ".webmanifest": "application/manifest+json",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".woff2": "font/woff2",
    ".txt": "text/plain; charset=utf-8",
}


@dataclass(frozen=True, slots=True)
class File:
    """One file as it is sent; packed: by its name in Accept-Encoding."""

    body: bytes
    type: str
    tag: str
    packed: Mapping[str, bytes] = field(default_factory=dict)


def read(folder: Path) -> Mapping[str, File]:
    """Every file of a folder, by its address: `/index.html`."""
    found = {
        f"/{path.relative_to(folder).as_posix()}": path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not path.name.startswith(".")
    }
    whole = {name: body for name, body in found.items() if not name.endswith((".br", ".gz"))}
    return {
        name: File(
            body,
            _TYPES.get(PurePosixPath(name).suffix, "application/octet-stream"),
            hashlib.sha256(body).hexdigest()[:16],
            {way: found[name + end] for way, end in PACKED.items() if name + end in found},
        )
        for name, body in whole.items()
    }


def page_for(path: str, files: Mapping[str, File]) -> str:
    """Where the file lies that a page begins with: its own, its folder's `_`, else the shell."""
    whole = path.rstrip("/")
    for name in (f"{whole or '/index'}.html", f"{whole.rpartition('/')[0]}/_.html"):
        if name in files:
            return name
    return SHELL


def policy_for(page: str) -> str:
    """The policy of a page, with the digest of each script and each style that stands in it."""
    inside = _Inside()
    inside.feed(page)
    return "; ".join(
        [
            "default-src 'none'",
            " ".join(["script-src 'self'", *map(_digest, inside.found["script"])]),
            " ".join(["style-src 'self'", *map(_digest, inside.found["style"])]),
            "img-src 'self' data:",
            "font-src 'self'",
            "connect-src 'self'",
            "worker-src 'self'",
            "manifest-src 'self'",
            "object-src 'none'",
            "base-uri 'none'",
            "form-action 'self'",
            "frame-ancestors 'none'",
        ]
    )


def _digest(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


class _Inside(HTMLParser):
    """Collects what stands in script and style elements, letter by letter."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=False)
        self.found: dict[str, list[str]] = {"script": [], "style": []}
        self._inside: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._inside = tag if tag in self.found and "src" not in dict(attrs) else None
        if self._inside:
            self.found[self._inside].append("")

    def handle_endtag(self, tag: str) -> None:
        self._inside = None

    def handle_data(self, data: str) -> None:
        if self._inside:
            self.found[self._inside][-1] += data
