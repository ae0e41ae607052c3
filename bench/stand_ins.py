"""The stand-ins over a big made-up world, as a program of its own: `python -m bench.stand_ins`.

Its arguments are a port of this machine and the number of titles.
"""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache

from bench.api import ROOT, free_port, wait_for
from bench.stage import Stage
from simulators.app import create_app
from simulators.samples import big_world
from simulators.server import serve
from simulators.world import World


@dataclass(frozen=True, slots=True)
class StandIns:
    """Where they answer, and their process."""

    url: str
    pid: int


@lru_cache(1)
def world(titles: int) -> World:
    """The same in every process: ten offers for each title, in three countries on nine services."""
    return big_world(titles)


@contextmanager
def running(stage: Stage, titles: int) -> Iterator[StandIns]:
    """The program, for as long as the block runs."""
    port = free_port()
    log = stage.folder / "stand_ins.log"
    with log.open("ab") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "bench.stand_ins", str(port), str(titles)],
            cwd=ROOT, stdout=output, stderr=output,
        )  # fmt: skip
    try:
        wait_for(port, process, log)
        yield StandIns(f"http://127.0.0.1:{port}", process.pid)
    finally:
        process.terminate()
        process.wait()


if __name__ == "__main__":
    serve(create_app(world(int(sys.argv[2]))), port=int(sys.argv[1]))
