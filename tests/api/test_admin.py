"""What only admins may look at, over HTTP."""

import pytest
from redis.asyncio import Redis

from domain.accounts import admin
from domain.services import Services
from tests.accounts.people import run as execute
from tests.api.conftest import Connect, Household, move_in
from tests.api.test_sync import do, say

pytestmark = pytest.mark.anyio
QUERIES = [
    "{ jobs { due } }",
    "{ jobs { quarantined { nodes { id } } webhooks { count } } }",
    "{ dataQuality { dateConflicts { count } } }",
    "{ dataQuality { unknownTitles { items { justwatchId } } } }",
]
RELEASE = """mutation { releaseJob(id: "job_1") {
  ... on JobReleased { job { id } } ... on UserError { code message }
} }"""


async def made_admin(household: Household, services: Services, valkey: Redis) -> Household:
    async with services.database.transaction() as session:
        await admin.grant(session, household.email, "admin")
    await valkey.flushdb()  # what the session proves
    return household


@pytest.mark.parametrize("query", QUERIES)
async def test_jobs_and_quality_are_for_admins_alone(
    client_of: Connect, services: Services, client: Redis, query: str
) -> None:
    members = await move_in(client_of(), services)
    admins = await made_admin(await move_in(client_of(), services), services, client)
    for who, code in ((client_of(), "UNAUTHENTICATED"), (members.browser, "FORBIDDEN")):
        answer = await say(who, query)
        [error] = answer["errors"]
        assert (answer["data"], error["extensions"]["code"]) == (None, code)
    assert "errors" not in await say(admins.browser, query)


async def test_only_admins_release_jobs(
    client_of: Connect, services: Services, client: Redis
) -> None:
    members = await move_in(client_of(), services)
    assert (await do(client_of(), RELEASE))["code"] == "UNAUTHENTICATED"
    assert (await do(members.browser, RELEASE))["code"] == "FORBIDDEN"
    admins = await made_admin(members, services, client)
    assert (await do(admins.browser, RELEASE))["code"] == "NOT_FOUND"
    await execute(
        services.database,
        "UPDATE profiles SET maturity_ceiling = 12 WHERE id = :id",
        id=admins.viewer.profile_id,
    )
    await client.flushdb()
    assert (await do(admins.browser, RELEASE))["code"] == "FORBIDDEN", "a child's profile"


async def test_a_page_of_more_than_a_hundred_is_refused(
    client_of: Connect, services: Services, client: Redis
) -> None:
    admins = await made_admin(await move_in(client_of(), services), services, client)
    for asked in ("dataQuality { unknownTitles(first: 101)", "jobs { webhooks(first: 0)"):
        answer = await say(admins.browser, f"{{ {asked} {{ count }} }} }}")
        assert answer["errors"][0]["extensions"]["code"] == "PAGE_SIZE"
