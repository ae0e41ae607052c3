"""Public ids: a type word, an underscore and the key, safe in a URL and the same everywhere.

`title_42` is what GraphQL's `Title.id`, REST's `title_id` and a link in a mail all say.
"""

import re
from uuid import UUID

from domain.errors import DomainError

_PUBLIC_ID = re.compile(r"([a-z]{2,20})_([0-9a-f]{1,32})", re.ASCII)
_LARGEST_KEY = 2**63 - 1


class MalformedId(DomainError):
    """An id that no object of this service can have."""

    code = "MALFORMED_ID"

    def __init__(self, word: str, given: str) -> None:
        super().__init__(f"{given[:60]!r} is not the id of a {word}; ids look like '{word}_42'.")


def encode(word: str, key: int | UUID) -> str:
    """The public id of the row `key` of the type `word`."""
    return f"{word}_{key.hex if isinstance(key, UUID) else key}"


def type_word(public_id: str) -> str | None:
    """The type word that an id starts with, or None where it has not the form of an id."""
    match = _PUBLIC_ID.fullmatch(public_id)
    return match[1] if match else None


def decode_int(word: str, public_id: str) -> int:
    """The integer key in a public id of the type `word`; raises MalformedId."""
    match = _PUBLIC_ID.fullmatch(public_id)
    if not match or match[1] != word or not match[2].isdecimal() or int(match[2]) > _LARGEST_KEY:
        raise MalformedId(word, public_id)
    return int(match[2])


def decode_uuid(word: str, public_id: str) -> UUID:
    """The UUID key in a public id of the type `word`; raises MalformedId."""
    match = _PUBLIC_ID.fullmatch(public_id)
    if not match or match[1] != word or len(match[2]) != 32:
        raise MalformedId(word, public_id)
    return UUID(match[2])
