"""What a recommendation is asked with, made of and answered with: frozen values, no I/O."""

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum


class Filter(StrEnum):
    """The hard filters in their written order: a title is dropped by the first it fails."""

    PLATFORM = "platform"  # on none of their platforms now, in any country
    COUNTRY = "country"  # on one of them, but not where they are
    TIME = "time"  # longer than the evening; a series counts by its episode
    MOOD = "mood"
    MATURITY = "maturity"
    AVOIDED_GENRE = "avoided_genre"
    EXCLUDED = "excluded"
    WATCHED = "watched"
    COMPANY = "company"  # too mature, or a series somebody is in the middle of, for a crowd


@dataclass(frozen=True, slots=True)
class Seen:
    """A title that the caller says they have watched. rating: 1 to 10."""

    title_id: int
    rating: int | None = None


@dataclass(frozen=True, slots=True)
class Question:
    """What shall we watch? None means: any. time_min: minutes; platform_ids: never empty.

    allow_avoided, allow_watched: whether those two filters are left out.
    """

    mood: str | None
    time_min: int | None
    group_size: int
    platform_ids: tuple[int, ...]
    excluded: tuple[int, ...] = ()
    seen: tuple[Seen, ...] = ()
    allow_avoided: bool = False
    allow_watched: bool = False


@dataclass(frozen=True, slots=True)
class Candidate:
    """A title that passed every filter, with all that ranking looks at.

    episodes_fit: how many episodes fit the evening (series with a time given);
    mood_weight, mood_reasons: 0 to 1 and why, for the mood asked for; appeal: 0 to 1, see
    titles.models.APPEAL; leaves_on: the last day on any of their platforms, None where one of them
    states no end.
    """

    title_id: int
    name: str
    kind: str
    year: int | None
    runtime_min: int | None
    maturity: int
    genres: tuple[str, ...]
    appeal: float
    critics_score: int | None
    audience_score: float | None
    audience_votes: int
    popularity: float
    season_count: int
    episode_count: int
    mood_weight: float | None
    leaves_on: date | None
    on_watchlist: bool
    moods: tuple[tuple[str, float], ...] = ()
    people: tuple[int, ...] = ()
    mood_reasons: tuple[str, ...] = ()
    episodes_fit: int | None = None


@dataclass(frozen=True, slots=True)
class Liked:
    """A title from the viewer's past or wishes. weight: -1 (disliked) to 1 (loved);
    rating: 1 to 10, None where none was given.
    """

    title_id: int
    name: str
    weight: float
    rating: int | None
    wished: bool
    genres: tuple[str, ...]
    moods: tuple[tuple[str, float], ...]
    people: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Term:
    """One term of a score: value 0 to 1 x weight; the weights of an answer add up to 1."""

    name: str
    value: float
    weight: float

    @property
    def points(self) -> float:
        """What the term adds to the score."""
        return self.value * self.weight


@dataclass(frozen=True, slots=True)
class Kinship:
    """How near a candidate is to what the viewer liked, and to which title most.

    nearest: the liked title it is nearest to; shared_people: who made both (ids).
    """

    value: float = 0.0
    nearest: Liked | None = None
    shared_people: tuple[int, ...] = ()
    wished: float = 0.0


@dataclass(frozen=True, slots=True)
class Pick:
    """A ranked candidate with the reasons for its place."""

    candidate: Candidate
    score: float
    terms: tuple[Term, ...]
    kinship: Kinship = field(default_factory=Kinship)


@dataclass(frozen=True, slots=True)
class Relaxation:
    """A constraint to loosen. would_add: how many titles it would bring; sentence: for people.

    What to ask with instead, by constraint: time_min, mood and group_size, where None leaves the
    first two open; platform_id, one to look on besides. The other constraints are allowed or empty.
    """

    constraint: Filter
    sentence: str
    would_add: int
    time_min: int | None = None
    mood: str | None = None
    group_size: int | None = None
    platform_id: int | None = None
    platform_slug: str | None = None
