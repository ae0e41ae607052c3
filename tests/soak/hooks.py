"""Signed webhooks, made by the published recipe of Standard Webhooks and not by our own code."""

import base64
import hashlib
import hmac
import json
import time
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from tests.soak.history import COUNTRY, Told
from tests.soak.people import Stake

SECRET = "whsec_" + base64.b64encode(b"a secret that everybody may know").decode()
_CHANGES = {
    "added": "added", "leaving": "expiring", "date_moved": "expiring", "renewed": "changed",
    "removed": "expired",
}  # fmt: skip
_PICTURES = {"sd": "SD", "hd": "HD", "4k": "_4K"}


def signed(webhook_id: str, body: bytes, secret: str = SECRET) -> Mapping[str, str]:
    """The headers of a delivery that is made now."""
    moment = str(int(time.time()))
    key = base64.b64decode(secret.removeprefix("whsec_"))
    digest = hmac.new(key, f"{webhook_id}.{moment}.".encode() + body, hashlib.sha256).digest()
    return {
        "Content-Type": "application/json",
        "webhook-id": webhook_id,
        "webhook-timestamp": moment,
        "webhook-signature": f"v1,{base64.b64encode(digest).decode()}",
    }


def delivery(changes: Sequence[tuple[Stake, Told]], observed_at: datetime) -> bytes:
    """The body that says so of offers. observed_at: aware."""
    events = [_event(stake, told, observed_at) for stake, told in changes]
    moment = observed_at.isoformat()
    data = {"country": COUNTRY, "events": events}
    return json.dumps({"type": "offer.changed", "timestamp": moment, "data": data}).encode()


def _event(stake: Stake, told: Told, observed_at: datetime) -> dict[str, Any]:
    return {
        "change": _CHANGES[told.kind],
        "node_id": stake.node_id,
        "object_type": "MOVIE" if stake.kind == "film" else "SHOW",
        "package_id": stake.package_id,
        "monetization_type": "FLATRATE",
        "presentation_type": _PICTURES.get(stake.quality),
        "available_to": told.expires_on.isoformat() if told.expires_on else None,
        "observed_at": observed_at.isoformat(),
    }
