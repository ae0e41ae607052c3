"""When a title counts as watched. Pure: episodes and moments in, a verdict out.

A film is watched when somebody says so. A series is, too, or when no episode of its story is
missing: specials (season 0) and fillers need not be seen.
"""

import re
from collections.abc import Iterable, Set
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from domain.errors import InvalidInput

MANUAL = "manual"
"""The source of what people say themselves."""
MOST_WATCHES = 100_000
MOST_EPISODES = 250
_EARLIEST = datetime(1900, 1, 1, tzinfo=UTC)
_CLOCKS_DIFFER = timedelta(minutes=5)
_SOURCE = re.compile(r"[a-z][a-z0-9_.-]{0,39}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Place:
    """An episode in its series. filler: a word of `episodes.filler`."""

    episode_id: int
    season_number: int
    filler: str


@dataclass(frozen=True, slots=True)
class Seen:
    """A line of a history; episode_id None: the whole title."""

    episode_id: int | None
    watched_at: datetime


def needed(episodes: Iterable[Place]) -> frozenset[int]:
    """The episodes that a series is finished with."""
    return frozenset(
        each.episode_id for each in episodes if each.season_number > 0 and each.filler != "filler"
    )


def finishes(story: Set[int], before: Set[int], after: Set[int]) -> bool:
    """Whether the last missing episodes of a story are among those that were just watched.

    Seeing an old series again finishes nothing: nothing was missing.
    """
    return not story <= before and story <= after


def still_watched(since: datetime, story: Set[int], left: Iterable[Seen]) -> bool:
    """Whether a title that counts as watched `since` then still does by what is left of a history.

    What was seen whole before that is another time: it doesn't make up for what was taken back.
    """
    left = list(left)
    if any(each.episode_id is None and each.watched_at >= since for each in left):
        return True
    return bool(story) and story <= {each.episode_id for each in left}


def moment(given: datetime | None, now: datetime) -> datetime:
    """When something was watched, which is not tomorrow; now where nobody says."""
    if given is None:
        return now
    if given.tzinfo is None:
        raise InvalidInput(
            "watchedAt needs its time zone, like 2026-11-21T20:15:00Z.", field="watchedAt"
        )
    if not _EARLIEST <= given <= now + _CLOCKS_DIFFER:
        raise InvalidInput("watchedAt lies between 1900 and now.", field="watchedAt")
    return min(given, now).astimezone(UTC)


def source(given: str | None) -> str:
    """Who told us of a watch, as a short word."""
    if given is None:
        return MANUAL
    if not _SOURCE.fullmatch(given):
        raise InvalidInput(
            "A source is a word of a-z, 0-9, '_', '.' and '-', at most 40 characters.",
            field="source",
        )
    return given
