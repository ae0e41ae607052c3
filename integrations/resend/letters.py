"""Letters as Resend wants them: the same letters always give the same bytes. Pure."""

from collections.abc import Sequence
from typing import Any

import orjson

from domain.delivery.values import Email


def body_of(emails: Sequence[Email]) -> bytes:
    """The JSON of one letter, or the array of several.

    Resend compares what comes again under the same key, so nothing here may depend on the moment,
    and the order of the fields stays as it is.
    """
    if len(emails) == 1:
        return orjson.dumps(_letter(emails[0]))
    return orjson.dumps([_letter(each) for each in emails])


def _letter(email: Email) -> dict[str, Any]:
    said: dict[str, Any] = {
        "from": _line(email.sender),
        "to": [_line(email.to)],
        "subject": _line(email.subject),
        "html": _sound(email.html),
        "text": _sound(email.text),
    }
    if email.headers:
        said["headers"] = {_line(name): _line(value) for name, value in email.headers}
    if email.tags:
        said["tags"] = [{"name": name, "value": value} for name, value in email.tags]
    return said


def _line(text: str) -> str:
    """In one line: whatever stands in a title, it begins no further header."""
    return " ".join(_sound(text).split())


def _sound(text: str) -> str:
    """Without halves of characters, which no JSON can hold."""
    return text.encode(errors="replace").decode()
