"""`python -m tests.soak`: faults by seed for as long as you like; 1 when anything went wrong."""

import argparse
import asyncio
import signal
import sys
import time

from tests.soak import report
from tests.soak.run import Outcome, Plan, soak


def main() -> int:
    """Run as the arguments say."""
    parser = argparse.ArgumentParser(prog="soak", description=__doc__)
    parser.add_argument("--seed", type=int, default=int(time.time()), help="what decides on faults")
    parser.add_argument("--minutes", type=float, default=10, help="how long faults happen")
    parser.add_argument("--subscribers", type=int, default=200, help="how many follow")
    parser.add_argument("--writers", type=int, default=4, help="how many write")
    asked = parser.parse_args()
    plan = Plan(asked.seed, asked.subscribers, asked.writers, seconds=60 * asked.minutes)
    print(report.command(plan), flush=True)
    try:
        outcome = asyncio.run(_interruptible(plan))
    except (KeyboardInterrupt, asyncio.CancelledError):
        print("Stopped; nothing is left running.")
        return 130
    print("\n".join(report.lines(outcome)))
    return 0 if outcome.verdict.clean else 1


async def _interruptible(plan: Plan) -> Outcome:
    """As Ctrl-C does, SIGTERM lets everything be put away."""
    task = asyncio.current_task()
    assert task is not None
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, task.cancel)
    start = time.monotonic()

    def say(line: str) -> None:
        print(f"{time.monotonic() - start:7.1f} s  {line}", file=sys.stderr, flush=True)

    return await soak(plan, say)


if __name__ == "__main__":
    sys.exit(main())
