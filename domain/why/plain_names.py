"""Which names may stand in a line: strangers chose them. Pure."""

import re
from functools import lru_cache

from domain.titles.names import clean

_LONGEST_NAME, _MOST_WORDS = 100, 14
# What titles are called. What reads like code, an address or an order is not told by its name.
_ODD_NAME = re.compile(
    r"[][{}<>|\\`*_@^~=%$\x00-\x1f\x7f-\x9f\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff"
    r"\ufff0-\uffff\U0001f000-\U0010ffff]|://|\bwww\b|\w\.[^\W\d_]{2,}"
)
_ORDER = re.compile(
    r"\b(?:ignore|disregard|forget|override|instructions?|prompt|system|assistant|respond|repeat|"
    r"output|json|print|jailbreak|developer mode|you are now|answer with|reply)\b",
    re.IGNORECASE,
)


@lru_cache(maxsize=4_096)
def is_plain_name(name: str) -> bool:
    """Whether a name is written as names are: no code, address, order, or sign that isn't seen."""
    return (
        0 < len(name) <= _LONGEST_NAME
        and clean(name) == name
        and len(name.split()) <= _MOST_WORDS
        and _ODD_NAME.search(name) is None
        and _ORDER.search(name) is None
    )
