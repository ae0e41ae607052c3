"""Why this title: the facts that made it rank. Pure.

They are data, so that a template or a language model can phrase them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from domain.recommendations.values import Pick, Question
from domain.why.plain_names import is_plain_name

_NOTABLE_QUALITY = 75  # critics from here on are worth a word
_NEAR = 0.22  # kinship from here on is worth a name
_SOON_DAYS = 30
_MANY_VOTES, _GOOD_AUDIENCE = 100_000, 7.0  # from here on a title is a safe choice for many


@dataclass(frozen=True, slots=True)
class Fact:
    """One true thing about a pick. kind names it, data holds its values, points its weight."""

    kind: str
    data: Mapping[str, Any]
    points: float


def facts_of(
    pick: Pick,
    question: Question,
    platforms: Sequence[str],
    people: Mapping[int, str],
    today: date,
) -> tuple[Fact, ...]:
    """What made the pick rank, weightiest first, and at the end what it is: always its genres.

    platforms: names of the viewer's platforms that have it; people: names by id. Names that read
    like an order, code or an address are in no fact.
    """
    title = pick.candidate
    points = {term.name: term.points for term in pick.terms}
    found: list[Fact] = []
    if question.mood is not None and title.mood_weight:
        themes = _themes(title.mood_reasons, question.mood)
        data = {"mood": question.mood, "weight": title.mood_weight, "themes": themes[:2]}
        found.append(Fact("mood", data, points["mood"]))
    if title.on_watchlist:
        found.append(Fact("watchlist", {}, points.get("watchlist", 0)))
    near = pick.kinship.nearest
    if (
        near is not None
        and near.title_id != title.title_id
        and pick.kinship.value >= _NEAR
        and is_plain_name(near.name)
    ):
        shared = [people[person] for person in pick.kinship.shared_people if person in people]
        shared = [person for person in shared if is_plain_name(person)]
        genres = [genre for genre in title.genres if genre in near.genres]
        data = {"title": near.name, "wished": near.wished, "rating": near.rating}
        data |= {"people": shared[:2], "genres": genres}
        found.append(Fact("like", data, points.get("history", 0)))
    if title.leaves_on is not None and (title.leaves_on - today).days <= _SOON_DAYS:
        data = {"on": title.leaves_on, "days": (title.leaves_on - today).days}
        data |= {"platforms": platforms if all(map(is_plain_name, platforms)) else ()}
        found.append(Fact("leaving", data, points["leaving"]))
    if title.critics_score is not None and title.critics_score >= _NOTABLE_QUALITY:
        found.append(Fact("critics", {"score": title.critics_score}, points["quality"]))
    elif title.audience_score is not None and title.audience_score >= _NOTABLE_QUALITY / 10:
        found.append(Fact("audience", {"score": title.audience_score}, points["quality"]))
    if question.time_min is not None and title.runtime_min:
        data = {"minutes": title.runtime_min, "of": question.time_min}
        data |= {"episodes": title.episodes_fit} if title.episodes_fit else {}
        found.append(Fact("time", data, points["time"]))
    if title.year is not None and today.year - title.year <= 1:
        found.append(Fact("new", {"year": title.year}, points["recency"]))
    known = title.audience_votes >= _MANY_VOTES and (title.audience_score or 0) >= _GOOD_AUDIENCE
    if "broad" in points and known:
        data = {"votes": title.audience_votes, "people": question.group_size}
        found.append(Fact("company", data, points["broad"]))
    # That a title is new is true of many; it is said where there is little else to say.
    found.sort(key=lambda fact: (fact.kind == "new", -fact.points))
    return (*found, Fact("genre", {"genres": list(title.genres[:2]), "kind": title.kind}, 0))


def _themes(reasons: Sequence[str], mood: str) -> list[str]:
    """What tells a reader more than the mood: no word that another one has ("haunted house")."""
    found = [reason.removeprefix("keyword: ") for reason in reasons if reason[:9] == "keyword: "]
    telling = [theme for theme in found if not _says(theme, mood) and " s " not in theme]
    return [
        theme
        for place, theme in enumerate(telling)
        if not any(theme[:5] in other for other in telling[:place])
    ]


def _says(theme: str, mood: str) -> bool:
    """Whether a theme only says the mood again: "humour" for funny, "mind bending"."""
    return theme[:4] == mood[:4] or theme in _SAME.get(mood, ())


# What the rules take for a sign of a mood, but tells a reader nothing that its name doesn't.
_SAME = {
    "cozy": ("cosy", "comfort", "gentle", "heartwarming"),
    "funny": ("humor", "humour", "comedy", "hilarious"),
    "tense": ("suspense", "tension", "thriller"),
    "scary": ("horror", "creepy", "terrifying"),
    "uplifting": ("feel-good", "feel good", "inspiring"),
    "thrilling": ("thriller", "action-packed"),
    "romantic": ("love", "love story"),
    "easy": ("light", "lighthearted"),
}
