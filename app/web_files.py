"""What was built of the dashboard: files with their types and packings, and the shell's policy."""

import base64
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path, PurePosixPath

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


def policy_for(page: str) -> str:
    """The policy of a page, with the digest of each script that stands in it."""
    scripts = _Scripts()
    scripts.feed(page)
    digests = (hashlib.sha256(each.encode()).digest() for each in scripts.found)
    allowed = [f"'sha256-{base64.b64encode(each).decode()}'" for each in digests]
    return "; ".join(
        [
            "default-src 'none'",
            " ".join(["script-src 'self'", *allowed]),
            "style-src 'self'",
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


class _Scripts(HTMLParser):
    """Collects what stands in script elements, letter by letter."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=False)
        self.found: list[str] = []
        self._inside = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._inside = tag == "script" and "src" not in dict(attrs)
        if self._inside:
            self.found.append("")

    def handle_endtag(self, tag: str) -> None:
        self._inside = False

    def handle_data(self, data: str) -> None:
        if self._inside:
            self.found[-1] += data
