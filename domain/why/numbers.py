"""Whether a number that a line tells is the sheet's, and counts what it counts there. Pure."""

from domain.why.context import (
    AHEAD,
    clause,
    counted_of_liked,
    low,
    lows,
    of_liked,
    speaker,
)
from domain.why.grounds import Grounds
from domain.why.quantities import Quantity, Unit
from domain.why.spelling import Token, number_at, word_set

_WITHIN = frozenset(("within", "inside", "into", "under"))
_FIT = frozenset(("fit", "fits", "fitting", "squeezes", "squeeze"))
_ITS = frozenset(("its", "at", "runs"))
_THEIRS = (["you", "have"], ["you", "had"], ["available"], ["you've", "got"], ["you", "set"])
_EACH = frozenset(("episode", "episodes", "each", "instalment", "instalments"))
_TOLD = word_set(
    "give gives gave giving rate rates rated rating score scores scored scoring at of a an"
)
_CROWD = frozenset(("viewers", "ratings", "votes", "people"))
_RELEASED = frozenset(("new", "released", "release", "fresh", "out"))
_FOR = frozenset(("for", "all", "with", "your", "of"))
_DAILY = (["a", "day"], ["per", "day"], ["each", "day"], ["every", "day"], ["daily"])


def is_told(line: list[Token], found: Quantity, ground: Grounds) -> bool:
    """Whether the sheet says this number in this part."""
    roles = _plan_roles(line, found) if "plan" in ground.topics else _roles(line, found, ground)
    return any(found.value in ground.numbers.get(role, ()) for role in roles)


def _plan_roles(line: list[Token], found: Quantity) -> tuple[str, ...]:
    after = lows(line, found.end, found.end + 2)
    daily = after in _DAILY or after[:1] in _DAILY
    match found.unit:
        case Unit.MINUTES:
            return ("minutes_a_day",) if daily else ("minutes",)
        case Unit.EPISODES:
            return ("episodes_a_day",) if daily else ("episodes",)
        case Unit.SEASONS | Unit.DAYS:
            return (found.unit.value,)
        case Unit.BARE if daily:
            return ("episodes_a_day",)
        case Unit.BARE if "filler" in after:
            return ("filler", "skipped")
        case _:
            return ()


def _roles(line: list[Token], found: Quantity, ground: Grounds) -> tuple[str, ...]:
    at = found.start
    if found.unit not in (Unit.BARE, Unit.OF_10) and counted_of_liked(line, at):
        return ()
    if "both" in clause(line, at):  # and so of another title as well
        return ()
    match found.unit:
        case Unit.MINUTES:
            return _minutes(line, found, ground)
        case Unit.EPISODES:
            return ("episodes",)
        case Unit.SEASON:
            return ("season",)
        case Unit.OF_100:
            return ("critics",) if _voice(line, found) in ("critics", "") else ()
        case Unit.OF_10:
            return _score(line, found, _voice(line, found) or "audience")
        case Unit.BARE:
            return _bare(line, found)
        case _:
            return ()


def _minutes(line: list[Token], found: Quantity, ground: Grounds) -> tuple[str, ...]:
    """The minutes of the title, or those that they have: "your 120", "within two hours"."""
    before, after = clause(line, found.start), lows(line, found.end, found.end + 3)
    last = low(line, found.start - 1)
    if last in _WITHIN:
        return ("of",) if "fits" in ground.topics else ()
    theirs = "your" in before[-2:] or before[-2:] == ["you", "have"]
    theirs |= any(after[: len(cue)] == cue for cue in _THEIRS)
    if theirs or (last not in _ITS and not _FIT.isdisjoint(before[-4:])):
        return ("of",)
    # Of a series they are those of one episode, which has to be said.
    near = lows(line, 0, found.end + AHEAD)
    return () if "series" in ground.topics and _EACH.isdisjoint(near) else ("minutes",)


def _voice(line: list[Token], found: Quantity) -> str:
    """Who gives a score: "critics give it", "8.1 of 10 from viewers"."""
    if low(line, found.end) in ("from", "by"):
        return speaker(line[found.end - 1 :], 0)
    return speaker(line, found.start)


def _score(line: list[Token], found: Quantity, voice: str) -> tuple[str, ...]:
    if voice != "you":
        return () if counted_of_liked(line, found.start) else (voice,)
    return ("rating",) if of_liked(line, found.end - 1, AHEAD) else ()


def _bare(line: list[Token], found: Quantity) -> tuple[str, ...]:
    before, after = lows(line, found.start - 4, found.start), lows(line, found.end, found.end + 2)
    last, following = low(line, found.start - 1), low(line, found.end)
    if found.value == 1 and following in ("evening", "night", "sitting", "go"):
        return ("one sitting",)
    if following not in ("by", "from") and not _CROWD.isdisjoint(after):
        return ("votes", "people") if following == "people" else ("votes",)
    if 1900 <= found.value <= 2100:
        # "A village in 2026" tells when it happens, and only "new in 2026" when it came out.
        plays = last == "in" and _RELEASED.isdisjoint(before)
        return () if plays or counted_of_liked(line, found.start) else ("year",)
    if last in ("for", "all") or (last == "of" and before[-2:-1] in (["group"], ["party"])):
        return ("people",)
    if after == ["of", "you"] or (following == "friends" and last in _FOR):
        return ("people",)
    if number_at(line, found.end) and "episodes" in lows(line, found.end, found.end + AHEAD):
        return ("episodes",)
    if last == "your" and following not in ("rating", "for", "of"):
        return ("of",)
    if last == "your" or not _TOLD.isdisjoint(before):
        voice = _voice(line, found)
        return _score(line, found, voice) if voice else ()
    return ()
