"""What is wrong with a line, piece by piece: words, names, days and what they claim. Pure.

A verdict on a piece looks back as far as it likes, and ahead `context.AHEAD` pieces at the most (a
number is one piece with its unit): so a draft can be judged while it is being written.
"""

from collections.abc import Iterator

from domain.why import numbers
from domain.why.context import (
    AHEAD,
    clause,
    low,
    lows,
    of_liked,
    says_of_both,
    says_of_liked,
    speaker,
)
from domain.why.grounds import Grounds
from domain.why.quantities import Quantity, Unit
from domain.why.refusals import Reason, Refusal
from domain.why.spelling import Token, word_set
from domain.why.turns import is_likened, turns
from domain.why.vocabulary import (
    CLAIMS_NEVER,
    DID,
    FREE,
    LEAVING,
    NEEDS,
    NEGATIONS,
    OTHERS,
    PAST,
    SPOILERS,
    WISHED,
)
from domain.why.words import MONTHS, WEEKDAYS

_WEEKDAYS = frozenset(day.lower() for day in WEEKDAYS)
_MONTHS = frozenset(month.lower() for month in MONTHS)
_FOND = word_set("loved liked enjoyed adored appreciated")
_WILL = word_set("you'll you'd will to would might could may")
_STORIES = word_set("story stories affair affairs triangle letter")
_MILD = word_set("choice pick match fit way yes decision to")
_SPANS = word_set("day evening night")
_NOT_ON = word_set("after since from every each past any")
_CHOSEN = word_set("picked chose named set asked")
_DOWN = word_set("settle settling sit sitting wind winding slow calm")
_PLACES = word_set("service services platform platforms streaming")
_NOTED = word_set("already just also once")
_HARMLESS = {("quiet", "night"), ("quiet", "evening"), ("light", "touch")}
_FIT = word_set("fit fits fitting")
# Who a title shares with another may have acted in it: nobody says who made what.
_BEFORE_PERSON = word_set("and with because since when if that shares sharing share") | {""}
_AFTER_PERSON = word_set("and also is again too in with appears returns") | {""}
_BEFORE_PLATFORM = word_set("on from leaves leaving leave departs of via exits")
_PLAN_CUES = {
    "finish": "finish finishes finished finishing done end ends",
    "start_by": "start starting starts begin begins latest",
    "leaves": "leave leaves leaving goes gone left",
    "until": "until till",
}  # fmt: skip


def faults(
    line: list[Token], counted: list[Quantity], ground: Grounds
) -> Iterator[tuple[int, Refusal]]:
    """All that is wrong, in order, each with the place of its piece."""
    starts = {quantity.start: quantity for quantity in counted}
    inside = {at for quantity in counted for at in range(quantity.start, quantity.end)}
    turned = turns(line, counted, ground)
    names: set[str] = set()
    for at, token in enumerate(line):
        quantity = starts.get(at)
        if quantity is not None:
            reason = _quantity(line, quantity, ground)
        elif at in inside or token.kind == "mark":
            reason = None
        elif token.kind == "name":
            reason = Reason.PLACEHOLDER if token.low in names else _name(line, at, ground)
            names.add(token.low)
        elif token.kind == "word":
            reason = _word(line, at, ground, counted)
        else:
            reason = Reason.NUMBER if token.kind == "number" else None
        if reason is None and token.low not in ground.words:  # a theme says what it says
            reason = turned.get(at)
        if reason is not None:
            yield at, Refusal(reason, token.text)


def is_known(word: str, ground: Grounds) -> bool:
    """Whether a word (in lower case) is one that lines are made of, said here rightly or not."""
    return (
        word in FREE or word in NEEDS or word in ground.words or word in OTHERS
        or word in CLAIMS_NEVER or word in NEGATIONS or word in SPOILERS
        or word in _WEEKDAYS or word in _MONTHS
        or ("-" in word and all(is_known(part, ground) for part in word.split("-")))
    )  # fmt: skip


