"""Titles as TMDB tells them: in lists, in full, by season and episode. Pure."""

import zlib
from collections.abc import Sequence
from datetime import date
from typing import Any

from simulators.words import GENRES, LANGUAGES, TV_GENRE_NAMES, country_name, language_of
from simulators.world import Episode, Offer, Package, Season, Title, World

Json = dict[str, Any]

_BUCKETS = {
    "subscription": "flatrate", "free": "free", "ads": "ads", "rent": "rent", "buy": "buy",
}  # fmt: skip


def path_of(title: Title) -> str:
    """The kind of a title in addresses."""
    return "movie" if title.kind == "film" else "tv"


def genre_list(kind: str) -> list[Json]:
    """All genres of films or series."""
    found: dict[int, str] = {}
    for words in GENRES.values():
        id = words.movie_id if kind == "film" else words.tv_id
        if id is not None:
            found.setdefault(
                id, words.name if kind == "film" else TV_GENRE_NAMES.get(id, words.name)
            )
    return [{"id": id, "name": name} for id, name in sorted(found.items())]


def genre_ids(title: Title) -> list[int]:
    """The genres of a title, those that TMDB has for its kind."""
    words = [GENRES[each] for each in title.genres if each in GENRES]
    ids = [each.movie_id if title.kind == "film" else each.tv_id for each in words]
    return list(dict.fromkeys(id for id in ids if id is not None))


def aired(title: Title) -> str:
    """The first day of a title, as far as it is known; empty where it isn't."""
    days = [each.air_date for season in title.seasons for each in season.episodes if each.air_date]
    if days:
        return min(days).isoformat()
    return f"{title.year:04}-01-01" if title.year else ""


def item(title: Title, *, typed: bool = False) -> Json:
    """A title as lists have it. typed: in a list that mixes kinds."""
    language = language_of(title.countries)
    told: Json = {
        "adult": False,
        "backdrop_path": f"/b{title.number}.jpg",
        "genre_ids": genre_ids(title),
        "id": title.tmdb_id,
        "original_language": language,
        "overview": title.synopsis,
        "popularity": title.popularity,
        "poster_path": f"/p{title.number}.jpg",
        "vote_average": title.audience or 0.0,
        "vote_count": title.votes,
    }
    if title.kind == "film":
        told |= {
            "title": title.name, "original_title": title.name, "release_date": aired(title),
            "video": False,
        }  # fmt: skip
    else:
        told |= {
            "name": title.name, "original_name": title.name, "first_air_date": aired(title),
            "origin_country": list(title.countries),
        }  # fmt: skip
    return told | {"media_type": path_of(title)} if typed else told


def details(title: Title, today: date) -> Json:
    """A title in full."""
    told = item(title)
    names = {each["id"]: each["name"] for each in genre_list(title.kind)}
    language = told["original_language"]
    del told["genre_ids"]
    told |= {
        "genres": [{"id": id, "name": names[id]} for id in genre_ids(title)],
        "homepage": "",
        "origin_country": list(title.countries),
        "production_companies": [],
        "production_countries": [
            {"iso_3166_1": each, "name": country_name(each)} for each in title.countries
        ],
        "spoken_languages": [
            {
                "english_name": LANGUAGES[language],
                "iso_639_1": language,
                "name": LANGUAGES[language],
            }
        ],
        "status": "Released" if title.kind == "film" else "Ended",
        "tagline": "",
    }
    if title.kind == "film":
        return told | {
            "belongs_to_collection": None,
            "budget": 0,
            "imdb_id": title.imdb_id,
            "revenue": 0,
            "runtime": title.runtime_min or 0,
        }
    return told | _series(title, today)


def _series(title: Title, today: date) -> Json:
    episodes = [
        episode(title, season, each) for season in title.seasons for each in season.episodes
    ]
    days = sorted(each["air_date"] for each in episodes if each["air_date"])
    now = today.isoformat()
    past = [each for each in episodes if each["air_date"] and each["air_date"] <= now]
    coming = [each for each in episodes if each["air_date"] and each["air_date"] > now]
    return {
        "created_by": [],
        "episode_run_time": [title.runtime_min] if title.runtime_min else [],
        "in_production": bool(coming),
        "languages": [language_of(title.countries)],
        "last_air_date": days[-1] if days else None,
        "last_episode_to_air": max(past, key=lambda each: each["air_date"], default=None),
        "next_episode_to_air": min(coming, key=lambda each: each["air_date"], default=None),
        "networks": [],
        "number_of_episodes": sum(len(each.episodes) for each in title.seasons if each.number),
        "number_of_seasons": sum(1 for each in title.seasons if each.number),
        "seasons": [_season_item(title, each) for each in title.seasons],
        "status": "Returning Series" if coming else "Ended",
        "type": "Scripted",
    }


