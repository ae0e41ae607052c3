"""Reads for recommendations: what could be shown, what was dropped, what the viewer liked."""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any

import orjson
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.accounts.viewer import Viewer
from domain.db import Record
from domain.recommendations import sql, taste
from domain.recommendations.rules import CROWD, CROWD_MATURITY
from domain.recommendations.values import Candidate, Filter, Liked, Question

_MOST_OF_THE_PAST = 60  # titles to compare with; tastes are told by the recent ones
_MOST_PEOPLE = 60


POOL_FORM = sorted(field.name for field in fields(Candidate))
"""What a stored pool holds: another release's, with other fields, must not be read as ours."""


@dataclass(frozen=True, slots=True)
class Past:
    """What the viewer liked and wishes for. mark: changes whenever any of it does."""

    liked: tuple[Liked, ...]
    mark: str


@dataclass(frozen=True, slots=True)
class Pool:
    """Candidates (50 at most of the `passing` ones) and why the other titles are not in it.

    dropped: titles by the first filter they fail; alone: by the one filter that they fail.
    """

    candidates: tuple[Candidate, ...]
    passing: int
    dropped: Mapping[Filter, int]
    alone: Mapping[Filter, int]


async def position(connection: AsyncConnection) -> int:
    """The position of the last change of availability: 0 where nothing has changed yet."""
    found = await connection.execute(text("SELECT max(position) FROM availability_position"))
    return found.scalar_one() or 0


async def past(
    connection: AsyncConnection, viewer: Viewer, question: Question, now: datetime
) -> Past:
    """The viewer's latest 60 watched, rated and wished titles, and those they just told of."""
    if viewer.profile_id is None and not question.seen:
        return Past((), "none")
    rows = await connection.execute(
        text(sql.PAST),
        {
            "profile": viewer.profile_id,
            "now": now,
            "seen": [seen.title_id for seen in question.seen],
            "seen_ratings": [seen.rating for seen in question.seen],
            "ceiling": viewer.ceiling,
            "most": _MOST_OF_THE_PAST,
        },
    )
    liked: list[Liked] = []
    digest = hashlib.blake2b(digest_size=12)
    for row in rows:
        digest.update(f"{row.id}:{row.rating}:{row.wished}:{row.titles}:{row.events};".encode())
        liked.append(
            Liked(
                row.id,
                row.name,
                taste.LIKED if row.wished else taste.weight_of(row.rating),
                row.rating,
                row.wished,
                tuple(row.genres),
                _moods(row.moods),
                tuple(row.people),
            )
        )
    return Past(tuple(liked), digest.hexdigest())


def constraints(
    viewer: Viewer, avoided: Sequence[str], question: Question, today: date
) -> dict[str, Any]:
    """The parameters of every statement that judges titles."""
    return {
        "profile": viewer.profile_id,
        "country": viewer.country,
        "today": today,
        "platforms": list(question.platform_ids),
        "time_min": question.time_min,
        "mood": question.mood,
        "ceiling": viewer.ceiling,
        "avoided": [] if question.allow_avoided else list(avoided),
        "allow_watched": question.allow_watched,
        "excluded": list(question.excluded),
        "seen": [seen.title_id for seen in question.seen],
        "crowd": question.group_size >= CROWD,
        "crowd_maturity": CROWD_MATURITY,
    }


def leanings(liked: Sequence[Liked]) -> dict[str, Any]:
    """The parameters that say what the viewer likes, for sql.NEARNESS."""
    genres: defaultdict[str, float] = defaultdict(float)
    people: Counter[int] = Counter()
    for title in liked:
        for genre in title.genres:
            genres[genre] += title.weight / len(title.genres)
        if title.weight > 0:
            people.update(title.people)
    best = sorted(genres.items(), key=lambda entry: -entry[1])[: sql.MOST_GENRES]
    favourites = [(genre, weight) for genre, weight in best if weight > 0]
    most = max((weight for _, weight in favourites), default=1.0)
    return {
        "has_past": bool(liked),
        "people": [person for person, _ in people.most_common(_MOST_PEOPLE)],
        "liked_genres": [genre for genre, _ in favourites],
        "liked_weights": [weight / most for _, weight in favourites],
    }


async def pool(
    connection: AsyncConnection, parameters: Mapping[str, Any], liked: Sequence[Liked]
) -> bytes:
    """The pool for some constraints, as JSON, which is also how it is cached; see `read_pool`."""
    row = (
        await connection.execute(
            text(sql.CANDIDATES),
            {**parameters, **leanings(liked)},
        )
    ).one()
    dropped: Counter[str] = Counter()
    alone: Counter[str] = Counter()
    judged = passing = 0
    for verdict, count in (row.verdicts or {}).items():
        fails = int(verdict)
        judged += count
        if not fails:
            passing = count
        for name, bit in sql.BITS.items():
            if fails & -fails == bit:  # the lowest bit: the first filter that was failed
                dropped[name.value] += count
            if fails == bit:
                alone[name.value] = count
    if row.total > judged:
        dropped[Filter.PLATFORM.value] = row.total - judged
    return orjson.dumps(
        {
            "candidates": row.candidates or [],
            "passing": passing,
            "dropped": {name.value: dropped[name] for name in Filter if dropped[name]},
            "alone": alone,
        }
    )


def read_pool(stored: bytes, time_min: int | None) -> Pool:
    """The pool out of the JSON that `pool` made."""
    told = orjson.loads(stored)
    return Pool(
        tuple(candidate(row, time_min) for row in told["candidates"]),
        told["passing"],
        {Filter(name): count for name, count in told["dropped"].items()},
        {Filter(name): count for name, count in told["alone"].items()},
    )


def candidate(row: dict[str, Any], time_min: int | None = None) -> Candidate:
    """A candidate out of the JSON of a row of sql.DETAILED."""
    row["title_id"] = row.pop("id")
    row["genres"] = tuple(row["genres"])
    row["people"] = tuple(row["people"])
    row["moods"] = _moods(row["moods"])
    row["mood_reasons"] = tuple(row["mood_reasons"] or ())
    row["leaves_on"] = row["leaves_on"] and date.fromisoformat(row["leaves_on"])
    series = row["kind"] == "series" and time_min and row["runtime_min"]
    fit = time_min // row["runtime_min"] if series and time_min else None
    if fit and row["episode_count"]:
        fit = min(fit, row["episode_count"])
    return Candidate(**row, episodes_fit=fit)


def _moods(pairs: Sequence[Sequence[Any]] | None) -> tuple[tuple[str, float], ...]:
    return tuple((mood, weight) for mood, weight in pairs or ())


async def longer_evening(
    connection: AsyncConnection, parameters: Mapping[str, Any]
) -> tuple[int, int] | None:
    """The minutes that would let about five more titles in, and how many they would let in."""
    row = (await connection.execute(text(sql.LONGER), parameters)).first()
    return (row.enough, row.n) if row else None


async def other_mood(
    connection: AsyncConnection, parameters: Mapping[str, Any], kindred: Sequence[str]
) -> tuple[str, int] | None:
    """The mood that most titles have which fit but for the mood, and how many; a kindred one
    where there is any."""
    asked = {**parameters, "kindred": list(kindred)}
    row = (await connection.execute(text(sql.OTHER_MOODS), asked)).first()
    return (row.mood, row.n) if row else None


async def other_platform(
    connection: AsyncConnection, parameters: Mapping[str, Any]
) -> Record | None:
    """The platform they don't have with the most titles that fit otherwise: id, slug, name, and
    n, how many."""
    return (await connection.execute(text(sql.OTHER_PLATFORMS), parameters)).first()
