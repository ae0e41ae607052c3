"""Lines that a model writes, from end to end: a stand-in, a worker, and somebody who waits.

The stand-in says the same good sentence at once whatever it is asked, so what is measured is all
but the model.
"""

import asyncio
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx
import orjson

from bench.api import ROOT, Api, cpu_seconds
from bench.stage import Stage

LINE = "{TITLE} is a fine choice for tonight."
_READY = """
subscription Ready($id: ID!) {
  whyReady(recommendationId: $id) { ... on WhyLine { whyId why whySource } }
}
"""
_PATIENCE_S = 60.0
_IDLE_S = 4.0


@dataclass(slots=True)
class Lines:
    """What came of some answers. first, every: milliseconds from the question to a line of its
    answer; spent: processor milliseconds of each program for a line; templates: how many lines the
    model had no part in.
    """

    written: int = 0
    templates: int = 0
    first: list[float] = field(default_factory=list)
    every: list[float] = field(default_factory=list)
    spent: dict[str, float] = field(default_factory=dict)


@contextmanager
def worker(stage: Stage, url: str, settings: Mapping[str, str]) -> Iterator[int]:
    """A worker as `streaming-stack up` would start it; yields its process."""
    urls = {"DATABASE_URL": url, "REDIS_URL": stage.valkey.url}
    with (stage.folder / "worker.log").open("ab") as output:
        process = subprocess.Popen(
            [sys.executable, "-P", "-m", "jobs.worker"],
            env={**os.environ, "PYTHONPATH": str(ROOT), **urls, **settings},
            cwd=stage.folder,
            stdout=output,
            stderr=output,
        )
    try:
        yield process.pid
    finally:
        process.terminate()
        process.wait()


def say_always(ollama: str) -> None:
    """Have the stand-in say our line."""
    told = {"lines": [LINE], "again": True}
    httpx.post(f"{ollama}/_sim/lines", json=told).raise_for_status()


async def written(
    stage: Stage,
    api: Api,
    worker_pid: int,
    headers: Mapping[str, str],
    asked: Sequence[Mapping[str, Any]],
) -> Lines:
    """Ask questions whose lines are missing, and wait for these; what that took and cost.

    What the programs spend without questions is measured before, and taken off. The first answer
    only warms up, so that the worker is there.
    """
    assert stage.postgres.pid is not None
    assert stage.valkey.pid is not None
    pids = {
        "API": api.pid, "worker": worker_pid, "Postgres": stage.postgres.pid,
        "Valkey": stage.valkey.pid,
    }  # fmt: skip
    lines = Lines()
    base = f"http://127.0.0.1:{api.port}"
    async with httpx.AsyncClient(base_url=base, headers=headers, timeout=_PATIENCE_S) as client:
        await _answer(client, asked[0], Lines())
        await asyncio.sleep(_IDLE_S)  # what is done at a start is over
        idle = _spent(pids)
        await asyncio.sleep(_IDLE_S)
        before, start = _spent(pids), time.perf_counter()
        idle = {name: (before[name] - idle[name]) / _IDLE_S for name in pids}
        for each in asked[1:]:
            await _answer(client, each, lines)
        seconds, after = time.perf_counter() - start, _spent(pids)
    for name in pids:
        busy = after[name] - before[name] - idle[name] * seconds
        lines.spent[name] = 1000 * busy / max(1, lines.written)
    return lines


async def _answer(client: httpx.AsyncClient, asked: Mapping[str, Any], lines: Lines) -> None:
    start = time.perf_counter()
    answer = (await client.post("/api/recommend", json=asked)).raise_for_status().json()
    if not answer["whys_pending"]:
        return
    told = {"query": _READY, "variables": {"id": answer["recommendation_id"]}}
    accept = {"Accept": "text/event-stream"}
    times: list[float] = []
    async with client.stream("POST", "/graphql/stream", json=told, headers=accept) as events:
        async for row in events.aiter_lines():
            if not row.startswith("data:") or len(row) < len("data: {}"):
                continue
            line = orjson.loads(row[5:])["data"]["whyReady"]
            times.append((time.perf_counter() - start) * 1000)
            lines.templates += line["whySource"] != "OLLAMA"
    lines.written += len(times)
    lines.first += times[:1]
    lines.every += times


def _spent(pids: Mapping[str, int]) -> dict[str, float]:
    return {name: cpu_seconds(pid) for name, pid in pids.items()}
