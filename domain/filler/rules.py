"""What to believe of an episode when several speak of it. Pure."""

import math
import re
from collections.abc import Iterable, Mapping

from domain.binge.values import Verdict
from domain.filler.values import VOTES, Belief, Claim
from domain.titles.names import fold

CLEAR = 0.4
"""How far one side has to outweigh the other, or nothing, before an episode may be skipped."""
FEWEST_VOTES = 2
_Z = 1.2816  # the lower end of the interval is right nine times out of ten
_SUREST_VOTES = 0.95
_MOST_NAMED = 4
_PLACES = 4
_LIKES_HALF = 5
_LEAST_LIST, _MORE_BY_LIKES = 0.5, 0.3


def believed(claims: Iterable[Claim]) -> Belief:
    """What all claims of an episode come to, in whatever order they were heard.

    Those who say that it is filler stand against those who say that it belongs ('mixed' does, too).
    A side weighs the more, the more voices agree: 1 - (1-a)(1-b)…; the lists of one person are one
    voice. An episode is filler only where that side is CLEAR ahead. Where neither is, it is
    unknown, and the source names those who disagree. The confidence is how far the winner is ahead.
    """
    said = sorted(claims, key=lambda each: (-each.confidence, each.source))
    filler = [each for each in said if each.verdict is Verdict.FILLER]
    belongs = [each for each in said if each.verdict in (Verdict.CANON, Verdict.MIXED)]
    if not filler and not belongs:
        return Belief()
    ahead = round(_weight(filler) - _weight(belongs), _PLACES)
    if ahead >= CLEAR:
        return Belief(Verdict.FILLER, _names(filler), ahead)
    if not filler or ahead <= -CLEAR:
        return Belief(_kind(belongs), _names(belongs), -ahead)
    if not belongs:  # heard, and not sure enough to skip it
        return Belief(Verdict.UNKNOWN, _names(filler))
    return Belief(Verdict.UNKNOWN, f"{_names(sorted(said, key=_by_name))} disagree", disputed=True)


def of_votes(votes: Mapping[Verdict, int]) -> Claim | None:
    """What the votes of everybody come to; None where they are too few, or as many either way.

    The confidence is the lower end of Wilson's interval for the share of the larger side, so that
    two of two count for less than twenty of twenty.
    """
    canon, mixed = votes.get(Verdict.CANON, 0), votes.get(Verdict.MIXED, 0)
    filler = votes.get(Verdict.FILLER, 0)
    total, larger = canon + mixed + filler, max(canon + mixed, filler)
    if total < FEWEST_VOTES or 2 * larger == total:
        return None
    if filler == larger:
        verdict = Verdict.FILLER
    else:
        verdict = Verdict.CANON if canon > mixed else Verdict.MIXED
    return Claim(VOTES, verdict, round(min(_wilson(larger, total), _SUREST_VOTES), _PLACES))


_SAYS_NOT = re.compile(r"\b(no|non|not|without|free|ohne|sans|minus)\b")
_SAYS = (
    (re.compile(r"\b(mixed|partial|partly)\b"), Verdict.MIXED),
    (re.compile(r"\b(fillers?|skip|skippable)\b"), Verdict.FILLER),
    (re.compile(r"\b(canon|essential)\b"), Verdict.CANON),
)


def verdict_of(name: str) -> Verdict | None:
    """What a list says of its episodes, by its name; None where that can't be told for sure."""
    words = fold(name)
    if _SAYS_NOT.search(words):
        return None
    said = [verdict for word, verdict in _SAYS if word.search(words)]
    # "Canon and filler" lists both. Mixed episodes are often called "mixed canon/filler".
    return said[0] if len(said) == 1 or Verdict.MIXED in said else None


def confidence_of_list(likes: int) -> float:
    """How much a list that somebody keeps is worth: 0.5, up to 0.8 with the likes of others."""
    return round(_LEAST_LIST + _MORE_BY_LIKES * likes / (likes + _LIKES_HALF), _PLACES)


def _weight(claims: Iterable[Claim]) -> float:
    voices: dict[str, float] = {}
    for each in claims:
        voice = each.source.partition("/")[0]  # 'trakt:<user>/<list>': one person is one voice
        voices[voice] = max(voices.get(voice, 0.0), each.confidence)
    return 1.0 - math.prod(1.0 - voices[voice] for voice in sorted(voices))


def _kind(belongs: list[Claim]) -> Verdict:
    canon = _weight(each for each in belongs if each.verdict is Verdict.CANON)
    mixed = _weight(each for each in belongs if each.verdict is Verdict.MIXED)
    return Verdict.CANON if canon > mixed else Verdict.MIXED


def _by_name(claim: Claim) -> str:
    return claim.source


def _names(claims: list[Claim]) -> str:
    names = [each.source for each in claims]
    more = len(names) - _MOST_NAMED
    if more > 0:
        return f"{', '.join(names[:_MOST_NAMED])} and {more} more"
    return ", ".join(names)


def _wilson(larger: int, total: int) -> float:
    share, square = larger / total, _Z * _Z
    middle = share + square / (2 * total)
    spread = _Z * math.sqrt(share * (1 - share) / total + square / (4 * total * total))
    return (middle - spread) / (1 + square / total)