def _quantity(line: list[Token], found: Quantity, ground: Grounds) -> Reason | None:
    if found.unit is Unit.DAY:
        month = low(line, found.end - 1)
        month = month if month in _MONTHS else low(line, found.start - 1)
        return _day(line, found.start, f"{found.value:g} {month}", ground)
    return None if numbers.is_told(line, found, ground) else Reason.NUMBER


def _name(line: list[Token], at: int, ground: Grounds) -> Reason | None:
    place, before, after = line[at].low, low(line, at - 1), low(line, at + 1)
    before = "" if at == 0 or line[at - 1].kind in ("mark", "quote") else before
    ends = at + 1 == len(line) or line[at + 1].kind in ("mark", "quote")
    owns = not line[at].text.endswith("}")  # and so has made what follows
    if place not in ground.places:
        return Reason.PLACEHOLDER
    if place.startswith("PERSON"):
        told = before in _BEFORE_PERSON and (ends or after in _AFTER_PERSON) and not owns
        if after == "is" and low(line, at + 2) not in ("also", "in", "back", "again"):
            return Reason.CLAIM
        if before == "know" and after == "from":
            told = low(line, at + 2) == "LIKED" and "past" in ground.topics
        return None if told else Reason.CLAIM
    if place == "LIKED" and "pick" in ground.topics:
        return None if is_likened(line, at, ground) else Reason.CLAIM
    if place == "PLATFORM":
        told = before in _BEFORE_PLATFORM or (at == 0 and after in ("has", "keeps"))
        alone = lows(line, at - 2, at) == ["only", "on"]  # and on no other
        return None if told and not alone and not says_of_liked(line, at) else Reason.CLAIM
    return None


def _word(line: list[Token], at: int, ground: Grounds, counted: list[Quantity]) -> Reason | None:
    token = line[at]
    if token.low in _WEEKDAYS or token.low in ("today", "tomorrow"):
        return _day(line, at, token.low, ground)
    if token.low in _MONTHS and (token.low != "may" or (at and token.text == "May")):
        # With the number of a day it is judged there: "December 3".
        dated = any(q.unit is Unit.DAY and q.start == at + 1 for q in counted)
        return None if dated else Reason.DATE
    reason = _meaning(line, at, token.low, ground)
    if reason is not None:
        return reason
    if at and token.text != token.low and token.text.replace("’", "'") != token.low:
        return Reason.NAME
    if len(token.text) > 1 and token.text[1:] != token.text[1:].lower():
        return Reason.NAME
    return _phrase(line, at, ground, counted)


def _meaning(line: list[Token], at: int, word: str, ground: Grounds) -> Reason | None:
    """Whether a word by itself is one that may be said here."""
    if word in SPOILERS:
        return Reason.SPOILER
    if word in ground.words:
        return None
    needed = NEEDS.get(word)
    if needed is not None:
        if not needed.isdisjoint(ground.topics) or _is_mild(line, at, ground):
            return None
        if word in OTHERS and "company" not in needed:
            return Reason.OTHERS
        return Reason.CLAIM
    if word in OTHERS:
        return Reason.OTHERS
    if word in NEGATIONS or word in CLAIMS_NEVER:
        return Reason.CLAIM
    if word in FREE or _is_mild(line, at, ground):
        return None
    if word.endswith("'s") and word[:-2] in NEEDS:
        return _meaning(line, at, word[:-2], ground)
    if "-" in word:
        parts = [_meaning(line, at, part, ground) for part in word.split("-")]
        return next((reason for reason in parts if reason is not None), None)
    return Reason.NAME if at and line[at].text[0].isupper() else Reason.WORD