def _season_item(title: Title, season: Season) -> Json:
    return {
        "air_date": _season_day(season),
        "episode_count": len(season.episodes),
        "id": _season_id(title, season.number),
        "name": season.name or _season_name(season),
        "overview": "",
        "poster_path": f"/p{title.number}-{season.number}.jpg",
        "season_number": season.number,
        "vote_average": title.audience or 0.0,
    }


def season(title: Title, season: Season) -> Json:
    """A season in full, with its episodes."""
    told = _season_item(title, season)
    del told["episode_count"]
    return told | {
        "_id": f"{_season_id(title, season.number):024x}",
        "episodes": [
            episode(title, season, each) | {"crew": [], "guest_stars": []}
            for each in season.episodes
        ],
        "networks": [],
    }


def episode(title: Title, season: Season, episode: Episode) -> Json:
    """An episode."""
    last = episode.number == len(season.episodes)
    return {
        "air_date": episode.air_date.isoformat() if episode.air_date else None,
        "episode_number": episode.number,
        "episode_type": "finale" if last else "standard",
        "id": _id("episode", title.tmdb_id, season.number, episode.number),
        "name": episode.name,
        "overview": "",
        "production_code": "",
        "runtime": episode.runtime_min,
        "season_number": season.number,
        "show_id": title.tmdb_id,
        "still_path": None,
        "vote_average": 0.0,
        "vote_count": 0,
    }


def providers(
    world: World, title: Title, offers: Sequence[Offer], season: int | None = None
) -> Json:
    """Where a title can be seen, or one season of it, by country and way to pay."""
    priorities = {id: place for place, id in enumerate(sorted(world.packages))}
    results: dict[str, Json] = {}
    for offer in offers:
        bucket = _BUCKETS.get(offer.monetization)
        if bucket is None or (season is not None and offer.season not in (None, season)):
            continue
        link = f"https://www.themoviedb.org/{path_of(title)}/{title.tmdb_id}/watch"
        here = results.setdefault(offer.country, {"link": f"{link}?locale={offer.country}"})
        listed = here.setdefault(bucket, [])
        if all(each["provider_id"] != offer.package for each in listed):
            package = world.packages[offer.package]
            listed.append(provider(package, priorities[package.id]))
    for here in results.values():
        for listed in here.values():
            if isinstance(listed, list):
                listed.sort(key=lambda each: each["display_priority"])
    return {"results": results}


def provider(package: Package, priority: int) -> Json:
    """A service, as TMDB lists it."""
    return {
        "logo_path": f"/logo{package.id}.jpg",
        "provider_id": package.id,
        "provider_name": package.name,
        "display_priority": priority,
    }


def keywords(title: Title) -> Json:
    """Its keywords, under another name for series than for films."""
    told = [{"id": keyword_id(each), "name": each} for each in title.keywords]
    return {"keywords" if title.kind == "film" else "results": told}


def keyword_id(word: str) -> int:
    """The id of a keyword, made from it."""
    return _id("keyword", word)


def release_dates(title: Title) -> Json:
    """When a film came out, with its rating, in each country that rated it."""
    at = f"{aired(title)}T00:00:00.000Z" if aired(title) else ""
    return {
        "results": [
            {
                "iso_3166_1": country,
                "release_dates": [
                    {
                        "certification": rating,
                        "descriptors": [],
                        "iso_639_1": "",
                        "note": "",
                        "release_date": at,
                        "type": 3,
                    }
                ],
            }
            for country, rating in title.ratings
        ]
    }


def content_ratings(title: Title) -> Json:
    """The ratings of a series by country."""
    return {
        "results": [
            {"descriptors": [], "iso_3166_1": country, "rating": rating}
            for country, rating in title.ratings
        ]
    }


def external_ids(title: Title) -> Json:
    """What others call it."""
    told: Json = {"imdb_id": title.imdb_id, "wikidata_id": None, "facebook_id": None}
    return told if title.kind == "film" else told | {"tvdb_id": None, "tvrage_id": None}


def _season_day(season: Season) -> str | None:
    days = [each.air_date for each in season.episodes if each.air_date]
    if days:
        return min(days).isoformat()
    return f"{season.year:04}-01-01" if season.year else None


def _season_name(season: Season) -> str:
    return f"Season {season.number}" if season.number else "Specials"


def _season_id(title: Title, number: int) -> int:
    return _id("season", title.tmdb_id, number)


def _id(*of: object) -> int:
    """A number that is always the same for the same thing."""
    return zlib.crc32(repr(of).encode()) & 0x7FFFFFFF
