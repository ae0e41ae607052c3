"""Titles and questions to rank in tests."""

from datetime import date
from typing import Any

from domain.recommendations.values import Candidate, Liked, Question

TODAY = date(2026, 11, 21)


def candidate(title_id: int = 1, **changes: Any) -> Candidate:
    """A middling film, but for the changes."""
    facts: dict[str, Any] = {
        "name": f"Title {title_id}",
        "kind": "film",
        "year": 2015,
        "runtime_min": 105,
        "maturity": 13,
        "genres": ("drama",),
        "appeal": 0.6,
        "critics_score": 70,
        "audience_score": 7.0,
        "audience_votes": 50_000,
        "popularity": 20.0,
        "season_count": 0,
        "episode_count": 0,
        "mood_weight": 0.6,
        "leaves_on": None,
        "on_watchlist": False,
        "moods": (("tense", 0.6),),
    }
    return Candidate(title_id=title_id, **(facts | changes))


def question(**changes: Any) -> Question:
    """Something tense in two hours, alone, but for the changes."""
    asked: dict[str, Any] = {
        "mood": "tense", "time_min": 120, "group_size": 1, "platform_ids": (1,)
    }  # fmt: skip
    return Question(**(asked | changes))


def liked(title_id: int = 100, **changes: Any) -> Liked:
    """A title that was liked, but for the changes."""
    facts: dict[str, Any] = {
        "name": f"Liked {title_id}",
        "weight": 1.0,
        "rating": None,
        "wished": False,
        "genres": ("thriller",),
        "moods": (("tense", 0.8),),
        "people": (),
    }
    return Liked(title_id=title_id, **(facts | changes))
