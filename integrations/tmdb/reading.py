"""From what TMDB says of a title to facts in our own words. Pure.

Without its id and its name a title can't be used: Unfit. All else is left out where it can't be
read, and the reason kept.
"""

import re
from collections.abc import Callable, Iterator
from typing import Any, TypeVar

from domain.titles.facts import EpisodeFacts, PersonFacts, SeasonFacts, TitleFacts
from domain.titles.genres import Genre
from integrations.upstreams.fields import (
    Unfit,
    day_or_none,
    decimal,
    listing,
    mapping,
    number,
    number_or_none,
    text,
    text_or_none,
)

_COUNTRY, _IMDB = re.compile(r"[A-Z]{2}"), re.compile(r"tt[0-9]{5,12}")
_LANGUAGE, _IMAGE = re.compile(r"[a-z]{2}"), re.compile(r"/[\w-]{1,80}\.(?:jpg|png|svg|webp)", re.A)
_MOST_REASONS, _MOST_ACTORS = 20, 30
_SYNOPSIS = 10_000
_IN_CINEMAS = (3, 2, 1, 4, 5, 6)  # whose certificate counts first, by the kind of release

_Read = TypeVar("_Read")


class _Items:
    """Reads parts that may be missing or wrong, and keeps the reasons."""

    def __init__(self) -> None:
        self.rejected: list[str] = []

    def reject(self, reason: str) -> None:
        if len(self.rejected) < _MOST_REASONS:
            self.rejected.append(reason)

    def part(self, reader: Callable[[], _Read], otherwise: _Read) -> _Read:
        """What a reader makes of a part, or else what stands for it."""
        try:
            return reader()
        except Unfit as unfit:
            self.reject(str(unfit))
            return otherwise

    def each(self, value: Any, what: str, reader: Callable[[Any], _Read]) -> Iterator[_Read]:
        """What a reader makes of each item of a list that may be missing."""
        if value is None:
            return
        for index, item in enumerate(self.part(lambda: listing(value, f"the list of {what}"), [])):
            try:
                yield reader(item)
            except Unfit as unfit:
                self.reject(f"{what} {index + 1}: {unfit}")

    def inside(self, body: dict[str, Any], part: str, key: str) -> Any:
        """A list inside an appended part, None where there is no such part."""
        if (value := body.get(part)) is None:
            return None
        return self.part(lambda: mapping(value, part), {}).get(key)


def title(value: Any, kind: str, tmdb_id: int) -> TitleFacts:
    """The facts of a film or series that was asked for with what belongs to it appended."""
    body, items, film = mapping(value, "it"), _Items(), kind == "film"
    if number(body.get("id"), "its id", 1) != tmdb_id:
        raise Unfit("it answered about another title")
    votes = items.part(lambda: number_or_none(body.get("vote_count"), "its votes") or 0, 0)
    score = items.part(lambda: decimal(body.get("vote_average"), "its score", 0, 10), 0.0)
    began = body.get("release_date" if film else "first_air_date")
    day = items.part(lambda: day_or_none(began, "its first day"), None)
    external = items.part(lambda: mapping(body.get("external_ids") or {}, "its ids"), {})
    imdb = body.get("imdb_id") or external.get("imdb_id")
    people = _people(body, items)
    return TitleFacts(
        kind=kind,
        tmdb_id=tmdb_id,
        name=text(body.get("title" if film else "name"), "its name"),
        original_name=items.part(lambda: _original(body, film), None),
        imdb_id=_matching(_IMDB, imdb),
        year=day.year if day else None,
        runtime_min=items.part(lambda: _runtime(body, film), None),
        synopsis=items.part(lambda: _words(body.get("overview"), "its overview"), ""),
        language=_matching(_LANGUAGE, body.get("original_language")),
        status=items.part(lambda: text_or_none(body.get("status"), "its status", 40), None),
        genres=_genres(body, items),
        keywords=_keywords(body, items, film),
        countries=_countries(body, items),
        ratings=_ratings(body, items, film),
        audience_score=score if votes else None,  # an average of nothing says nothing
        audience_votes=votes,
        popularity=items.part(lambda: decimal(body.get("popularity"), "its popularity"), 0.0),
        poster=_matching(_IMAGE, body.get("poster_path")),
        adult=body.get("adult") is True,
        seasons=tuple(items.each(body.get("seasons"), "season", _season_in_short)),
        people=people,
        rejected=tuple(items.rejected),
    )


def season(value: Any, ordinal: int) -> SeasonFacts:
    """The facts of a season with its episodes."""
    body, items = mapping(value, "it"), _Items()
    if number(body.get("season_number"), "its number") != ordinal:
        raise Unfit("it answered about another season")
    listing(body.get("episodes"), "its list of episodes")
    found = items.each(body["episodes"], "episode", lambda item: _episode(item, ordinal))
    episodes = {each.number: each for each in found}  # of two with one number the later
    return SeasonFacts(
        number=ordinal,
        name=items.part(lambda: text_or_none(body.get("name"), "its name"), None),
        air_date=items.part(lambda: day_or_none(body.get("air_date"), "its day"), None),
        episode_count=len(episodes),
        episodes=tuple(episodes[each] for each in sorted(episodes)),
        rejected=tuple(items.rejected),
    )


