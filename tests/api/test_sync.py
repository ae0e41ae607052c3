"""The nightly sync in GraphQL: who may ask for a run, read them, confirm one, release a title."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from redis.asyncio import Redis

from domain.accounts import admin
from domain.errors import InvalidInput
from domain.jobs import ledger
from domain.jobs.values import Done
from domain.services import Services
from domain.sync import runs
from domain.sync.round import Round
from domain.sync.values import SyncLimits
from tests.accounts.people import run as execute
from tests.api.conftest import SITE, Client, Household, make_app, move_in
from tests.sync.sources import Shelf, seen
from tests.sync.stage import ask

pytestmark = pytest.mark.anyio

RUN = "id source reason state dryRun titles countries problem"
START = f"""
mutation ($input: StartSyncInput!) {{ startSync(input: $input) {{
  ... on SyncRunResult {{ run {{ {RUN} }} }}
  ... on UserError {{ code message }}
}} }}"""
CONFIRM = f"""
mutation ($id: ID!) {{ confirmSync(id: $id) {{
  ... on SyncRunResult {{ run {{ {RUN} }} }}
  ... on UserError {{ code message }}
}} }}"""
RELEASE = """
mutation ($id: ID!) { releaseSyncTitle(id: $id) {
  ... on SyncTitleReleased { titleId }
  ... on UserError { code message }
} }"""
MOVE = """
mutation ($days: Int!) { moveDemoClock(days: $days) {
  ... on DemoClockMoved { clock { aheadDays } run { state } }
  ... on UserError { code message }
} }"""
RUNS = """
query ($first: Int!, $after: String) { syncRuns(first: $first, after: $after) {
  edges { cursor node { id } } pageInfo { hasNextPage hasPreviousPage endCursor }
} }"""
PROBLEMS = "title { id name } problem quarantined"


@dataclass
class Clock:
    """The stand-ins', in memory."""

    ahead: timedelta = field(default_factory=timedelta)

    async def now(self) -> datetime:
        return datetime.now(UTC) + self.ahead

    async def move(self, days: int) -> datetime:
        if days < 1:
            raise InvalidInput("Days are a number from 1 on.", field="days")
        self.ahead += timedelta(days)
        return await self.now()


@dataclass
class Office:
    """An application whose sync asks a source in memory, and the ways in to it."""

    services: Services
    source: Shelf
    clock: Clock
    valkey: Redis
    clients: list[Client] = field(default_factory=list)

    def client(self, services: Services | None = None) -> Client:
        """A stranger's."""
        app = make_app(services or self.services)
        transport = httpx.ASGITransport(app, client=("203.0.113.9", 50_000))
        self.clients.append(Client(transport=transport, base_url=SITE))
        return self.clients[-1]

    async def home(self, *, role: str = "member", services: Services | None = None) -> Household:
        """A new household with a role."""
        household = await move_in(self.client(services), self.services)
        if role == "admin":
            async with self.services.database.transaction() as session:
                await admin.grant(session, household.email, "admin")
            await self.valkey.flushdb()  # what the session proves
        return household

    async def work(self, run: str) -> None:
        """A worker's turn at a run, which ends it."""
        run_id, now = int(run.removeprefix("run_")), datetime.now(UTC)
        ((job_id,),) = await ask(
            self.services.database,
            f"SELECT max(id) FROM jobs WHERE split_part(key, '/', 1) = '{run_id}'",
        )
        claim = await ledger.claim(self.services.database, job_id, now)
        assert claim is not None
        limits = SyncLimits(second_look_s=0)
        turn = Round(self.services.database, self.source, limits, claim, lambda: datetime.now(UTC))
        outcome = await turn.go_on()
        async with self.services.database.transaction() as session:
            if isinstance(outcome, Done):
                await ledger.finish(session, claim, outcome.result, datetime.now(UTC))
            else:
                await ledger.again(session, claim, outcome.at, datetime.now(UTC))