def _is_mild(line: list[Token], at: int, ground: Grounds) -> bool:
    """Whether a word that could claim something claims nothing here: "you'll love it"."""
    word, before, after = line[at].low, low(line, at - 1), low(line, at + 1)
    if word in ("love", "like"):
        return before in _WILL and after not in _STORIES
    if word == "easy":
        return after in _MILD
    if word == "made":
        return after in ("for", "to")
    if word == "short":
        return after == "enough" and "fits" in ground.topics
    if word == "long":
        return before in ("minute", "minutes", "hour", "hours") or after in _SPANS
    if word == "down":
        return before in _DOWN or after == "your"
    if word == "send":
        return before in _WILL
    if word == "end":
        return before == "to" or after in ("the", "your")
    return (word, after) in _HARMLESS


def _phrase(line: list[Token], at: int, ground: Grounds, counted: list[Quantity]) -> Reason | None:
    """Whether what is said around a word makes it a lie."""
    word, topics = line[at].low, ground.topics
    if "plan" in topics or word in ground.words:
        return None
    before = lows(line, at - 3, at)
    wrong = False
    if word in PAST and not _of_crowd(line, at, ground):
        known = "past" in topics and ("fond" in topics or word not in _FOND or "if" in before)
        known &= "rating" in topics or word not in ("rated", "rating")
        wrong = not known or not of_liked(line, at)
        wrong |= speaker(line, at) in ("critics", "audience")
    elif word in WISHED:
        wrong = ("liked listed" if says_of_liked(line, at) else "on list") not in topics
    elif word in LEAVING - _PLACES:
        seasons = (q for q in counted if q.unit is Unit.SEASON and q.start < at + AHEAD)
        wrong = (
            says_of_liked(line, at)
            or "both" in before
            or ("part leaves" in topics and not any(seasons))
        )
    elif word == "made":
        wrong = low(line, at + 1) == "by"
    elif word in _PLACES:
        wrong = "your" not in before[-2:]
    elif word == "can":
        wrong = "while" in before and "leaving" not in topics
    elif NEEDS.get(word) == {"new"}:
        wrong = says_of_liked(line, at) or low(line, at + 1) in ("on", "to")
    elif word in DID:
        doer = next((said for said in reversed(before) if said not in _NOTED), "")
        wrong = doer in ("you", "you've") and not (word in _CHOSEN and "mood" in topics)
    if word in (WISHED | LEAVING):
        wrong |= says_of_both(line, at)
    if word in ("tonight", "tonight's") and (
        not LEAVING.isdisjoint(clause(line, at)) or "only" in ([*before[-1:], low(line, at + 1)])
    ):
        return None if ground.days.get("leaving") == "today" else Reason.DATE
    if word in ("evening", "time", "night") and before[-1:] in (["your"], ["the"]):
        wrong |= not _FIT.isdisjoint(lows(line, at - 5, at)) and "fits" not in topics
    return Reason.CLAIM if wrong else None


def _of_crowd(line: list[Token], at: int, ground: Grounds) -> bool:
    """Whether critics or viewers are meant: "highly rated by critics"."""
    said = speaker(line, at)
    if line[at].low not in ("rated", "rating", "gave"):
        return False
    if said in ("critics", "audience"):
        return True
    return said == "" and not ground.topics.isdisjoint(("critics", "audience", "votes"))


def _day(line: list[Token], at: int, day: str, ground: Grounds) -> Reason | None:
    """A day must be the sheet's, and be told as what it is: when the title leaves."""
    near = lows(line, 0, at + AHEAD)
    if low(line, at - 1) in _NOT_ON:
        return Reason.DATE
    if "plan" not in ground.topics:
        leaves = ground.days.get("leaving") == day and not LEAVING.isdisjoint(near)
        return None if leaves else Reason.DATE
    cues = {word: role for role, words in _PLAN_CUES.items() for word in words.split()}
    said = next((cues[word] for word in reversed(near[:at]) if word in cues), None)
    said = said or next((cues[word] for word in near[at:] if word in cues), "until")
    roles = ("until", "finish", "leaves") if said == "until" else (said,)
    return None if any(ground.days.get(role) == day for role in roles) else Reason.DATE
