"""How a broken upstream changes an answer that was right: pure functions on bytes and JSON."""

import json
import struct
import zlib
from functools import cache
from random import Random
from typing import Any

TOTALS = frozenset({"total_results", "total_pages", "totalCount", "total", "total_count"})
TOTAL_HEADERS = frozenset({b"x-pagination-item-count", b"x-pagination-page-count"})
BOMB_BYTES = 128 * 1024 * 1024
HTML = (
    b"<!DOCTYPE html><html><head><title>Just a moment...</title></head>"
    b"<body><h1>Checking your browser before you continue</h1></body></html>"
)
_SHRINKS_TO = 0.7


def wrong_types(body: bytes, random: Random) -> bytes:
    """JSON in which about a third of the values have another type; at least one has."""
    value = json.loads(body)
    swapped = _swapped(value, random)
    return json.dumps([swapped] if swapped == value else swapped).encode()


def _swapped(value: Any, random: Random) -> Any:
    if isinstance(value, dict):
        if value and random.random() < 0.1:
            return random.choice(([*value.values()], None, "object"))
        return {name: _swapped(each, random) for name, each in value.items()}
    if isinstance(value, list):
        if random.random() < 0.2:
            return random.choice(({str(i): each for i, each in enumerate(value)}, None, "list"))
        return [_swapped(each, random) for each in value]
    if random.random() >= 0.33:
        return value
    if isinstance(value, bool):
        return random.choice(("yes", 2, None))
    if isinstance(value, int | float):
        return random.choice((str(value), [value], None, {"value": value}))
    if isinstance(value, str):
        return random.choice((len(value), [value], None, True, {"value": value}))
    return random.choice((0, "", [], False))


def short_page(body: bytes) -> bytes:
    """JSON whose outermost lists have lost their second half; totals stay as they were."""
    return json.dumps(_shortened(json.loads(body))).encode()


def _shortened(value: Any) -> Any:
    if isinstance(value, list):
        return value[: len(value) // 2]
    if isinstance(value, dict):
        return {name: _shortened(each) for name, each in value.items()}
    return value


def shrunk(total: int, times: int) -> int:
    """What is left of a total after so many answers that each told less."""
    return int(total * _SHRINKS_TO**times)


def shrinking_totals(body: bytes, times: int) -> bytes:
    """JSON whose totals have shrunk so many times."""
    return json.dumps(_shrunk_in(json.loads(body), times)).encode()


def _shrunk_in(value: Any, times: int) -> Any:
    if isinstance(value, list):
        return [_shrunk_in(each, times) for each in value]
    if isinstance(value, dict):
        return {
            name: shrunk(each, times)
            if name in TOTALS and isinstance(each, int)
            else _shrunk_in(each, times)
            for name, each in value.items()
        }
    return value


def bad_encoding(body: bytes) -> bytes:
    """Bytes that are no UTF-8 in the middle of what was."""
    half = len(body) // 2
    return body[:half] + b"\xff\xfe\xc3\x28" + body[half:]


@cache
def gzip_bomb() -> bytes:
    """About 130 kB of gzip that unpack to a JSON text of more than BOMB_BYTES."""
    piece = b" " * (1024 * 1024)
    times = BOMB_BYTES // len(piece)
    packer = zlib.compressobj(9, wbits=-15)
    begin = packer.compress(b'{"results":"') + packer.flush(zlib.Z_FULL_FLUSH)
    # What lies between two full flushes stands for itself: packed once, it can be there many times.
    middle = packer.compress(piece) + packer.flush(zlib.Z_FULL_FLUSH)
    end = packer.compress(b'"}') + packer.flush()
    check = zlib.crc32(b'{"results":"')
    for _ in range(times):
        check = zlib.crc32(piece, check)
    size = BOMB_BYTES + len(b'{"results":""}')
    trailer = struct.pack("<II", zlib.crc32(b'"}', check), size)
    return b"\x1f\x8b\x08" + bytes(6) + b"\xff" + begin + middle * times + end + trailer
