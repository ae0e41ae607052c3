"""The door: signing up, in and out.

It opens its own transactions, other than most services, so that no connection to Postgres waits
while a password is hashed.
"""

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from math import ceil
from uuid import uuid4

from sqlalchemy.dialects.postgresql import insert

from domain.accounts import passwords, repo, rules, sessions
from domain.accounts.attempts import guess
from domain.accounts.credentials import cache_key, changing, digest
from domain.accounts.errors import EmailTaken, WrongCredentials
from domain.accounts.models import Account
from domain.accounts.values import Browser, Started
from domain.accounts.viewer import Viewer
from domain.db import Database
from domain.errors import NotFound, TooManyRequests
from domain.ports import Cache, Limiter
from domain.profiles import rules as profile_rules
from domain.profiles.models import Profile

HOUR_S = 3600.0


@dataclass(frozen=True, slots=True)
class NewAccount:
    """What somebody signs up with. country, time_zone: the instance's where not given."""

    email: str
    password: str
    country: str | None = None
    time_zone: str | None = None
    profile_name: str = "Everyone"


@dataclass(frozen=True, slots=True)
class Door:
    """Who comes in. country, time_zone: for accounts that don't say theirs.

    failures, failures_from: wrong passwords a minute for one account, and from one address;
    sign_ups_from: new accounts an hour from one address.
    """

    database: Database
    cache: Cache
    limiter: Limiter
    country: str = "US"
    time_zone: str = "UTC"
    failures: int = 5
    failures_from: int = 30
    sign_ups_from: int = 20

    async def sign_up(self, new: NewAccount, browser: Browser, now: datetime) -> Started:
        """A new account with its first profile, signed in; raises InvalidInput, EmailTaken,
        and TooManyRequests for an address that made twenty within an hour."""
        email = rules.email(new.email)
        password = rules.new_password(new.password, email)
        name = profile_rules.name(new.profile_name)
        country = self.country if new.country is None else rules.country(new.country)
        time_zone = self.time_zone if new.time_zone is None else rules.time_zone(new.time_zone)
        await self._count_sign_up(browser)
        account = {
            "id": uuid4(),
            "email": email,
            "email_key": rules.email_key(email),
            "password_hash": await passwords.make_hash(password),
            "country": country,
            "time_zone": time_zone,
            "created_at": now,
        }
        profile = Profile(
            account_id=account["id"],
            name=name,
            name_key=profile_rules.name_key(name),
            created_at=now,
        )
        async with self.database.transaction() as session:
            # Of two sign-ups at the same moment one waits here, and then finds the e-mail taken.
            added = await session.exec(
                insert(Account).values(account).on_conflict_do_nothing(index_elements=["email_key"])
            )
            if not added.rowcount:
                raise EmailTaken
            session.add(profile)
            await session.flush()
            started = await sessions.start(session, account["id"], profile.id, browser, now)
        await self._forget(browser)
        return started

    async def _count_sign_up(self, browser: Browser) -> None:
        """Raises TooManyRequests: accounts are free to make, and each one has limits of its own."""
        key = f"sign-up:{rules.network(browser.address)}"
        allowance = await self.limiter.take(key, self.sign_ups_from, HOUR_S)
        if not allowance.allowed:
            raise TooManyRequests(
                f"From here {self.sign_ups_from} accounts were made within an hour; try later.",
                limit=self.sign_ups_from,
                retry_after=ceil(allowance.reset_s),
            )

    async def sign_in(self, email: str, password: str, browser: Browser, now: datetime) -> Started:
        """A new session; raises WrongCredentials, or TooManyRequests after too many of those.

        A right password isn't counted, so nobody is locked out by signing in often.
        """
        key = rules.email_key(email)
        async with self.database.read() as connection:
            login = await repo.login_by_email(connection, key)
        stored = login.password_hash if login else None
        if not await self.is_password(stored, password, key, browser.address) or login is None:
            raise WrongCredentials
        newer = await _newer_hash(login.password_hash, password)
        async with self.database.transaction() as session:
            account = await repo.lock(session, login.account_id)
            if account.password_hash != login.password_hash:
                raise WrongCredentials  # it was changed while we looked
            account.password_hash = newer or login.password_hash
            profile_id = await repo.profile_at_the_door(session, account.id)
            started = await sessions.start(session, account.id, profile_id, browser, now)
        await self._forget(browser)
        return started

    async def sign_out(self, viewer: Viewer, now: datetime) -> None:
        """End the viewer's session, if it hasn't ended; raises NotSignedIn, or Forbidden."""
        session_id = viewer.require_browser_session()
        account_id, _ = viewer.require_profile()
        async with changing(self.database, self.cache, account_id) as session:
            with suppress(NotFound):  # another tab was quicker
                await sessions.revoke(session, account_id, session_id, now)

    async def is_password(
        self, stored: str | None, password: str, email_key: str, address: str
    ) -> bool:
        """Whether a password is the one with the stored hash; raises TooManyRequests.

        stored: None where there is no such account, which takes as long and counts as much.
        address: where the guess comes from.
        """
        limits = {
            f"sign-in:{digest(email_key).hex()}": self.failures,
            f"sign-in-from:{rules.network(address)}": self.failures_from,
        }
        typed = rules.typed_password(password)
        return await guess(self.limiter, limits, lambda: passwords.matches(stored, typed))

    async def _forget(self, browser: Browser) -> None:
        replaced = sessions.presented_hash(browser)
        if replaced is not None:
            await self.cache.drop(cache_key("session", replaced))


async def _newer_hash(stored: str, password: str) -> str | None:
    typed = rules.typed_password(password)
    return await passwords.make_hash(typed) if typed and passwords.outdated(stored) else None
