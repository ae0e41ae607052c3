"""Turns of phrase that make a lie out of words which may all be said. Pure.

A verdict stands at the empty group "()" of its pattern, or where the pattern begins. Like all
verdicts it looks back as far as it likes, and ahead `context.AHEAD` pieces at the most.
"""

import re
from bisect import bisect_left

from domain.why.context import clause, low, lows
from domain.why.grounds import Grounds
from domain.why.quantities import Quantity, Unit
from domain.why.refusals import Reason
from domain.why.spelling import Token, word_set

_CROWD = r"(?:critics?|viewers?|audiences?|reviewers?)"
_DAY = r"(?:monday|tuesday|wednesday|thursday|friday|saturday|sunday|today|tomorrow|tonight|#day)"
# How it is read: pieces in lower case with a space between them, names as <TITLE>, and a number
# with its unit as #minutes, #episodes, #day, #bare.
_TURNS: tuple[tuple[Reason, str], ...] = (
    # All of them, always, the only one.
    (Reason.CLAIM, rf"(?:all|every|each|both|always|most) (?:\w+ )?{_CROWD}"),
    (Reason.CLAIM, rf"{_CROWD} (?:can|do|may|will|might|would|should|could|must|always|all)"),
    (Reason.CLAIM, r"always (?:praised|rated|acclaimed|popular)"),
    (Reason.CLAIM, r"(?:the|your) only"),
    (Reason.CLAIM, r"only (?:on|in|from|for) (?!<)"),
    (Reason.CLAIM, r"the one (?!for\b|to\b|you\b|that\b|tonight\b|[^\w<#])"),
    (Reason.CLAIM, r"(?:whole|full|complete|entire) (?:series|show|season|story|family|families)"),
    (Reason.CLAIM, r"(?:small|little|smaller) ones?"),
    # What others did, and what they themselves did or are.
    (
        Reason.CLAIM,
        r"(?:everyone|everybody|friends|group|crowd|#bare) (?:of #bare )?(?:has |have |all )?()"
        r"(?:rated|loved?s?|enjoyed|liked|watched|saw|seen|picked|chose|praised|gave|asked|saved)",
    ),
    (Reason.CLAIM, r"you(?:'ve)? (?:already |always |well )?know (?!<PERSON)"),
    (Reason.CLAIM, r"you(?:'ve)? always"),
    (Reason.CLAIM, r"(?:you're|you are) (?:an?|the|one)"),
    (Reason.CLAIM, r"(?:every|each) (?:evening|night|day|time)"),
    # What was, is no longer so; and what runs it down.
    (Reason.CLAIM, r"(?<!you )(?<!which )(?<!that )(?<!<LIKED> )(?:was|were)"),
    (Reason.CLAIM, r"(?:was|were|had) (?:once |already |also )?(?:on|from|in) your \w*list"),
    (Reason.CLAIM, r"(?:has|have|had|was|were) (?:already |now |just )?(?:gone|left|departed)"),
    (Reason.CLAIM, r"(?<!get )(?<!getting )(?<!yourself )lost"),
    (Reason.CLAIM, r"(?:lose|loses|losing) (?!yourself)"),
    (Reason.CLAIM, r"too (?=\w)"),
    (Reason.CLAIM, r"(?:it|this) more(?= [.,!;:])"),
    (Reason.CLAIM, r"(?:turn|turns|turning|put|puts|putting) (?:it |this |<TITLE> )?(?:off|away)"),
    (Reason.CLAIM, r"press (?!play)"),
    (Reason.CLAIM, r"a crime (?=to\b|[.,!;:])"),
    # Who made it: a person that two titles share may have been in both.
    (Reason.CLAIM, r"(?:makers?|hands?|minds?) (?:behind|of|as|that|who)"),
    # How it comes out.
    (Reason.SPOILER, r"(?:took|taken) place"),
    (Reason.SPOILER, r"(?:turn|turns|turned|turning) out"),
    (Reason.SPOILER, r"ends (?:\w+ly|well|with|in|up|there)"),
    # What leaves, and what a day is told of.
    (Reason.CLAIM, r"(?:leaves?|leaving|departs?|departing|exits?) (?:from )?your \w*list"),
    (
        Reason.CLAIM,
        r"(?<!on )(?<!from )(?<!in )your \w*list (?:ends?|leaves?|expires?|goes|closes|departs?)",
    ),
    (
        Reason.CLAIM,
        r"(?:last|final) (?!(?:chance|days?|evenings?|nights?|call|weekend|hours?|time|moment|until"
        r"|opportunity)\b|[^\w<#])",
    ),
    (Reason.CLAIM, r"(?:returns?|returning|back) (?:soon|later|there)"),
    (
        Reason.DATE,
        rf"(?:leaves?|leaving|departs?|goes|gone|ends) (?:\w+ |<PLATFORM> ){{0,2}}before (){_DAY}",
    ),
    (
        Reason.DATE,
        r"(?:starts?|starting|begins?|beginning|opens?|opening|comes?|coming|returns?|plays|back)"
        rf" (?:\w+ )?(?:on |from |by |until )?(){_DAY}",
    ),
    # Numbers, true ones, in the wrong part.
    (
        Reason.NUMBER,
        r"(?:all|one|whole|entire|full|fills?|takes?|lasts?|needs?) (?:of )?your ()#minutes",
    ),
    (Reason.NUMBER, r"#minutes is all you"),
    (Reason.NUMBER, r"(?:over|up to|more than|past|beyond|nearly|almost|same) ()#minutes"),
    (Reason.NUMBER, r"(?:over|up to|more than|past|beyond|nearly|almost|same) ()#of-10+"),
    (Reason.NUMBER, r"(?:under|above|below|about|around) ()#of-10+"),
    (Reason.NUMBER, r"deserves? (?:an? |your )?()#(?:bare|of-10+)"),
    (Reason.NUMBER, r"#episodes (?:\w+ )?(?:in|takes?) (?:just |only )?()#minutes"),
    (Reason.NUMBER, r"(?:wait|waits|waiting|after|until|before|another) ()#minutes"),
    (
        Reason.NUMBER,
        r"(?:starts?|begins?|leaves?|leaving|goes|gone|ends|expires?|back)"
        r" (?:\w+ |<PLATFORM> ){0,2}in ()#minutes",
    ),
    (
        Reason.NUMBER,
        r"#minutes (?:(?:left|remaining|later|away|early|ago|more|longer|shorter|off)\b"
        r"|to (?:spare|get|go|begin|start|wait|come|left))",
    ),
    (Reason.NUMBER, r"(?:all|its|the|has|each|whole|every) (?:just |only )?(?:of )?()#episodes"),
    (Reason.NUMBER, r"(?<!evening )(?<!night )(?<!sitting )of (?:its |the )?()#episodes"),
    (Reason.NUMBER, r"#serial (?!evening|night|sitting)"),
    (Reason.NUMBER, r"seasons? (?:\w+ ){0,3}()#episodes"),
)  # fmt: skip
# The same, unless there are grounds for it.
_UNLESS: tuple[tuple[str, str], ...] = (
    ("mood", r"you've (?:already |just |also )?(?:chosen|picked)"),
    ("like", r"(?:^|[,;:–—] |(?:and|because|since) )you (?:watch|enjoy)"),
)
_PATTERNS = [(reason, "", pattern) for reason, pattern in _TURNS]
_PATTERNS += [(Reason.CLAIM, topic, pattern) for topic, pattern in _UNLESS]
# Whole pieces, and a look ahead that takes nothing away: one turn may begin inside another.
_READ = [
    (reason, topic, re.compile(rf"(?<![^ ])(?=(?:{pattern})(?:(?<= )|(?![^ ])))"))
    for reason, topic, pattern in _PATTERNS
]

