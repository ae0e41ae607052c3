"""Whether a request that carries our cookie was made by our own pages.

Browsers send cookies along whoever wrote the page that asks. They also say who did, in Origin and
Sec-Fetch-*, and no page can forge those; what is not a browser can, but then has no cookie that
somebody else could make it send. Hence no token in each form is needed (docs/security.md).
"""

from collections.abc import Mapping
from urllib.parse import urlsplit

from domain.errors import Forbidden

_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
_DEFAULT_PORTS = {"http": ":80", "https": ":443"}
_BROWSER_ONLY = ("origin", "referer")


class CrossSite(Forbidden):
    """Another site's page asked for something in a visitor's name."""

    code = "CROSS_SITE"

    def __init__(self, origin: str | None) -> None:
        other = f"the page {origin[:100]!r}" if origin else "a page of another site"
        super().__init__(
            f"This came from {other}, which may not act for you here. If that is this service's"
            " own address behind a proxy, set STREAMING_STACK_PUBLIC_URL to it."
        )


def origin_of(url: str) -> str | None:
    """The origin of a URL as browsers write it: "https://films.example:8443"; None without one."""
    try:
        parts = urlsplit(url.lower())
    except ValueError:
        return None
    if parts.scheme not in _DEFAULT_PORTS or not parts.netloc:
        return None
    host = parts.netloc.rpartition("@")[2]
    return f"{parts.scheme}://{host.removesuffix(_DEFAULT_PORTS[parts.scheme])}"


def own_origins(host: str, https: bool, public_url: str | None = None) -> frozenset[str]:
    """Our own origins for a request: the one it was sent to, and the one that is configured.

    host: the Host header; a page can't choose it, since browsers take it from the address.
    """
    here = origin_of(f"{'https' if https else 'http'}://{host}")
    there = origin_of(public_url) if public_url else None
    return frozenset(origin for origin in (here, there) if origin)


def check(headers: Mapping[str, str], own: frozenset[str], method: str) -> bool:
    """Whether to believe the cookie that a request carries; False: it goes on as an anonymous one.

    headers: by small letters; own: see `own_origins`; method: "WEBSOCKET" for a socket's handshake.
    Raises CrossSite where another site asks for more than to read.
    """
    if _ours(headers, own, method):
        return True
    if method in _SAFE:
        return False
    raise CrossSite(headers.get("origin"))


def check_sign_in(headers: Mapping[str, str], own: frozenset[str]) -> None:
    """Raises CrossSite where another site's page signs its visitor in (to an account of its own).

    For whatever answers with a cookie of ours, whether or not the request came with one.
    """
    if not _ours(headers, own, "POST"):
        raise CrossSite(headers.get("origin"))


def _ours(headers: Mapping[str, str], own: frozenset[str], method: str) -> bool:
    origin, site = headers.get("origin"), headers.get("sec-fetch-site")
    if origin is not None and origin_of(origin) not in own:
        return False  # "null" too, which sandboxed frames send
    if site is not None and site not in {"same-origin", "none"}:
        return _followed_link(headers, method)
    if method in _SAFE or method == "WEBSOCKET" or origin is not None or site is not None:
        return True
    # A browser names the origin of every unsafe request. One that shows other signs of a browser,
    # but no origin, had it taken away; one that shows none is a program.
    return not any(name in _BROWSER_ONLY or name.startswith("sec-fetch-") for name in headers)


def _followed_link(headers: Mapping[str, str], method: str) -> bool:
    return (
        method == "GET"
        and headers.get("sec-fetch-mode") == "navigate"
        and headers.get("sec-fetch-dest", "document") == "document"
    )
