"""Coming in and going out, and what belongs to the whole household."""

from typing import Annotated, Any

import strawberry
from strawberry.scalars import JSON

from domain import ids
from domain.accounts import data, ownership, sessions, tokens
from domain.accounts.credentials import changing
from domain.accounts.service import NewAccount
from domain.accounts.values import Started
from domain.accounts.viewer import Viewer
from domain.errors import NotFound
from schema.accounts import Account, ApiToken
from schema.arguments import NewPassword, Password, SessionId, TokenId, TokenName
from schema.context import Context, Info
from schema.errors import Refusal


@strawberry.input(description="A new household.")
class SignUpInput:
    email: str = strawberry.field(description="How it will sign in.")
    password: str = strawberry.field(description="8 to 256 characters; a few words are good.")
    profile_name: str = strawberry.field(default="Everyone", description="Its first profile.")
    country: str | None = strawberry.field(default=None, description="ISO 3166-1.")
    time_zone: str | None = strawberry.field(default=None, description="An IANA name.")


@strawberry.input(description="Who you are.")
class SignInInput:
    email: str = strawberry.field(description="The account's e-mail.")
    password: str = strawberry.field(description="Its password.")


@strawberry.type(description="You are signed in, and the browser has its cookie.")
class SignedIn:
    account: Account = strawberry.field(description="Your account.")


@strawberry.type(description="It is done.")
class Done:
    ok: bool = strawberry.field(default=True, description="Always true.")


@strawberry.type(description="Some sessions have ended.")
class SessionsEnded:
    ended: int = strawberry.field(description="How many others there were.")


@strawberry.type(description="A new API token.")
class ApiTokenCreated:
    secret: str = strawberry.field(description="The token itself; it is shown only now.")
    api_token: ApiToken = strawberry.field(description="What is kept of it.")


NewHousehold = Annotated[SignUpInput, strawberry.argument(description="The new household.")]
WhoYouAre = Annotated[SignInInput, strawberry.argument(description="Who you are.")]
SignUpPayload = Annotated[SignedIn | Refusal, strawberry.union("SignUpPayload")]
SignInPayload = Annotated[SignedIn | Refusal, strawberry.union("SignInPayload")]
SignOutPayload = Annotated[Done | Refusal, strawberry.union("SignOutPayload")]
RevokeSessionPayload = Annotated[Done | Refusal, strawberry.union("RevokeSessionPayload")]
RevokeSessionsPayload = Annotated[
    SessionsEnded | Refusal, strawberry.union("RevokeOtherSessionsPayload")
]
ChangePasswordPayload = Annotated[
    SessionsEnded | Refusal, strawberry.union("ChangePasswordPayload")
]
DeleteAccountPayload = Annotated[Done | Refusal, strawberry.union("DeleteAccountPayload")]
CreateApiTokenPayload = Annotated[
    ApiTokenCreated | Refusal, strawberry.union("CreateApiTokenPayload")
]
RevokeApiTokenPayload = Annotated[Done | Refusal, strawberry.union("RevokeApiTokenPayload")]


@strawberry.type
class AccountsQuery:
    @strawberry.field(description="Your account; null for whoever is not signed in.")
    async def me(self, info: Info) -> Account | None:
        return Account.of(info.context.viewer)

    @strawberry.field(
        description="Everything we keep of your household, by table; secrets aside.",
        metadata={"cost": 100},
    )
    async def export_my_data(self, info: Info) -> JSON | None:
        context = info.context
        account_id, _ = context.viewer.require_manager()
        async with context.services.database.read() as connection:
            exported: Any = await data.export(connection, account_id, context.now)
        return exported


