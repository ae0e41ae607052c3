"""Who is asking: decided once at the edge and passed down as a value."""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, tzinfo
from typing import Literal
from uuid import UUID
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from domain.accounts.values import Credential
from domain.errors import Forbidden, NotSignedIn

ADULT = 18


@dataclass(frozen=True, slots=True)
class Viewer:
    """A caller. Without an account: anonymous, with the instance's country and time zone.

    via: how they showed who they are; ceiling: the profile's maturity ceiling (least age);
    session_id, token_id: what they came in with; address: where the request came from.
    """

    via: Literal["anonymous", "session", "token"]
    country: str
    time_zone: str
    address: str = ""
    account_id: UUID | None = None
    profile_id: UUID | None = None
    session_id: UUID | None = None
    token_id: UUID | None = None
    email: str | None = None
    plan: Literal["free", "pro"] = "free"
    role: Literal["member", "admin"] = "member"
    ceiling: int = ADULT

    @property
    def signed_in(self) -> bool:
        """Whether an account stands behind the call."""
        return self.account_id is not None

    @classmethod
    def by(cls, via: Literal["session", "token"], known: Credential, address: str) -> "Viewer":
        """Whoever showed a session or a token."""
        return cls(
            via=via,
            country=known.country,
            time_zone=known.time_zone,
            address=address,
            account_id=known.account_id,
            profile_id=known.profile_id,
            session_id=known.id if via == "session" else None,
            token_id=known.id if via == "token" else None,
            email=known.email,
            plan=known.plan,
            role=known.role,
            ceiling=known.ceiling,
        )

    def anonymous(self) -> "Viewer":
        """The same caller after signing out."""
        return Viewer("anonymous", self.country, self.time_zone, self.address)

    def as_profile(self, profile_id: UUID, ceiling: int) -> "Viewer":
        """The same caller as another profile of the household."""
        return replace(self, profile_id=profile_id, ceiling=ceiling)

    def living_in(self, country: str, time_zone: str) -> "Viewer":
        """The same caller in another country or time zone."""
        return replace(self, country=country, time_zone=time_zone)

    def today(self, now: datetime) -> date:
        """The viewer's own day at a moment: the day that 'leaves today' means."""
        try:
            zone: tzinfo = ZoneInfo(self.time_zone)
        except (ZoneInfoNotFoundError, ValueError):
            zone = UTC  # zones come and go; nobody is locked out by that
        return now.astimezone(zone).date()

    def require_profile(self) -> tuple[UUID, UUID]:
        """The account and the profile; raises NotSignedIn."""
        if self.account_id is None or self.profile_id is None:
            raise NotSignedIn
        return self.account_id, self.profile_id

    def require_manager(self) -> tuple[UUID, UUID]:
        """The same for what concerns the whole household; raises Forbidden for a child's profile.

        Otherwise a profile with a ceiling could raise its own, or sign everybody out.
        """
        keys = self.require_profile()
        if self.ceiling < ADULT:
            raise Forbidden("This profile has a maturity limit; use one that has none.")
        return keys

    def require_admin(self) -> UUID:
        """The account of an admin; raises Forbidden for everybody else who is signed in.

        A child's profile of an admin's household is no admin.
        """
        self.require_profile()
        if self.role != "admin":
            raise Forbidden("Only an admin of this instance can do this.")
        account_id, _ = self.require_manager()
        return account_id

    def require_browser_session(self) -> UUID:
        """The session of a browser; raises Forbidden for a token, which may not change the keys."""
        if self.session_id is None:
            if self.signed_in:
                raise Forbidden("An API token can't do this; sign in with the password instead.")
            raise NotSignedIn
        return self.session_id
