"""Whether a line that a model wrote may be told: each of its words, numbers and names. Pure.

What isn't known is refused: the template is good, and a line that is wrong is worse than none.
"""

import json
import re

from domain.titles.names import clean
from domain.why.claims import faults, is_known
from domain.why.context import AHEAD
from domain.why.grounds import grounds
from domain.why.quantities import quantities
from domain.why.refusals import Reason, Refusal
from domain.why.spelling import Token, tokens, word_set
from domain.why.values import Sheet

VERSION = 1
"""Of the rules: a line that was let through by other ones is not told any more."""

MOST_CHARACTERS = 200
_MOST_UNFILLED = 300  # each name once: what is longer, is too long with any names
_LEAST_WORDS = 3
_NO_END = word_set(
    """
    a an the and or but so of from with to into for by as at which who is are was were be its your
    if because since while when how every each another own onto towards
    """
)
_MOST_JSON = 4_000  # characters of an answer that are looked at
_URL = re.compile(r"https?:|www\.|://|@\w|\w\.[A-Za-z]{2,}|\bdot (?:com|net|org|io)\b", re.I)
_PLACE = re.compile(r"\{([A-Z]+(?:_\d)?)\}")
_UNKNOWN, _UNKNOWN_SHARE = 3, 0.4  # so many strange words are another language


def check(line: str, sheet: Sheet) -> Refusal | None:
    """What is wrong with a line (names still as placeholders), or None if it may be told."""
    line = line.strip()
    if not line:
        return Refusal(Reason.EMPTY)
    if len(line) > _MOST_UNFILLED:
        return Refusal(Reason.TOO_LONG)
    pieces = tokens(line)
    refused = _plain(line, pieces) or _whole(line, pieces, sheet)
    if refused is not None:
        return refused
    ground = grounds(sheet)
    first = next(faults(pieces, quantities(pieces), ground), None)
    if first is None:
        return None
    strange = [
        piece for piece in pieces if piece.kind == "word" and not is_known(piece.low, ground)
    ]
    words = sum(piece.kind in ("word", "name", "number") for piece in pieces)
    if len(strange) >= max(_UNKNOWN, _UNKNOWN_SHARE * words):
        return Refusal(Reason.LANGUAGE, strange[0].text)
    return first[1]


def shown(text_so_far: str, sheet: Sheet) -> str | Refusal:
    """How much of a line that is being written may be shown already, with its names.

    Whole words, and never one that a later word could turn into a lie; "" as long as there are
    none. A Refusal as soon as it is certain that the line will be refused.
    """
    text = text_so_far.lstrip()
    whole = text[: text.rfind(" ") + 1].rstrip(" ")
    if not whole:
        return ""
    if len(whole) > _MOST_UNFILLED:
        return Refusal(Reason.TOO_LONG)
    pieces = tokens(whole)
    refused = _plain(whole, pieces) or _one_sentence(pieces)
    if refused is not None:
        return refused
    counted = quantities(pieces)
    solid = max(0, len(pieces) - AHEAD)
    for quantity in counted:
        if quantity.end > len(pieces) - AHEAD:
            solid = min(solid, quantity.start)
    for at, refusal in faults(pieces, counted, grounds(sheet)):
        if at < solid:
            return refusal
    while solid and pieces[solid - 1].kind == "quote":
        solid -= 1
    told = filled(whole[: pieces[solid - 1].end], sheet) if solid else ""
    return told if len(told) <= MOST_CHARACTERS else Refusal(Reason.TOO_LONG)


def filled(line: str, sheet: Sheet) -> str:
    """A line with its names in their places, as people see it.

    Names are cleaned of what isn't shown (controls, marks that turn the direction of reading). A
    placeholder inside a name stays what it is; one that the sheet has no name for as well.
    """
    names = {place.strip("{}"): name for place, name in sheet.names.items()}

    def named(place: re.Match[str]) -> str:
        return clean(names[place[1]]) if place[1] in names else place[0]

    return _PLACE.sub(named, line.strip())