@strawberry.type
class AccountsMutation:
    @strawberry.mutation(description="Make an account and sign in.")
    async def sign_up(self, info: Info, input: NewHousehold) -> SignUpPayload | None:
        context = info.context
        new = NewAccount(
            input.email, input.password, input.country, input.time_zone, input.profile_name
        )
        started = await context.services.door.sign_up(new, context.browser(), context.now)
        return await _enter(context, started)

    @strawberry.mutation(
        description="Sign in; a session that the browser had before ends. Five wrong passwords a"
        " minute are enough."
    )
    async def sign_in(self, info: Info, input: WhoYouAre) -> SignInPayload | None:
        context = info.context
        started = await context.services.door.sign_in(
            input.email, input.password, context.browser(), context.now
        )
        return await _enter(context, started)

    @strawberry.mutation(description="End this session.")
    async def sign_out(self, info: Info) -> SignOutPayload | None:
        context = info.context
        await context.services.door.sign_out(context.viewer, context.now)
        context.keep_session(None)
        context.become(context.viewer.anonymous())
        return Done()

    @strawberry.mutation(description="End one of the account's sessions.")
    async def revoke_session(self, info: Info, id: SessionId) -> RevokeSessionPayload | None:
        context, services = info.context, info.context.services
        account_id, _ = context.viewer.require_manager()
        key = _decode("session", id)
        async with changing(services.database, services.cache, account_id) as session:
            await sessions.revoke(session, account_id, key, context.now)
        return Done()

    @strawberry.mutation(description="End all of the account's sessions but this one.")
    async def revoke_other_sessions(self, info: Info) -> RevokeSessionsPayload | None:
        context, services = info.context, info.context.services
        account_id, _ = context.viewer.require_manager()
        kept = context.viewer.session_id
        async with changing(services.database, services.cache, account_id) as session:
            ended = await sessions.revoke_others(session, account_id, kept, context.now)
        return SessionsEnded(ended=ended)

    @strawberry.mutation(description="Change the password; all other sessions end.")
    async def change_password(
        self, info: Info, current_password: Password, new_password: NewPassword
    ) -> ChangePasswordPayload | None:
        context = info.context
        ended = await ownership.change_password(
            context.services.door, context.viewer, current_password, new_password, context.now
        )
        return SessionsEnded(ended=ended)

    @strawberry.mutation(description="Delete the account and all that is in it, for ever.")
    async def delete_account(self, info: Info, password: Password) -> DeleteAccountPayload | None:
        context = info.context
        await ownership.delete_account(context.services.door, context.viewer, password)
        context.keep_session(None)
        context.become(context.viewer.anonymous())
        return Done()

    @strawberry.mutation(description="Make a token for a program, which acts as this profile.")
    async def create_api_token(self, info: Info, name: TokenName) -> CreateApiTokenPayload | None:
        context = info.context
        async with context.services.database.transaction() as session:
            created = await tokens.create(session, context.viewer, name, context.now)
        return ApiTokenCreated(secret=created.token, api_token=ApiToken.of(created.listed))

    @strawberry.mutation(description="End a token.")
    async def revoke_api_token(self, info: Info, id: TokenId) -> RevokeApiTokenPayload | None:
        context, services = info.context, info.context.services
        account_id, _ = context.viewer.require_profile()
        key = _decode("token", id)
        async with changing(services.database, services.cache, account_id) as session:
            await tokens.revoke(session, context.viewer, key, context.now)
        return Done()


async def _enter(context: Context, started: Started) -> SignedIn:
    """Go on as whoever has just signed in."""
    services = context.services
    known = await sessions.find(services.database, services.cache, started.token, context.now)
    if known is None:  # deleted between two of our statements
        raise NotFound("This account has just been deleted.")
    context.keep_session(started.token)
    viewer = Viewer.by("session", known, context.viewer.address)
    context.become(viewer)
    account = Account.of(viewer)
    assert account is not None
    return SignedIn(account=account)


def _decode(word: str, id: str) -> Any:
    try:
        return ids.decode_uuid(word, id)
    except ids.MalformedId as problem:
        raise NotFound(f"No {word} has that id.", field="id") from problem
