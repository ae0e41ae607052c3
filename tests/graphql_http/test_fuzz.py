"""Bytes nobody meant: whatever is sent, the answer is ours and never a 5xx."""

import json
import random
from urllib.parse import quote

import httpx
import pytest

pytestmark = pytest.mark.anyio

BODIES = 2000
WHOLE = b'{"query":"query q($n:String){hello(name:$n)}","variables":{"n":"x"},"operationName":"q"}'
PIECES = [
    b"\xff", b"\xc3(", b"\xed\xa0\x80", b"\x00", b"\\u0000", b"\\ud800", b"null", b"[[[[", b"{{{{",
    b'"', b"9" * 5000, b"-0", b"1e999", b"NaN", b"\xef\xbb\xbf", b'{"query":', b'"x"', b"...a",
    b"@", b"$", b"#", b'"""', b"fragment a on Query{...a}", b"\\u007f", b"\xf0\x9f\x98\x80", b"!",
]  # fmt: skip
VALUES = [
    None, True, 0, -1, 2**63, 2.5, "", "x", "{hello}", "{__typename}", "\x00", "\ud800", "é😀",
    [], {}, [1], ["{hello}"], {"n": "x"}, {"n": []}, {"n": {"a": [[]]}}, "query q{hello}",
    "mutation{add", "subscription{count}", "{" * 300, "{a" * 150, "{hello(name:1)}",
    "fragment f on Query{...f} {...f}",
]  # fmt: skip
NAMES = ["query", "variables", "operationName", "extensions", "id", "", "\x00"]
KINDS = ["application/json"] * 12 + [
    "application/json;charset=utf-8", "application/json; charset=utf-16", "text/plain", "",
    "application/json;", "application/jsonp", "multipart/form-data", "application/json;charset",
]  # fmt: skip
QUOTED = ["%00", "%ff", "%", "{hello}", "null", "[", "%ed%a0%80", "1", "", "%7B%22a%22:%221%22%7D"]
ACCEPTS = ["*/*", "application/json", "application/graphql-response+json", ";;,q=", "a/b;q=x", ""]


def bodies(rnd: random.Random) -> bytes:
    kind = rnd.randrange(4)
    if kind == 0:
        return rnd.randbytes(rnd.randrange(200))
    if kind == 1:
        return b"".join(rnd.choices(PIECES, k=rnd.randrange(1, 8)))
    if kind == 2:
        cut = rnd.randrange(len(WHOLE))
        return WHOLE[:cut] + rnd.choice(PIECES) + WHOLE[cut + rnd.randrange(3) :]
    names = rnd.sample(NAMES, rnd.randrange(1, len(NAMES)))
    return json.dumps({name: rnd.choice(VALUES) for name in names}).encode()


async def test_no_body_makes_a_5xx(client: httpx.AsyncClient) -> None:
    rnd = random.Random("bodies")
    seen: dict[int, int] = {}
    for _ in range(BODIES):
        body = bodies(rnd)
        headers = {"content-type": rnd.choice(KINDS), "accept": rnd.choice(ACCEPTS)}
        reply = await client.post("", content=body, headers=headers)
        assert reply.status_code < 500, body
        assert isinstance(reply.json(), dict)
        seen[reply.status_code] = seen.get(reply.status_code, 0) + 1
    assert min(seen.get(200, 0), seen.get(400, 0), seen.get(415, 0)) > 20, seen


async def test_no_query_string_makes_a_5xx(client: httpx.AsyncClient) -> None:
    rnd = random.Random("query strings")
    for _ in range(500):
        pairs = zip(rnd.choices(NAMES, k=5), rnd.choices(QUOTED, k=5), strict=True)
        text = "&".join(f"{quote(name)}={value}" for name, value in pairs)
        reply = await client.get(f"http://test/graphql?{text}")
        assert reply.status_code < 500, text
