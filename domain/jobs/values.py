"""What the job ledger hands out and takes back: frozen values, no I/O."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeAlias

WAITING, RUNNING, DONE, QUARANTINED = "waiting", "running", "done", "quarantined"


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a job stands: its row's columns (see domain.jobs.models.Job), moments aware."""

    state: str
    due_at: datetime
    attempt: int = 0
    deaths: int = 0
    failures: int = 0
    lease_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Claim:
    """A job that somebody has taken up. attempt: proves it; an earlier attempt's is refused.

    deaths: how many attempts before this one ended without a word since the job last got on.
    """

    job_id: int
    kind: str
    key: str
    attempt: int
    arguments: Mapping[str, Any] = field(default_factory=dict)
    deaths: int = 0


@dataclass(frozen=True, slots=True)
class Done:
    """The job has been done. result: what came of it, for whoever asks."""

    result: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Again:
    """The job got on and isn't done: it goes on at a moment, aware; None: at once."""

    at: datetime | None = None


Outcome: TypeAlias = Done | Again
