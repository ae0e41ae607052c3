"""Sheets that lines are written from, and lines that a model would write, in tests."""

from datetime import date
from typing import Any

from domain.why.facts import Fact
from domain.why.sheet import sheet_of
from domain.why.values import Sheet

TODAY = date(2026, 11, 21)  # a Saturday
FACTS: dict[str, dict[str, Any]] = {
    "mood": {"mood": "tense", "weight": 0.6, "themes": ["heist"]},
    "watchlist": {},
    "like": {
        "title": "Sicario", "wished": False, "rating": 9, "people": ["Denis Villeneuve"],
        "genres": ["thriller", "crime"],
    },
    "leaving": {"on": date(2026, 11, 24), "days": 3, "platforms": ["Netflix"]},
    "critics": {"score": 87},
    "audience": {"score": 8.1},
    "time": {"minutes": 104, "of": 120},
    "new": {"year": 2026},
    "company": {"votes": 251_234, "people": 5},
    "genre": {"genres": ["thriller", "crime"], "kind": "film"},
}  # fmt: skip


def told(*kinds: str, title_kind: str = "film", name: str = "Heat", **changes: Any) -> Sheet:
    """A sheet of these kinds of facts; a changed fact is given by its kind."""
    facts = [
        Fact(kind, {**FACTS[kind], **changes.get(kind, {})}, 1.0) for kind in (*kinds, *changes)
    ]
    return sheet_of(facts, title_kind, name, TODAY)


TENSE = told("mood", "watchlist", "like", "leaving", "critics", "time", "genre")
BARE = told("genre")
SERIES = told(
    "audience",
    title_kind="series",
    name="The Office",
    mood={"mood": "funny", "weight": 0.9, "themes": []},
    time={"minutes": 22, "of": 90, "episodes": 4},
    genre={"genres": ["comedy"], "kind": "series"},
)
COZY = told(
    "new", "company", "critics", "genre",
    mood={"mood": "cozy", "weight": 0.5, "themes": ["village"]},
    genre={"genres": ["family", "animation"], "kind": "film"},
)  # fmt: skip
SCARY = told(
    mood={"mood": "scary", "weight": 0.8, "themes": ["haunted house"]},
    like={"title": "Alien", "wished": True, "rating": None, "people": []},
    leaving={"on": date(2026, 12, 3), "days": 12, "platforms": ["Netflix", "Hulu"]},
    genre={"genres": ["horror"], "kind": "film"},
)
ROMANTIC = told(
    "time",
    mood={"mood": "romantic", "weight": 0.3, "themes": []},
    like={"title": "Amélie", "wished": False, "rating": None, "people": [], "genres": ["romance"]},
    genre={"genres": ["romance", "drama"], "kind": "film"},
)
SHEETS = {
    "tense": TENSE, "bare": BARE, "series": SERIES, "cozy": COZY, "scary": SCARY,
    "romantic": ROMANTIC,
}  # fmt: skip
