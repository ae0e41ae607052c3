"""Bodies that no client should have to see: written by hand, and made from good ones."""

import gzip
import json
from functools import cache
from random import Random
from typing import Any

from tests.integrations.upstreams.wire import response

_DEEP = 10_000

_TEXTS = (
    b"", b" ", b"\n\n", b"null", b"true", b"0", b"-1", b'""', b'"text"', b"[]", b"{}", b"[[]]",
    b"[{}]", b"[null]", b"[1,2,3]", b'{"data":null}', b'{"data":{}}', b'{"data":[]}',
    b'{"data":{"node":null}}', b'{"data":{"n0":null}}', b'{"data":{"n0":[]}}',
    b'{"data":{"n0":{}}}', b'{"data":{"popularTitles":{}}}', b'{"errors":[]}', b'{"errors":{}}',
    b'{"errors":[null],"data":null}', b'{"errors":[{"message":7}],"data":null}',
    b'{"errors":[{"message":"x","path":[["n0"]]}],"data":{"n0":null}}',
    b'{"errors":[{"message":"x","path":"n0"}],"data":{}}', b'{"id":null,"results":null}',
    b'{"id":1,"results":[]}', b'{"results":[],"total_pages":null}', b'{"results":{"US":{}}}',
    b'{"success":false}', b'{"status_code":7,"status_message":"x"}', b'{"error":"x"}',
    b"NaN", b"Infinity", b"[NaN]", b"[-Infinity]", b'{"id":NaN}', b"1e999", b"[1e308,1e309]",
    b"123456789012345678901234567890", b"[" + b"9" * 5_000 + b"]", b"-", b"[1.]", b"[.5]", b"0x1",
    b"[" * _DEEP, b"[" * _DEEP + b"]" * _DEEP, b'{"a":' * _DEEP + b"1" + b"}" * _DEEP,
    b'{"data":' * 500 + b"{}" + b"}" * 500, b'"\\ud800"', b'{"data":"\\udfff\\ud800"}',
    b'{"\\ud83d":1}', b"\x00", b'{"a":"\x00"}', b'{"a":"\\u0000"}', b"\xff\xfe{\x00}\x00",
    b"\xef\xbb\xbf{}", b"\xc3\x28", b'{"a":"\xc0\x80"}', b'{"a":1,"a":2}', b"{'a':1}", b"{a:1}",
    b'{"a":1,}', b"[1,]", b"// x\n{}", b"{}{}", b"[][]", b"{} x", b")]}',\n{}", b"for(;;);[]",
    b"<html><body>Just a moment...</body></html>", b"<!DOCTYPE html>", b"<?xml version='1.0'?><a/>",
    b"502 Bad Gateway", b"undefined", b"None", b"id,name\n1,x", b"\r\n\r\n", b"%PDF-1.7",
    b'{"data":"' + b"x" * 100_000 + b'"}', b"[" + b"0," * 50_000 + b"0]",
)  # fmt: skip


@cache
def written() -> list[bytes]:
    """Whole answers around texts by hand, and some whose headers lie."""
    good = b'{"data":{"n0":{"id":"tm1","US":[]}}}'
    lies = [
        response(good, kind="text/html"),
        response(b"<html></html>", kind="application/json"),
        response(good, "Content-Encoding: gzip"),
        response(good, "Content-Encoding: br"),
        response(gzip.compress(good, mtime=0)[:-9], "Content-Encoding: gzip"),
        response(gzip.compress(bytes(32 * 2**20), mtime=0), "Content-Encoding: gzip"),
        response(good).replace(b"Length: 36", b"Length: 99"),
        response(good).replace(b"Length: 36", b"Length: -1"),
        response(good).replace(b"Length: 36", b"Length: many"),
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n0\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{}",
        b"HTTP/1.1 999 What\r\nContent-Length: 0\r\n\r\n",
        b"HTTP/1.1 200 OK\r\n" + b"X: " + b"y" * 200_000 + b"\r\n\r\n",
        b"ICY 200 OK\r\n\r\n",
        b"\x16\x03\x01\x02\x00",
        response(b"{}", "Location: http://127.0.0.1:1/", status="302 Found"),
        response(b"\xff" * 100, status="404 No"),
        response(b"[" * _DEEP, status="401 No"),
        response(b'{"errors":[[]],"status_message":{}}', status="422 No"),
        response(b"", "Retry-After: soon", status="429 Slow"),
    ]
    return [*lies, *map(response, _TEXTS)]


def derived(good: bytes, count: int, seed: str, *headers: str) -> list[bytes]:
    """What becomes of a good body that is cut, or in which values have another type or are gone.

    Nothing is exchanged for another value that might be true.
    """
    random = Random(seed)
    value = json.loads(good)
    paths = list(_paths(value))
    found: list[bytes] = []
    for index in range(count):
        match index % 4:
            case 0:
                body = good[: random.randrange(len(good))]
            case 1:
                body = json.dumps(_replaced(value, random.choice(paths), _retyped, random)).encode()
            case 2:
                body = json.dumps(_replaced(value, random.choice(paths), _nothing, random)).encode()
            case _:
                place = random.randrange(len(good))
                rest = good[place + random.randrange(1, 40) :]
                body = good[:place] + bytes([random.randrange(128, 256)]) + rest
        found.append(response(body, *headers))
    return found


def _nothing(value: Any, random: Random) -> None:
    """What is left of a value that is gone."""


def _paths(value: Any, path: tuple[Any, ...] = ()) -> Any:
    yield path
    if isinstance(value, dict | list):
        items = value.items() if isinstance(value, dict) else enumerate(value)
        for key, each in items:
            yield from _paths(each, (*path, key))


def _replaced(value: Any, path: tuple[Any, ...], change: Any, random: Random) -> Any:
    """A value in which what stands at a path has become something else."""
    if not path:
        return change(value, random)
    copy = dict(value) if isinstance(value, dict) else list(value)
    copy[path[0]] = _replaced(value[path[0]], path[1:], change, random)
    return copy


def _retyped(value: Any, random: Random) -> Any:
    """The same in another type, or what no type of ours holds."""
    others = [[value], {"value": value}, True, -(10**30), 2**70, 1e300, "\x00", {}, []]
    others += [str(value)] if isinstance(value, int | float) else [17]
    return random.choice([each for each in others if type(each) is not type(value)])
