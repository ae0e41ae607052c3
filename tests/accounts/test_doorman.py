"""From headers to a viewer: tokens, cookies, proxies, and other people's pages."""

from dataclasses import replace
from datetime import timedelta
from http.cookies import SimpleCookie
from typing import cast

import pytest
from starlette.requests import HTTPConnection
from starlette.responses import Response

from domain.accounts import tokens
from domain.accounts.errors import BadToken
from domain.accounts.service import Door, NewAccount
from domain.db import Database
from domain.errors import NotSignedIn
from domain.ports import Cache
from rest import cookies
from rest.origin import CrossSite
from rest.viewer import Doorman, parse_networks
from tests.accounts.people import EMAIL, HOME, NOW, PASSWORD, join, seen

pytestmark = pytest.mark.anyio


# What reads headers alone needs neither of the servers.
READER = Doorman(
    database=cast(Database, None),
    cache=cast(Cache, None),
    country="DE",
    time_zone="Europe/Berlin",
    trusted_proxies=parse_networks("127.0.0.1, 10.0.0.0/8,::1"),
)


@pytest.fixture
def doorman(door: Door) -> Doorman:
    return replace(READER, database=door.database, cache=door.cache)


def request(
    method: str = "POST",
    peer: str | None = "203.0.113.7",
    scheme: str = "http",
    host: str = "tv.example",
    **headers: str,
) -> HTTPConnection:
    named = {"host": host} | {name.replace("_", "-"): text for name, text in headers.items()}
    socket = scheme in {"ws", "wss"}
    return HTTPConnection(
        {
            "type": "websocket" if socket else "http",
            "method": method,
            "scheme": scheme,
            "server": ("127.0.0.1", 8000),
            "path": "/graphql",
            "query_string": b"",
            "client": (peer, 1234) if peer is not None else None,
            "headers": [(name.encode(), text.encode("latin-1")) for name, text in named.items()],
        }
    )


async def sign_up(door: Door) -> str:
    return (await door.sign_up(NewAccount(EMAIL, PASSWORD), HOME, NOW)).token


async def test_nobody_in_particular_has_the_instances_country(doorman: Doorman):
    viewer = await doorman.viewer(request(), NOW)
    assert (viewer.via, viewer.country, viewer.time_zone) == ("anonymous", "DE", "Europe/Berlin")
    assert viewer.address == "203.0.113.7"
    assert viewer.account_id is viewer.profile_id is None


async def test_a_cookie_is_a_session(door: Door, doorman: Doorman):
    token = await sign_up(door)
    viewer = await doorman.viewer(request(cookie=f"session={token}"), NOW)
    assert viewer == replace(await seen(door, token), address="203.0.113.7")


async def test_over_tls_only_the_cookie_with_the_prefix_counts(door: Door, doorman: Doorman):
    token = await sign_up(door)
    for scheme, name, known in (
        ("https", "__Host-session", True),
        ("https", "session", False),
        ("wss", "__Host-session", True),
        ("http", "__Host-session", False),
    ):
        asked = request(scheme=scheme, cookie=f"{name}={token}")
        assert (await doorman.viewer(asked, NOW)).signed_in == known


@pytest.mark.parametrize("cookie", ["session=", "session=x", "session=" + "a" * 43, "=;;\xff", "x"])
async def test_a_cookie_of_nobodys_is_nobody(doorman: Doorman, cookie: str):
    assert (await doorman.viewer(request(cookie=cookie), NOW)).via == "anonymous"


async def test_a_bearer_token_wins_over_a_cookie(door: Door, doorman: Doorman):
    cookie = await sign_up(door)
    eve = await join(door, "eve@example.com")
    async with door.database.transaction() as session:
        made = await tokens.create(session, eve, "script", NOW)
    evil = "https://evil.example"  # a token is shown on purpose: it needs no origin
    asked = request(authorization=f"bearer {made.token}", cookie=f"session={cookie}", origin=evil)
    viewer = await doorman.viewer(asked, NOW)
    assert (viewer.via, viewer.email, viewer.session_id) == ("token", "eve@example.com", None)
    assert viewer.token_id == made.listed.id


@pytest.mark.parametrize("token", ["", "sst_x", "sst_" + "a" * 43, "\xff", "x y"])
async def test_an_unknown_token_is_refused_and_not_anonymous(doorman: Doorman, token: str):
    with pytest.raises(BadToken) as refused:
        await doorman.viewer(request(authorization=f"Bearer {token}"), NOW)
    assert isinstance(refused.value, NotSignedIn)
    assert refused.value.code == "BAD_TOKEN"


async def test_a_proxys_own_password_is_none_of_our_business(door: Door, doorman: Doorman):
    token = await sign_up(door)
    asked = request(authorization="Basic YTpi", cookie=f"session={token}")
    assert (await doorman.viewer(asked, NOW)).signed_in


