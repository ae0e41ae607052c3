"""When a job may be taken up, how long it waits after a failure, and when we give up. Pure."""

from datetime import datetime, timedelta

from domain.jobs.values import RUNNING, WAITING, Standing

LEASE = timedelta(seconds=15)
"""How long an attempt counts as alive after it last said so."""

MOST_DEATHS = 3
MOST_FAILURES = 5
FIRST_WAIT = timedelta(seconds=30)
LONGEST_WAIT = timedelta(hours=1)

KEPT = timedelta(days=7)
KEPT_IN_QUARANTINE = timedelta(days=90)

DIED = (
    f"It was given up: {MOST_DEATHS} times in a row, whoever ran it ended without a word (killed,"
    " crashed, or out of memory). Look into the worker's log at these times, then release it."
)


def deaths_when_taken(job: Standing, now: datetime) -> int | None:
    """How many deaths are to the account of a job that is taken up now; None: it can't be.

    One that waits can be from when it is due, one that runs from when its lease is over: whoever
    ran it has died, or sleeps so deeply that it makes no difference.
    """
    if job.state == WAITING and job.due_at <= now:
        return job.deaths
    if job.state == RUNNING and (job.lease_until is None or job.lease_until <= now):
        return job.deaths + 1
    return None


def is_hopeless(deaths: int) -> bool:
    """Whether so many deaths are the job's own doing, as far as anybody can tell."""
    return deaths >= MOST_DEATHS


def wait_after(failures: int, draw: float) -> timedelta | None:
    """How long to wait after the nth failure in a row, n >= 1; None: no more tries.

    draw: at random from [0, 1); it spreads what failed together over half of the wait.
    """
    if failures >= MOST_FAILURES:
        return None
    wait = min(FIRST_WAIT * 2 ** (failures - 1), LONGEST_WAIT)
    return wait * (0.5 + draw / 2)