_DID = word_set(
    """
    rated loved enjoyed liked adored watched saw seen appreciated finished gave give gives giving
    like resembles resemble resembling echoes echo echoing recalls recall recalling evokes
    """
)
_NOT_DONE = word_set("again tonight almost often right over together early straight for every with")
_BESIDE = word_set("with in near alongside from for to of")
_STORY = word_set(
    """
    character characters story stories storyline storylines scene scenes world worlds runtime
    length minutes chance rest part parts start most all return returns back up on leads lead
    beginning opening end watch watching see seeing season episode episodes list watchlist
    """
)
_SAID_OF_IT = word_set("which rated already on")


def turns(line: list[Token], counted: list[Quantity], ground: Grounds) -> dict[int, Reason]:
    """The pieces at which such a turn is, with what is wrong there; none for a plan."""
    found: dict[int, Reason] = {}
    if "pick" not in ground.topics:
        return found
    text, places, starts = _as_read(line, counted)
    for reason, topic, pattern in _READ:
        if topic and topic in ground.topics:
            continue
        for match in pattern.finditer(text):
            at = match.start(1) if match.re.groups else match.start()
            found.setdefault(places[bisect_left(starts, at)], reason)
    return found


def is_likened(line: list[Token], at: int, ground: Grounds) -> bool:
    """Whether the liked title at a place is only likened to the pick, or told what they did to it.

    A sheet says nothing else of it: not what it is, how it goes on, or that the pick is better.
    """
    begin, end = at - 1, at + 1
    if low(line, begin) in ('"', "“", "'", "‘"):
        begin -= 1
    if low(line, end) in ('"', "”", "'", "’"):
        end += 1
    before, after, said = low(line, begin), low(line, end), lows(line, begin - 3, begin)
    if begin < 0 or line[begin].kind == "mark":
        behind = after == "," and low(line, end + 1) in _SAID_OF_IT
        return behind or after in ("and", "shares")
    if before in _DID:
        return after not in _NOT_DONE
    if before in _BESIDE:
        return _STORY.isdisjoint(said)
    if before in ("because", "since"):
        return after in ("is", "has", "sits", "waits") and "liked listed" in ground.topics
    match before:
        case "as":
            return "same" in clause(line, begin)
        case "by":
            return "if" in clause(line, begin)
        case "after":
            return begin == 0
        case "and":
            return low(line, begin - 1) in ("TITLE", "this", "it", "both")
        case _:
            return False


def _as_read(line: list[Token], counted: list[Quantity]) -> tuple[str, list[int], list[int]]:
    """The line as patterns read it, the place of each of its pieces, and where those begin."""
    numbers = {quantity.start: quantity for quantity in counted}
    pieces: list[str] = []
    places: list[int] = []
    starts: list[int] = []
    at = begin = 0
    while at < len(line):
        token, number = line[at], numbers.get(at)
        said = _number(line, number) if number else token.low
        pieces.append(f"<{said}>" if token.kind == "name" else said)
        places.append(at)
        starts.append(begin)
        begin += len(pieces[-1]) + 1
        at = number.end if number else at + 1
    return " ".join(pieces), places, starts


def _number(line: list[Token], number: Quantity) -> str:
    one = low(line, number.end - 1) == "episode"
    if one and number.unit is Unit.EPISODES and number.value != 1:
        return "#serial"  # "four-episode", which is said of all of it
    return f"#{number.unit.value.replace(' ', '-')}"
