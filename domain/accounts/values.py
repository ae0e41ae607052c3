"""What goes in and out of the door: frozen values of sessions and tokens."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Credential:
    """What a session or token proves. id: its own key; ceiling: its profile's, in years.

    seen_at: when it was last used, to the hour; expires_at: None for tokens, which are revoked.
    renewed: this very request moved the end of the session, so the cookie should live longer too.
    """

    id: UUID
    account_id: UUID
    profile_id: UUID
    email: str
    plan: Literal["free", "pro"]
    role: Literal["member", "admin"]
    country: str
    time_zone: str
    ceiling: int
    created_at: datetime
    seen_at: datetime | None
    expires_at: datetime | None
    renewed: bool = False


@dataclass(frozen=True, slots=True)
class Browser:
    """Who stands at the door. presented: the session token it came with, if any."""

    address: str = ""
    user_agent: str = ""
    presented: str | None = None


@dataclass(frozen=True, slots=True)
class Started:
    """A new session. token: for the cookie, and for nothing else."""

    token: str
    session_id: UUID
    account_id: UUID
    profile_id: UUID


@dataclass(frozen=True, slots=True)
class ListedSession:
    """A live session as its household sees it."""

    id: UUID
    profile_id: UUID
    profile_name: str
    user_agent: str
    address: str
    created_at: datetime
    last_seen_at: datetime
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class ListedToken:
    """A live API token as its household sees it. hint: its first characters."""

    id: UUID
    profile_id: UUID
    profile_name: str
    name: str
    hint: str
    created_at: datetime
    last_used_at: datetime | None


@dataclass(frozen=True, slots=True)
class NewToken:
    """A new API token. token: the secret itself, which is never shown again."""

    token: str
    listed: ListedToken
