"""What asks for the password once more, so that an open browser alone is not enough for it."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import delete
from sqlmodel import col

from domain.accounts import passwords, repo, rules, sessions
from domain.accounts.credentials import changing
from domain.accounts.errors import WrongPassword
from domain.accounts.models import Account
from domain.accounts.service import Door
from domain.accounts.viewer import Viewer
from domain.profiles import repo as profiles
from domain.profiles.models import Profile


async def confirm(door: Door, viewer: Viewer, password: str, *, field: str = "password") -> UUID:
    """The viewer's account, once its password has been repeated.

    Raises NotSignedIn, Forbidden for tokens, WrongPassword, and TooManyRequests: wrong passwords
    count like those at sign-in. field: what to name in WrongPassword.
    """
    viewer.require_browser_session()
    account_id, _ = viewer.require_profile()
    async with door.database.read() as connection:
        stored = await repo.password_hash(connection, account_id)
    key = rules.email_key(viewer.email or "")
    if not await door.is_password(stored, password, key, viewer.address):
        raise WrongPassword(field)
    return account_id


async def change_password(door: Door, viewer: Viewer, current: str, new: str, now: datetime) -> int:
    """Change the account's password and end all its other sessions; how many those were.

    Raises what `confirm` raises, Forbidden for a profile with a ceiling, InvalidInput for the new
    password.
    """
    viewer.require_manager()
    changed = rules.new_password(new, viewer.email or "", field="newPassword")
    account_id = await confirm(door, viewer, current, field="currentPassword")
    password_hash = await passwords.make_hash(changed)
    async with changing(door.database, door.cache, account_id) as session:
        account = await repo.lock(session, account_id)
        account.password_hash = password_hash
        return await sessions.revoke_others(session, account_id, viewer.session_id, now)


async def delete_account(door: Door, viewer: Viewer, password: str) -> None:
    """Delete the account and everything of its household, at once and for good.

    Raises what `confirm` raises, and Forbidden for a profile with a ceiling.
    """
    viewer.require_manager()
    account_id = await confirm(door, viewer, password)
    async with changing(door.database, door.cache, account_id) as session:
        await repo.lock(session, account_id)
        await session.exec(delete(Account).where(col(Account.id) == account_id))


async def forget_pin(door: Door, viewer: Viewer, profile_id: UUID, password: str) -> Profile:
    """Take a forgotten PIN off a profile. Whoever knows the password may, in any profile:

    the only open profile may be a child's. Raises what `confirm` raises, and NotFound.
    """
    account_id = await confirm(door, viewer, password)
    async with changing(door.database, door.cache, account_id) as session:
        household = await profiles.lock_household(session, account_id)
        profile = profiles.member(household, profile_id)
        profile.pin_hash = None
        return profile
