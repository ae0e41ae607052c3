"""The instance: what a stranger may know before signing in."""

from typing import Self

import strawberry

from domain.accounts.demo import DEMOS, PASSWORD
from domain.platforms import repo as platforms
from domain.services import Services
from schema.context import Info


@strawberry.type(description="An account to try everything with; anybody may sign in as it.")
class DemoAccount:
    label: str = strawberry.field(description="What it is called: its plan, or admin.")
    email: str = strawberry.field(description="Its e-mail.")
    password: str = strawberry.field(description="Its password, which is no secret.")


@strawberry.type(description="This installation.")
class Instance:
    country: str = strawberry.field(
        description="The country of callers without an account, ISO 3166-1."
    )
    time_zone: str = strawberry.field(description="Their clock, an IANA name.")
    demo_accounts: list[DemoAccount] = strawberry.field(
        description="Accounts to try everything with; none where people keep their own things.",
        metadata={"assumed_size": 3},
    )

    @strawberry.field(
        description="The countries in which platforms are known, ISO 3166-1.",
        metadata={"cost": 1},
    )
    async def countries(self, info: Info) -> list[str]:
        async with info.context.services.database.read() as connection:
            return await platforms.countries(connection)

    @classmethod
    def of(cls, services: Services) -> Self:
        """From the settings that the services carry."""
        offered = DEMOS if services.offer_demo_accounts else ()
        accounts = [
            DemoAccount(label=demo.label, email=demo.email, password=PASSWORD) for demo in offered
        ]
        return cls(country=services.country, time_zone=services.time_zone, demo_accounts=accounts)
