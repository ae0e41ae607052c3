"""What there is in the pretended world: titles, services, and where what can be seen until when.

A world is a plain value, so that whoever has a catalogue can make one. What the passing of time
does to it is decided by `simulators.drift`.
"""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Episode:
    """An episode of a season. number counts within it."""

    number: int
    name: str
    runtime_min: int | None = None
    air_date: date | None = None
    number_abs: int | None = None


@dataclass(frozen=True, slots=True)
class Season:
    """A season; number 0 is the specials."""

    number: int
    episodes: tuple[Episode, ...] = ()
    name: str | None = None
    year: int | None = None


@dataclass(frozen=True, slots=True)
class Title:
    """A film or a series, by the ids it goes by. number: unique in the world, of either kind.

    kind: 'film' | 'series'; audience: 0 to 10; critics: 0 to 100; ratings: by country. node:
    JustWatch's id of it, where that isn't to be made of its number.
    """

    number: int
    kind: str
    name: str
    year: int | None
    tmdb_id: int
    imdb_id: str | None = None
    runtime_min: int | None = None
    synopsis: str = ""
    genres: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    ratings: tuple[tuple[str, str], ...] = ()
    audience: float | None = None
    votes: int = 0
    critics: int | None = None
    popularity: float = 0.0
    seasons: tuple[Season, ...] = ()
    node: str | None = None

    @property
    def justwatch_id(self) -> str:
        """JustWatch's: tm… for a film, ts… for a series."""
        return self.node or f"{'tm' if self.kind == 'film' else 'ts'}{self.number}"


@dataclass(frozen=True, slots=True)
class Package:
    """A streaming service. id: JustWatch's package id, which is TMDB's provider id, too."""

    id: int
    name: str
    slug: str
    short_name: str
    monetization: str = "subscription"


@dataclass(frozen=True, slots=True)
class Offer:
    """One way to see a title. season: None for the whole of it.

    monetization: 'subscription' | 'free' | 'ads' | 'rent' | 'buy' | 'cinema'; quality: 'sd' | 'hd'
    | '4k'; expires_on: the last day; price: None for what a plan includes.
    """

    title: int
    package: int
    country: str
    monetization: str
    quality: str
    season: int | None = None
    price: Decimal | None = None
    currency: str | None = None
    url: str = ""
    available_from: date | None = None
    expires_on: date | None = None


@dataclass(slots=True)
class World:
    """Everything there is. offers: by the number of their title."""

    titles: dict[int, Title] = field(default_factory=dict)
    packages: dict[int, Package] = field(default_factory=dict)
    offers: dict[int, list[Offer]] = field(default_factory=dict)
