"""What Resend keeps: emails and what became of them, endpoints, addresses it doesn't write to."""

import random
import uuid
from bisect import bisect_right
from collections import deque
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from simulators.clock import Clock
from simulators.resend.letters import Letter, address_of

TEST_DOMAIN = "resend.dev"

# What becomes of an email, and after how many seconds. An outcome that an address was given
# (`/_sim/outcomes`) or has by its name (bounced@resend.dev).
STORIES: dict[str, tuple[tuple[float, str], ...]] = {
    "delivered": ((0.5, "sent"), (1.5, "delivered")),
    "bounced": ((0.5, "sent"), (1.5, "bounced")),
    "transient": ((0.5, "sent"), (1.5, "bounced")),
    "complained": ((0.5, "sent"), (1.5, "delivered"), (3.0, "complained")),
    "delayed": ((0.5, "sent"), (1.5, "delivery_delayed"), (60.0, "delivered")),
    "failed": ((0.5, "failed"),),
    "suppressed": ((0.5, "suppressed"),),
}


@dataclass(slots=True)
class Email:
    """An email that was taken. story: what becomes of it, and when; more: what people do with it.

    version: counts how often the story was written anew.
    """

    id: str
    team: str
    letter: Letter
    created_at: datetime
    scheduled_at: datetime | None
    outcome: str
    story: list[tuple[datetime, str]] = field(default_factory=list)
    more: list[tuple[datetime, str]] = field(default_factory=list)
    version: int = 0
    canceled: bool = False

    def tell(self) -> None:
        """Write its story anew, from when it is to be sent."""
        self.version += 1
        start = self.scheduled_at or self.created_at
        first = (self.created_at, "scheduled" if self.scheduled_at else "queued")
        rest = [(start + timedelta(seconds=after), event) for after, event in STORIES[self.outcome]]
        self.story = [first, *rest]

    def last_event(self, now: datetime) -> str:
        """What has become of it by now."""
        if self.canceled:
            return "canceled"
        story = sorted([*self.story, *self.more], key=lambda each: each[0])
        place = bisect_right(story, now, key=lambda each: each[0])
        return story[max(place - 1, 0)][1]


@dataclass(slots=True)
class Endpoint:
    """Somebody who wants to hear. secret: whsec_ and base64; attempts: what was tried."""

    id: str
    url: str
    events: tuple[str, ...]
    secret: str = field(repr=False)
    created_at: datetime
    enabled: bool = True
    attempts: deque[dict[str, Any]] = field(default_factory=lambda: deque(maxlen=1_000))


@dataclass(slots=True)
class Key:
    """An API key. permission: 'full_access' | 'sending_access'."""

    team: str = "team"
    permission: str = "full_access"


@dataclass(slots=True)
class Settings:
    """What can be changed while it runs. verified_domains: None for any; quotas: None for none.

    latency_s: how long sending takes, in which the same idempotency key is in progress.
    """

    rps: int = 2
    daily_quota: int | None = None
    monthly_quota: int | None = 50_000
    verified_domains: list[str] | None = None
    own_address: str = "owner@example.com"
    latency_s: float = 0.0


@dataclass(slots=True)
class State:
    """All of it."""

    clock: Clock
    draw: random.Random
    settings: Settings = field(default_factory=Settings)
    keys: dict[str, Key] = field(default_factory=dict)
    emails: dict[str, Email] = field(default_factory=dict)
    endpoints: dict[str, Endpoint] = field(default_factory=dict)
    suppressions: dict[str, dict[str, Any]] = field(default_factory=dict)
    outcomes: dict[str, str] = field(default_factory=dict)
    used: dict[tuple[str, str], int] = field(default_factory=dict)  # of quotas, by team and period

    def uuid(self) -> str:
        """A new one."""
        return str(uuid.UUID(int=self.draw.getrandbits(128), version=4))

    def outcome_for(self, letter: Letter) -> str:
        """What becomes of a letter: the worst of what becomes of it at its recipients."""
        worst = "delivered"
        for recipient in letter.recipients:
            local, _, domain = recipient.partition("@")
            if recipient in self.suppressions:
                found = "suppressed"
            elif domain == TEST_DOMAIN and local.partition("+")[0] in STORIES:
                found = local.partition("+")[0]
            else:
                found = self.outcomes.get(recipient, "delivered")
            worst = found if worst == "delivered" else worst
        return worst

    def take(self, letter: Letter, team: str) -> Email:
        """Keep an email and decide on its story."""
        email = Email(
            self.uuid(), team, letter, self.clock.now(), letter.scheduled_at,
            self.outcome_for(letter),
        )  # fmt: skip
        email.tell()
        self.emails[email.id] = email
        return email

    def suppress(self, address: str, origin: str) -> dict[str, Any] | None:
        """Never write to an address again; None for a test address, which stays as it is."""
        address = address_of(address)
        if not address or address.endswith(f"@{TEST_DOMAIN}"):
            return None
        kept = {
            "object": "suppression",
            "id": self.uuid(),
            "email": address,
            "origin": origin,
            "created_at": self.clock.now().isoformat(),
        }
        return self.suppressions.setdefault(address, kept)
