"""`python -m tests.soak.sync_kills`: the nightly sync, killed as often as you like.

Days pass in a pretended world while workers sync it and are killed at moments drawn by a seed. On
each day the database must equal what the world lists, and each change must have been told once.
"""

import argparse
import asyncio
import os
import time

from app.database import open_database
from simulators.app import create_app
from simulators.samples import sample_world
from simulators.server import running
from tests.support import servers
from tests.support.servers import TestServers
from tests.sync.killing import Killing

_DAYS = 3  # that pass between two runs
_KILLS = 6  # in a run, at most


def main() -> None:
    """Run as the arguments say; an AssertionError tells what went wrong."""
    parser = argparse.ArgumentParser(prog="sync_kills", description=__doc__)
    parser.add_argument("--kills", type=int, default=100, help="how many workers are killed")
    parser.add_argument("--seed", type=int, default=int(time.time()), help="what decides when")
    parser.add_argument("--titles", type=int, default=200, help="how many are synced")
    asked = parser.parse_args()
    print(f"seed {asked.seed}", flush=True)
    started = TestServers()
    started.start()
    try:
        asyncio.run(_live(asked.kills, asked.seed, asked.titles))
    finally:
        started.stop()


async def _live(kills: int, seed: int, titles: int) -> None:
    url = await servers.clone()
    database = open_database(url, application="tests")
    world = sample_world(seed, titles=titles)
    try:
        with running(create_app(world, seed=seed)) as stand_in:
            killing = Killing(database, url, os.environ[servers.VALKEY], stand_in, seed)
            await killing.lay(world)
            try:
                await _be_killed(killing, kills)
            finally:
                killing.dismiss()
    finally:
        await database.engine.dispose()
        await servers.drop(url)


async def _be_killed(killing: Killing, kills: int) -> None:
    began = time.monotonic()
    days = 0
    while killing.kills < kills:
        await killing.live_through(min(_KILLS, kills - killing.kills))
        await killing.advance(_DAYS)
        days += _DAYS
        seconds = time.monotonic() - began
        where = ", ".join(f"{count} {state}" for state, count in killing.killed_in.most_common())
        print(f"{seconds:6.0f} s  day {days}: {killing.kills} killed ({where})", flush=True)
    print("The database was what the world lists on each day, and everything was told once.")


if __name__ == "__main__":
    main()
