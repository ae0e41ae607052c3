"""How much somebody would regret that a title has left. Pure.

    regret = liking x how soon it goes x whether something else they pay for still has it

all from 0 to 1. A title that goes from one of their platforms and stays a while on another is lost
twice: a little when it leaves the first, and wholly when it leaves the last.
"""

from domain.recommendations.values import Pick

HALF_AS_PRESSING_DAYS = 7
"""A week away presses half as much as today: people look at their evenings week by week."""
KEPT = 0.1
"""What is left of a regret while they can see it elsewhere: the trouble of looking for it."""

# What these terms say is true of an evening and not of a taste: how soon a title leaves comes in
# by itself, no evening's length is given, and that a title is new makes nobody miss it.
_OF_THE_EVENING = frozenset({"leaving", "time", "recency"})


def liking(pick: Pick) -> float:
    """How likely they like it, 0 to 1: the recommender's score by the terms that are about taste.

    Without a past, wishes or moods they prefer, that is the title's quality alone.
    """
    terms = [term for term in pick.terms if term.name not in _OF_THE_EVENING]
    total = sum(term.weight for term in terms)
    return sum(term.points for term in terms) / total if total else 0.0


def pressing(days_left: int) -> float:
    """How soon it goes: 1 on the last day, a half a week before, and never 0."""
    return HALF_AS_PRESSING_DAYS / (HALF_AS_PRESSING_DAYS + max(0, days_left))


def regret(liked: float, leaves_in: int, lost_in: int | None) -> float:
    """The regret for a title that leaves one platform and sooner or later them all, in days.

    lost_in: when the last of their platforms loses it, None where one of them states no end.
    """
    wholly = pressing(max(leaves_in, lost_in)) if lost_in is not None else 0.0
    return liked * max(wholly, KEPT * pressing(leaves_in))