@pytest.fixture(scope="module")
async def titles(services: Services) -> AsyncIterator[list[int]]:
    """Six films that JustWatch knows; gone again afterwards."""
    await execute(
        services.database,
        "INSERT INTO titles (kind, name, name_key, maturity, popularity, justwatch_id, source)"
        " SELECT 'film', 'Asked ' || n, 'asked ' || n, CASE n WHEN 6 THEN 18 ELSE 6 END, n,"
        " 'tm90' || n, 'tests' FROM generate_series(1, 6) AS n",
    )
    await execute(services.database, "UPDATE platforms SET package_id = 8 WHERE slug = 'netflix'")
    found = await ask(
        services.database, "SELECT id FROM titles WHERE justwatch_id LIKE 'tm90%' ORDER BY id"
    )
    yield [row[0] for row in found]
    await execute(services.database, "DELETE FROM titles WHERE justwatch_id LIKE 'tm90%'")
    await execute(services.database, "UPDATE platforms SET package_id = NULL")


@pytest.fixture
async def office(services: Services, client: Redis, titles: list[int]) -> AsyncIterator[Office]:
    """Nothing has been asked yet."""
    await client.flushdb()
    await execute(services.database, "DELETE FROM sync_runs")
    await execute(services.database, "DELETE FROM sync_titles")
    await execute(services.database, "DELETE FROM jobs")
    source, clock = Shelf({each: [seen()] for each in titles}, name="simulator/justwatch"), Clock()
    made = Office(replace(services, source=source, demo_clock=clock), source, clock, client)
    yield made
    for each in made.clients:
        await each.aclose()


async def say(who: Client, query: str, **variables: Any) -> dict[str, Any]:
    """The whole answer."""
    answer = await who.post("/graphql", json={"query": query, "variables": variables})
    return answer.json()


async def do(who: Client, mutation: str, **variables: Any) -> dict[str, Any]:
    """What a mutation ends in."""
    answer = await say(who, mutation, **variables)
    assert "errors" not in answer, answer
    (ended,) = answer["data"].values()
    return ended


@pytest.mark.parametrize(
    "asked",
    [
        "{ syncRuns { edges { node { id } } } }",
        '{ syncRun(id: "run_1") { id } }',
        "{ quarantinedTitles { problem } }",
    ],
)
async def test_only_admins_read_what_the_sync_does(office: Office, asked: str) -> None:
    members = await office.home()
    admins = await office.home(role="admin")
    for who, code in ((office.client(), "UNAUTHENTICATED"), (members.browser, "FORBIDDEN")):
        [error] = (await say(who, asked))["errors"]
        assert error["extensions"]["code"] == code
    assert "errors" not in await say(admins.browser, asked)


@pytest.mark.parametrize(
    ("mutation", "variables"),
    [
        (START, {"input": {}}),
        (CONFIRM, {"id": "run_1"}),
        (RELEASE, {"id": "title_1"}),
    ],
)
async def test_only_admins_decide_about_it(
    office: Office, mutation: str, variables: dict[str, Any]
) -> None:
    members = await office.home()
    for who, code in ((office.client(), "UNAUTHENTICATED"), (members.browser, "FORBIDDEN")):
        assert (await do(who, mutation, **variables))["code"] == code
    assert await ask(office.services.database, "SELECT 1 FROM sync_runs") == []


async def test_a_child_s_profile_of_an_admin_s_household_is_no_admin(office: Office) -> None:
    admins = await office.home(role="admin")
    await execute(
        office.services.database,
        "UPDATE profiles SET maturity_ceiling = 12 WHERE id = :id",
        id=admins.viewer.profile_id,
    )
    await office.valkey.flushdb()
    refused = await do(admins.browser, START, input={})
    assert refused["code"] == "FORBIDDEN"
    assert "maturity limit" in refused["message"]


async def test_a_run_is_started_and_is_one_at_a_time(office: Office, titles: list[int]) -> None:
    admins = await office.home(role="admin")
    run = (await do(admins.browser, START, input={}))["run"]
    assert run == {
        "id": run["id"], "source": "simulator/justwatch", "reason": "MANUAL", "state": "PLANNED",
        "dryRun": False, "titles": len(titles), "countries": run["countries"], "problem": None,
    }  # fmt: skip
    assert "US" in run["countries"], "and where those live whom other tests have made accounts for"
    refused = await do(admins.browser, START, input={"dryRun": True})
    assert refused["code"] == "SYNC_UNDER_WAY"
    await office.work(run["id"])
    query = f'{{ syncRun(id: "{run["id"]}") {{ state done changed added durationS }} }}'
    told = (await say(admins.browser, query))["data"]["syncRun"]
    assert (told["state"], told["done"], told["changed"]) == ("DONE", 6, 6)
    assert told["durationS"] >= 0


