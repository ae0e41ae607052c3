"""A fact's values as words, ready for its phrases. Pure."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from zlib import crc32

from domain.why import words
from domain.why.facts import Fact
from domain.why.phrases import OPTIONS


@dataclass(frozen=True, slots=True)
class Said:
    """A fact, ready to be said.

    kind: the fact's; phrases: which of the phrases say it; values: what stands in their braces;
    themes: what a mood is about, at most two.
    """

    kind: str
    phrases: str
    values: Mapping[str, str]
    themes: Sequence[str] = ()

    def form(self, form: str) -> str:
        """The fact in one of its forms; the same values choose the same wording."""
        options = OPTIONS[self.phrases, form]
        values = {**self.values, "themes": _THEMES[form](self.themes) if self.themes else ""}
        if len(options) == 1:
            return options[0].format_map(values)
        seed = crc32(" ".join(self.values.values()).encode(errors="replace"))
        return options[seed % len(options)].format_map(values)


def said(fact: Fact, noun: str) -> Said:
    """A fact with its values in words. noun: what the title is, "crime drama"."""
    phrases, values = _VALUES[fact.kind](fact.data)
    themes = [words.theme_words(theme) for theme in fact.data.get("themes", ())]
    return Said(fact.kind, phrases, {**values, "noun": noun, "a_noun": words.a(noun)}, themes)


_Values = tuple[str, dict[str, str]]  # the phrases' name, and what they need


def _mood(data: Mapping[str, Any]) -> _Values:
    weight = data["weight"]
    strength = "high" if weight >= 0.75 else "some" if weight >= 0.45 else "low"
    mood = "easy-going" if data["mood"] == "easy" else data["mood"]  # "rather easy" is about exams
    return f"mood {strength}", {"mood": mood}


def _genre(data: Mapping[str, Any]) -> _Values:
    return "genre" if data["genres"] else "bare", {}


def _like(data: Mapping[str, Any]) -> _Values:
    title, rating = words.short(data["title"]), data["rating"]
    if data["wished"]:
        tie, because = "which is on your list", f"{title} is on your list"
    elif rating:
        tie, because = f"which you rated {rating}", f"you rated {title} {rating}"
    else:
        tie, because = "which you watched", f"you watched {title}"
    values = {"title": title, "tie": tie, "because": because}
    if not data["people"]:
        return "like", values
    return "shared", values | {"people": " and ".join(map(words.short, data["people"]))}


def _leaving(data: Mapping[str, Any]) -> _Values:
    named = data["platforms"]
    seasons = words.season_words(data.get("seasons", ()))  # none: all of it leaves
    part = "seasons" if seasons else "leaving"
    return f"{part} {'last' if data['days'] < 2 else 'later'}", {
        "where": words.short(named[0]) if len(named) == 1 else "your services",
        "day": words.day_words(data["on"], data["days"]),
        "seasons": seasons,
        "stay": "stay" if len(data.get("seasons", ())) > 1 else "stays",
    }


def _time(data: Mapping[str, Any]) -> _Values:
    episodes = data.get("episodes", 0)
    values = {
        "minutes": words.minute_words(data["minutes"]),
        "of": words.evening_words(data["of"]),
        "episodes": words.number_words(episodes),
    }
    part = "film" if not episodes else "episode" if episodes == 1 else "episodes"
    return f"time {part}", values


def _company(data: Mapping[str, Any]) -> _Values:
    people = words.number_words(data["people"])
    return "company", {"people": people, "votes": words.many_words(data["votes"])}


def _score(data: Mapping[str, Any]) -> str:
    return f"{data['score']:.1f}".removesuffix(".0")


_VALUES: Mapping[str, Callable[[Mapping[str, Any]], _Values]] = {
    "mood": _mood,
    "genre": _genre,
    "watchlist": lambda _: ("watchlist", {}),
    "like": _like,
    "leaving": _leaving,
    "critics": lambda data: ("critics", {"score": _score(data)}),
    "audience": lambda data: ("audience", {"score": _score(data)}),
    "time": _time,
    "new": lambda data: ("new", {"year": str(data["year"])}),
    "company": _company,
}

# Themes are words of our keyword tables, of any part of speech: only some joints can take them.
_THEMES: Mapping[str, Callable[[Sequence[str]], str]] = {
    "plain": lambda themes: f" ({', '.join(themes)})",
    "does": lambda themes: f" ({' and '.join(themes)})",
    "that": lambda themes: f" of the {' and '.join(themes)} kind",
    "opens": lambda themes: f" (think {', '.join(themes)})",
    "notes": lambda themes: f" (think {', '.join(themes)})",
    "main": lambda themes: f", filed under {' and '.join(themes)}",
}
