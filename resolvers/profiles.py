"""Who is watching, and what they like."""

from typing import Annotated, Any
from uuid import UUID

import strawberry

from domain import ids
from domain.accounts import ownership
from domain.accounts import repo as accounts
from domain.accounts.credentials import changing
from domain.errors import NotFound
from domain.history import ratings
from domain.profiles import preferences, service
from schema.arguments import (
    Ceiling,
    NewPin,
    OwnProfileId,
    Password,
    Pin,
    ProfileId,
    ProfileName,
    Score,
    Slugs,
    TitleId,
)
from schema.context import Info
from schema.enums import Maturity
from schema.errors import Refusal
from schema.profiles import Profile, UpdatePreferencesInput
from schema.titles import Title


@strawberry.type(description="The profile as it is now.")
class ProfileChanged:
    profile: Profile = strawberry.field(description="The profile.")


@strawberry.type(description="The profile is gone.")
class ProfileDeleted:
    id: strawberry.ID = strawberry.field(description="What its id was.")


@strawberry.type(description="The rating is kept.")
class TitleRated:
    title: Title = strawberry.field(description="The title.")
    score: int | None = strawberry.field(description="1 to 10; null where it was taken back.")


Changes = Annotated[UpdatePreferencesInput, strawberry.argument(description="What to change.")]
CreateProfilePayload = Annotated[ProfileChanged | Refusal, strawberry.union("CreateProfilePayload")]
RenameProfilePayload = Annotated[ProfileChanged | Refusal, strawberry.union("RenameProfilePayload")]
DeleteProfilePayload = Annotated[ProfileDeleted | Refusal, strawberry.union("DeleteProfilePayload")]
SelectProfilePayload = Annotated[ProfileChanged | Refusal, strawberry.union("SelectProfilePayload")]
SetCeilingPayload = Annotated[
    ProfileChanged | Refusal, strawberry.union("SetMaturityCeilingPayload")
]
SetPinPayload = Annotated[ProfileChanged | Refusal, strawberry.union("SetProfilePinPayload")]
ForgetPinPayload = Annotated[ProfileChanged | Refusal, strawberry.union("ForgetProfilePinPayload")]
SetPlatformsPayload = Annotated[
    ProfileChanged | Refusal, strawberry.union("SetSubscribedPlatformsPayload")
]
UpdatePreferencesPayload = Annotated[
    ProfileChanged | Refusal, strawberry.union("UpdatePreferencesPayload")
]
RateTitlePayload = Annotated[TitleRated | Refusal, strawberry.union("RateTitlePayload")]


