"""A sheet's facts as short notes, each of them true, and a plain line made of two. Pure.

A model that is given facts as JSON has to guess what its numbers are; given notes it only joins
them. The plain line is where it starts from: the smallest models get no further, and are right.
"""

from collections.abc import Callable, Mapping
from typing import Any

from domain.why.values import Sheet

_NEAR = ("today", "tonight", "tomorrow")


def notes(sheet: Sheet) -> list[str]:
    """The notes of a sheet, those that say most first; at least one."""
    told = _PLAN if sheet.about == "binge" else _PICK
    found = [note for tell in told if (note := tell(sheet.facts))]
    return found or [_what(sheet.facts)]


def plain_line(sheet: Sheet) -> str:
    """One sentence out of the first two notes."""
    first, *others = notes(sheet)
    joined = ", and ".join([first, *others[:1]])
    return f"{joined[0].upper()}{joined[1:]}."


def _what(facts: Mapping[str, Any]) -> str:
    """What it is, with the mood it was asked for: "a rather tense thriller"."""
    kind = facts.get("kind", "film")
    mood = facts.get("mood")
    if not mood:
        genre = " ".join(each.replace("-", " ") for each in (facts.get("genres") or ())[:1])
        return _a(f"{genre} {kind}".strip())
    if mood.get("strength") == "a little":
        return f"a {kind} that is a little {mood.get('name')}"
    return _a(f"{mood.get('strength')} {mood.get('name')} {kind}")


def _themes(facts: Mapping[str, Any]) -> str:
    themes = (facts.get("mood") or {}).get("themes") or ()
    return f"its themes are {' and '.join(themes)}" if themes else ""


def _like(facts: Mapping[str, Any]) -> str:
    like = facts.get("like") or {}
    if not like:
        return ""
    how = str(like.get("how", "")).replace("it is", "which is").replace("you ", "which you ", 1)
    people = like.get("people") or ()
    tie = f"it shares {' and '.join(people)} with" if people else "it is close to"
    return f"{tie} {{LIKED}}, {how.replace(' it', '')}"


def _watchlist(facts: Mapping[str, Any]) -> str:
    return "it is on your list" if facts.get("watchlist") else ""


def _leaving(facts: Mapping[str, Any]) -> str:
    leaving = facts.get("leaving") or {}
    if not leaving:
        return ""
    when, what = leaving.get("when"), leaving.get("seasons") or "it"
    where = " on {PLATFORM}" if leaving.get("platform") else ""
    if when in _NEAR:
        whose = "its" if what == "it" else f"{what}'s"
        return f"{when} is {whose} last day{where}"
    stays = "stay" if str(what).startswith("seasons") else "stays"
    return f"{what} {stays}{where} only until {when}"


def _score(facts: Mapping[str, Any]) -> str:
    if critics := facts.get("critics"):
        return f"critics give it {critics.get('score')} of 100"
    audience = facts.get("audience")
    return f"viewers give it {audience.get('score')} of 10" if audience else ""


def _time(facts: Mapping[str, Any]) -> str:
    time = facts.get("time") or {}
    if not time:
        return ""
    if (time.get("episodes") or 1) > 1:
        return f"{time['episodes']} episodes of {time['minutes']} minutes fit your {time['of']}"
    return f"its {time.get('minutes')} minutes fit your {time.get('of')}"


def _new(facts: Mapping[str, Any]) -> str:
    return f"it is from {facts['new']}" if facts.get("new") else ""


def _company(facts: Mapping[str, Any]) -> str:
    company = facts.get("company") or {}
    return f"it is a safe choice for {company.get('people')}" if company else ""


def _episodes(facts: Mapping[str, Any]) -> str:
    count = facts.get("episodes", 0)
    if count == 1:
        return "there is 1 episode to watch"
    left = f", without {facts['filler']} filler episodes" if facts.get("filler", 0) > 1 else ""
    return f"there are {count} episodes to watch{left}"


def _pace(facts: Mapping[str, Any]) -> str:
    if facts.get("episodes_a_day"):
        return f"you watch {facts['episodes_a_day']} episodes a day"
    return f"you watch {facts['minutes_a_day']} minutes a day" if facts.get("minutes_a_day") else ""


def _finish(facts: Mapping[str, Any]) -> str:
    finish = facts.get("finish")
    if not finish:
        return ""
    return f"you finish {finish}" if finish in _NEAR else f"you finish on {finish}"


def _start(facts: Mapping[str, Any]) -> str:
    return f"start by {facts['start_by']} at the latest" if facts.get("start_by") else ""


_PICK: tuple[Callable[[Mapping[str, Any]], str], ...] = (
    _what, _like, _leaving, _watchlist, _score, _time, _themes, _company, _new,
)  # fmt: skip
_PLAN: tuple[Callable[[Mapping[str, Any]], str], ...] = (_episodes, _finish, _pace, _start)


def _a(words: str) -> str:
    return f"{'an' if words[:1] in 'aeiou' else 'a'} {words}"
