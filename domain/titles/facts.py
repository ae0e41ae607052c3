"""What a catalogue says of titles, seasons and episodes, in our own words: frozen values."""

from dataclasses import dataclass
from datetime import date

from domain.titles.genres import Genre


@dataclass(frozen=True, slots=True)
class PersonFacts:
    """Somebody's part in a title. role: 'actor' | 'director' | 'creator'; position: billing."""

    tmdb_id: int
    name: str
    role: str
    character: str | None = None
    position: int = 0


@dataclass(frozen=True, slots=True)
class EpisodeFacts:
    """An episode. number counts within its season."""

    season_number: int
    number: int
    name: str | None = None
    synopsis: str = ""
    runtime_min: int | None = None
    air_date: date | None = None


@dataclass(frozen=True, slots=True)
class SeasonFacts:
    """A season; number 0 is the specials. episodes: empty where only the season was asked about.

    rejected: what was said of it that can't be used, with the reasons.
    """

    number: int
    name: str | None = None
    air_date: date | None = None
    episode_count: int = 0
    episodes: tuple[EpisodeFacts, ...] = ()
    rejected: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TitleFacts:
    """A film or series. kind: 'film' | 'series'.

    ratings: what a country's board says, as (country, rating); audience_score: 0 to 10, None
    without votes; poster: the end of its image's address, as TMDB gives it. rejected: what was said
    that can't be used, with the reasons.
    """

    kind: str
    tmdb_id: int
    name: str
    original_name: str | None = None
    imdb_id: str | None = None
    year: int | None = None
    runtime_min: int | None = None
    synopsis: str = ""
    language: str | None = None
    status: str | None = None
    genres: tuple[Genre, ...] = ()
    keywords: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    ratings: tuple[tuple[str, str], ...] = ()
    audience_score: float | None = None
    audience_votes: int = 0
    popularity: float = 0.0
    poster: str | None = None
    adult: bool = False
    seasons: tuple[SeasonFacts, ...] = ()
    people: tuple[PersonFacts, ...] = ()
    rejected: tuple[str, ...] = ()