@strawberry.type
class ProfilesMutation:
    @strawberry.mutation(description="Add somebody to the household.")
    async def create_profile(
        self, info: Info, name: ProfileName, maturity_ceiling: Ceiling = Maturity.ADULTS
    ) -> CreateProfilePayload | None:
        context = info.context
        async with _household(info) as session:
            made = await service.create(
                session, context.viewer, name, context.now, maturity_ceiling.value
            )
        return ProfileChanged(profile=Profile.from_row(made))

    @strawberry.mutation(description="Call a profile something else.")
    async def rename_profile(
        self, info: Info, id: ProfileId, name: ProfileName
    ) -> RenameProfilePayload | None:
        async with _household(info) as session:
            changed = await service.rename(session, info.context.viewer, _key(id), name)
        return ProfileChanged(profile=Profile.from_row(changed))

    @strawberry.mutation(description="Delete a profile with its watchlist and history.")
    async def delete_profile(self, info: Info, id: ProfileId) -> DeleteProfilePayload | None:
        async with _household(info) as session:
            await service.delete(session, info.context.viewer, _key(id))
        return ProfileDeleted(id=id)

    @strawberry.mutation(
        description="Go on as another profile, in this session; with its PIN where it has one."
    )
    async def select_profile(
        self, info: Info, id: ProfileId, pin: Pin = None
    ) -> SelectProfilePayload | None:
        context = info.context
        chosen = await context.services.pins.select_profile(
            context.viewer, _key(id), pin, context.now
        )
        context.become(context.viewer.as_profile(chosen.id, chosen.maturity_ceiling))
        return ProfileChanged(profile=Profile.from_row(chosen))

    @strawberry.mutation(description="Limit what a profile is shown, everywhere.")
    async def set_maturity_ceiling(
        self, info: Info, id: ProfileId, maturity_ceiling: Ceiling
    ) -> SetCeilingPayload | None:
        async with _household(info) as session:
            changed = await service.set_ceiling(
                session,
                info.context.viewer,
                _key(id),
                maturity_ceiling.value,
                info.context.now,
            )
        return ProfileChanged(profile=Profile.from_row(changed))

    @strawberry.mutation(description="Guard a profile with 4 to 8 digits, or with null no more.")
    async def set_profile_pin(
        self, info: Info, id: ProfileId, pin: NewPin = None
    ) -> SetPinPayload | None:
        context = info.context
        changed = await context.services.pins.set_pin(context.viewer, _key(id), pin)
        return ProfileChanged(profile=Profile.from_row(changed))

    @strawberry.mutation(description="Take a forgotten PIN away with the account's password.")
    async def forget_profile_pin(
        self, info: Info, id: ProfileId, password: Password
    ) -> ForgetPinPayload | None:
        context = info.context
        changed = await ownership.forget_pin(
            context.services.door, context.viewer, _key(id), password
        )
        return ProfileChanged(profile=Profile.from_row(changed))

    @strawberry.mutation(
        description="Say which platforms a profile watches on, in place of what was said before."
    )
    async def set_subscribed_platforms(
        self, info: Info, platforms: Slugs, profile_id: OwnProfileId = None
    ) -> SetPlatformsPayload | None:
        context = info.context
        key = _own(info, profile_id)
        async with context.services.database.transaction() as session:
            await preferences.set_platforms(session, context.viewer, key, platforms, context.now)
            changed = await preferences.update(session, context.viewer, key, {}, context.now)
        context.become(context.viewer)  # what was loaded before is no longer true
        return ProfileChanged(profile=Profile.from_row(changed))

    @strawberry.mutation(description="Change what a profile likes; what is left out stays.")
    async def update_preferences(
        self, info: Info, input: Changes
    ) -> UpdatePreferencesPayload | None:
        context, changes = info.context, input.changes()
        key = _own(info, input.profile_id)
        async with _household(info) as session:
            changed = await preferences.update(session, context.viewer, key, changes, context.now)
            account = await accounts.lock(session, changed.account_id)
        context.become(context.viewer.living_in(account.country, account.time_zone))
        return ProfileChanged(profile=Profile.from_row(changed))

    @strawberry.mutation(description="Say how you liked a title, or with null take it back.")
    async def rate_title(
        self, info: Info, title_id: TitleId, score: Score
    ) -> RateTitlePayload | None:
        context = info.context
        _, profile_id = context.viewer.require_profile()
        try:
            key = ids.decode_int("title", title_id)
        except ids.MalformedId as problem:
            raise NotFound("No title has that id.", field="titleId") from problem
        async with context.services.database.transaction() as session:
            await ratings.rate(session, profile_id, key, score, context.now)
        row = await context.loaders.title_by_id.load(key)
        return TitleRated(title=Title.from_row(row), score=score)


def _household(info: Info) -> Any:
    """A transaction after which sessions and tokens see what was changed."""
    account_id, _ = info.context.viewer.require_profile()
    services = info.context.services
    return changing(services.database, services.cache, account_id)


def _own(info: Info, profile_id: strawberry.ID | None) -> UUID:
    _, own = info.context.viewer.require_profile()
    return own if profile_id is None else _key(profile_id)


def _key(id: str) -> UUID:
    try:
        return ids.decode_uuid("profile", id)
    except ids.MalformedId as problem:
        raise NotFound("No profile has that id.", field="id") from problem
