"""Which function does which kind of job, for `jobs.run_job`.

A handler may be killed at any moment and is then called anew: it works in small transactions that
begin with `ledger.hold`, keeps its place in Postgres, and returns Again well before its time is up.
It must not hold the event loop; what takes long goes into a thread.
"""

from collections.abc import Awaitable, Callable, Mapping
from typing import TypeAlias

from domain.jobs.values import Claim, Outcome
from domain.services import Services
from jobs import enrich, lines, sync, trakt_import

Handler: TypeAlias = Callable[[Services, Claim], Awaitable[Outcome]]

HANDLERS: Mapping[str, Handler] = {
    "enrich": enrich.run,
    "lines": lines.run,
    "sync": sync.run,
    "trakt_import": trakt_import.run,
}
