"""Whose page made a request: every browser's way of saying so, and what we make of it."""

import pytest

from rest import origin
from rest.origin import CrossSite

OWN = origin.own_origins("films.example", https=True, public_url="https://tv.example/")
HERE, EVIL = "https://films.example", "https://evil.example"
NAVIGATION = {"sec-fetch-mode": "navigate", "sec-fetch-dest": "document"}

BELIEVED = {
    "our own page": ("POST", {"origin": HERE, "sec-fetch-site": "same-origin"}),
    "our page, by an old browser": ("POST", {"origin": HERE}),
    "by the public address": ("POST", {"origin": "https://tv.example"}),
    "the address bar": ("GET", {"sec-fetch-site": "none"} | NAVIGATION),
    "a link on another site": ("GET", {"sec-fetch-site": "cross-site"} | NAVIGATION),
    "a link, by a browser that names no destination": (
        "GET",
        {"sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate"},
    ),
    "reading, over plain HTTP": ("GET", {}),
    "reading, with a referrer": ("GET", {"referer": EVIL}),
    "a program": ("POST", {"user-agent": "curl/8", "accept": "*/*"}),
    "a program's socket": ("WEBSOCKET", {}),
    "our page's socket": ("WEBSOCKET", {"origin": HERE, "sec-fetch-site": "same-origin"}),
}
REFUSED = {
    "another page": ("POST", {"origin": EVIL, "sec-fetch-site": "cross-site"}),
    "another page, by an old browser": ("POST", {"origin": EVIL}),
    "another page that hides its origin": ("POST", {"origin": "null"}),
    "a sandboxed frame on our own": ("POST", {"origin": "null", "sec-fetch-site": "same-origin"}),
    "a neighbour": ("POST", {"origin": "https://x.films.example", "sec-fetch-site": "same-site"}),
    "a neighbour without an origin": ("DELETE", {"sec-fetch-site": "same-site"}),
    "our host without TLS": ("POST", {"origin": "http://films.example"}),
    "our host's other port": ("POST", {"origin": "https://films.example:8443"}),
    "a name like ours": ("POST", {"origin": "https://films.example.evil.example"}),
    "a name that ends like ours": ("PUT", {"origin": "https://notfilms.example"}),
    "a posted form": ("POST", {"origin": EVIL, "sec-fetch-site": "cross-site"} | NAVIGATION),
    "a posted form without an origin": ("POST", {"sec-fetch-site": "cross-site"} | NAVIGATION),
    "a browser without an origin": ("POST", {"referer": HERE}),
    "a browser's mode alone": ("PATCH", {"sec-fetch-mode": "cors"}),
    "an unknown method": ("FOO", {"origin": EVIL}),
    "another page's socket": ("WEBSOCKET", {"origin": EVIL}),
    "another page's socket that names a site": ("WEBSOCKET", {"sec-fetch-site": "cross-site"}),
    "nonsense": ("POST", {"origin": "https://["}),
    "emptiness": ("POST", {"origin": ""}),
}
ANONYMOUS = {
    "another page's reading": ("GET", {"origin": EVIL, "sec-fetch-site": "cross-site"}),
    "an image on another page": (
        "GET",
        {"sec-fetch-site": "cross-site", "sec-fetch-mode": "no-cors", "sec-fetch-dest": "image"},
    ),
    "a frame on another page": (
        "GET",
        {"sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate", "sec-fetch-dest": "iframe"},
    ),
    "a question before": ("OPTIONS", {"origin": EVIL}),
    "a head": ("HEAD", {"sec-fetch-site": "same-site"}),
}


@pytest.mark.parametrize("case", BELIEVED)
def test_what_is_not_another_sites_is_believed(case: str):
    method, headers = BELIEVED[case]
    assert origin.check(headers, OWN, method)


@pytest.mark.parametrize("case", REFUSED)
def test_what_is_another_sites_and_could_change_something_is_refused(case: str):
    method, headers = REFUSED[case]
    with pytest.raises(CrossSite) as refused:
        origin.check(headers, OWN, method)
    assert refused.value.code == "CROSS_SITE"


@pytest.mark.parametrize("case", ANONYMOUS)
def test_what_is_another_sites_and_only_reads_is_nobodys(case: str):
    method, headers = ANONYMOUS[case]
    assert not origin.check(headers, OWN, method)


@pytest.mark.parametrize("case", [name for name, (way, _) in REFUSED.items() if way == "POST"])
def test_another_page_signs_nobody_in(case: str):
    with pytest.raises(CrossSite):
        origin.check_sign_in(REFUSED[case][1], OWN)


def test_our_page_and_programs_sign_in():
    origin.check_sign_in({"origin": HERE, "sec-fetch-site": "same-origin"}, OWN)
    origin.check_sign_in({"user-agent": "curl/8"}, OWN)


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://Films.Example:443/x?y#z", "https://films.example"),
        ("http://films.example:80", "http://films.example"),
        ("http://films.example:443", "http://films.example:443"),
        ("http://user@[::1]:8000/", "http://[::1]:8000"),
        ("null", None),
        ("", None),
        ("javascript:alert(1)", None),
        ("https://", None),
        ("https://[", None),
        ("\ud800://x", None),
    ],
)
def test_an_origin_is_read_as_browsers_write_it(url: str, expected: str | None):
    assert origin.origin_of(url) == expected


def test_the_message_tells_what_to_set_behind_a_proxy():
    with pytest.raises(CrossSite, match="STREAMING_STACK_PUBLIC_URL"):
        origin.check({"origin": HERE}, origin.own_origins("127.0.0.1:8000", https=False), "POST")
