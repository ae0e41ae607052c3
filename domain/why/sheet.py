"""What a model is told of a title: facts in our words, no name that a stranger chose. Pure."""

import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from domain.why.facts import Fact
from domain.why.plain_names import is_plain_name
from domain.why.spelling import NUMBER_WORDS, word_set
from domain.why.values import Sheet
from domain.why.vocabulary import SPOILERS
from domain.why.words import MONTHS, WEEKDAYS, season_words

_MOST_THEMES, _MOST_PEOPLE = 2, 2
_PLAIN = re.compile(r"[a-z]+(?:[ -][a-z]+){0,3}")
# Themes that are no reason to spend an evening, or are told more gently by a mood.
_UNTOLD = word_set(
    """
    rape suicide torture abuse genocide gore cancer holocaust nazi slavery cannibal incest drug
    drugs miscarriage massacre trafficking sadism sadistic depraved prostitution prostitute
    psychopath alcoholism leukemia dementia alzheimer hospice addict addiction terminal terminally
    loss disfigured satan satanic slaughter crime racism concentration seedy raunchy sex sexual
    nudity porn erotic seduction
    """
)


def sheet_of(facts: Sequence[Fact], kind: str, name: str, today: date) -> Sheet:
    """The sheet of a pick, from its facts. kind: 'film' or 'series'; name: the title's.

    Names become placeholders ({TITLE}, {LIKED}, {PERSON_1}, {PLATFORM}); one that isn't written as
    names are isn't told at all. Days are told as they are called on `today`: weekdays within six
    days, and dates later. A fact of an unknown kind is left out.
    """
    names = {"TITLE": name} if is_plain_name(name) else {}
    told: dict[str, Any] = {"title": "{TITLE}" if names else "", "kind": kind}
    for fact in facts:
        data = fact.data
        match fact.kind:
            case "mood":
                told["mood"] = _mood(data)
            case "watchlist":
                told["watchlist"] = "it is on your list"
            case "like":
                told["like"] = _like(data, names)
            case "leaving":
                told["leaving"] = _leaving(data, names, today)
            case "critics":
                told["critics"] = {"score": data.get("score"), "of": 100}
            case "audience":
                told["audience"] = {"score": round(data.get("score") or 0, 1), "of": 10}
            case "time":
                keys = ("minutes", "of", "episodes")
                told["time"] = {key: data[key] for key in keys if data.get(key)}
            case "new":
                told["new"] = data.get("year")
            case "company":
                told["company"] = _company(data)
            case "genre":
                told["genres"] = _genres(data)
            case _:
                pass
    return Sheet("pick", {key: value for key, value in told.items() if value}, names)


def _mood(data: Mapping[str, Any]) -> dict[str, Any]:
    weight = data.get("weight") or 0
    strength = "thoroughly" if weight >= 0.75 else "rather" if weight >= 0.45 else "a little"
    themes = [theme for theme in data.get("themes") or () if _is_told(str(theme))]
    mood = {"name": data.get("mood"), "strength": strength}
    return mood | ({"themes": themes[:_MOST_THEMES]} if themes else {})


def _is_told(theme: str) -> bool:
    words = re.split("[ -]", theme)
    plain = _PLAIN.fullmatch(theme) is not None and not theme.endswith(" of")
    return plain and (SPOILERS | _UNTOLD | NUMBER_WORDS).isdisjoint(words)


def _like(data: Mapping[str, Any], names: dict[str, str]) -> dict[str, Any]:
    """A title of theirs, where it can be named."""
    liked, genres = str(data.get("title") or ""), _genres(data)
    if not is_plain_name(liked):
        return {}
    names["LIKED"] = liked
    rated = f"you rated it {data['rating']}" if data.get("rating") else "you watched it"
    like: dict[str, Any] = {"title": "{LIKED}"}
    like["how"] = "it is on your list" if data.get("wished") else rated
    people = [person for person in data.get("people") or () if is_plain_name(person)]
    for number, person in enumerate(people[:_MOST_PEOPLE], 1):
        names[f"PERSON_{number}"] = person
        like.setdefault("people", []).append(f"{{PERSON_{number}}}")
    return like | ({"genres": genres} if genres else {})


def _genres(data: Mapping[str, Any]) -> list[str]:
    return [genre for genre in data.get("genres") or () if _PLAIN.fullmatch(genre)]


def _leaving(data: Mapping[str, Any], names: dict[str, str], today: date) -> dict[str, Any]:
    on = data.get("on")
    if not isinstance(on, date) or on < today:
        return {}
    days = (on - today).days
    near = ("today", "tomorrow", *[WEEKDAYS[on.weekday()]] * 5)
    leaving = {"when": near[days] if days < len(near) else f"{on.day} {MONTHS[on.month - 1]}"}
    if data.get("seasons"):
        leaving["seasons"] = season_words(data["seasons"])
    platforms = data.get("platforms") or ()
    if len(platforms) == 1 and is_plain_name(platforms[0]):
        names["PLATFORM"] = platforms[0]
        leaving["platform"] = "{PLATFORM}"
    return leaving


def _company(data: Mapping[str, Any]) -> dict[str, Any]:
    votes = data.get("votes") or 0
    return {"people": data.get("people"), "ratings": round(votes, -3) if votes >= 1_000 else votes}
