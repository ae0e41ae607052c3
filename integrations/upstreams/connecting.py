"""How we connect: under which name, trusting whom, and what lies on this machine."""

import ssl
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from ipaddress import ip_address

import httpx


def is_loopback(url: str) -> bool:
    """Whether it is on this machine: by a number, or by the name that always means it."""
    host = httpx.URL(url).host
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


@cache
def trusted() -> ssl.SSLContext:
    """Whom to trust over TLS. Reading the list takes 80 ms, and one does for all."""
    return httpx.create_ssl_context()


def user_agent() -> str:
    """How we introduce ourselves."""
    try:
        return f"streaming-stack/{version('streaming-stack')} (self-hosted)"
    except PackageNotFoundError:
        return "streaming-stack (self-hosted)"
