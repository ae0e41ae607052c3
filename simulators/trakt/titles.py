"""The world's titles as Trakt says them, and how its ids lead back to them."""

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from functools import cached_property
from typing import Any

from simulators.index import Index
from simulators.world import Episode, Season, Title, World

Json = dict[str, Any]

KINDS = {"movie": "film", "show": "series"}
_TVDB_FROM = 300_000  # so that no client takes one id for the other
_EPISODES, _SEASONS = 10_000, 1_000


@dataclass(frozen=True, slots=True)
class Thing:
    """What can be watched, rated or listed. kind: 'movie' | 'show' | 'season' | 'episode'."""

    kind: str
    number: int
    season: int | None = None
    episode: int | None = None


def iso(moment: datetime) -> str:
    """ISO 8601 in UTC, with milliseconds."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def at_eight(day: date | None) -> datetime | None:
    """When something of a day was shown."""
    return None if day is None else datetime.combine(day, time(20), UTC)


def slug_of(name: str) -> str:
    """Lower case letters, digits and hyphens."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain.replace("'", "")).strip("-")


class Catalogue:
    """Finds titles by any id, and says them."""

    def __init__(self, world: World) -> None:
        self.world = world
        self._tmdb = Index(world)

    @cached_property
    def slugs(self) -> dict[int, str]:
        """By title; no two of a kind are the same."""
        slugs: dict[int, str] = {}
        taken: set[tuple[str, str]] = set()
        for title in self.world.titles.values():
            slug = slug_of(title.name) or str(title.number)
            if title.kind == "film" and title.year:
                slug = f"{slug}-{title.year}"
            if (title.kind, slug) in taken:
                slug = f"{slug}-{title.number}"
            taken.add((title.kind, slug))
            slugs[title.number] = slug
        return slugs

    @cached_property
    def _index(self) -> dict[tuple[str, str, str], Title]:
        index: dict[tuple[str, str, str], Title] = {}
        for title in self.world.titles.values():
            kind = "movie" if title.kind == "film" else "show"
            for name, value in self.ids(title).items():
                if value is not None:
                    index[kind, name, str(value)] = title
        return index

    def ids(self, title: Title) -> Json:
        """Every id a title goes by."""
        ids: Json = {"trakt": title.number, "slug": self.slugs[title.number]}
        if title.kind == "series":
            ids["tvdb"] = _TVDB_FROM + title.number
        return {**ids, "imdb": title.imdb_id, "tmdb": title.tmdb_id}

    def by_ids(self, kind: str, ids: Mapping[str, Any]) -> Title | None:
        """The 'movie' or 'show' that any of the ids means."""
        for name in ("trakt", "slug", "imdb", "tmdb", "tvdb"):
            found = self._index.get((kind, name, str(ids.get(name))))
            if found is not None:
                return found
        return None

    def by_path(self, kind: str, key: str) -> Title | None:
        """The same from a path: Trakt's id, a slug, or IMDb's."""
        named = (self._index.get((kind, name, key)) for name in ("trakt", "slug", "imdb"))
        return next((title for title in named if title is not None), None)

    def season(self, number: int, season: int) -> Season | None:
        """A season of a show."""
        title = self.world.titles.get(number)
        return (
            next((each for each in title.seasons if each.number == season), None) if title else None
        )

    def episode(self, number: int, season: int, episode: int) -> Episode | None:
        """An episode of a show."""
        found = self.season(number, season)
        return next((e for e in found.episodes if e.number == episode), None) if found else None

    def episodes(self, title: Title, today: date) -> Iterator[tuple[Season, Episode]]:
        """What has been aired, in order, without the specials."""
        for season in title.seasons:
            for episode in season.episodes if season.number else ():
                if episode.air_date is None or episode.air_date <= today:
                    yield season, episode

    def part_by_id(self, kind: str, ids: Mapping[str, Any]) -> Thing | None:
        """A season or an episode by its ids: those of TMDB's, or those made of where it stands."""
        number = next((ids[k] for k in ("trakt", "tvdb") if ids.get(k) is not None), None)
        if number is None and ids.get("tmdb") is not None:
            return self._part_by_tmdb(kind, ids["tmdb"])
        if not isinstance(number, int):
            return None
        rest, episode = divmod(number, _EPISODES)
        title, season = divmod(rest, _SEASONS)
        if kind == "season":
            return Thing("season", title, season) if self.season(title, season) else None
        found = self.episode(title, season, episode)
        return Thing("episode", title, season, episode) if found else None

    def _part_by_tmdb(self, kind: str, number: Any) -> Thing | None:
        firsts, seasons = self._tmdb.first_episodes, self._tmdb.seasons
        if not isinstance(number, int) or number < 1:
            return None
        if kind == "season":
            if number > len(seasons):
                return None
            title, season = seasons[number - 1]
            return Thing("season", title.number, season.number)
        place = bisect_right(firsts, number) - 1
        title, season = seasons[place] if place >= 0 else (None, None)
        if title is None or season is None or number - firsts[place] >= len(season.episodes):
            return None
        episode = season.episodes[number - firsts[place]]
        return Thing("episode", title.number, season.number, episode.number)

    def title_json(self, title: Title, extended: frozenset[str] = frozenset()) -> Json:
        """A movie or a show."""
        said: Json = {"title": title.name, "year": title.year, "ids": self.ids(title)}
        if "full" in extended:
            said |= {
                "overview": title.synopsis,
                "runtime": title.runtime_min,
                "country": title.countries[0].lower() if title.countries else None,
                "rating": title.audience,
                "votes": title.votes,
                "comment_count": 0,
                "genres": [genre.lower() for genre in title.genres],
                "updated_at": f"{title.year or 2000}-12-31T00:00:00.000Z",
            }
            if title.kind == "series":
                said["aired_episodes"] = sum(len(s.episodes) for s in title.seasons if s.number)
        return said

    def season_json(self, title: Title, season: Season, extended: frozenset[str]) -> Json:
        """A season, with its episodes where they were asked for."""
        number = _id(title.number, season.number)
        tmdb = self._tmdb.season_ids[title.number, season.number]
        said: Json = {
            "number": season.number,
            "ids": {"trakt": number, "tvdb": number, "tmdb": tmdb},
        }
        if "full" in extended:
            first = season.episodes[0].air_date if season.episodes else None
            said |= {
                "rating": title.audience,
                "votes": title.votes,
                "episode_count": len(season.episodes),
                "aired_episodes": len(season.episodes),
                "title": season.name or f"Season {season.number}",
                "overview": None,
                "first_aired": _shown(first),
                "updated_at": _shown(first),
                "network": None,
            }
        if "episodes" in extended:
            said["episodes"] = [
                self.episode_json(title, season, each, extended) for each in season.episodes
            ]
        return said

    def episode_json(
        self, title: Title, season: Season, episode: Episode, extended: frozenset[str]
    ) -> Json:
        """An episode."""
        number = _id(title.number, season.number, episode.number)
        first = self._tmdb.first_episodes[self._tmdb.season_ids[title.number, season.number] - 1]
        tmdb = first + season.episodes.index(episode)
        said: Json = {
            "season": season.number,
            "number": episode.number,
            "title": episode.name,
            "ids": {"trakt": number, "tvdb": number, "imdb": None, "tmdb": tmdb},
        }
        if "full" in extended:
            said |= {
                "number_abs": episode.number_abs,
                "overview": None,
                "rating": title.audience,
                "votes": title.votes,
                "comment_count": 0,
                "first_aired": _shown(episode.air_date),
                "updated_at": _shown(episode.air_date),
                "available_translations": ["en"],
                "runtime": episode.runtime_min,
                "episode_type": _episode_type(season, episode),
            }
        return said

    def said(self, thing: Thing, extended: frozenset[str] = frozenset()) -> Json:
        """A thing, under the keys it has in lists: its own, and its show's."""
        title = self.world.titles[thing.number]
        if thing.season is None:
            return {thing.kind: self.title_json(title, extended)}
        season = self.season(thing.number, thing.season)
        assert season is not None  # things are made from what there is
        if thing.episode is None:
            own = self.season_json(title, season, extended - {"episodes"})
        else:
            episode = self.episode(thing.number, thing.season, thing.episode)
            assert episode is not None
            own = self.episode_json(title, season, episode, extended)
        return {thing.kind: own, "show": self.title_json(title, extended)}


def _id(title: int, season: int, episode: int = 0) -> int:
    return (title * _SEASONS + season) * _EPISODES + episode


def _shown(day: date | None) -> str | None:
    moment = at_eight(day)
    return iso(moment) if moment else None


def _episode_type(season: Season, episode: Episode) -> str:
    if episode is season.episodes[0]:
        return "series_premiere" if season.number == 1 else "season_premiere"
    return "season_finale" if episode is season.episodes[-1] else "standard"
