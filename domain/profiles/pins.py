"""PINs: what stands between the profiles of one household.

They open their own transactions, so that no connection waits while a PIN is hashed.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select, update
from sqlmodel import col

from domain.accounts import passwords
from domain.accounts.attempts import guess
from domain.accounts.credentials import changing
from domain.accounts.models import Session
from domain.accounts.viewer import Viewer
from domain.db import Database
from domain.errors import NotFound, NotSignedIn
from domain.ports import Cache, Limiter
from domain.profiles import repo, rules
from domain.profiles.errors import PinRequired, WrongPin
from domain.profiles.models import Profile


@dataclass(frozen=True, slots=True)
class Pins:
    """Opens profiles. failures: wrong PINs a minute for one profile."""

    database: Database
    cache: Cache
    limiter: Limiter
    failures: int = 5

    async def select_profile(
        self, viewer: Viewer, profile_id: UUID, pin: str | None, now: datetime
    ) -> Profile:
        """Go on as another profile of the household, in this session and until told otherwise.

        Raises NotSignedIn, Forbidden for tokens, NotFound, PinRequired, WrongPin, and
        TooManyRequests after five wrong PINs in a minute.
        """
        session_id = viewer.require_browser_session()
        account_id, own = viewer.require_profile()
        stored = await self._pin_hash(account_id, profile_id)
        if stored is not None and profile_id != own:
            if pin is None:
                raise PinRequired
            # No PIN is longer; and what isn't text that UTF-8 can hold is none at all.
            typed = pin if pin.isascii() and len(pin) <= rules.LONGEST_PIN else None
            limits = {f"pin:{profile_id}": self.failures}
            if not await guess(self.limiter, limits, lambda: passwords.matches(stored, typed)):
                raise WrongPin
        async with changing(self.database, self.cache, account_id) as session:
            profile = repo.member(await repo.lock_household(session, account_id), profile_id)
            if profile.pin_hash != stored and profile_id != own:
                raise PinRequired  # it was changed while we looked
            moved = await session.exec(
                update(Session)
                .where(
                    col(Session.id) == session_id,
                    col(Session.account_id) == account_id,
                    col(Session.revoked_at).is_(None),
                    col(Session.expires_at) > now,
                )
                .values(profile_id=profile_id)
            )
            if not moved.rowcount:
                raise NotSignedIn
            return profile

    async def set_pin(self, viewer: Viewer, profile_id: UUID, pin: str | None) -> Profile:
        """Give a profile a PIN, or take it away with None.

        Raises NotSignedIn, Forbidden for tokens and for profiles with a ceiling, InvalidInput for
        the PIN, NotFound.
        """
        viewer.require_browser_session()
        account_id, _ = viewer.require_manager()
        pin_hash = None if pin is None else await passwords.make_hash(rules.pin(pin))
        async with changing(self.database, self.cache, account_id) as session:
            profile = repo.member(await repo.lock_household(session, account_id), profile_id)
            profile.pin_hash = pin_hash
            return profile

    async def _pin_hash(self, account_id: UUID, profile_id: UUID) -> str | None:
        statement = select(col(Profile.pin_hash)).where(
            col(Profile.id) == profile_id, col(Profile.account_id) == account_id
        )
        async with self.database.read() as connection:
            row = (await connection.execute(statement)).first()
        if row is None:
            raise NotFound("No profile has that id.")
        return row.pin_hash
