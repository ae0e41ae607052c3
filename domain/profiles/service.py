"""The profiles of a household: made, named, limited and deleted by whoever may manage it.

Every function raises NotSignedIn, Forbidden for a profile with a ceiling, and NotFound for
another household's profile. Run them in `credentials.changing`, so that sessions and tokens see
the change at once.
"""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete as delete_from
from sqlalchemy import update
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from domain.accounts.models import Session
from domain.accounts.viewer import ADULT, Viewer
from domain.binge import following
from domain.profiles import repo, rules
from domain.profiles.errors import LastProfile, ProfileNameTaken, TooManyProfiles
from domain.profiles.models import Profile


async def create(
    session: AsyncSession, viewer: Viewer, name: str, now: datetime, ceiling: int = ADULT
) -> Profile:
    """A new profile; raises InvalidInput, ProfileNameTaken, and TooManyProfiles from ten on."""
    account_id, _ = viewer.require_manager()
    name, ceiling = rules.name(name), rules.ceiling(ceiling)
    household = await repo.lock_household(session, account_id)
    if len(household) >= rules.MOST_PROFILES:
        raise TooManyProfiles(rules.MOST_PROFILES)
    _refuse_twins(household, name)
    profile = Profile(
        account_id=account_id,
        name=name,
        name_key=rules.name_key(name),
        maturity_ceiling=ceiling,
        created_at=now,
    )
    session.add(profile)
    await session.flush()
    return profile


async def rename(session: AsyncSession, viewer: Viewer, profile_id: UUID, name: str) -> Profile:
    """Call a profile something else; raises InvalidInput and ProfileNameTaken."""
    account_id, _ = viewer.require_manager()
    name = rules.name(name)
    household = await repo.lock_household(session, account_id)
    profile = repo.member(household, profile_id)
    _refuse_twins([each for each in household if each is not profile], name)
    profile.name, profile.name_key = name, rules.name_key(name)
    return profile


async def set_ceiling(
    session: AsyncSession, viewer: Viewer, profile_id: UUID, ceiling: int, now: datetime
) -> Profile:
    """Limit what a profile is shown, in years; raises InvalidInput, and LastProfile where nobody
    without a limit would be left."""
    account_id, _ = viewer.require_manager()
    ceiling = rules.ceiling(ceiling)
    household = await repo.lock_household(session, account_id)
    profile = repo.member(household, profile_id)
    others = [each.maturity_ceiling for each in household if each is not profile]
    if not rules.someone_unrestricted([ceiling, *others]):
        raise LastProfile("One profile must stay without a limit, to manage the household.")
    profile.maturity_ceiling = ceiling
    await following.stale(session, profile_id=profile.id, now=now)
    return profile


async def delete(session: AsyncSession, viewer: Viewer, profile_id: UUID) -> None:
    """Delete a profile with its watchlist, history, sessions and tokens.

    The viewer's own session survives: it moves to the oldest other profile that has neither limit
    nor PIN. Raises Forbidden for tokens too, and LastProfile where it is the last (unlimited) one
    or the session has nowhere to go.
    """
    account_id, _ = viewer.require_manager()
    session_id = viewer.require_browser_session()
    household = await repo.lock_household(session, account_id)
    profile = repo.member(household, profile_id)
    others = [each for each in household if each is not profile]
    if not others:
        raise LastProfile("This is the last profile; delete the account instead.")
    if not rules.someone_unrestricted(each.maturity_ceiling for each in others):
        raise LastProfile("One profile must stay without a limit, to manage the household.")
    await _move(session, session_id, profile, others)
    # Everything else that refers to the profile goes with it, by the schema.
    await session.exec(delete_from(Profile).where(col(Profile.id) == profile.id))


async def _move(
    session: AsyncSession, session_id: UUID, gone: Profile, others: Sequence[Profile]
) -> None:
    open_ones = [
        each.id for each in others if each.pin_hash is None and each.maturity_ceiling >= ADULT
    ]
    here = select(Session.id).where(col(Session.id) == session_id, Session.profile_id == gone.id)
    if (await session.exec(here)).one_or_none() is None:
        return
    if not open_ones:
        raise LastProfile("You are using this profile; switch to another one, then delete it.")
    await session.exec(
        update(Session).where(col(Session.id) == session_id).values(profile_id=open_ones[0])
    )


def _refuse_twins(household: Sequence[Profile], name: str) -> None:
    key = rules.name_key(name)
    if any(each.name_key == key for each in household):
        raise ProfileNameTaken(name)
