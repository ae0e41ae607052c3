"""A body is read to its cap and no further, packed or not, and JSON is taken at its strictest."""

import gzip
import tracemalloc
import zlib
from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest

from integrations.upstreams.bodies import BadBody, parse, read
from integrations.upstreams.waiting import retry_after_s

pytestmark = pytest.mark.anyio
CAP = 1024 * 1024
PACKED, ONE = (gzip.compress(each, mtime=0) for each in (b"x" * 9_999, b"[1]"))
NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)


async def pieces(body: bytes, size: int = 4096) -> AsyncIterator[bytes]:
    for start in range(0, len(body), size):
        yield body[start : start + size]


@pytest.mark.parametrize("size", [1, 7, 4096, 10**6])
async def test_a_packed_body_is_what_was_packed(size: int):
    body = bytes(range(256)) * 500
    assert await read(pieces(gzip.compress(body), size), "gzip", CAP) == body
    assert await read(pieces(body, size), "", CAP) == body


async def test_a_bomb_is_unpacked_no_further_than_the_cap():
    bomb = gzip.compress(bytes(64 * CAP))
    tracemalloc.start()
    try:
        with pytest.raises(BadBody, match=r"larger than 1,024 KiB"):
            await read(pieces(bomb, 64 * 1024), "gzip", CAP)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 3 * CAP, f"{peak / CAP:.1f} MiB"


async def test_an_endless_body_is_left_at_the_cap():
    async def endless() -> AsyncIterator[bytes]:
        while True:
            yield bytes(64 * 1024)

    with pytest.raises(BadBody, match="larger"):
        await read(endless(), "identity", CAP)


@pytest.mark.parametrize(
    ("body", "encoding", "problem"),
    [
        (PACKED[:-9], "gzip", "cut off"),
        (PACKED[:5], "gzip", "cut off"),
        (ONE + b"[2]", "gzip", "behind its end"),
        (ONE + ONE, "gzip", "behind its end"),
        (b"[1]", "gzip", "can't be unpacked"),
        (zlib.compress(b"[1]"), "gzip", "can't be unpacked"),
        (b"[1]", "br", "didn't ask for"),
        (b"[1]", "gzip, gzip", "didn't ask for"),
    ],
)
async def test_what_is_packed_badly_is_refused(body: bytes, encoding: str, problem: str):
    with pytest.raises(BadBody, match=problem):
        await read(pieces(body), encoding, CAP)


@pytest.mark.parametrize(
    "body",
    [
        b"", b" ", b"{", b"[1,2", b'{"a":1}x', b"NaN", b"[Infinity]", b"[1e999]", b"\x00", b"\xff",
        b'"\\ud800"', b"'a'", b"{a:1}", b"[1,]", b"\xef\xbb\xbf{}", b"[" * 10_000 + b"]" * 10_000,
        b'{"a":' * 5_000 + b"1" + b"}" * 5_000, b'"a\nb"', b"01",
    ],
)  # fmt: skip
def test_what_is_no_strict_json_is_refused(body: bytes):
    with pytest.raises(BadBody):
        parse(body)


@pytest.mark.parametrize(
    "body",
    [
        b'{"offers":[1,2],"offers":[]}',
        b'{"a":{"b":1, "b" : 2}}',
        b'[{"a":1},{"a":1,"c":2,"a":1}]',
        b'{"\\u0061":1,"a":2}',
    ],
)
def test_what_is_said_twice_is_refused(body: bytes):
    with pytest.raises(BadBody, match="twice"):
        parse(body)


@pytest.mark.parametrize(
    "body", [b'{"a" : {"b" :1}}', b'{"a":"\\":","b":"x\\u0022:"}', b'[{"a":1},{"a":1}]', b"12"]
)
def test_what_only_looks_like_twice_is_read(body: bytes):
    parse(body)


@pytest.mark.parametrize(
    ("said", "seconds"),
    [
        ("2", 2), ("0", 0), ("1.5", 1.5), (" 7 ", 7), ("-3", 0), ("999999999", 86_400),
        ("Sat, 21 Nov 2026 09:00:30 GMT", 30), ("Sat, 21 Nov 2026 08:00:00 GMT", 0),
        ("Sat, 21 Nov 2026 11:00:30 +0200", 30), ("Fri, 21 Nov 2036 09:00:30 GMT", 86_400),
        ("inf", 86_400), ("nan", None), ("", None), (None, None), ("soon", None), ("1e400", 86_400),
        ("Sat, 99 Nov 2026 09:00:30 GMT", None), ("9" * 400, 86_400),
    ],
)  # fmt: skip
def test_retry_after_is_read_in_seconds_and_as_a_date(said: str | None, seconds: float | None):
    assert retry_after_s(said, NOW) == seconds
