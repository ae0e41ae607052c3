"""What whoever runs the instance may do to accounts: roles, plans, and tokens for programs."""

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from app.commands.console import AsJson, answer
from app.commands.services import with_services

if TYPE_CHECKING:
    from domain.services import Services

Email = Annotated[str, typer.Argument(help="The account's e-mail address.")]


class Role(StrEnum):
    """What an account may do."""

    ADMIN = "admin"
    MEMBER = "member"


_ARTICLED = {Role.ADMIN: "an admin", Role.MEMBER: "a member"}


class Plan(StrEnum):
    """What an account pays for."""

    FREE = "free"
    PRO = "pro"


def token(
    email: Email,
    name: Annotated[str, typer.Option(help="What the token is for, like 'home assistant'.")],
    as_json: bool = AsJson,
) -> None:
    """Make an API token for an account.

    It speaks for the account's first profile and is shown once.
    """

    async def make(services: "Services") -> tuple[str, str]:
        from app.tokens import create_token

        return await create_token(services, email, name)

    secret, profile = with_services(make)
    answer(
        {"token": secret, "profile": profile, "name": name},
        f"{secret}\nIt speaks for the profile {profile!r}. Keep it: it is not shown again.",
        as_json=as_json,
    )


def grant(email: Email, role: Role, as_json: bool = AsJson) -> None:
    """Make an account an admin or a member."""

    async def change(services: "Services") -> None:
        from domain.accounts import admin

        async with services.database.transaction() as session:
            await admin.grant(session, email, role.value)

    with_services(change)
    answer({"email": email, "role": role}, f"{email} is now {_ARTICLED[role]}.", as_json=as_json)


def plan(email: Email, plan: Plan, as_json: bool = AsJson) -> None:
    """Put an account on a plan."""

    async def change(services: "Services") -> None:
        from domain.accounts import admin

        async with services.database.transaction() as session:
            await admin.set_plan(session, email, plan.value)

    with_services(change)
    answer({"email": email, "plan": plan}, f"{email} is now on the plan {plan}.", as_json=as_json)


def add_to(app: typer.Typer) -> None:
    """Hang these commands into the command line."""
    app.command()(token)
    user = typer.Typer(no_args_is_help=True, help="Change an account's role or plan.")
    user.command()(grant)
    user.command()(plan)
    app.add_typer(user, name="user")
