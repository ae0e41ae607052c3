"""Profiles: the people of a household and what they like to be shown."""

from typing import Any, Self
from uuid import UUID

import strawberry

from domain import ids
from domain.profiles.notifications import Notifications as Stored
from schema.context import Info
from schema.enums import Genre, Maturity, Mood
from schema.nodes import Node
from schema.platforms import Platform


@strawberry.type(description="Local times between which nothing is sent.")
class QuietHours:
    start: str = strawberry.field(description="HH:MM.")
    end: str = strawberry.field(description="HH:MM; earlier than the start means the next day.")


@strawberry.type(description="How a profile wants to be told things.")
class Notifications:
    email: bool = strawberry.field(description="By e-mail.")
    telegram: bool = strawberry.field(description="On Telegram.")
    live: bool = strawberry.field(description="In an open dashboard.")
    digest: bool = strawberry.field(description="The weekly digest.")
    quiet_hours: QuietHours | None = strawberry.field(description="When not; null is never.")


@strawberry.type(description="One viewer of a household.")
class Profile(Node):
    name: str = strawberry.field(description="What they are called.")
    maturity_ceiling: Maturity = strawberry.field(
        description="The most mature titles that are shown, everywhere."
    )
    has_pin: bool = strawberry.field(description="Whether a PIN guards the way in.")
    mood_preferences: list[Mood] = strawberry.field(
        description="Moods they like.", metadata={"assumed_size": 5}
    )
    avoided_genres: list[Genre] = strawberry.field(
        description="Genres that are never recommended.", metadata={"assumed_size": 5}
    )
    notifications: Notifications = strawberry.field(description="How to tell them things.")
    skip_credits_min: int = strawberry.field(
        description="Minutes of credits that they skip of each episode in a binge."
    )
    skip_recap_min: int = strawberry.field(
        description="Minutes of recap that they skip of each episode but the first of a sitting."
    )
    key: strawberry.Private[UUID]

    @strawberry.field(description="The platforms they watch on.", metadata={"assumed_size": 8})
    async def platforms(self, info: Info) -> list[Platform]:
        loaders = info.context.loaders
        keys = await loaders.platform_ids_by_profile.load(self.key)
        rows = await loaders.platform_by_id.load_many(list(keys))
        return [Platform.from_row(row) for row in rows if row is not None]

    @classmethod
    def from_row(cls, row: Any) -> Self:
        """From a row of the table, or domain.profiles.repo.Listed."""
        told = Stored.of(row.notifications)
        quiet = told.quiet_hours
        has_pin = row.has_pin if hasattr(row, "has_pin") else row.pin_hash is not None
        return cls(
            id=strawberry.ID(ids.encode("profile", row.id)),
            name=row.name,
            maturity_ceiling=row.maturity_ceiling,
            has_pin=has_pin,
            mood_preferences=row.mood_preferences,
            avoided_genres=row.avoided_genres,
            notifications=Notifications(
                email=told.email,
                telegram=told.telegram,
                live=told.live,
                digest=told.digest,
                quiet_hours=QuietHours(start=quiet.start, end=quiet.end) if quiet else None,
            ),
            skip_credits_min=row.skip_credits_min,
            skip_recap_min=row.skip_recap_min,
            key=row.id,
        )


@strawberry.input(description="Local times between which nothing is sent.")
class QuietHoursInput:
    start: str = strawberry.field(description="HH:MM.")
    end: str = strawberry.field(description="HH:MM.")


@strawberry.input(description="What is left out stays as it is.")
class NotificationsInput:
    email: strawberry.Maybe[bool] = strawberry.field(description="By e-mail.")
    telegram: strawberry.Maybe[bool] = strawberry.field(description="On Telegram.")
    live: strawberry.Maybe[bool] = strawberry.field(description="In an open dashboard.")
    digest: strawberry.Maybe[bool] = strawberry.field(description="The weekly digest.")
    quiet_hours: strawberry.Maybe[QuietHoursInput | None] = strawberry.field(
        description="When nothing is sent; null is never."
    )

    def changes(self) -> dict[str, Any]:
        """What to change, as domain.profiles.notifications takes it."""
        told = {
            name: given.value
            for name in ("email", "telegram", "live", "digest")
            if (given := getattr(self, name)) is not None
        }
        if self.quiet_hours is not None:
            hours = self.quiet_hours.value
            told["quiet_hours"] = hours and {"start": hours.start, "end": hours.end}
        return told


@strawberry.input(description="What is left out stays as it is.")
class UpdatePreferencesInput:
    profile_id: strawberry.ID | None = strawberry.field(
        default=None, description="The profile; default: the one that is asking."
    )
    mood_preferences: strawberry.Maybe[list[Mood]] = strawberry.field(description="Moods it likes.")
    avoided_genres: strawberry.Maybe[list[Genre]] = strawberry.field(
        description="Genres never to recommend."
    )
    notifications: strawberry.Maybe[NotificationsInput] = strawberry.field(
        description="How to tell it things."
    )
    skip_credits_min: strawberry.Maybe[int] = strawberry.field(
        description="Minutes of credits that it skips of each episode in a binge, 0 to 15."
    )
    skip_recap_min: strawberry.Maybe[int] = strawberry.field(
        description="Minutes of recap that it skips, 0 to 15; the first of a sitting keeps its own."
    )
    country: strawberry.Maybe[str] = strawberry.field(
        description="Where the household lives, ISO 3166-1."
    )
    time_zone: strawberry.Maybe[str] = strawberry.field(
        description="The household's clock, an IANA name."
    )

    def changes(self) -> Any:
        """What to change, as domain.profiles.preferences takes it."""
        told: dict[str, Any] = {}
        for name in ("mood_preferences", "avoided_genres"):
            if (given := getattr(self, name)) is not None:
                told[name] = [member.value for member in given.value]
        for name in ("skip_credits_min", "skip_recap_min", "country", "time_zone"):
            if (given := getattr(self, name)) is not None:
                told[name] = given.value
        if self.notifications is not None:
            told["notifications"] = self.notifications.value.changes()
        return told
