"""The body of an answer: read and unpacked no further than a cap, then strict JSON."""

import json
import zlib
from collections.abc import AsyncGenerator, AsyncIterator
from typing import Any

import orjson

_PIECE = 64 * 1024
_ODD_KEYS = (b'" :', b'"\t:', b'"\n:', b'"\r:', b"\\u0022")


class BadBody(ValueError):
    """A body that can't be used. The sentence has no subject: "it is cut off"."""


class TooLarge(BadBody):
    """A body that goes on beyond the cap."""


async def read(pieces: AsyncIterator[bytes], encoding: str, most: int) -> bytes:
    """All of a body that comes in pieces, unpacked. Raises BadBody, TooLarge above `most` bytes.

    encoding: the header Content-Encoding. A packed bomb is unpacked to `most` bytes, no further.
    """
    encoding = encoding.strip().lower()
    if encoding in {"", "identity"}:
        return await _plain(pieces, most)
    if encoding in {"gzip", "x-gzip"}:
        return await _unpacked(pieces, most)
    raise BadBody("it is packed in a way that we didn't ask for")


async def lines(
    pieces: AsyncIterator[bytes], encoding: str, most: int, longest: int
) -> AsyncGenerator[bytes, None]:
    """The lines of a body as they come, without their ends and without empty ones.

    Raises BadBody, TooLarge above `most` bytes and where a line is longer than `longest`.
    """
    if encoding.strip().lower() not in {"", "identity"}:
        raise BadBody("it is packed in a way that we didn't ask for")
    held, size = bytearray(), 0
    async for piece in pieces:
        size += len(piece)
        if size > most:
            raise TooLarge(f"it is larger than {most // 1024:,} KiB")
        held += piece
        if b"\n" in piece:
            *whole, held = held.split(b"\n")
            for line in whole:
                if len(line) > longest:
                    raise TooLarge(f"a line of it is longer than {longest // 1024:,} KiB")
                if line.strip():
                    yield bytes(line)
        if len(held) > longest:
            raise TooLarge(f"a line of it is longer than {longest // 1024:,} KiB")
    if held.strip():
        yield bytes(held)


async def _plain(pieces: AsyncIterator[bytes], most: int) -> bytes:
    body = bytearray()
    async for piece in pieces:
        body += piece
        _check(body, most)
    return bytes(body)


async def _unpacked(pieces: AsyncIterator[bytes], most: int) -> bytes:
    body, fed = bytearray(), False
    unpack = zlib.decompressobj(wbits=31)
    try:
        async for piece in pieces:
            fed = fed or bool(piece)
            while piece:
                if unpack.eof:
                    raise BadBody("something stands behind its end")
                body += unpack.decompress(piece, _PIECE)
                _check(body, most)
                piece = unpack.unconsumed_tail or unpack.unused_data
        # What the last piece left inside: bounded, since less than a window of it is held back.
        while not unpack.eof and (rest := unpack.decompress(b"", _PIECE)):
            body += rest
            _check(body, most)
    except zlib.error:
        raise BadBody("it can't be unpacked") from None
    if fed and not unpack.eof:
        raise BadBody("it is cut off")
    return bytes(body)


def _check(body: bytearray, most: int) -> None:
    if len(body) > most:
        raise TooLarge(f"it is larger than {most // 1024:,} KiB")


def parse(body: bytes) -> Any:
    """What JSON says. Raises BadBody for what is none, NaN, lone surrogates and keys said twice."""
    try:
        value = orjson.loads(body)
    except ValueError:
        raise BadBody("it is cut off or no JSON") from None
    try:
        understood = orjson.dumps(value)
    except TypeError:  # it writes 254 levels, and reads 1,024
        raise BadBody("it is nested too deeply") from None
    # A parser keeps the last of two equal keys, and half of a list would look like all of it.
    # Counting what ends a key in what was sent and in what was understood costs next to nothing,
    # where keys are written plainly.
    odd = any(each in body for each in _ODD_KEYS)
    if odd or body.count(b'":') != understood.count(b'":'):
        _refuse_keys_twice(body)
    return value


def _refuse_keys_twice(body: bytes) -> None:
    json.loads(body, object_pairs_hook=_unique)


def _unique(pairs: list[tuple[str, Any]]) -> None:
    if len({key for key, _ in pairs}) != len(pairs):
        raise BadBody("it says something twice")
