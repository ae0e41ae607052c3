"""Why this title: the facts that made it rank, and a sentence that says them. Pure.

The facts are data, so that a language model can phrase them; the template here only joins
what is true. Every number and name in the sentence stands in a fact.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from domain.recommendations.values import Pick, Question

_NOTABLE_QUALITY = 75  # critics from here on are worth a word
_NEAR = 0.22  # kinship from here on is worth a name
_SOON_DAYS = 30
_MANY_VOTES, _GOOD_AUDIENCE = 100_000, 7.0  # from here on a title is a safe choice for many
_MOST_SEASONS = 4  # before counting them says more than naming them
_PARTS = 3  # what a reader takes in at a glance

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August",
          "September", "October", "November", "December")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Fact:
    """One true thing about a pick. kind names it, data holds its values, points its weight."""

    kind: str
    data: Mapping[str, Any]
    points: float


def facts(
    pick: Pick,
    question: Question,
    platforms: Sequence[str],
    people: Mapping[int, str],
    today: date,
) -> tuple[Fact, ...]:
    """What made the pick rank, weightiest first.

    platforms: names of the viewer's platforms that have it; people: names by id.
    """
    title = pick.candidate
    points = {term.name: term.points for term in pick.terms}
    found: list[Fact] = []
    if question.mood is not None and title.mood_weight:
        themes = [theme for theme in _themes(title.mood_reasons) if not _says(theme, question.mood)]
        data = {"mood": question.mood, "weight": title.mood_weight, "themes": themes[:2]}
        found.append(Fact("mood", data, points["mood"]))
    if title.on_watchlist:
        found.append(Fact("watchlist", {}, points.get("watchlist", 0)))
    near = pick.kinship.nearest
    if near is not None and near.title_id != title.title_id and pick.kinship.value >= _NEAR:
        shared = [people[person] for person in pick.kinship.shared_people if person in people]
        genres = [genre for genre in title.genres if genre in near.genres]
        data = {"title": near.name, "wished": near.wished, "rating": near.rating}
        data |= {"people": shared[:2], "genres": genres}
        found.append(Fact("like", data, points.get("history", 0)))
    if title.leaves_on is not None and (title.leaves_on - today).days <= _SOON_DAYS:
        data = {"on": title.leaves_on, "days": (title.leaves_on - today).days}
        found.append(Fact("leaving", data | {"platforms": list(platforms)}, points["leaving"]))
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
    if not found:
        found.append(Fact("genre", {"genres": list(title.genres[:2]), "kind": title.kind}, 0))
    # That a title is new is true of many; it is said where there is little else to say.
    return tuple(sorted(found, key=lambda fact: (fact.kind == "new", -fact.points)))


def sentence(told: Sequence[Fact], kind: str) -> str:
    """One honest sentence out of the weightiest facts; leaving is always among them."""
    chosen = list(told[:_PARTS])
    leaving = next((fact for fact in told if fact.kind == "leaving"), None)
    if leaving is not None and leaving not in chosen:
        chosen[-1] = leaving
    chosen.sort(key=lambda fact: _ORDER.index(fact.kind))
    parts = [_phrase(fact, kind) for fact in chosen]
    # The comma keeps "for six, and 3 episodes" from being read as "six and 3 episodes".
    joined = parts[0] if len(parts) == 1 else ", ".join(parts[:-1]) + ", and " + parts[-1]
    return joined[0].upper() + joined[1:] + "."


_ORDER = ("mood", "genre", "like", "watchlist", "critics", "audience", "new", "company", "time",
          "leaving")  # fmt: skip


def _phrase(fact: Fact, kind: str) -> str:
    data = fact.data
    match fact.kind:
        case "mood":
            themes = f" ({', '.join(data['themes'])})" if data["themes"] else ""
            return f"{_strength(data['weight'])} {data['mood']}{themes}"
        case "watchlist":
            return "it is on your watchlist"
        case "like":
            return _like(data)
        case "leaving":
            return _leaving(data)
        case "critics":
            return f"critics give it {data['score']} of 100"
        case "audience":
            return f"viewers give it {data['score']:.1f} of 10"
        case "time":
            return _time(data)
        case "new":
            return f"it is from {data['year']}"
        case "company":
            return (
                f"{_count(data['votes'])} viewers have rated it, a safe choice for {data['people']}"
            )
        case _:
            genres = " and ".join(genre.replace("-", " ") for genre in data["genres"])
            return (
                f"a {genres} {kind}".replace("  ", " ") if genres else f"a {kind} you can watch now"
            )


def _themes(reasons: Sequence[str]) -> list[str]:
    return [reason.removeprefix("keyword: ") for reason in reasons if reason[:9] == "keyword: "]


def _says(theme: str, mood: str) -> bool:
    """Whether a theme only says the mood again: "humour" for funny, "mind bending"."""
    return theme[:4] == mood[:4] or theme in _SAME.get(mood, ())


# What the rules take for a sign of a mood, but tells a reader nothing that its name doesn't.
_SAME = {
    "cozy": ("cosy", "comfort", "gentle", "heartwarming"),
    "funny": ("humor", "humour", "comedy", "hilarious"),
    "tense": ("suspense", "tension"),
    "scary": ("horror", "creepy", "terrifying"),
    "uplifting": ("feel-good", "feel good", "inspiring"),
    "thrilling": ("thriller", "action-packed"),
    "romantic": ("love", "love story"),
    "easy": ("light", "lighthearted"),
}


def _strength(weight: float) -> str:
    return "thoroughly" if weight >= 0.75 else "rather" if weight >= 0.45 else "a little"


def _like(data: Mapping[str, Any]) -> str:
    rated = f"which you rated {data['rating']}" if data["rating"] else "which you watched"
    tie = "which is on your list" if data["wished"] else rated
    if data["people"]:
        return f"{' and '.join(data['people'])} also made {data['title']}, {tie}"
    return f"it is close to {data['title']}, {tie}"


def _leaving(data: Mapping[str, Any]) -> str:
    where = data["platforms"][0] if len(data["platforms"]) == 1 else "your services"
    days, on = data["days"], data["on"]
    seasons = season_words(data.get("seasons", ()))  # none: all of it leaves
    if days < 2:
        whose = f"the last day of {seasons}" if seasons else "its last day"
        return f"{'tomorrow' if days else 'today'} is {whose} on {where}"
    day = WEEKDAYS[on.weekday()] if days < 7 else f"{on.day} {MONTHS[on.month - 1]}"
    stays = "stay" if len(data.get("seasons", ())) > 1 else "stays"
    return f"{seasons or 'it'} {stays} on {where} only until {day}"


def season_words(numbers: Sequence[int]) -> str:
    """Seasons in order, as people say them: "season 4", "seasons 1 to 3"; nothing for none."""
    if len(numbers) < 2:
        return f"season {numbers[0]}" if numbers else ""
    if len(numbers) > 2 and numbers[-1] - numbers[0] == len(numbers) - 1:
        return f"seasons {numbers[0]} to {numbers[-1]}"
    if len(numbers) > _MOST_SEASONS:
        return f"{len(numbers)} seasons"
    return f"seasons {', '.join(map(str, numbers[:-1]))} and {numbers[-1]}"


def _time(data: Mapping[str, Any]) -> str:
    if data.get("episodes", 1) > 1:
        return f"{data['episodes']} episodes of {data['minutes']} minutes fit your {data['of']}"
    if "episodes" in data:
        return f"an episode of {data['minutes']} minutes fits your {data['of']}"
    return f"its {data['minutes']} minutes fit your {data['of']}"


def _count(number: int) -> str:
    if number >= 1_000_000:
        return f"{number / 1_000_000:.1f} million"
    return f"{round(number, -3):,}" if number >= 1_000 else str(number)
