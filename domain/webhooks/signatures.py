"""Standard Webhooks signatures: that a webhook is from whom we think, whole, and of now.

What is signed is `id.timestamp.body` with HMAC-SHA256. Keys are exchanged without a moment in
which either side is deaf: the receiver knows several, and the sender may sign with several.
"""

import base64
import binascii
import hashlib
import hmac
import re
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

TOLERANCE_S = 300
PREFIX = "whsec_"
SHORTEST_KEY, LONGEST_KEY = 24, 64  # bytes, as Standard Webhooks has them
_HEADERS = ("webhook", "svix")  # the second are the same under the name they had before
_ID = re.compile(r"[!-~]{1,256}")
_TIMESTAMP = re.compile(r"[0-9]{1,12}")
_MOST_SIGNATURES = 10


@dataclass(frozen=True, slots=True)
class Seal:
    """What a webhook's headers say. timestamp: seconds since 1970, as the sender wrote them."""

    webhook_id: str
    timestamp: str
    signatures: tuple[str, ...]


def seal_of(headers: Mapping[str, str]) -> Seal | None:
    """The seal in headers with lower-case names; None where it is missing or has not its form."""
    for name in _HEADERS:
        parts = [headers.get(f"{name}-{part}", "") for part in ("id", "timestamp", "signature")]
        if any(parts):
            webhook_id, timestamp, signatures = parts
            if not (_ID.fullmatch(webhook_id) and _TIMESTAMP.fullmatch(timestamp)):
                return None
            return Seal(webhook_id, timestamp, tuple(signatures.split()[:_MOST_SIGNATURES]))
    return None


def is_genuine(keys: Sequence[bytes], seal: Seal, body: bytes, now: datetime) -> bool:
    """Whether one of the keys made one of the signatures, at most five minutes from `now`."""
    if abs(now.timestamp() - int(seal.timestamp)) > TOLERANCE_S:
        return False
    genuine = False
    for key in keys:
        expected = sign(key, seal.webhook_id, seal.timestamp, body).encode()
        for given in seal.signatures:  # all of them, so that time tells nothing
            genuine |= hmac.compare_digest(expected, given.encode(errors="replace"))
    return genuine


def sign(key: bytes, webhook_id: str, timestamp: str, body: bytes) -> str:
    """The signature of a body, as the header has it: `v1,` and base64."""
    mac = hmac.new(key, f"{webhook_id}.{timestamp}.".encode(), hashlib.sha256)
    mac.update(body)
    return "v1," + base64.b64encode(mac.digest()).decode()


def keys_of(listed: str) -> tuple[bytes, ...]:
    """The keys of `whsec_…` secrets, separated by spaces; raises ValueError for what is none."""
    return tuple(map(_key, listed.split()))


def new_secret() -> str:
    """A secret of 256 random bits."""
    return PREFIX + base64.b64encode(secrets.token_bytes(32)).decode()


def _key(secret: str) -> bytes:
    try:
        encoded = secret.removeprefix(PREFIX).rstrip("=")
        key = base64.b64decode(encoded + "=" * (-len(encoded) % 4), validate=True)
    except (binascii.Error, ValueError):
        key = b""
    if not secret.startswith(PREFIX) or not SHORTEST_KEY <= len(key) <= LONGEST_KEY:
        # Without the secret: this sentence may be printed.
        raise ValueError(
            f"it must be '{PREFIX}' and the base64 of {SHORTEST_KEY} to {LONGEST_KEY} bytes;"
            " several are separated by spaces"
        )
    return key
