"""The questions that a profile has asked lately, as they are remembered in Valkey. Pure."""

import hashlib
from uuid import UUID

import orjson

from domain.recommendations.questions import MOST_MINUTES, MOST_PEOPLE, MOST_PLATFORMS
from domain.recommendations.values import Question
from domain.titles.moods import Mood
from domain.why import keys

KEPT_S = 14 * 24 * 3_600.0

_LARGEST_ID = 2**15 - 1  # a smallint


def remembered(profile_id: UUID, question: Question) -> tuple[str, bytes] | None:
    """Where a question goes, and as what; None for one that won't be asked like this again.

    The place follows from the question: remembering it takes no look at the others, and the same
    question stands there once.
    """
    if question.seen or question.allow_avoided or question.allow_watched:
        return None
    told = (question.mood, question.time_min, question.group_size, question.platform_ids)
    written = orjson.dumps(told)
    places = keys.lately(profile_id)
    drawn = hashlib.blake2b(written, digest_size=2).digest()
    return places[int.from_bytes(drawn) % len(places)], written


def recalled(stored: bytes | None) -> Question | None:
    """The question out of what `remembered` made; None for anything else."""
    try:
        mood, minutes, people, platforms = orjson.loads(stored or b"")
        listed = tuple(platforms)
    except (ValueError, TypeError):
        return None
    fits = (
        (mood is None or (isinstance(mood, str) and mood in set(Mood)))
        and (minutes is None or _is_count(minutes, MOST_MINUTES))
        and _is_count(people, MOST_PEOPLE)
        and 0 < len(listed) <= MOST_PLATFORMS
        and all(_is_count(each, _LARGEST_ID) for each in listed)
    )
    return Question(mood, minutes, people, listed) if fits else None


def _is_count(value: object, most: int) -> bool:
    return type(value) is int and 1 <= value <= most