def line_of(json_text: str) -> str | Refusal:
    """The line out of a whole answer, an object with this one string; anything else is refused."""
    try:
        answer = json.loads(json_text[:_MOST_JSON], object_pairs_hook=tuple)
    except (ValueError, RecursionError):
        return Refusal(Reason.NOT_JSON)
    match answer:
        case (("line", str(line)),) if isinstance(answer, tuple):  # an array would be a list
            return line.strip()
        case _:
            return Refusal(Reason.NOT_JSON)


_BEGINNING = re.compile(r'\s*\{\s*"line"\s*:\s*"')
_WRITTEN = re.compile(r'(?:[^"\\\x00-\x1f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*')
_HALF = re.compile(r"\\u[dD][89abAB][0-9a-fA-F]{2}\Z")


def so_far(json_text_so_far: str) -> str | None:
    """The line out of an answer that is still being written; None while it hasn't begun.

    An escape that is cut in half, and the first half of a pair of them, wait for the rest.
    """
    text = json_text_so_far[:_MOST_JSON]
    begins = _BEGINNING.match(text)
    if begins is None:
        return None
    written = _WRITTEN.match(text, begins.end())
    inside = _HALF.sub("", written[0]) if written else ""
    return json.loads(f'"{inside}"')


def _plain(line: str, pieces: list[Token]) -> Refusal | None:
    """Plain text without addresses: nothing that a reader's browser or eyes could be led by."""
    url = _URL.search(line)
    if url is not None:
        return Refusal(Reason.URL, url[0])
    for at, piece in enumerate(pieces):
        if piece.kind == "odd" and piece.text in "\r\n":
            return Refusal(Reason.NOT_A_SENTENCE, piece.text)
        if piece.kind == "brace":
            return Refusal(Reason.PLACEHOLDER, piece.text)
        if piece.kind == "odd" or not _stands_well(pieces, at):
            return Refusal(Reason.MARKUP, piece.text)
    return None


def _stands_well(pieces: list[Token], at: int) -> bool:
    """Whether a piece stands as in plain prose; what may come yet is given the benefit of doubt."""
    piece, last = pieces[at], pieces[at - 1] if at else None
    before, after = pieces[max(0, at - 2) : at], pieces[at + 1 : at + 3]
    if piece.kind == "quote":  # around a name and nowhere else
        opens = [each.kind for each in after] == ["name", "quote"][: len(after)]
        return opens or [each.kind for each in before] == ["quote", "name"]
    if piece.text == "-" and after:
        return piece.glued == after[0].glued
    if last is None or not piece.glued or piece.kind == "mark":
        return True
    return last.kind == "quote" or last.text in ("–", "—", "-")


def _one_sentence(pieces: list[Token]) -> Refusal | None:
    """Begins like one, and the marks that end one stand nowhere but at its end."""
    first = next((piece for piece in pieces if piece.kind != "quote"), pieces[0])
    if first.kind in ("mark", "quote") or (first.kind == "word" and not first.text[0].isupper()):
        return Refusal(Reason.NOT_A_SENTENCE, first.text)
    early = next((piece for piece in pieces[:-1] if piece.text in (".", "!")), None)
    return None if early is None else Refusal(Reason.NOT_A_SENTENCE, early.text)


def _whole(line: str, pieces: list[Token], sheet: Sheet) -> Refusal | None:
    refused = _one_sentence(pieces)
    if refused is None and pieces[-1].text not in (".", "!"):
        return Refusal(Reason.NOT_A_SENTENCE, pieces[-1].text)
    # A mark or "the" before the end was cut off, and two words are no sentence.
    last = pieces[-2] if len(pieces) > _LEAST_WORDS else pieces[-1]
    if refused is None and (last.kind == "mark" or last.low in _NO_END):
        return Refusal(Reason.NOT_A_SENTENCE, last.text)
    if refused is None and len(filled(line, sheet)) > MOST_CHARACTERS:
        return Refusal(Reason.TOO_LONG)
    return refused
