"""Who is asking: from a request's headers to a Viewer, alike for GraphQL, REST and sockets."""

from dataclasses import dataclass
from datetime import datetime
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

from starlette.requests import HTTPConnection

from domain.accounts import sessions, tokens
from domain.accounts.errors import BadToken
from domain.accounts.values import Browser
from domain.accounts.viewer import Viewer
from domain.db import Database
from domain.ports import Cache
from rest import origin
from rest.cookies import cookie_name

Networks = tuple[IPv4Network | IPv6Network, ...]


def parse_networks(text: str) -> Networks:
    """Addresses and networks ("10.0.0.0/8"), comma separated; raises ValueError for others."""
    return tuple(ip_network(part.strip(), strict=False) for part in text.split(",") if part.strip())


@dataclass(frozen=True, slots=True)
class Doorman:
    """Tells viewers apart. country, time_zone: of callers without an account.

    public_url: how browsers reach us, where a proxy stands in front; trusted_proxies: those whose
    X-Forwarded-For and -Proto are believed. Everybody else could write anything there.
    """

    database: Database
    cache: Cache
    country: str = "US"
    time_zone: str = "UTC"
    public_url: str | None = None
    trusted_proxies: Networks = ()

    async def viewer(self, request: HTTPConnection, now: datetime) -> Viewer:
        """The viewer: by bearer token, or else by cookie, or else nobody in particular.

        Raises BadToken for an unknown token (the caller meant to be somebody), and CrossSite; an
        unknown cookie is just old. A renewed session leaves its token in `request.state.renewed`,
        for `cookies.renew`.
        """
        address = self.address(request)
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() == "bearer":  # others, like Basic, are a proxy's own
            return await self.by_token(token.strip(), address, now)
        cookie = request.cookies.get(cookie_name(self.https(request)))
        method = "WEBSOCKET" if request.scope["type"] == "websocket" else request.scope["method"]
        if cookie and origin.check(request.headers, self.own_origins(request), method):
            known = await sessions.find(self.database, self.cache, cookie, now)
            if known is not None:
                if known.renewed:
                    request.state.renewed = cookie
                return Viewer.by("session", known, address)
        return Viewer("anonymous", self.country, self.time_zone, address)

    async def by_token(self, token: str, address: str, now: datetime) -> Viewer:
        """The viewer that an API token stands for; raises BadToken."""
        known = await tokens.find(self.database, self.cache, token, now)
        if known is None:
            raise BadToken
        return Viewer.by("token", known, address)

    def browser(self, request: HTTPConnection) -> Browser:
        """Who wants to sign up or in; raises CrossSite where another site's page asks for it."""
        origin.check_sign_in(request.headers, self.own_origins(request))
        return Browser(
            self.address(request),
            request.headers.get("user-agent", ""),
            request.cookies.get(cookie_name(self.https(request))),
        )

    def address(self, request: HTTPConnection) -> str:
        """Where a request came from: the last address that no proxy of ours has; "" if unknown."""
        found = _address(request.client.host if request.client else "")
        for hop in reversed(_listed(request, "x-forwarded-for")):
            if not self._is_trusted(found):
                break
            if (before := _address(hop)) is None:
                break  # nonsense: the proxy that passed it on is all we know
            found = before
        return str(found) if found else ""

    def https(self, request: HTTPConnection) -> bool:
        """Whether the browser reached us over TLS, as far as we are told by those we trust."""
        # Whoever set the public URL need not tell us about the proxy that does TLS there.
        over_tls = origin.origin_of(f"https://{request.headers.get('host', '')}")
        if self.public_url and over_tls == origin.origin_of(self.public_url):
            return True
        if self._is_trusted(_address(request.client.host if request.client else "")):
            said = _listed(request, "x-forwarded-proto")
            if said:
                return said[-1].lower() in {"https", "wss"}
            if self.public_url:  # the proxy says nothing, and may have rewritten Host
                return self.public_url.lower().startswith("https:")
        return request.url.scheme in {"https", "wss"}

    def own_origins(self, request: HTTPConnection) -> frozenset[str]:
        """The origins of our own pages, for `rest.origin`."""
        host = request.headers.get("host", "")
        return origin.own_origins(host, self.https(request), self.public_url)

    def _is_trusted(self, address: IPv4Address | IPv6Address | None) -> bool:
        return address is not None and any(address in network for network in self.trusted_proxies)


def _listed(request: HTTPConnection, header: str) -> list[str]:
    lines = request.headers.getlist(header)
    return [part.strip() for line in lines for part in line.split(",") if part.strip()]


def _address(text: str) -> IPv4Address | IPv6Address | None:
    try:
        parsed = ip_address(text)
    except ValueError:
        return None
    mapped = parsed.ipv4_mapped if isinstance(parsed, IPv6Address) else None
    return mapped or parsed