async def test_titles_can_be_named_up_to_a_hundred(office: Office, titles: list[int]) -> None:
    admins = await office.home(role="admin")

    async def start(*named: str, **more: Any) -> dict[str, Any]:
        return await do(admins.browser, START, input={"titleIds": list(named), **more})

    for named in ((), [f"title_{n}" for n in range(101)], ["title_1"] * 200):
        assert (await start(*named))["code"] == "INVALID_INPUT"
    assert (await start("run_1"))["code"] == "MALFORMED_ID"
    assert (await start("title_999999"))["code"] == "SYNC_NOTHING_TO_ASK"
    assert await ask(office.services.database, "SELECT 1 FROM sync_runs") == []
    named = (f"title_{titles[0]}", f"title_{titles[0]}", f"title_{titles[2]}", "title_999999")
    run = (await start(*named, dryRun=True))["run"]
    assert (run["titles"], run["dryRun"]) == (2, True)


async def test_where_nobody_can_be_asked_it_is_said_what_to_set(office: Office) -> None:
    admins = await office.home(
        role="admin", services=replace(office.services, source=None, demo_clock=None)
    )
    refused = await do(admins.browser, START, input={})
    assert refused["code"] == "NO_SOURCE"
    assert "STREAMING_STACK_JUSTWATCH" in refused["message"]


async def test_runs_are_paged_from_the_latest_on(office: Office) -> None:
    admins = await office.home(role="admin")
    made = []
    for _ in range(5):
        made.append((await do(admins.browser, START, input={}))["run"]["id"])
        await execute(office.services.database, "UPDATE sync_runs SET state = 'done'")
    found, after = [], None
    for size, more in ((2, True), (2, True), (1, False)):
        page = (await say(admins.browser, RUNS, first=2, after=after))["data"]["syncRuns"]
        assert len(page["edges"]) == size
        assert page["pageInfo"]["hasNextPage"] is more
        assert page["pageInfo"]["hasPreviousPage"] is (after is not None)
        found += [each["node"]["id"] for each in page["edges"]]
        after = page["pageInfo"]["endCursor"]
    assert found == made[::-1]
    for cursor in ("x", "-1", "1" * 40, "٣", ""):
        [error] = (await say(admins.browser, RUNS, first=2, after=cursor))["errors"]
        assert error["extensions"]["code"] == "INVALID_INPUT"
    assert (await say(admins.browser, '{ syncRun(id: "run_9999999") { id } }'))["data"] == {
        "syncRun": None
    }


async def test_a_held_run_waits_for_an_admin_s_word(office: Office, titles: list[int]) -> None:
    admins = await office.home(role="admin")
    run = (await do(admins.browser, START, input={}))["run"]["id"]
    assert (await do(admins.browser, CONFIRM, id=run))["code"] == "SYNC_NOT_HELD"
    assert (await do(admins.browser, CONFIRM, id="run_9999999"))["code"] == "NOT_FOUND"
    await office.work(run)
    await execute(
        office.services.database, "UPDATE sync_runs SET state = 'held', problem = 'Too much.'"
    )
    await execute(
        office.services.database,
        "INSERT INTO sync_removals (run_id, offer_id, missed_at)"
        " SELECT r.id, max(o.id), now() FROM sync_runs r, offers o"
        f" WHERE o.title_id = {titles[0]} GROUP BY r.id",
    )
    other = (await do(admins.browser, START, input={"dryRun": True}))["run"]["id"]
    refused = await do(admins.browser, CONFIRM, id=run)
    assert refused["code"] == "SYNC_UNDER_WAY"
    assert other.removeprefix("run_") in refused["message"]
    await office.work(other)
    confirmed = (await do(admins.browser, CONFIRM, id=run))["run"]
    assert (confirmed["state"], confirmed["problem"]) == ("REMOVING", None)
    await office.work(run)
    told = await say(admins.browser, f'{{ syncRun(id: "{run}") {{ state removed }} }}')
    assert told["data"]["syncRun"]["state"] == "DONE"
    assert await ask(
        office.services.database, f"SELECT gone_at IS NULL FROM offers WHERE title_id = {titles[0]}"
    ) == [(False,)]


