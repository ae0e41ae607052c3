"""/api/me: what a profile pays for and likes."""

from collections.abc import Sequence
from typing import Annotated, Self

from pydantic import Field
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.accounts import repo as accounts
from domain.accounts.credentials import changing
from domain.accounts.viewer import Viewer
from domain.binge.questions import MOST_SKIPPED
from domain.errors import NotSignedIn
from domain.platforms import repo as platforms
from domain.profiles import preferences, repo
from domain.profiles.notifications import Notifications
from domain.profiles.rules import MOST_PLATFORMS
from rest.operations import Call
from rest.shapes import GenreWord, MoodWord, Sent, Text, Told, Whole

TIME = "^([01][0-9]|2[0-3]):[0-5][0-9]$"
MOODS = Field(description="Moods it likes in general.", examples=[["cozy", "funny"]])
GENRES = Field(description="Genres it is never shown.", examples=[["horror"]])
COUNTRY = Field(description="The household's country.", examples=["US"])
ZONE = Field(description="The household's time zone.", examples=["America/New_York"])


class SubscribedPlatforms(Sent):
    """The platforms a profile can watch on."""

    platforms: list[Text] = Field(
        max_length=MOST_PLATFORMS,
        description="Slugs of GET /api/platforms.",
        examples=[["netflix", "disney-plus"]],
    )


class QuietHours(Sent):
    """When not to disturb: local times."""

    start: str = Field(pattern=TIME, description="From.", examples=["22:00"])
    end: str = Field(pattern=TIME, description="Until.", examples=["07:00"])


class NotificationSettings(Sent):
    """How a profile wants to be told things. In a change, what is absent stays as it is."""

    email: bool = Field(default=True, description="By e-mail.", examples=[True])
    telegram: bool = Field(default=False, description="By Telegram.", examples=[False])
    live: bool = Field(default=True, description="On the open page.", examples=[True])
    digest: bool = Field(default=True, description="The weekly digest.", examples=[True])
    quiet_hours: QuietHours | None = Field(
        default=None, description="When not to disturb; null for never."
    )


class Preferences(Told):
    """What a profile likes and wants to be told, and where its household lives."""

    mood_preferences: list[MoodWord] = MOODS
    avoided_genres: list[GenreWord] = GENRES
    notifications: NotificationSettings = Field(description="How it wants to be told things.")
    skip_credits_min: int = Field(
        description="Minutes of credits that it skips of each episode in a binge.", examples=[2]
    )
    skip_recap_min: int = Field(
        description="Minutes of recap that it skips; the first of a sitting keeps its own.",
        examples=[1],
    )
    country: str = COUNTRY
    time_zone: str = ZONE

    @classmethod
    def of(cls, profile: repo.Listed, country: str, time_zone: str) -> Self:
        """From the domain's."""
        settings = Notifications.of(profile.notifications).stored()
        return cls(
            mood_preferences=list(profile.mood_preferences),
            avoided_genres=list(profile.avoided_genres),
            notifications=NotificationSettings.model_validate(settings),
            skip_credits_min=profile.skip_credits_min,
            skip_recap_min=profile.skip_recap_min,
            country=country,
            time_zone=time_zone,
        )


class PreferencesChange(Sent):
    """What to change; what is absent stays as it is."""

    mood_preferences: Annotated[list[MoodWord], Field(max_length=50)] = Field(
        default=[], description="Moods to like instead.", examples=[["cozy", "funny"]]
    )
    avoided_genres: Annotated[list[GenreWord], Field(max_length=50)] = Field(
        default=[], description="Genres to avoid instead.", examples=[["horror"]]
    )
    notifications: NotificationSettings = Field(
        default=NotificationSettings(), description="Settings to change."
    )
    skip_credits_min: Whole = Field(
        default=0, ge=0, le=MOST_SKIPPED, description="Credits to skip.", examples=[2]
    )
    skip_recap_min: Whole = Field(
        default=0, ge=0, le=MOST_SKIPPED, description="Recaps to skip.", examples=[1]
    )
    country: Text = Field(
        default="", description="Where the household lives (ISO 3166-1).", examples=["US"]
    )
    time_zone: Text = Field(default="", description="An IANA name.", examples=["America/New_York"])


async def platforms_of_mine(call: Call) -> SubscribedPlatforms:
    """The platforms of the profile that asks."""
    _, profile_id = call.viewer.require_profile()
    async with call.services.database.read() as connection:
        keys = (await repo.platform_ids(connection, [profile_id])).get(profile_id, ())
        return await _slugs(connection, keys)


async def replace_platforms(call: Call, sent: SubscribedPlatforms) -> SubscribedPlatforms:
    """Exactly these platforms from now on."""
    _, profile_id = call.viewer.require_profile()
    async with call.services.database.transaction() as session:
        keys = await preferences.set_platforms(
            session, call.viewer, profile_id, sent.platforms, call.now
        )
        return await _slugs(await session.connection(), keys)


async def preferences_of_mine(call: Call) -> Preferences:
    """The preferences of the profile that asks."""
    viewer = call.viewer
    async with call.services.database.read() as connection:
        profile = await own_profile(connection, viewer)
    return Preferences.of(profile, viewer.country, viewer.time_zone)


async def change_preferences(call: Call, sent: PreferencesChange) -> Preferences:
    """Change some preferences, all that are named or none of them."""
    services, viewer = call.services, call.viewer
    account_id, profile_id = viewer.require_profile()
    changes = preferences.Changes(**sent.model_dump(exclude_unset=True))
    async with changing(services.database, services.cache, account_id) as session:
        await preferences.update(session, viewer, profile_id, changes, call.now)
        account = await accounts.lock(session, account_id)
        await session.flush()
        profile = await own_profile(await session.connection(), viewer)
    return Preferences.of(profile, account.country, account.time_zone)


async def own_profile(connection: AsyncConnection, viewer: Viewer) -> repo.Listed:
    """The profile that asks; raises NotSignedIn when it was deleted a moment ago."""
    _, profile_id = viewer.require_profile()
    found = (await repo.by_id(connection, [profile_id])).get(profile_id)
    if found is None:
        raise NotSignedIn
    return found


async def _slugs(connection: AsyncConnection, keys: Sequence[int]) -> SubscribedPlatforms:
    rows = await platforms.platforms_by_id(connection, keys)
    by_name = sorted(rows.values(), key=lambda row: row.name)
    return SubscribedPlatforms(platforms=[row.slug for row in by_name])
