"""What a stranger is told of the installation."""

from dataclasses import replace

import pytest

from app.graphql.examples import demo_accounts
from domain.services import Services
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
