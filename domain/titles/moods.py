"""Which moods a title is good for, and why: read from its facts by fixed rules, at import time.

Every fact may speak for a mood or against it. What speaks for a mood adds up like independent
chances (two halves make three quarters, and nothing exceeds 1), what speaks against it scales the
sum down, and moods that don't go together scale each other down. The tables are in `mood_rules.py`
and `mood_words.py`; docs/moods.md explains them. Nothing here learns, and nothing is random.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from domain.titles.genres import Genre
from domain.titles.mood_rules import CLASHES, GENRES, RULES, Effects
from domain.titles.mood_signs import INSIDE, signs, split
from domain.titles.mood_words import SIGNS

THIS_YEAR = 2026  # the year the tables were tuned in; an importer passes the clock's
MOST_MOODS, MOST_REASONS = 5, 4
LEAST_WEIGHT = 0.25
KEYWORD, SYNOPSIS = (0.5, 0.24), (0.3, 0.17)  # weights of a strong and of a mild sign


class Mood(StrEnum):
    """What a viewer may be in the mood for. Their order here breaks ties."""

    COZY = "cozy"
    FUNNY = "funny"
    TENSE = "tense"
    DARK = "dark"
    THOUGHTFUL = "thoughtful"
    UPLIFTING = "uplifting"
    ROMANTIC = "romantic"
    THRILLING = "thrilling"
    SCARY = "scary"
    NOSTALGIC = "nostalgic"
    MIND_BENDING = "mind-bending"
    EPIC = "epic"
    HEARTBREAKING = "heartbreaking"
    EASY = "easy"


@dataclass(frozen=True, slots=True)
class TitleFacts:
    """What is known of a title before anybody has watched it.

    runtime_min: minutes, of a series its usual episode's; maturity: the least age in years, None
    where nobody has rated it; audience_score: 0 to 10; keywords: a catalogue's own tags.
    """

    kind: Literal["film", "series"]
    year: int | None
    runtime_min: int | None
    genres: tuple[Genre, ...]
    keywords: tuple[str, ...]
    synopsis: str
    maturity: int | None
    audience_score: float | None


@dataclass(frozen=True, slots=True)
class MoodTag:
    """A mood, how well it fits (0 to 1, three decimals) and up to four reasons, the best first."""

    mood: Mood
    weight: float
    reasons: tuple[str, ...]


def derive(facts: TitleFacts, *, this_year: int = THIS_YEAR) -> tuple[MoodTag, ...]:
    """The moods of a title, the strongest first: at most five, each with a weight of at least 0.25.

    The order of genres and keywords doesn't matter, and any text is accepted. No facts, no moods.
    """
    doubt = [1.0] * len(_MOODS)  # the chance that nothing speaks for a mood
    share = [1.0] * len(_MOODS)  # of the rest, how much stays after all that speaks against it
    why: list[list[_Reason]] = [[] for _ in _MOODS]
    for speaks_for, speaks_against in _voices(facts, this_year):
        for mood, missing, reason in speaks_for:
            doubt[mood] *= missing
            why[mood].append(reason)
        for mood, left in speaks_against:
            share[mood] *= left
    alone = [(1 - missing) * left for missing, left in zip(doubt, share, strict=True)]
    together = alone.copy()
    for strong, weak, weight in _CLASHES:
        together[weak] *= 1 + weight * alone[strong]
    # Rounded before sorting: the last bits of a float are no reason to prefer a mood.
    ranked = sorted((-round(weight, 3), mood) for mood, weight in enumerate(together))
    return tuple(
        MoodTag(_MOODS[mood], -minus, tuple(text for _, text in sorted(why[mood])[:MOST_REASONS]))
        for minus, mood in ranked[:MOST_MOODS]
        if -minus >= LEAST_WEIGHT
    )


# The tables, turned into what the loops above multiply. Moods are positions in `_MOODS`.
_Reason = tuple[float, str]  # minus the weight, so that the strongest sorts first
_For = tuple[tuple[int, float, _Reason], ...]  # mood, 1 - weight, reason
_Against = tuple[tuple[int, float], ...]  # mood, 1 + the negative weight
_Voice = tuple[_For, _Against]


def _voices(facts: TitleFacts, this_year: int) -> Iterator[_Voice]:
    """All that speaks, in an order that depends on what the facts are and not on theirs."""
    genres = frozenset(facts.genres)
    for genre in sorted(genres):
        yield _GENRES[genre]
    age = None if facts.year is None else this_year - facts.year
    for rule, needed, unwanted, voice in _RULES:
        if (
            needed <= genres
            and unwanted.isdisjoint(genres)
            and rule.fits(facts.kind, facts.runtime_min, age, facts.maturity, facts.audience_score)
        ):
            yield voice
    tagged = signs(" | ".join(facts.keywords))
    for sign in sorted(tagged):
        yield _KEYWORDS[sign]
    for sign in sorted(signs(facts.synopsis) - tagged):
        yield _SYNOPSES[sign]


def _voice(reason: str, effects: Effects) -> _Voice:
    moods = [(_MOODS.index(Mood(mood)), weight) for mood, weight in effects.items()]
    return (
        tuple((mood, 1 - weight, (-weight, reason)) for mood, weight in moods if weight > 0),
        tuple((mood, 1 + weight) for mood, weight in moods if weight < 0),
    )


def _sign_voices(source: str, strong: float, mild: float) -> dict[str, _Voice]:
    effects: dict[str, Effects] = {}
    for mood, row in SIGNS.items():
        for weight, cell in ((mild, row.mild), (strong, row.strong)):
            for sign in split(cell):
                effects.setdefault(sign, {})[mood] = weight
    # A phrase stands in for the signs inside it, so it says what they say where it says nothing.
    for phrase, inner in INSIDE.items():
        for sign in sorted(inner):
            effects[phrase] = effects[sign] | effects[phrase]
    return {sign: _voice(f"{source}: {sign}", moods) for sign, moods in effects.items()}


def _genres(names: str) -> frozenset[Genre]:
    return frozenset(map(Genre, names.split()))


_MOODS = tuple(Mood)
_GENRES = {Genre(name): _voice(f"genre: {name}", effects) for name, effects in GENRES.items()}
_RULES = [
    (rule, _genres(rule.genres), _genres(rule.without), _voice(rule.name, rule.effects))
    for rule in RULES
]
_CLASHES = [
    (_MOODS.index(Mood(strong)), _MOODS.index(Mood(weak)), weight)
    for strong, effects in CLASHES.items()
    for weak, weight in effects.items()
]
_KEYWORDS = _sign_voices("keyword", *KEYWORD)
_SYNOPSES = _sign_voices("synopsis", *SYNOPSIS)
