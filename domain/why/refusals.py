"""Why a line that a model wrote is not told. Values only."""

from dataclasses import dataclass
from enum import StrEnum


class Reason(StrEnum):
    """What is wrong with a line."""

    NOT_JSON = "not_json"
    EMPTY = "empty"
    TOO_LONG = "too_long"
    NOT_A_SENTENCE = "not_a_sentence"
    MARKUP = "markup"
    URL = "url"
    PLACEHOLDER = "placeholder"  # of no name that there is, or one for the second time
    NUMBER = "number"
    DATE = "date"
    NAME = "name"
    WORD = "word"  # not of the words that lines are made of
    CLAIM = "claim"  # says what no fact says
    SPOILER = "spoiler"
    OTHERS = "others"  # speaks of people other than the viewer
    LANGUAGE = "language"


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a line is refused. word: the piece of it that is wrong, as it was written; may be ""."""

    reason: Reason
    word: str = ""
