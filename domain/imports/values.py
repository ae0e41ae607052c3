"""What a file says that somebody watched, rated or wants to watch: frozen values, no I/O."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class What(StrEnum):
    """What a line says of a title."""

    WATCH = "watch"
    RATING = "rating"
    WISH = "wish"


@dataclass(frozen=True, slots=True)
class Reading:
    """Which title a line may speak of. kind: 'film' | 'series', None where nobody says.

    season_number, episode_number, episode_name: of a series; number_abs: an episode's number
    through all seasons. All None: the whole title.
    """

    name: str
    kind: str | None = None
    year: int | None = None
    season_number: int | None = None
    episode_number: int | None = None
    episode_name: str | None = None
    number_abs: int | None = None


@dataclass(frozen=True, slots=True)
class Ids:
    """What a title is called elsewhere; None where the file doesn't say. ours: our own public id.

    tmdb_id, imdb_id, …: of the film or series, never of an episode; episode_imdb_id: that of one.
    """

    ours: str | None = None
    imdb_id: str | None = None
    tmdb_id: int | None = None
    trakt_id: int | None = None
    mal_id: int | None = None
    justwatch_id: str | None = None
    episode_imdb_id: str | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that a file says. n: its row, counted from 1, as a person would count; a row can
    say several things. file: which of an export's files it stands in, where there are several.

    readings: what its words can mean, the likeliest first, at least one. at: aware; when it was
    watched, rated or wished for, None where nobody says; dated: only its day is known. score: 1 to
    10, of a rating. times: how often it was watched, all told. note: what somebody wrote to it.
    platform: where a wish is to be watched, as the slug of one of ours.
    """

    n: int
    what: What
    readings: tuple[Reading, ...]
    ids: Ids = Ids()
    at: datetime | None = None
    dated: bool = False
    score: int | None = None
    times: int = 1
    note: str | None = None
    file: str | None = None
    platform: str | None = None


@dataclass(frozen=True, slots=True)
class Passed:
    """A row that says nothing we can use, and why, in words for people."""

    n: int
    reason: str
    file: str | None = None