def _episode(value: Any, season_number: int) -> EpisodeFacts:
    body = mapping(value, "it")
    if body.get("season_number", season_number) != season_number:
        raise Unfit("it is of another season")
    return EpisodeFacts(
        season_number=season_number,
        number=number(body.get("episode_number"), "its number", 0, 9_999),
        name=text_or_none(body.get("name"), "its name"),
        synopsis=_words(body.get("overview"), "its overview"),
        runtime_min=number_or_none(body.get("runtime"), "its length", 0, 6_000) or None,
        air_date=day_or_none(body.get("air_date"), "its day"),
    )


def _season_in_short(value: Any) -> SeasonFacts:
    body = mapping(value, "it")
    return SeasonFacts(
        number=number(body.get("season_number"), "its number", 0, 9_999),
        name=text_or_none(body.get("name"), "its name"),
        air_date=day_or_none(body.get("air_date"), "its day"),
        episode_count=number_or_none(body.get("episode_count"), "its episodes", 0, 9_999) or 0,
    )


def _original(body: dict[str, Any], film: bool) -> str | None:
    return text_or_none(body.get("original_title" if film else "original_name"), "its first name")


def _words(value: Any, what: str) -> str:
    return text_or_none(value, what, _SYNOPSIS) or ""


def _runtime(body: dict[str, Any], film: bool) -> int | None:
    told = body.get("runtime")
    if not film:
        usual = listing(body.get("episode_run_time") or [], "its lengths")
        told = usual[0] if usual else None
    return number_or_none(told, "its length", 0, 6_000) or None


def _genres(body: dict[str, Any], items: _Items) -> tuple[Genre, ...]:
    def read(value: Any) -> Genre | None:
        return Genre.from_source(text(mapping(value, "it").get("name"), "its name", 60))

    found = items.each(body.get("genres"), "genre", read)
    return tuple(dict.fromkeys(each for each in found if each))


def _keywords(body: dict[str, Any], items: _Items, film: bool) -> tuple[str, ...]:
    def read(value: Any) -> str:
        return text(mapping(value, "it").get("name"), "its name", 100)

    words = items.inside(body, "keywords", "keywords" if film else "results")
    return tuple(dict.fromkeys(items.each(words, "keyword", read)))


def _countries(body: dict[str, Any], items: _Items) -> tuple[str, ...]:
    def read(value: Any) -> str | None:
        return _matching(_COUNTRY, value)

    found = items.each(body.get("origin_country"), "country", read)
    return tuple(dict.fromkeys(each for each in found if each))


def _ratings(body: dict[str, Any], items: _Items, film: bool) -> tuple[tuple[str, str], ...]:
    part = "release_dates" if film else "content_ratings"
    read = _certificate if film else _rating
    found = items.each(items.inside(body, part, "results"), "rating", read)
    return tuple(sorted({country: rating for country, rating in found if rating}.items()))


def _rating(value: Any) -> tuple[str, str | None]:
    body = mapping(value, "it")
    return _country(body), text_or_none(body.get("rating"), "its rating", 20)


def _certificate(value: Any) -> tuple[str, str | None]:
    body = mapping(value, "it")
    releases = [
        mapping(each, "a release") for each in listing(body.get("release_dates"), "its list")
    ]
    by_type = {
        number_or_none(each.get("type"), "its kind", 1, 6): rating
        for each in releases
        if (rating := text_or_none(each.get("certification"), "its rating", 20))
    }
    best = next((by_type[each] for each in _IN_CINEMAS if each in by_type), None)
    return _country(body), best


def _country(body: dict[str, Any]) -> str:
    code = _matching(_COUNTRY, body.get("iso_3166_1"))
    if code is None:
        raise Unfit("its country is none")
    return code


def _people(body: dict[str, Any], items: _Items) -> tuple[PersonFacts, ...]:
    def person(value: Any, role: str, position: int = 0) -> PersonFacts:
        said = mapping(value, "it")
        return PersonFacts(
            number(said.get("id"), "its id", 1),
            text(said.get("name"), "its name", 200),
            role,
            text_or_none(said.get("character"), "its character", 300) if role == "actor" else None,
            position,
        )

    def actor(value: Any) -> PersonFacts:
        place = number_or_none(mapping(value, "it").get("order"), "its place", 0, 99_999)
        return person(value, "actor", place or 0)

    def director(value: Any) -> PersonFacts | None:
        return person(value, "director") if mapping(value, "it").get("job") == "Director" else None

    actors = sorted(
        items.each(items.inside(body, "credits", "cast"), "actor", actor),
        key=lambda each: each.position,
    )[:_MOST_ACTORS]
    crew = items.each(items.inside(body, "credits", "crew"), "crew member", director)
    creators = items.each(body.get("created_by"), "creator", lambda each: person(each, "creator"))
    everybody = [*creators, *(each for each in crew if each), *actors]
    return tuple({(each.tmdb_id, each.role): each for each in everybody}.values())


def _matching(pattern: re.Pattern[str], value: Any) -> str | None:
    return value if isinstance(value, str) and pattern.fullmatch(value) else None
