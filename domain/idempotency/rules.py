"""Keys that clients choose. Pure."""

import re
from hashlib import sha256

from domain.errors import InvalidInput

LONGEST_KEY = 256
_VISIBLE = re.compile(r"[\x21-\x7e]{1,256}")


def key(given: str, field: str) -> str:
    """A key, which must be 1 to 256 visible ASCII characters."""
    if not _VISIBLE.fullmatch(given):
        raise InvalidInput(
            f"{field} is 1 to {LONGEST_KEY} visible ASCII characters, such as a UUID.", field=field
        )
    return given


def stored(operation: str, given: str) -> str:
    """The form in which a key of an operation is kept: one length, whatever its own."""
    return f"{operation}:{sha256(given.encode()).hexdigest()}"
