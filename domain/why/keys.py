"""Where lines, orders and what belongs to them are kept in Valkey. Pure."""

import hashlib
import json
import re
from datetime import date
from uuid import UUID

import orjson

from domain.why import check, prompt
from domain.why.values import Sheet

_ORDER_ID = re.compile(r"[A-Za-z0-9_-]{22,64}")
_LATELY = 3
_ANYONE = "anyone"
_RULES = f"{prompt.VERSION}.{check.VERSION}"


def line_key(
    mark: str, profile_id: UUID | None, title_id: int, mood: str | None, sheet: Sheet, model: str
) -> str:
    """What a line is known by: another one as soon as anything is that it could depend on.

    mark: the digest of what the viewer liked.
    """
    who = str(profile_id or _ANYONE)
    asked = "\n".join((mark, who, str(title_id), mood or "", model, _RULES, ""))
    return _digest(asked.encode(errors="replace") + _written(sheet), 16)


def why_ids(asked: str, mark: str, today: date, title_ids: list[int]) -> list[str]:
    """How clients name the whys of an answer: the same for the same question on the same day.

    asked: the question's fingerprint.
    """
    known = hashlib.blake2b(f"{asked}\n{mark}\n{today}".encode(), digest_size=12)
    ids: list[str] = []
    for title_id in title_ids:
        mine = known.copy()
        mine.update(str(title_id).encode())
        ids.append(f"why_{mine.hexdigest()}")
    return ids


def is_order_id(text: str) -> bool:
    """Whether we could have made it; what clients send is looked for only then."""
    return _ORDER_ID.fullmatch(text) is not None


def line(key: str) -> str:
    """The line itself, once it is settled."""
    return f"why:line:{key}"


def draft(key: str) -> str:
    """What there is of a line that is being written."""
    return f"why:draft:{key}"


def order(order_id: str) -> str:
    """An order."""
    return f"why:order:{order_id}"


def heard(order_id: str) -> str:
    """Is there as long as somebody waits for an order."""
    return f"why:heard:{order_id}"


def latest(profile_id: UUID) -> str:
    """The id of a profile's newest order."""
    return f"why:latest:{profile_id}"


def hand(slot: str) -> str:
    """The order that whoever has a slot is at."""
    return f"why:hand:{slot}"


def lately(profile_id: UUID) -> list[str]:
    """The places in which the last questions of a profile are remembered."""
    return [f"why:lately:{profile_id}:{place}" for place in range(_LATELY)]


def slots(parallel: int) -> list[str]:
    """The leases of which one is needed to ask the model for something."""
    return [f"why:slot:{number}" for number in range(parallel)]


def writing(key: str) -> str:
    """The lease of whoever writes a line."""
    return f"why:line:{key}"


def seed(key: str, attempt: int) -> int:
    """Where a model's chance begins with a line: 31 bits, other ones for each attempt."""
    return int.from_bytes(hashlib.blake2b(f"{key}{attempt}".encode(), digest_size=4).digest()) >> 1


def _written(sheet: Sheet) -> bytes:
    """The same for the same facts and names, in any process."""
    told = (sheet.about, sheet.facts, sheet.names, sheet.language)
    try:
        return orjson.dumps(told, option=orjson.OPT_SORT_KEYS)
    except TypeError:  # half a character, or more than 64 bits: rare, and three times as dear
        return json.dumps(told, sort_keys=True).encode()


def _digest(written: bytes, size: int) -> str:
    return hashlib.blake2b(written, digest_size=size).hexdigest()
