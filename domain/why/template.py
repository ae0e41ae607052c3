"""One sentence out of facts. Pure: it only joins what is true, and says nothing else."""

from collections.abc import Mapping, Sequence
from typing import Any

from domain.why.facts import Fact
from domain.why.words import MONTHS, WEEKDAYS, season_words

_PARTS = 3  # what a reader takes in at a glance


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
