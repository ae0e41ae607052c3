"""Too few titles fit: which one constraint to loosen, and what that would bring."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from domain.recommendations import repo
from domain.recommendations.repo import Pool
from domain.recommendations.rules import CROWD
from domain.recommendations.values import Filter, Question, Relaxation

_MOST = 3
# What somebody in one mood might take instead.
KINDRED = {
    "cozy": ("easy", "funny", "uplifting", "nostalgic", "romantic"),
    "funny": ("easy", "cozy", "uplifting"),
    "tense": ("thrilling", "dark", "scary"),
    "dark": ("tense", "thoughtful", "scary"),
    "thoughtful": ("mind-bending", "heartbreaking", "uplifting", "nostalgic"),
    "uplifting": ("cozy", "funny", "romantic"),
    "romantic": ("uplifting", "cozy", "heartbreaking"),
    "thrilling": ("tense", "epic"),
    "scary": ("dark", "tense"),
    "nostalgic": ("cozy", "uplifting", "thoughtful"),
    "mind-bending": ("thoughtful", "tense", "dark"),
    "epic": ("thrilling", "thoughtful"),
    "heartbreaking": ("thoughtful", "romantic", "uplifting"),
    "easy": ("funny", "cozy", "uplifting"),
}


async def relaxations(
    connection: AsyncConnection,
    parameters: Mapping[str, Any],
    question: Question,
    pool: Pool,
) -> tuple[Relaxation, ...]:
    """At most three ways to more titles, the most fruitful first.

    A maturity ceiling is never among them: it is not the viewer's to loosen.
    """
    found: list[Relaxation] = []
    if brings := pool.alone.get(Filter.TIME):
        found.append(await _longer(connection, parameters, question, brings))
    if question.mood is not None and (brings := pool.alone.get(Filter.MOOD)):
        found.append(await _otherwise(connection, parameters, question.mood, brings))
    if other := await repo.other_platform(connection, parameters):
        words = f"Look on {other.name} too"
        if _nothing_here(pool):
            words = f"Your services show nothing in {parameters['country']}; look on {other.name}"
        found.append(
            Relaxation(
                Filter.PLATFORM, words, other.n, platform_id=other.id, platform_slug=other.slug
            )
        )
    for constraint, words in (
        (Filter.AVOIDED_GENRE, "Allow the genres this profile avoids"),
        (Filter.EXCLUDED, "Allow the titles you excluded"),
        (Filter.WATCHED, "Allow what you have watched before"),
    ):
        if brings := pool.alone.get(constraint):
            found.append(Relaxation(constraint, words, brings))
    if brings := pool.alone.get(Filter.COMPANY):
        fewer = CROWD - 1
        words = "Choose as if for fewer people"
        found.append(Relaxation(Filter.COMPANY, words, brings, group_size=fewer))
    found.sort(key=lambda each: -each.would_add)
    return tuple(found[:_MOST])


def _nothing_here(pool: Pool) -> bool:
    """Whether the services have no title to stream in the country at all."""
    outside = {Filter.PLATFORM, Filter.COUNTRY}
    return pool.passing == 0 and not any(name not in outside for name in pool.dropped)


async def _longer(
    connection: AsyncConnection, parameters: Mapping[str, Any], question: Question, brings: int
) -> Relaxation:
    longer = await repo.longer_evening(connection, parameters)
    if longer is None:
        return Relaxation(Filter.TIME, "Leave the time open: some runtimes are not known", brings)
    enough, count = longer
    more = enough - (question.time_min or 0)
    words = f"Take {enough} minutes, {more} more than you said"
    return Relaxation(Filter.TIME, words, count, time_min=enough)


async def _otherwise(
    connection: AsyncConnection, parameters: Mapping[str, Any], mood: str, brings: int
) -> Relaxation:
    other = await repo.other_mood(connection, parameters, KINDRED.get(mood, ()))
    if other is None:
        return Relaxation(Filter.MOOD, "Leave the mood open", brings)
    instead, count = other
    return Relaxation(Filter.MOOD, f"Try {instead} instead of {mood}", count, mood=instead)
