"""What stands around a piece of a line: who it speaks of, and of which title. Pure."""

from domain.why.spelling import Token, word_set

AHEAD = 4  # pieces that anything looks ahead; what is shown of a draft stays that far behind
_TITLES = ("TITLE", "LIKED")
_LINKS = word_set(
    """
    which that is also already on your from still sits has was a the in been only just waiting
    saved are were both , now there list watchlist
    """
)
_BREAKS = word_set(", : ; – — - it its it's this but and so")
_SPEAKERS = {
    "you": "you", "your": "you", "you've": "you", "you'd": "you",
    "critics": "critics", "critic": "critics", "critics'": "critics", "reviewers": "critics",
    "critical": "critics", "viewers": "audience", "viewers'": "audience", "audiences": "audience",
    "audience": "audience", "people": "audience", "viewer": "audience",
}  # fmt: skip


def low(line: list[Token], at: int) -> str:
    """What a piece says in lower case; "" beyond both ends."""
    return line[at].low if 0 <= at < len(line) else ""


def lows(line: list[Token], start: int, end: int) -> list[str]:
    """What the pieces between two places say."""
    return [token.low for token in line[max(0, start) : max(0, end)]]


def is_name(line: list[Token], at: int, *places: str) -> bool:
    """Whether a piece is the place of one of these names."""
    return 0 <= at < len(line) and line[at].kind == "name" and line[at].low in places


def speaker(line: list[Token], at: int) -> str:
    """Who is said to do what stands at a place: "you", "critics", "audience" or "" (nobody)."""
    for place in range(at - 1, -1, -1):
        if line[place].low in _SPEAKERS and line[place].kind == "word":
            return _SPEAKERS[line[place].low]
    if low(line, at + 1) in ("by", "from"):
        return _SPEAKERS.get(low(line, at + 2), "")
    return ""


def of_liked(line: list[Token], at: int, ahead: int = 3) -> bool:
    """Whether what they did ("rated") was done to the title they liked, and not to the pick."""
    for place in range(at + 1, min(at + 1 + ahead, len(line))):
        if line[place].kind == "mark":
            break
        if is_name(line, place, *_TITLES):
            return line[place].low == "LIKED"
    for place in range(at - 1, -1, -1):
        if is_name(line, place, *_TITLES):
            return line[place].low == "LIKED"
    return False


def says_of_liked(line: list[Token], at: int) -> bool:
    """Whether it is said of the liked title: "{LIKED}, which is on your list"."""
    place = at - 1
    while place >= 0 and line[place].low in _LINKS and line[place].kind != "name":
        place -= 1
    return is_name(line, place, "LIKED")


def counted_of_liked(line: list[Token], at: int) -> bool:
    """Whether a number is told of the liked title: "critics give {LIKED} 87"."""
    for place in range(at - 1, -1, -1):
        if line[place].low in _BREAKS or is_name(line, place, "TITLE"):
            return False
        if is_name(line, place, "LIKED"):
            return True
    return False


def clause(line: list[Token], at: int) -> list[str]:
    """The words before a place, back to the last mark."""
    start = at
    while start > 0 and line[start - 1].kind != "mark":
        start -= 1
    return lows(line, start, at)


def says_of_both(line: list[Token], at: int) -> bool:
    """Whether it is said of two titles at once: "{LIKED} and {TITLE} are on your list"."""
    before = clause(line, at)
    return "LIKED" in before and not {"are", "both", "leave"}.isdisjoint([*before, low(line, at)])