async def test_what_went_wrong_is_shown_and_a_title_released(
    office: Office, titles: list[int]
) -> None:
    admins = await office.home(role="admin")
    office.source.failing[titles[1]] = "<b>The page</b> was cut."
    named = {"titleIds": [f"title_{titles[1]}"]}
    run = ""
    for _ in range(5):
        run = (await do(admins.browser, START, input=named))["run"]["id"]
        await office.work(run)
    problem = {
        "title": {"id": f"title_{titles[1]}", "name": "Asked 2"},
        "problem": "<b>The page</b> was cut.", "quarantined": True,
    }  # fmt: skip
    query = f'{{ syncRun(id: "{run}") {{ failed quarantined problems {{ {PROBLEMS} }} }} }}'
    told = (await say(admins.browser, query))["data"]["syncRun"]
    assert told == {"failed": 1, "quarantined": 1, "problems": [problem]}
    listed = f"{{ quarantinedTitles {{ {PROBLEMS} }} }}"
    assert (await say(admins.browser, listed))["data"]["quarantinedTitles"] == [problem]

    released = await do(admins.browser, RELEASE, id=f"title_{titles[1]}")
    assert released == {"titleId": f"title_{titles[1]}"}
    assert (await say(admins.browser, listed))["data"]["quarantinedTitles"] == []
    assert (await do(admins.browser, RELEASE, id=f"title_{titles[1]}"))["code"] == "NOT_FOUND"
    office.source.failing.clear()
    run = (await do(admins.browser, START, input={}))["run"]
    assert run["titles"] == len(titles)


async def test_whoever_is_signed_in_moves_the_demo_clock_and_the_sync_asks(office: Office) -> None:
    members = await office.home()
    assert (await do(office.client(), MOVE, days=1))["code"] == "UNAUTHENTICATED"
    assert (await do(members.browser, MOVE, days=0))["code"] == "INVALID_INPUT"
    moved = await do(members.browser, MOVE, days=3)
    assert moved["clock"]["aheadDays"] == pytest.approx(3, abs=0.01)
    assert moved["run"]["state"] == "PLANNED"
    assert (await do(members.browser, MOVE, days=1))["run"] is None, "one is under way"
    told = await say(office.client(), "{ demoClock { aheadDays } }")
    assert told["data"]["demoClock"]["aheadDays"] == pytest.approx(4, abs=0.01)


async def test_without_stand_ins_there_is_no_clock_to_move(office: Office) -> None:
    members = await office.home(services=replace(office.services, demo_clock=None))
    told = await say(members.browser, "{ demoClock { now } }")
    assert told["data"] == {"demoClock": None}
    assert (await do(members.browser, MOVE, days=1))["code"] == "NO_STAND_INS"
    assert await ask(office.services.database, "SELECT 1 FROM sync_runs") == []


async def test_a_confirmation_beside_a_run_that_is_just_planned_is_refused_in_words(
    office: Office,
) -> None:
    admins = await office.home(role="admin")
    run = (await do(admins.browser, START, input={}))["run"]["id"]
    await execute(office.services.database, "UPDATE sync_runs SET state = 'held'")
    async with office.services.database.transaction() as session:
        await runs.plan_run(
            session, office.source, reason="manual", night=None, countries=["US"], budget=10,
            now=datetime.now(UTC),
        )  # fmt: skip
        confirming = asyncio.create_task(do(admins.browser, CONFIRM, id=run))
        await asyncio.sleep(0.3)
        assert not confirming.done(), "it waits for what becomes of the other"
    assert (await confirming)["code"] == "SYNC_UNDER_WAY"
