"""A small HTTP client that costs little: requests are bytes made beforehand, answers are counted.

Run as a program it loads a server for some seconds from a process of its own: JSON on standard
input says how (the fields of `Load`), JSON on standard output says what came back (`Served`).
"""

import asyncio
import itertools
import random
import subprocess
import sys
import time
from base64 import b64decode, b64encode
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Self

import orjson


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer. seconds: from the first byte sent to the last one read."""

    status: int
    body: bytes
    seconds: float


@dataclass(frozen=True, slots=True)
class Served:
    """What a load did. requests: answered with 200; failed: with anything else."""

    requests: int
    failed: int


def request(
    method: str, path: str, headers: Mapping[str, str] | None = None, told: Any = None
) -> bytes:
    """A request as bytes; told: sent as JSON."""
    body = b"" if told is None else orjson.dumps(told)
    lines = {"Host": "127.0.0.1", **(headers or {})}
    if told is not None:
        lines |= {"Content-Type": "application/json", "Content-Length": str(len(body))}
    head = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
    return f"{method} {path} HTTP/1.1\r\n{head}\r\n".encode() + body


class Connection:
    """A connection that is kept alive."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader, self._writer = reader, writer

    @classmethod
    async def open(cls, port: int) -> Self:
        """Connect to this machine."""
        return cls(*await asyncio.open_connection("127.0.0.1", port, limit=1 << 24))

    async def ask(self, asked: bytes) -> Reply:
        """Send a request and read its answer, which must state its length."""
        start = time.perf_counter()
        self._writer.write(asked)
        head = await self._reader.readuntil(b"\r\n\r\n")
        length = head.lower().partition(b"content-length:")[2].partition(b"\r\n")[0]
        body = await self._reader.readexactly(int(length))
        return Reply(int(head[9:12]), body, time.perf_counter() - start)

    async def close(self) -> None:
        """Hang up."""
        self._writer.close()


async def ask_all(port: int, requests: Sequence[bytes]) -> list[Reply]:
    """One request after the other on one connection."""
    connection = await Connection.open(port)
    replies = [await connection.ask(asked) for asked in requests]
    await connection.close()
    return replies


def load(port: int, requests: Sequence[bytes], *, connections: int, seconds: float) -> Served:
    """Load a server from another process with requests drawn at random."""
    told = {
        "port": port, "connections": connections, "seconds": seconds,
        "requests": [b64encode(asked).decode() for asked in requests],
    }  # fmt: skip
    done = subprocess.run(
        [sys.executable, "-m", "bench.client"], input=orjson.dumps(told), stdout=subprocess.PIPE,
        check=True,
    )  # fmt: skip
    return Served(**orjson.loads(done.stdout))


async def _load(port: int, connections: int, seconds: float, requests: list[bytes]) -> Served:
    random.Random().shuffle(requests)
    endless: Iterator[bytes] = itertools.cycle(requests)
    end = time.perf_counter() + seconds
    counts = {True: 0, False: 0}

    async def work() -> None:
        connection = await Connection.open(port)
        while time.perf_counter() < end:
            counts[(await connection.ask(next(endless))).status == 200] += 1
        await connection.close()

    await asyncio.gather(*(work() for _ in range(connections)))
    return Served(counts[True], counts[False])


if __name__ == "__main__":
    spoken = orjson.loads(sys.stdin.buffer.read())
    spoken["requests"] = [b64decode(asked) for asked in spoken["requests"]]
    sys.stdout.buffer.write(orjson.dumps(asdict(asyncio.run(_load(**spoken)))))
