"""`python -m bench [part ...]`: every part or the named ones, and one table at the end."""

import argparse
import asyncio
import platform
import signal
import sys
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path

from bench import (
    graphql,
    imports,
    leaving,
    live,
    matching,
    nightly,
    recommend,
    report,
    search,
    sync,
    whys,
)
from bench.report import Row
from bench.stage import Stage

PARTS: dict[str, Callable[[Stage], Awaitable[list[Row]]]] = {
    "import": imports.run,
    "recommend": recommend.run,
    "search": search.run,
    "leaving": leaving.run,
    "graphql": graphql.run,
    "live": live.run,
    "matching": matching.run,
    "sync": sync.run,
    "changes": nightly.run,
    "whys": whys.run,
}


def main() -> int:
    """1 when a ratio fails its target; times alone fail nothing."""
    parser = argparse.ArgumentParser(prog="bench", description=__doc__)
    parser.add_argument("parts", nargs="*", metavar="part", help=f"of {', '.join(PARTS)}")
    parser.add_argument("--rounds", type=int, default=9, help="rounds of each ratio")
    parser.add_argument("--quick", action="store_true", help="smaller and rougher, in two minutes")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the table there, too")
    asked = parser.parse_args()
    if unknown := set(asked.parts) - set(PARTS):
        parser.error(f"there is no part {', '.join(sorted(unknown))}")
    rounds = min(asked.rounds, 3) if asked.quick else asked.rounds
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that the servers end, too
    rows = asyncio.run(_measure(asked.parts or list(PARTS), rounds, asked.quick))
    print(report.table(rows))
    if asked.json:
        now = datetime.now(UTC).isoformat(timespec="seconds")
        report.write(asked.json, rows, at=now, machine=platform.platform(), rounds=rounds)
    return int(any(row.verdict == "FAIL" for row in rows))


async def _measure(parts: list[str], rounds: int, quick: bool) -> list[Row]:
    start = time.monotonic()

    def say(line: str) -> None:
        print(f"{time.monotonic() - start:6.1f} s  {line}", file=sys.stderr, flush=True)

    rows: list[Row] = []
    with Stage(rounds, quick, say) as stage:
        for part in parts:
            say(part)
            rows += await PARTS[part](stage)
        say("done")
    return rows


if __name__ == "__main__":
    sys.exit(main())
