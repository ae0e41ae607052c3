"""An account at Trakt: connected by a code, read once when its owner asks, and disconnected."""

from typing import Annotated

import strawberry

from domain.trakt import service, sign_in
from schema.context import Info
from schema.errors import Refusal
from schema.trakt import TraktAccount, TraktConnection, TraktSignIn, account_of

_SECONDS = 4.0
"""How long one call takes back what was imported: what is left, the next call goes on with."""


@strawberry.type(description="A code was made; type it in at Trakt, then `finishTraktSignIn`.")
class TraktSignInStarted:
    sign_in: TraktSignIn | None = strawberry.field(description="The code, and where it belongs.")


@strawberry.type(description="Trakt was asked whether the code has been typed in.")
class TraktSignInAsked:
    connected: bool = strawberry.field(description="Whether it has: the account is connected.")
    ask_again_in_s: int = strawberry.field(
        description="Seconds until asking again makes sense; sooner, nobody is asked."
    )
    account: TraktAccount | None = strawberry.field(description="How far it is now.")


@strawberry.type(description="The account is being read.")
class TraktImportStarted:
    account: TraktConnection | None = strawberry.field(
        description="The account; `reading` says how far it is, and has the import in the end."
    )


@strawberry.type(description="The account is forgotten here: its tokens are deleted.")
class TraktDisconnected:
    revoked: bool = strawberry.field(
        description="Whether Trakt was told, too; where not, remove us in your settings there."
    )
    undone: int = strawberry.field(description="Imports from it that were taken back now.")
    done: bool = strawberry.field(
        description="Whether all of them are; false where it takes longer: call again to go on."
    )


DeleteImported = Annotated[
    bool,
    strawberry.argument(description="Also take back what was imported from it; default: no."),
]
StartPayload = Annotated[TraktSignInStarted | Refusal, strawberry.union("StartTraktSignInPayload")]
FinishPayload = Annotated[TraktSignInAsked | Refusal, strawberry.union("FinishTraktSignInPayload")]
ImportPayload = Annotated[TraktImportStarted | Refusal, strawberry.union("ImportFromTraktPayload")]
DisconnectPayload = Annotated[
    TraktDisconnected | Refusal, strawberry.union("DisconnectTraktPayload")
]


@strawberry.type
class TraktQuery:
    @strawberry.field(
        description="The account at Trakt of the profile that asks: connected, or waiting for its"
        " code; null where nothing was begun."
    )
    async def trakt_account(self, info: Info) -> TraktAccount | None:
        return await account_of(info.context)


@strawberry.type
class TraktMutation:
    @strawberry.mutation(
        description="Connect an account at Trakt: this makes a code to type in there. One that was"
        " made before counts no more."
    )
    async def start_trakt_sign_in(self, info: Info) -> StartPayload | None:
        context, services = info.context, info.context.services
        context.viewer.require_profile()
        trakt = service.trakt_of(services)
        await sign_in.start(services.database, services.limiter, trakt, context.viewer, context.now)
        account = await account_of(context)
        waiting = account.sign_in if isinstance(account, TraktConnection) else account
        return TraktSignInStarted(sign_in=waiting)

    @strawberry.mutation(
        description="Ask Trakt once whether the code was typed in. Asking too early is not passed"
        " on."
    )
    async def finish_trakt_sign_in(self, info: Info) -> FinishPayload | None:
        context, services = info.context, info.context.services
        context.viewer.require_profile()
        trakt = service.trakt_of(services)
        asked = await sign_in.finish(services.database, trakt, context.viewer, context.now)
        return TraktSignInAsked(
            connected=asked.connected,
            ask_again_in_s=asked.ask_again_in_s,
            account=await account_of(context),
        )

    @strawberry.mutation(
        description="Read the connected account once: its history, ratings and watchlist. What is"
        " read becomes an import; nothing is written until `commitImport`. It is never read without"
        " being asked."
    )
    async def import_from_trakt(self, info: Info) -> ImportPayload | None:
        context = info.context
        await service.ask_reading(context.services, context.viewer, context.now)
        account = await account_of(context)
        return TraktImportStarted(account=account if isinstance(account, TraktConnection) else None)

    @strawberry.mutation(
        description="Forget the account at Trakt and have Trakt forget us; called again it is the"
        " same. What was imported stays, unless you say otherwise."
    )
    async def disconnect_trakt(
        self, info: Info, delete_imported: DeleteImported = False
    ) -> DisconnectPayload | None:
        context = info.context
        ended = await service.disconnect(
            context.services,
            context.viewer,
            context.now,
            delete_imported=delete_imported,
            seconds=_SECONDS,
        )
        context.renew(context.now)
        return TraktDisconnected(revoked=ended.revoked, undone=ended.undone, done=ended.done)