async def test_another_sites_page_borrows_no_cookie(door: Door, doorman: Doorman):
    cookie, evil = f"session={await sign_up(door)}", "https://evil.example"
    for scheme, method in (("http", "POST"), ("ws", "GET")):
        with pytest.raises(CrossSite):
            await doorman.viewer(request(method, scheme=scheme, cookie=cookie, origin=evil), NOW)
    reading = await doorman.viewer(request("GET", cookie=cookie, origin=evil), NOW)
    assert reading.via == "anonymous"
    without = await doorman.viewer(request(origin=evil), NOW)
    assert without.via == "anonymous"
    with pytest.raises(CrossSite):
        doorman.browser(request(origin=evil))


async def test_our_own_page_is_known_behind_a_proxy_too(door: Door, doorman: Doorman):
    token = await sign_up(door)
    ours = {"cookie": f"__Host-session={token}", "origin": "https://tv.example"}
    named = request(peer="10.1.2.3", x_forwarded_proto="https", **ours)
    assert (await doorman.viewer(named, NOW)).signed_in
    public = replace(doorman, public_url="https://tv.example/", trusted_proxies=())
    assert (await public.viewer(request(peer="10.1.2.3", **ours), NOW)).signed_in
    elsewhere = replace(doorman, public_url="https://tv.example")
    inside = request(host="10.0.0.5:8000", cookie=f"session={token}", origin="http://10.0.0.5:8000")
    assert (await elsewhere.viewer(inside, NOW)).signed_in


async def test_a_trusted_proxy_that_rewrites_host_still_means_the_public_url(doorman: Doorman):
    public = replace(doorman, public_url="https://tv.example")
    asked = request(peer="10.1.2.3", host="127.0.0.1:8000")
    assert public.https(asked)
    assert not public.https(request(peer="203.0.113.7", host="127.0.0.1:8000"))


@pytest.mark.parametrize(
    ("peer", "forwarded", "address"),
    [
        ("203.0.113.7", "198.51.100.1", "203.0.113.7"),  # anybody could write that
        ("127.0.0.1", "198.51.100.1", "198.51.100.1"),
        ("127.0.0.1", "1.1.1.1, 198.51.100.1, 10.0.0.2", "198.51.100.1"),
        ("::ffff:127.0.0.1", "::ffff:198.51.100.1", "198.51.100.1"),
        ("::1", "2001:db8::7", "2001:db8::7"),
        ("127.0.0.1", "10.0.0.9", "10.0.0.9"),
        ("127.0.0.1", "198.51.100.1, unknown", "127.0.0.1"),
        ("127.0.0.1", "198.51.100.1:4711", "127.0.0.1"),
        ("127.0.0.1", "", "127.0.0.1"),
        ("testclient", "198.51.100.1", ""),
        (None, "198.51.100.1", ""),
    ],
)
def test_only_a_trusted_proxy_says_where_a_request_comes_from(
    peer: str | None, forwarded: str, address: str
):
    assert READER.address(request(peer=peer, x_forwarded_for=forwarded)) == address


@pytest.mark.parametrize(
    ("peer", "scheme", "said", "https"),
    [
        ("127.0.0.1", "http", "https", True),
        ("127.0.0.1", "https", "http", False),
        ("127.0.0.1", "http", "http, https", True),
        ("127.0.0.1", "ws", "wss", True),
        ("203.0.113.7", "http", "https", False),
        ("203.0.113.7", "https", "", True),
        (None, "http", "https", False),
    ],
)
def test_only_a_trusted_proxy_says_that_there_was_tls(
    peer: str | None, scheme: str, said: str, https: bool
):
    assert READER.https(request(peer=peer, scheme=scheme, x_forwarded_proto=said)) == https


def test_networks_are_read_or_refused():
    assert parse_networks("") == ()
    assert len(parse_networks("10.1.2.3/8, ::1 ,")) == 2
    with pytest.raises(ValueError, match="proxy"):
        parse_networks("proxy.local")


def test_the_cookie_keeps_its_promises():
    for https in (True, False):
        response = Response()
        cookies.put(response, "secret", https=https)
        written = SimpleCookie(response.headers["set-cookie"])[cookies.cookie_name(https)]
        assert written.value == "secret"
        assert (written["httponly"], written["samesite"], written["path"]) == (True, "lax", "/")
        assert (bool(written["secure"]), written["domain"]) == (https, "")
        assert int(written["max-age"]) == 30 * 24 * 3600
        cookies.clear(response, https=https)
        assert "Max-Age=0" in response.headers.getlist("set-cookie")[1]


async def test_a_renewed_session_renews_its_cookie(door: Door, doorman: Doorman):
    token = await sign_up(door)
    for later, renewed in ((timedelta(), False), (timedelta(days=2), True)):
        asked, response = request(cookie=f"session={token}"), Response()
        await doorman.viewer(asked, NOW + later)
        cookies.renew(asked, response, https=False)
        assert ("set-cookie" in response.headers) == renewed


def test_a_browser_at_the_door_shows_its_old_session():
    asked = request(cookie="session=old", user_agent="Firefox")
    browser = READER.browser(asked)
    assert (browser.address, browser.user_agent, browser.presented) == (
        "203.0.113.7", "Firefox", "old",
    )  # fmt: skip
