"""What Resend tells of its emails: signed, to every endpoint that wants it, until it is taken."""

import base64
import hashlib
import hmac
import json
from datetime import datetime
from functools import partial
from typing import Any

from simulators.courier import Courier
from simulators.resend.letters import address_of
from simulators.resend.state import Email, Endpoint, State

# Seconds after the attempt before: at once, 5 s, 5 min, 30 min, 2 h, 5 h, 10 h, 10 h.
WAITS = (0, 5, 300, 1_800, 7_200, 18_000, 36_000, 36_000)
TYPES = frozenset(
    f"email.{name}"
    for name in (
        "sent", "scheduled", "delivered", "delivery_delayed", "complained", "bounced", "opened",
        "clicked", "received", "failed", "suppressed",
    )
) | {
    "contact.created", "contact.updated", "contact.deleted", "domain.created", "domain.updated",
    "domain.deleted", "suppression.added", "suppression.removed",
}  # fmt: skip


def signature(secret: str, id: str, timestamp: int, body: bytes) -> str:
    """A `v1,...` over id, timestamp and the raw body."""
    key = base64.b64decode(secret.removeprefix("whsec_"))
    told = hmac.new(key, f"{id}.{timestamp}.".encode() + body, hashlib.sha256).digest()
    return f"v1,{base64.b64encode(told).decode()}"


class Events:
    """Tells what happens when it happens, by the pretended clock."""

    def __init__(self, state: State) -> None:
        self._state = state
        self._courier = Courier(state.clock)

    def follow(self, email: Email) -> None:
        """Tell of an email as its story goes on; again after it was put off."""
        for at, event in email.story:
            known = event == "scheduled" and email.version > 1
            if event != "queued" and not known:
                step = partial(self._step, email, email.version, at, event)
                self._courier.at(at.timestamp(), step)

    async def _step(self, email: Email, version: int, at: datetime, event: str) -> None:
        if not email.canceled and email.version == version:
            self.happened(email, event, at)

    def happened(self, email: Email, event: str, at: datetime, extra: Any = None) -> None:
        """Tell of one event of an email. extra: what a click or an opening has to say."""
        said = _data(email, event, extra)
        self.tell({"type": f"email.{event}", "created_at": _stamp(at), "data": said})
        permanent = event == "bounced" and email.outcome != "transient"
        if permanent or event == "complained":
            for recipient in email.letter.to:
                kept = self._state.suppress(recipient, event.removesuffix("d"))
                if kept is not None:
                    self.suppressed(kept, added=True)

    def suppressed(self, kept: dict[str, Any], *, added: bool) -> None:
        """Tell that an address was put on the list, or taken off."""
        data = {key: value for key, value in kept.items() if key != "object"}
        type = f"suppression.{'added' if added else 'removed'}"
        self.tell({"type": type, "created_at": _stamp(self._state.clock.now()), "data": data})

    def tell(self, event: dict[str, Any]) -> None:
        """Send an event to all who want it."""
        body = json.dumps(event, separators=(",", ":")).encode()
        for endpoint in self._state.endpoints.values():
            if endpoint.enabled and event["type"] in endpoint.events:
                first = partial(self._deliver, endpoint, body, f"msg_{self._state.uuid()}")
                self._courier.at(self._state.clock.seconds(), first)

    async def _deliver(self, endpoint: Endpoint, body: bytes, id: str, tried: int = 0) -> None:
        if not endpoint.enabled or endpoint.id not in self._state.endpoints:
            return
        timestamp = int(self._state.clock.seconds())
        headers = {
            "content-type": "application/json",
            "user-agent": "Svix-Webhooks/1.24.0",
            "svix-id": id,
            "svix-timestamp": str(timestamp),
            "svix-signature": signature(endpoint.secret, id, timestamp, body),
        }
        answer = await self._courier.post(endpoint.url, body, headers)
        endpoint.attempts.append(
            {"id": id, "at": timestamp, "status": answer.status, "problem": answer.problem}
        )
        if answer.taken:
            return
        if tried + 1 == len(WAITS):
            endpoint.enabled = False
            return
        again = partial(self._deliver, endpoint, body, id, tried + 1)
        self._courier.at(self._state.clock.seconds() + WAITS[tried + 1], again)


def _stamp(at: datetime) -> str:
    return at.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _data(email: Email, event: str, extra: Any) -> dict[str, Any]:
    letter = email.letter
    said: dict[str, Any] = {
        "broadcast_id": None,
        "created_at": email.created_at.isoformat(),
        "email_id": email.id,
        "from": letter.sender,
        "to": list(letter.to),
        "subject": letter.subject,
        "tags": {tag["name"]: tag["value"] for tag in letter.tags},
    }
    who = address_of(letter.to[0])
    if event == "bounced" and email.outcome == "transient":
        said["bounce"] = {
            "message": "The recipient's mailbox is full.",
            "type": "Transient",
            "subType": "MailboxFull",
            "diagnosticCode": ["smtp; 452 4.2.2 mailbox full"],
        }
    elif event == "bounced":
        said["bounce"] = {
            "message": "The recipient's email provider sent a hard bounce message.",
            "type": "Permanent",
            "subType": "General",
            "diagnosticCode": [f"smtp; 550 5.1.1 <{who}> user unknown"],
        }
    elif event == "suppressed":
        said["suppressed"] = {
            "message": "The recipient's email address is on the suppression list.",
            "type": "OnAccountSuppressionList",
        }
    elif event == "failed":
        said["failed"] = {"reason": "reached_daily_quota"}
    elif event == "clicked":
        said["click"] = {"ipAddress": "192.0.2.1", "userAgent": "Mozilla/5.0", **(extra or {})}
    return said
