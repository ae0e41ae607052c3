"""What a profile likes, pays for and wants to be told, and where its household lives."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, TypedDict
from uuid import UUID

from sqlalchemy import delete
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from domain.accounts import repo as accounts
from domain.accounts import rules as account_rules
from domain.accounts.viewer import Viewer
from domain.binge import following, questions
from domain.events import outbox
from domain.events.values import Event, ProfileKind, Topic
from domain.platforms import repo as platforms
from domain.profiles import repo, rules
from domain.profiles.models import Profile, ProfilePlatform
from domain.profiles.notifications import Notifications


class Changes(TypedDict, total=False):
    """What to change; what is absent stays as it is.

    notifications: see `Notifications.changed`, absent settings stay too. skip_credits_min,
    skip_recap_min: of each episode, 0 to 15 minutes. country and time_zone are the whole
    household's.
    """

    mood_preferences: Sequence[str]
    avoided_genres: Sequence[str]
    notifications: Mapping[str, Any]
    skip_credits_min: int
    skip_recap_min: int
    country: str
    time_zone: str


async def update(
    session: AsyncSession, viewer: Viewer, profile_id: UUID, changes: Changes, now: datetime
) -> Profile:
    """Change a profile's preferences, all or none of them.

    Another country is another set of offers for each profile of the household, and told as that.

    Raises InvalidInput, NotFound, NotSignedIn, and Forbidden where a profile with a ceiling asks
    for another one's or the household's. Run it in `credentials.changing` where country or time
    zone may be among the changes.
    """
    account_id, _ = viewer.require_profile()
    if "country" in changes or "time_zone" in changes:
        viewer.require_manager()
    profile = await repo.lock_one(session, viewer, profile_id)
    if "mood_preferences" in changes:
        profile.mood_preferences = rules.moods(changes["mood_preferences"])
    if "avoided_genres" in changes:
        profile.avoided_genres = rules.genres(changes["avoided_genres"])
    if "notifications" in changes:
        now_set = Notifications.of(profile.notifications).changed(changes["notifications"])
        profile.notifications = now_set.stored()
    skips = (profile.skip_credits_min, profile.skip_recap_min)
    if "skip_credits_min" in changes:
        profile.skip_credits_min = questions.skipped(changes["skip_credits_min"], "skipCreditsMin")
    if "skip_recap_min" in changes:
        profile.skip_recap_min = questions.skipped(changes["skip_recap_min"], "skipRecapMin")
    account = await accounts.lock(session, account_id)
    if "country" in changes:
        country = account_rules.country(changes["country"])
        if country != account.country:
            account.country = country
            await _tell(session, await _household(session, account_id), now)
    if "time_zone" in changes:
        time_zone = account_rules.time_zone(changes["time_zone"])
        if time_zone != account.time_zone:
            account.time_zone = time_zone
            await _replan(session, await _household(session, account_id), now)
    # Behind the household's, which are locked in their order.
    if skips != (profile.skip_credits_min, profile.skip_recap_min):
        await _replan(session, [profile.id], now)
    return profile


async def set_platforms(
    session: AsyncSession, viewer: Viewer, profile_id: UUID, slugs: Sequence[str], now: datetime
) -> tuple[int, ...]:
    """Replace the platforms a profile subscribes to; their keys.

    Raises InvalidInput that names the slugs nobody has, or for more than fifty; otherwise as
    `update`.
    """
    profile = await repo.lock_one(session, viewer, profile_id)
    wanted = rules.slugs(slugs)
    ids = await platforms.ids_of_slugs(await session.connection(), wanted, field="platforms")
    of_profile = col(ProfilePlatform.profile_id) == profile.id
    others = col(ProfilePlatform.platform_id).not_in(ids)
    changed = (await session.exec(delete(ProfilePlatform).where(of_profile, others))).rowcount
    if ids:
        rows = [{"profile_id": profile.id, "platform_id": each} for each in ids]
        added = insert(ProfilePlatform).values(rows).on_conflict_do_nothing()
        changed += (await session.exec(added)).rowcount
    if changed:
        await _tell(session, [profile.id], now)
    return ids


async def _tell(session: AsyncSession, profile_ids: Sequence[UUID], now: datetime) -> None:
    """Write down that other offers count for profiles from now on."""
    kind = ProfileKind.PLATFORMS.value
    await outbox.add(
        session, [Event(Topic.PROFILE, kind, now, profile_id=each) for each in profile_ids]
    )
    await _replan(session, profile_ids, now)


async def _replan(session: AsyncSession, profile_ids: Sequence[UUID], now: datetime) -> None:
    for profile_id in sorted(profile_ids):
        await following.stale(session, profile_id=profile_id, now=now)


async def _household(session: AsyncSession, account_id: UUID) -> Sequence[UUID]:
    found = await repo.of_accounts(await session.connection(), [account_id])
    return [each.id for each in found[account_id]]
