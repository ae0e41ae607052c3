"""What a subscriber is told: events, and two words about its place among them."""

from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

from domain.events.values import Cursor, Event


class ResyncReason(StrEnum):
    """Why what was missed can't be told one by one."""

    TOO_OLD = "too_old"  # it is not kept that long, or it is more than anybody wants to read
    UNKNOWN = "unknown"  # no such place in this history: restored from a backup, or made up


@dataclass(frozen=True, slots=True)
class Resync:
    """Read everything again; what follows goes on from this cursor."""

    cursor: Cursor
    reason: ResyncReason


@dataclass(frozen=True, slots=True)
class Heartbeat:
    """All there was up to this cursor has been told."""

    cursor: Cursor


Update: TypeAlias = Event | Resync | Heartbeat
