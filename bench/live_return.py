"""How long until everybody is back after the API was killed with -9, and whether they missed any.

Each client notices that its connection is gone, waits a random while that grows with each failure,
and subscribes again behind the last event it has. Events are committed before, meanwhile and after.
"""

import asyncio
import os
import signal
import socket
import time

from sqlalchemy import select
from sqlmodel import col

from bench import live_contenders
from bench.report import Row
from bench.stage import Stage
from domain.db import Database
from domain.events import repo
from domain.events.models import EventRow

PART = "live"
BEFORE, MEANWHILE, AFTER = 5, 10, 5
_PATIENCE_S = 120


async def run(stage: Stage, url: str, database: Database, size: int) -> Row:
    """Kill it, start it again at once, and count."""
    async with live_contenders.ours(stage, url, database, size) as server:
        crowd = server.crowd
        await crowd.begin(recording=True, returning=True)
        async with database.read() as connection:
            start = (await repo.newest(connection)).position
        for _ in range(BEFORE):
            await server.publish()
        await crowd.all(BEFORE)
        killed = time.monotonic()
        os.kill(server.api.pid, signal.SIGKILL)
        await _until_gone(server.api.port)
        for _ in range(MEANWHILE):
            await server.publish()
        with stage.serve(url, port=server.api.port):
            answering = time.monotonic()
            back = await crowd.count(BEFORE + MEANWHILE, _PATIENCE_S)
            for _ in range(AFTER):
                await server.publish()
            await crowd.count(BEFORE + MEANWHILE + AFTER, _PATIENCE_S)
            seen = await crowd.seen(await _expected(database, start))
    stage.say(f"live: after the kill {seen}")
    wrong = ", ".join(f"{name} {count}" for name, count in seen.items())
    said = f"{back.at - killed:.1f} s, of which {answering - killed:.1f} s to start; {wrong}"
    verdict = "FAIL" if any(seen.values()) else "pass"
    what = f"{size:,} are back after kill -9"
    return Row(PART, what, said, target="lost 0, doubled 0", verdict=verdict)


async def _until_gone(port: int) -> None:
    """Wait until nobody listens: the kernel is a while at closing thousands of connections."""
    while True:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)):
                return
        await asyncio.sleep(0.01)


async def _expected(database: Database, start: int) -> list[str]:
    """The cursors of all events since then, in their order."""
    statement = (
        select(col(EventRow.position), col(EventRow.mark))
        .where(col(EventRow.position) > start)
        .order_by(col(EventRow.position))
    )
    async with database.read() as connection:
        return [f"{row[0]}.{row[1]:08x}" for row in await connection.execute(statement)]
