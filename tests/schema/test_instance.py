"""What a stranger is told of the installation."""

from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import text

from app.graphql.examples import demo_accounts
from domain.platforms.models import Plan
from domain.services import Services
from tests.support.catalogue import On, add_platform, add_title
from tests.support.counting import statements
from tests.support.graphql import run

pytestmark = pytest.mark.anyio

_INSTANCE = "{ instance { country timeZone demoAccounts { label email password } } }"
_SIGN_IN = """
mutation ($email: String!, $password: String!) {
  signIn(input: { email: $email, password: $password }) { __typename }
}
"""


async def test_it_says_where_a_stranger_is_taken_to_live(services: Services):
    services = replace(services, country="DE", time_zone="Europe/Berlin")
    told = (await run(services, _INSTANCE))["instance"]
    assert (told["country"], told["timeZone"]) == ("DE", "Europe/Berlin")


async def test_demo_accounts_are_told_only_where_they_are_offered(services: Services):
    assert (await run(services, _INSTANCE))["instance"]["demoAccounts"] == []
    offering = replace(services, offer_demo_accounts=True)
    told = (await run(offering, _INSTANCE))["instance"]["demoAccounts"]
    assert [tuple(each.values()) for each in told] == [tuple(each) for each in demo_accounts()]


async def test_whoever_is_told_of_can_sign_in(demo_services: Services):
    offering = replace(demo_services, offer_demo_accounts=True)
    told = (await run(offering, _INSTANCE))["instance"]["demoAccounts"]
    assert [each["label"] for each in told] == ["free", "pro", "admin"]
    for each in told:
        entered = await run(offering, _SIGN_IN, email=each["email"], password=each["password"])
        assert entered["signIn"]["__typename"] == "SignedIn"


async def test_it_names_the_countries_in_which_there_are_platforms(services: Services):
    query = "{ instance { countries } }"
    assert (await run(services, query))["instance"]["countries"] == []
    async with services.database.transaction() as session:
        offers = [On(country="US"), On("mubi", country="DE"), On("mubi", country="AT")]
        await add_title(session, "Dark", offers=[*offers, On(country="DE")])
        gone = await add_title(session, "Gone", offers=[On(country="FR")])
        key = await add_platform(session, "mubi")
        plan: dict[str, Any] = {
            "platform_id": key,
            "name": "Basic",
            "monthly_price": 5,
            "currency": "EUR",
        }
        session.add(Plan(**plan, country="NL"))
        await (await session.connection()).execute(
            text("UPDATE offers SET gone_at = now() WHERE title_id = :id"), {"id": gone}
        )
    with statements(services.database) as sent:
        told = (await run(services, query))["instance"]["countries"]
    assert told == ["AT", "DE", "NL", "US"]
    assert len(sent) == 1
