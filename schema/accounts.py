"""Accounts: who is signed in, from where, and with which keys."""

from datetime import datetime
from typing import Any, Self

import strawberry

from domain import ids
from domain.accounts import sessions, tokens
from domain.accounts.values import ListedSession, ListedToken
from domain.accounts.viewer import Viewer
from domain.profiles import repo as profiles
from schema.context import Info
from schema.enums import AccountPlan, Role
from schema.nodes import Node
from schema.profiles import Profile


@strawberry.type(description="A browser that is signed in.")
class Session(Node):
    current: bool = strawberry.field(description="Whether it is the one that asks.")
    profile_name: str = strawberry.field(description="Who is using it.")
    user_agent: str = strawberry.field(description="What the browser says it is.")
    address: str = strawberry.field(description="Where it signed in from.")
    created_at: datetime = strawberry.field(description="When it signed in.")
    last_seen_at: datetime = strawberry.field(description="When it was last used, to the hour.")
    expires_at: datetime = strawberry.field(description="When it ends, unless it is used.")

    @classmethod
    def of(cls, listed: ListedSession, viewer: Viewer) -> Self:
        """From the domain's."""
        return cls(
            id=strawberry.ID(ids.encode("session", listed.id)),
            current=listed.id == viewer.session_id,
            profile_name=listed.profile_name,
            user_agent=listed.user_agent,
            address=listed.address,
            created_at=listed.created_at,
            last_seen_at=listed.last_seen_at,
            expires_at=listed.expires_at,
        )


@strawberry.type(description="A program's key to one profile.")
class ApiToken(Node):
    name: str = strawberry.field(description="What it is for.")
    hint: str = strawberry.field(description="How it begins.")
    profile_name: str = strawberry.field(description="The profile it acts as.")
    created_at: datetime = strawberry.field(description="When it was made.")
    last_used_at: datetime | None = strawberry.field(description="When it was last used.")

    @classmethod
    def of(cls, listed: ListedToken) -> Self:
        """From the domain's."""
        return cls(
            id=strawberry.ID(ids.encode("token", listed.id)),
            name=listed.name,
            hint=listed.hint,
            profile_name=listed.profile_name,
            created_at=listed.created_at,
            last_used_at=listed.last_used_at,
        )


@strawberry.type(description="A household.")
class Account(Node):
    email: str = strawberry.field(description="How it signs in.")
    plan: AccountPlan = strawberry.field(description="What it has.")
    role: Role = strawberry.field(description="What it may do.")
    country: str = strawberry.field(description="Where it lives, ISO 3166-1.")
    time_zone: str = strawberry.field(description="Its clock, an IANA name.")

    @strawberry.field(description="Its profiles, oldest first.", metadata={"assumed_size": 10})
    async def profiles(self, info: Info) -> list[Profile]:
        rows = await _profile_rows(info)
        return [Profile.from_row(row) for row in rows]

    @strawberry.field(description="The profile that is asking.")
    async def profile(self, info: Info) -> Profile | None:
        mine = info.context.viewer.profile_id
        rows = await _profile_rows(info)
        return next((Profile.from_row(row) for row in rows if row.id == mine), None)

    @strawberry.field(
        description="The browsers that are signed in, the last used first; not for profiles with"
        " a maturity limit.",
        metadata={"assumed_size": 10},
    )
    async def sessions(self, info: Info) -> list[Session] | None:
        context = info.context
        account_id, _ = context.viewer.require_manager()
        async with context.services.database.read() as connection:
            found = await sessions.of_account(connection, account_id, context.now)
        return [Session.of(each, context.viewer) for each in found]

    @strawberry.field(
        description="Its API tokens, newest first; not for profiles with a maturity limit.",
        metadata={"assumed_size": 10},
    )
    async def api_tokens(self, info: Info) -> list[ApiToken] | None:
        context = info.context
        account_id, _ = context.viewer.require_manager()
        async with context.services.database.read() as connection:
            found = await tokens.of_account(connection, account_id)
        return [ApiToken.of(each) for each in found]

    @classmethod
    def of(cls, viewer: Viewer) -> Self | None:
        """The viewer's own; None for nobody."""
        if viewer.account_id is None:
            return None
        return cls(
            id=strawberry.ID(ids.encode("account", viewer.account_id)),
            email=viewer.email or "",
            plan=AccountPlan(viewer.plan),
            role=Role(viewer.role),
            country=viewer.country,
            time_zone=viewer.time_zone,
        )


async def _profile_rows(info: Info) -> Any:
    context = info.context
    account_id, _ = context.viewer.require_profile()
    async with context.services.database.read() as connection:
        return (await profiles.of_accounts(connection, [account_id])).get(account_id, ())
