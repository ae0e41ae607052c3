"""What a sheet gives grounds for: topics that may be claimed, numbers and days that may be told.

Pure. The keys of a sheet's facts are read here and nowhere else. For a pick (`sheet.py` makes it):
kind, mood {name, strength, themes}, like {title, how, genres, people}, watchlist, leaving {when,
platform, seasons}, critics {score}, audience {score}, time {minutes, of, episodes}, new, company
{people, ratings}, genres. For a binge: episodes, filler, episodes_a_day, minutes_a_day, minutes,
days, seasons (numbers); finish, start_by, until, leaves ("24 January", "Friday"), fits (true or
false). A key that isn't known here gives no ground for anything.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from domain.why.values import Sheet

LIKED_FROM = 7  # a rating of theirs from which they liked it
_SHORT_MIN, _LONG_MIN = {"film": 100, "series": 30}, {"film": 140, "series": 55}
_SPARE_MIN = 10  # minutes left of an evening from which there is time to spare
_PLAN_NUMBERS = (
    "episodes", "filler", "skipped", "episodes_a_day", "minutes_a_day", "minutes", "days", "seasons"
)  # fmt: skip
_PLAN_DAYS = ("finish", "start_by", "until", "leaves")


@dataclass(frozen=True, slots=True)
class Grounds:
    """What may be said. topics: see `vocabulary.NEEDS`; words: themes, word by word; numbers: by
    what they are, each with all values that are true; days: "tuesday", "3 december", "today", by
    what happens on them; places: the names there are.
    """

    topics: frozenset[str]
    words: frozenset[str]
    numbers: Mapping[str, frozenset[float]]
    days: Mapping[str, str] = field(default_factory=dict)
    places: frozenset[str] = frozenset()


def grounds(sheet: Sheet) -> Grounds:
    """What a sheet says, for any sheet; what is missing or of a strange shape gives no ground."""
    facts = sheet.facts
    found = _Found()
    if sheet.about == "binge":
        _plan(found, facts)
    else:
        found.topics.add("pick")
        _mood(found, _part(facts, "mood"))
        _like(found, _part(facts, "like"))
        _rest(found, facts)
        _time(found, _part(facts, "time"), str(facts.get("kind")))
    kind = facts.get("kind")
    found.topics |= {kind} if kind in ("film", "series") else set()
    _genres(found, facts.get("genres"))
    places = frozenset(name.strip("{}") for name in sheet.names)
    found.topics |= {"people"} if any(place.startswith("PERSON") for place in places) else set()
    numbers = {role: frozenset(values) for role, values in found.numbers.items()}
    return Grounds(frozenset(found.topics), frozenset(found.words), numbers, found.days, places)


@dataclass(slots=True)
class _Found:
    topics: set[str] = field(default_factory=set)
    words: set[str] = field(default_factory=set)
    numbers: dict[str, set[float]] = field(default_factory=dict)
    days: dict[str, str] = field(default_factory=dict)

    def number(self, role: str, value: Any) -> bool:
        if not isinstance(value, int | float):
            return False
        self.numbers.setdefault(role, set()).add(float(value))
        return True


def _part(facts: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    part = facts.get(key)
    return part if isinstance(part, Mapping) else {}


def _mood(found: _Found, mood: Mapping[str, Any]) -> None:
    if not mood:
        return
    name, themes = mood.get("name", ""), mood.get("themes", ())
    found.topics |= {"mood", f"mood:{name}"}
    found.topics |= {"mood+"} if mood.get("strength") == "thoroughly" else set()
    found.words |= {str(name)}
    found.words |= {word for theme in themes for word in re.split("[ -]", str(theme))}
    found.words |= {str(theme) for theme in themes}


def _like(found: _Found, like: Mapping[str, Any]) -> None:
    if not like:
        return
    found.topics.add("like")
    how = str(like.get("how", ""))
    _genres(found, like.get("genres"))
    if "list" in how:
        found.topics |= {"list", "liked listed"}
        return
    found.topics.add("past")
    rating = re.search(r"\d+", how)
    if rating is not None:
        found.number("rating", int(rating[0]))
        found.topics |= {"rating", "fond"} if int(rating[0]) >= LIKED_FROM else {"rating"}


def _genres(found: _Found, genres: Any) -> None:
    found.topics |= {f"genre:{genre}" for genre in genres or ()}


def _rest(found: _Found, facts: Mapping[str, Any]) -> None:
    found.topics |= {"list", "on list"} if facts.get("watchlist") else set()
    leaving, company = _part(facts, "leaving"), _part(facts, "company")
    if leaving:
        found.topics.add("leaving")
        found.days["leaving"] = str(leaving.get("when", "")).lower()
        seasons = re.findall(r"\d+", str(leaving.get("seasons", "")))
        found.topics |= {"part leaves"} if seasons else set()
        for number in seasons:
            found.number("season", int(number))
    for topic in ("critics", "audience"):
        if found.number(topic, _part(facts, topic).get("score")):
            found.topics.add(topic)
    if found.number("year", facts.get("new")):
        found.topics.add("new")
    if company:
        found.topics.add("company")
        found.number("people", company.get("people"))
        found.topics |= {"votes"} if found.number("votes", company.get("ratings")) else set()


def _time(found: _Found, time: Mapping[str, Any], kind: str) -> None:
    minutes, limit, episodes = time.get("minutes"), time.get("of"), time.get("episodes")
    if not isinstance(minutes, int) or not isinstance(limit, int):
        return
    found.number("minutes", minutes)
    found.number("of", limit)
    found.topics.add("time")
    if found.number("episodes", episodes):
        found.topics.add("episodes")
    taken = minutes * (episodes or 1)
    if taken <= limit:
        found.topics.add("fits")
        found.number("one sitting", 1)
    found.topics |= {"short"} if minutes <= _SHORT_MIN.get(kind, 0) else set()
    found.topics |= {"long"} if minutes >= _LONG_MIN.get(kind, 1_000) else set()
    found.topics |= {"spare"} if taken + _SPARE_MIN <= limit else set()


def _plan(found: _Found, facts: Mapping[str, Any]) -> None:
    found.topics |= {"plan"} | ({"leaving"} if facts.get("leaves") else set())
    fits = facts.get("fits") is not False
    found.topics |= {"fits"} if fits else {"unfit"}
    for key in _PLAN_NUMBERS:
        if found.number(key, facts.get(key)) and key in ("filler", "skipped"):
            found.topics.add("filler")
    for key in _PLAN_DAYS:
        if facts.get(key):
            found.days[key] = str(facts[key]).lower()
