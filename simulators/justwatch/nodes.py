"""Titles, seasons and episodes as JustWatch's GraphQL tells them, found by their ids."""

import re
from bisect import bisect_right
from functools import cached_property
from typing import Any

from simulators.index import Index
from simulators.justwatch.offers import Node, package_node
from simulators.reality import Reality
from simulators.words import GENRES, GenreWords
from simulators.world import Episode, Season, Title

_PART = re.compile(r"(tss|tse)(\d{1,10})")
_PATH = re.compile(r"/([a-z]{2})/(movie|tv-show)/([^/]+)(?:/season-(\d{1,4}))?/?")


class Nodes:
    """The nodes of a world. Each tells its type under "@type", and what it is about under "@…"."""

    def __init__(self, reality: Reality) -> None:
        self.reality = reality
        self.index: Index = reality.index

    @cached_property
    def packages(self) -> dict[int, Node]:
        """All packages by their id."""
        return {each.id: package_node(each) for each in self.reality.world.packages.values()}

    @cached_property
    def short_names(self) -> frozenset[str]:
        """The short names of all packages."""
        return frozenset(each.short_name for each in self.reality.world.packages.values())

    def by_id(self, id: str) -> Node | None:
        """The node with an id like tm1, ts1, tss1 or tse1."""
        title = self.index.by_node.get(id)
        if title is not None:
            return self.title(title)
        found = _PART.fullmatch(id)
        if found is None:
            return None
        number = int(found[2])
        if found[1] == "tse":
            return self._episode_by_number(number)
        there = 1 <= number <= len(self.index.seasons)
        return self.season(*self.index.seasons[number - 1]) if there else None

    def by_path(self, path: str) -> Node | None:
        """The node a site's address is about: /us/movie/name, /us/tv-show/name/season-1."""
        found = _PATH.fullmatch(path)
        if found is None:
            return None
        kind = "film" if found[2] == "movie" else "series"
        title = self.index.by_slug.get((kind, found[3]))
        if title is None or found[4] is None:
            return None if title is None else self.title(title)
        wanted = int(found[4])
        return next(
            (self.season(title, each) for each in title.seasons if each.number == wanted), None
        )

    def title(self, title: Title) -> Node:
        """A film or a show."""
        film = title.kind == "film"
        number = title.justwatch_id[2:]
        return {
            "@type": "Movie" if film else "Show",
            "@title": title,
            "id": title.justwatch_id,
            "objectId": int(number) if number.isdecimal() else title.number,
            "objectType": "MOVIE" if film else "SHOW",
            "totalSeasonCount": len(title.seasons),
        }

    def season(self, title: Title, season: Season) -> Node:
        """A season of a show."""
        number = self.index.season_ids[title.number, season.number]
        return {
            "@type": "Season",
            "@title": title,
            "@season": season,
            "id": f"tss{number}",
            "objectId": number,
            "objectType": "SHOW_SEASON",
            "totalEpisodeCount": len(season.episodes),
        }

    def episodes(self, title: Title, season: Season) -> list[Node]:
        """The episodes of a season, in order."""
        place = self.index.season_ids[title.number, season.number]
        first = self.index.first_episodes[place - 1]
        return [
            self._episode(title, season, episode, first + at)
            for at, episode in enumerate(season.episodes)
        ]

    def _episode_by_number(self, number: int) -> Node | None:
        place = bisect_right(self.index.first_episodes, number)
        if place == 0:
            return None
        title, season = self.index.seasons[place - 1]
        at = number - self.index.first_episodes[place - 1]
        if at >= len(season.episodes):
            return None
        return self._episode(title, season, season.episodes[at], number)

    def _episode(self, title: Title, season: Season, episode: Episode, number: int) -> Node:
        return {
            "@type": "Episode",
            "@title": title,
            "@season": season,
            "@episode": episode,
            "id": f"tse{number}",
            "objectId": number,
            "objectType": "SHOW_EPISODE",
        }

    def content(self, node: Node, country: str) -> Node:
        """What a node is: its name, years, scores, and where its page is in a country."""
        title: Title = node["@title"]
        episode: Episode | None = node.get("@episode")
        if episode is not None:
            aired = episode.air_date
            return {
                "@type": "EpisodeContent",
                "title": episode.name,
                "originalReleaseYear": aired.year if aired else None,
                "originalReleaseDate": aired.isoformat() if aired else None,
                "runtime": episode.runtime_min,
                "shortDescription": "",
                "seasonNumber": node["@season"].number,
                "episodeNumber": episode.number,
            }
        season: Season | None = node.get("@season")
        return (
            self._season_content(title, season, country)
            if season
            else self._content(title, country)
        )

    def _content(self, title: Title, country: str) -> Node:
        film = title.kind == "film"
        ratings = dict(title.ratings)
        rank = self.index.rank[title.number]
        return {
            "@type": "MovieContent" if film else "ShowContent",
            "@title": title,
            "title": title.name,
            "originalReleaseYear": title.year,
            "originalReleaseDate": f"{title.year:04}-01-01" if title.year else None,
            "runtime": title.runtime_min,
            "shortDescription": title.synopsis,
            "fullPath": self.path(title, country),
            "genres": [_genre(GENRES[each]) for each in title.genres if each in GENRES],
            "externalIds": {
                "@type": "ExternalIds",
                "imdbId": title.imdb_id,
                "tmdbId": str(title.tmdb_id),
            },
            "scoring": {
                "@type": "Scoring",
                "imdbScore": title.audience,
                "imdbVotes": float(title.votes),
                "tmdbPopularity": title.popularity,
                "tmdbScore": title.audience,
                "tomatoMeter": title.critics,
                "certifiedFresh": None if title.critics is None else title.critics >= 75,
                "jwRating": round(1 / (1 + rank / 100), 3),
            },
            "interactions": {
                "@type": "Interactions",
                "likelistAdditions": title.votes // 10,
                "dislikelistAdditions": title.votes // 100,
            },
            "ageCertification": ratings.get(country),
        }

    def _season_content(self, title: Title, season: Season, country: str) -> Node:
        first = season.episodes[0].air_date if season.episodes else None
        day = first.isoformat() if first else f"{season.year:04}-01-01" if season.year else None
        node = self._content(title, country) | {
            "@type": "SeasonContent",
            "title": season.name or f"Season {season.number}",
            "originalReleaseYear": season.year,
            "originalReleaseDate": day,
            "fullPath": f"{self.path(title, country)}/season-{season.number}",
            "seasonNumber": season.number,
        }
        ids = {"imdbId": title.imdb_id, "tmdbId": f"{title.tmdb_id}:{season.number}"}
        node["externalIds"] = node["externalIds"] | ids
        return node

    def path(self, title: Title, country: str) -> str:
        """Where a title's page is."""
        kind = "movie" if title.kind == "film" else "tv-show"
        return f"/{country.lower()}/{kind}/{self.index.slugs[title.number]}"

    def chart(self, title: Title) -> dict[str, Any]:
        """Its place among the popular; it doesn't move."""
        rank = self.index.rank[title.number]
        return {
            "rank": rank,
            "trend": "STABLE",
            "trendDifference": 0,
            "daysInTop3": 7 if rank <= 3 else 0,
            "daysInTop10": 7 if rank <= 10 else 0,
            "daysInTop100": 30 if rank <= 100 else 0,
            "daysInTop1000": 90 if rank <= 1000 else 0,
            "topRank": rank,
            "updatedAt": f"{self.reality.clock.today().isoformat()}T06:00:00Z",
        }


def _genre(words: GenreWords) -> Node:
    return {
        "@type": "Genre",
        "@name": words.name,
        "shortName": words.short,
        "technicalName": words.technical,
    }
