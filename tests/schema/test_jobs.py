"""The job ledger as admins see it, and another try for what was given up."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from domain.accounts.viewer import Viewer
from domain.db import Database
from domain.jobs import ledger
from domain.services import Services
from tests.accounts.people import run as change
from tests.support.counting import statements
from tests.support.graphql import run

pytestmark = pytest.mark.anyio
ADMIN = Viewer(
    "session", "US", "UTC", "192.0.2.1", account_id=uuid4(), profile_id=uuid4(), role="admin"
)
LEDGER = """
query ($first: Int = 20, $after: String) { jobs {
  tallies { kind waiting running done quarantined } due oldestDueAt
  quarantined(first: $first, after: $after) {
    nodes { id kind key state problem failures deaths attempt createdAt finishedAt }
    pageInfo { hasNextPage endCursor }
  }
  webhooks(first: $first) {
    count more items { id webhookId problem attempts receivedAt nextTryAt }
  }
} }"""
RELEASE = """
mutation ($id: ID!) { releaseJob(id: $id) {
  ... on JobReleased { job { id state failures deaths finishedAt } }
  ... on UserError { code message }
} }"""


async def add(database: Database, key: str, state: str, **told: Any) -> None:
    """A job in a state."""
    names = "".join(f", {each}" for each in told)
    values = "".join(f", :{each}" for each in told)
    await change(
        database,
        f"INSERT INTO jobs (kind, key, state, due_at, created_at{names})"
        f" VALUES ('sync', :key, :state, now() - interval '2 h', now() - interval '1 d'{values})",
        key=key,
        state=state,
        **told,
    )


async def asked(services: Services, **variables: Any) -> dict[str, Any]:
    return (await run(services, LEDGER, ADMIN, **variables))["jobs"]


async def test_jobs_are_counted_by_kind_and_state(services: Services):
    before = datetime.now(UTC)
    for key, state in (("a", "waiting"), ("b", "done"), ("c", "done"), ("d", "quarantined")):
        await add(services.database, key, state)
    async with services.database.transaction() as session:
        later = before + timedelta(days=1)
        await ledger.plan(session, "lines", "tonight", before, due_at=later)
    told = await asked(services)
    assert told["tallies"] == [
        {"kind": "lines", "waiting": 1, "running": 0, "done": 0, "quarantined": 0},
        {"kind": "sync", "waiting": 1, "running": 0, "done": 2, "quarantined": 1},
    ]
    assert told["due"] == 1, "what is due tomorrow doesn't wait for a worker"
    waited = before - datetime.fromisoformat(told["oldestDueAt"])
    assert timedelta(hours=1) < waited < timedelta(hours=3)


async def test_an_empty_ledger_says_so(services: Services):
    assert await asked(services) == {
        "tallies": [], "due": 0, "oldestDueAt": None,
        "quarantined": {"nodes": [], "pageInfo": {"hasNextPage": False, "endCursor": None}},
        "webhooks": {"count": 0, "more": False, "items": []},
    }  # fmt: skip


async def test_what_was_given_up_is_told_a_page_at_a_time_the_latest_first(services: Services):
    for key in ("a", "b", "c"):
        await add(services.database, key, "quarantined", problem=f"{key} <b>", failures=5)
    await add(services.database, "d", "done")
    page = (await asked(services, first=2))["quarantined"]
    assert [each["key"] for each in page["nodes"]] == ["c", "b"]
    assert page["pageInfo"]["hasNextPage"]
    first = page["nodes"][0]
    assert (first["state"], first["problem"], first["failures"]) == ("QUARANTINED", "c <b>", 5)
    page = (await asked(services, first=2, after=page["pageInfo"]["endCursor"]))["quarantined"]
    assert [each["key"] for each in page["nodes"]] == ["a"]
    assert not page["pageInfo"]["hasNextPage"]


async def test_the_whole_page_takes_four_statements_however_much_there_is(services: Services):
    for number in range(5):
        await add(services.database, f"q{number}", "quarantined")
    with statements(services.database) as sent:
        await asked(services)
    assert len(sent) == 4


async def test_a_job_is_released_once_and_may_begin_at_once(services: Services):
    await add(services.database, "a", "quarantined", failures=5, deaths=2)
    [job] = (await asked(services))["quarantined"]["nodes"]
    released = (await run(services, RELEASE, ADMIN, id=job["id"]))["releaseJob"]
    told = {"id": job["id"], "state": "WAITING", "failures": 0, "deaths": 0, "finishedAt": None}
    assert released == {"job": told}
    after = await asked(services)
    assert (after["quarantined"]["nodes"], after["due"]) == ([], 1)
    again = (await run(services, RELEASE, ADMIN, id=job["id"]))["releaseJob"]
    assert again["code"] == "NOT_FOUND"
    assert "released already" in again["message"]
    assert (await asked(services))["due"] == 1


@pytest.mark.parametrize("wrong", ["job_999", "job_" + "9" * 30, "run_1", "", "job_-1"])
async def test_ids_that_are_no_quarantined_jobs_are_refused(services: Services, wrong: str):
    refused = (await run(services, RELEASE, ADMIN, id=wrong))["releaseJob"]
    assert refused["code"] in {"NOT_FOUND", "MALFORMED_ID"}


async def test_webhooks_that_wait_are_told_with_their_next_turn(services: Services):
    database, now = services.database, datetime(2026, 11, 21, 12, tzinfo=UTC)
    for key, attempts, problem in (("one", 1, None), ("two", 4, "KeyError: <x>"), ("old", 30, "?")):
        await change(
            database,
            "INSERT INTO webhook_deliveries (webhook_id, body, received_at, attempts, problem)"
            " VALUES (:key, '', :now, :attempts, :problem)",
            key=key, now=now, attempts=attempts, problem=problem,
        )  # fmt: skip
    await change(
        database,
        "INSERT INTO webhook_deliveries (webhook_id, body, received_at, applied_at)"
        " VALUES ('applied', '', :now, :now)",
        now=now,
    )
    told = (await asked(services, first=2))["webhooks"]
    assert (told["count"], told["more"]) == (3, False)
    assert [(each["webhookId"], each["attempts"], each["problem"]) for each in told["items"]] == [
        ("one", 1, None), ("two", 4, "KeyError: <x>"),
    ]  # fmt: skip
    waits = [datetime.fromisoformat(each["nextTryAt"]) - now for each in told["items"]]
    assert waits == [timedelta(0), timedelta(seconds=35)]
