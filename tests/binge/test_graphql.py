"""Binges in GraphQL: from a document to its answer."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from app.graphql.examples import tabs
from domain.accounts.viewer import Viewer
from domain.db import Database
from domain.services import Services
from tests.binge.homes import begin, move_in, run, six
from tests.support.catalogue import On
from tests.support.counting import statements
from tests.support.graphql import ANYONE, SCHEMA, context_for
from tests.support.graphql import run as ask
from tests.watchlists.homes import rows, series

pytestmark = pytest.mark.anyio
DOCS = Path(__file__).parents[2] / "docs" / "binge.md"

SCHEDULE = """
query ($title: ID!, $minutes: Int, $week: [Int!], $days: Int, $until: Date, $first: Int! = 100,
       $after: String, $filler: Boolean! = true, $seasons: [Int!]) {
  bingeSchedule(titleId: $title, minutesPerDay: $minutes, byWeekday: $week, days: $days,
                until: $until, skipFiller: $filler, seasons: $seasons) {
    title { id name }
    startOn until episodes filler planned minutes minutesWithFiller minutesByWeekday episodesPerDay
    fits finishesOn latestStart sentence preview sittingsTotal
    losses { season episodes trouble until sentence }
    alternatives { change finishesOn minutesByWeekday seasons until firstSeason sentence }
    sittings(first: $first, after: $after) {
      nodes {
        date minutes allowed
        episodes { id seasonNumber number absoluteNumber name minutes assumed filler fillerSource
                   fillerConfidence }
      }
      pageInfo { hasNextPage endCursor }
    }
  }
}
"""
FOLLOW = """
mutation ($input: FollowBingeInput!) { done: followBinge(input: $input) {
  ... on BingeFollowed { plan { id planned fits sentence title { id } slots { date minutes } } }
  ... on InvalidInputError { code field }
  ... on UserError { code message } } }
"""
UNFOLLOW = """
mutation ($title: ID!) { done: unfollowBinge(titleId: $title) {
  ... on BingeUnfollowed { id }
  ... on UserError { code } } }
"""
PLANS = """
{ bingePlans { id planned filler minutes minutesByWeekday finishesOn title { name }
    slots { date minutes episodes { id seasonNumber number } } } }
"""


async def refusal(services: Services, viewer: Viewer, **variables: Any) -> str:
    """The code with which a schedule is refused."""
    result = await SCHEMA.execute(
        SCHEDULE, variable_values=variables, context_value=context_for(services, viewer)
    )
    assert result.errors is not None
    assert result.data == {"bingeSchedule": None}
    return (result.errors[0].extensions or {})["code"]


async def demo_title(services: Services, name: str) -> str:
    ((key,),) = await rows(services.database, "SELECT id FROM titles WHERE name = :name", name=name)
    return f"title_{key}"


async def test_narutos_filler_is_left_out(demo_services: Services) -> None:
    naruto = await demo_title(demo_services, "Naruto")
    pro = replace(ANYONE, plan="pro")
    told = (await ask(demo_services, SCHEDULE, pro, title=naruto, minutes=60))["bingeSchedule"]
    assert (told["episodes"], told["filler"], told["planned"]) == (220, 90, 130)
    assert (told["minutes"], told["minutesWithFiller"]) == (130 * 23, 220 * 23)
    assert (told["fits"], told["sittingsTotal"], told["preview"]) == (True, 65, False)
    nodes = told["sittings"]["nodes"]
    assert len(nodes) == 65
    assert sum(each["minutes"] for each in nodes) == told["minutes"]
    seen = [each["absoluteNumber"] for node in nodes for each in node["episodes"]]
    assert len(seen) == 130
    assert seen == sorted(seen)
    assert not {26, 97, 101, 143, 219} & set(seen)


async def test_the_free_plan_and_guests_are_told_three_days_and_all_of_the_sums(
    services: Services,
) -> None:
    title_id, _ = await series(services.database, [[], ["canon"] * 10], runtime_min=30)
    title = f"title_{title_id}"
    free, pro = [await move_in(services.database, plan=plan) for plan in ("free", "pro")]
    told = {
        name: (await ask(services, SCHEDULE, viewer, title=title, minutes=30))["bingeSchedule"]
        for name, viewer in (("guest", ANYONE), ("free", free), ("pro", pro))
    }
    shown = {name: each.pop("sittings")["nodes"] for name, each in told.items()}
    assert {name: len(each) for name, each in shown.items()} == {"guest": 3, "free": 3, "pro": 10}
    assert shown["pro"][:3] == shown["free"]
    assert [each.pop("preview") for each in told.values()] == [True, True, False]
    assert told["guest"] == told["free"] == told["pro"]
    assert told["pro"]["sittingsTotal"] == 10


async def test_sittings_come_in_pages(services: Services) -> None:
    title_id, _ = await series(services.database, [[], ["canon"] * 7], runtime_min=30)
    pro = await move_in(services.database)
    found: list[str] = []
    after: str | None = None
    for more in (True, True, False):
        told = await ask(
            services, SCHEDULE, pro, title=f"title_{title_id}", minutes=30, first=3, after=after
        )
        page = told["bingeSchedule"]["sittings"]
        found += [each["date"] for each in page["nodes"]]
        assert page["pageInfo"]["hasNextPage"] is more
        after = page["pageInfo"]["endCursor"]
    assert found == sorted(set(found))
    assert len(found) == 7
    result = await SCHEMA.execute(
        SCHEDULE,
        variable_values={"title": f"title_{title_id}", "after": "not a day"},
        context_value=context_for(services, pro),
    )
    assert result.errors is not None
    assert result.errors[0].extensions == {"code": "INVALID_INPUT", "field": "after"}


async def test_what_does_not_fit_says_what_would(services: Services) -> None:
    title_id, _ = await series(
        services.database, [[], ["canon"] * 6, ["filler"] * 4], runtime_min=30
    )
    told = await ask(
        services, SCHEDULE, ANYONE, title=f"title_{title_id}", minutes=60, days=2, filler=False
    )
    made = told["bingeSchedule"]
    assert (made["fits"], made["finishesOn"]) == (False, None)
    assert {each["trouble"] for each in made["losses"]} == {"TOO_LITTLE_TIME"}
    changes = {each["change"] for each in made["alternatives"]}
    assert {"MORE_MINUTES", "MORE_DAYS"} <= changes
    assert all(each["sentence"] for each in made["losses"] + made["alternatives"])


async def test_refusals_are_errors_with_a_code(services: Services) -> None:
    title_id, _ = await six(services.database, maturity=18)
    title = f"title_{title_id}"
    assert await refusal(services, ANYONE, title="nonsense") == "NOT_FOUND"
    assert await refusal(services, replace(ANYONE, ceiling=7), title=title) == "NOT_FOUND"
    assert await refusal(services, ANYONE, title=title, minutes=0) == "INVALID_INPUT"
    assert await refusal(services, ANYONE, title=title, week=[1]) == "INVALID_INPUT"
    assert await refusal(services, ANYONE, title=title, until="9999-12-31") == "INVALID_INPUT"
    assert await refusal(services, ANYONE, title=title, seasons=[-1]) == "INVALID_INPUT"


async def test_a_plan_is_followed_listed_and_let_go(services: Services) -> None:
    viewer = await move_in(services.database)
    title_id, episodes = await six(services.database)
    title = f"title_{title_id}"
    wanted = {"titleId": title, "minutesPerDay": 60}
    done = (await ask(services, FOLLOW, viewer, input=wanted))["done"]["plan"]
    assert (done["planned"], done["fits"], done["title"]) == (5, True, {"id": title})
    assert [each["minutes"] for each in done["slots"]] == [60, 60, 30]
    (plan,) = (await ask(services, PLANS, viewer))["bingePlans"]
    assert plan["id"] == done["id"]
    assert plan["slots"][1]["episodes"] == [
        {"id": f"episode_{episodes[3]}", "seasonNumber": 1, "number": 4},
        {"id": f"episode_{episodes[4]}", "seasonNumber": 1, "number": 5},
    ]
    other = await move_in(services.database)
    assert (await ask(services, PLANS, other))["bingePlans"] == []
    assert (await ask(services, UNFOLLOW, other, title=title))["done"] == {"code": "NOT_FOLLOWED"}
    assert (await ask(services, UNFOLLOW, viewer, title=title))["done"] == {"id": done["id"]}
    assert (await ask(services, PLANS, viewer))["bingePlans"] == []


async def test_following_takes_pro_and_a_wish_that_can_be_meant(services: Services) -> None:
    free, pro = [await move_in(services.database, plan=plan) for plan in ("free", "pro")]
    title_id, _ = await six(services.database)
    wanted = {"titleId": f"title_{title_id}", "minutesPerDay": 60}
    told = (await ask(services, FOLLOW, free, input=wanted))["done"]
    assert told["code"] == "NEEDS_PRO"
    assert "Pro account" in told["message"]
    told = (await ask(services, FOLLOW, ANYONE, input=wanted))["done"]
    assert told["code"] == "UNAUTHENTICATED"
    told = (await ask(services, FOLLOW, pro, input=wanted | {"byWeekday": [9] * 7}))["done"]
    assert (told["code"], told["field"]) == ("INVALID_INPUT", "byWeekday")


async def test_slots_are_told_between_two_days(services: Services) -> None:
    viewer = await move_in(services.database)
    title_id, _ = await series(services.database, [[], ["canon"] * 80], runtime_min=30)
    context = context_for(services, viewer)
    await begin_now(services.database, viewer, title_id)
    query = "query ($a: Date, $b: Date) { bingePlans { slots(since: $a, until: $b) { date } } }"

    async def told(since: int | None, until: int | None) -> list[str]:
        days = [
            None if each is None else (context.today + timedelta(each)).isoformat()
            for each in (since, until)
        ]
        (plan,) = (await ask(services, query, viewer, a=days[0], b=days[1]))["bingePlans"]
        return [each["date"] for each in plan["slots"]]

    assert len(await told(None, None)) == 31
    assert await told(3, 4) == [(context.today + timedelta(each)).isoformat() for each in (3, 4)]
    await run(services.database, "UPDATE accounts SET plan = 'free'")
    free = replace(viewer, plan="free")
    (plan,) = (await ask(services, query, free))["bingePlans"]
    assert len(plan["slots"]) == 3
    for wrong in ({"a": "9999-12-31"}, {"a": "2026-01-02", "b": "2026-01-01"},
                  {"a": "2026-01-01", "b": "2027-01-02"}):  # fmt: skip
        result = await SCHEMA.execute(
            query, variable_values=wrong, context_value=context_for(services, viewer)
        )
        assert result.errors is not None
        assert (result.errors[0].extensions or {})["code"] == "INVALID_INPUT"


async def test_more_plans_take_no_more_statements(services: Services) -> None:
    viewer = await move_in(services.database)
    counts: list[int] = []
    for _ in range(2):
        for _ in range(2):
            title_id, _ = await six(services.database, offers=[On()])
            await begin_now(services.database, viewer, title_id)
        with statements(services.database) as sent:
            await ask(services, PLANS, viewer)
        counts.append(len(sent))
    assert counts == [3, 3]


async def test_a_schedule_takes_three_statements(services: Services) -> None:
    viewer = await move_in(services.database)
    title_id, _ = await six(services.database)
    with statements(services.database) as sent:
        await ask(services, SCHEDULE, viewer, title=f"title_{title_id}", minutes=60)
    assert len(sent) == 3


async def begin_now(database: Database, viewer: Viewer, title_id: int) -> None:
    """Follow a plan from today on, which is not that of the other tests."""
    await begin(database, viewer, title_id, now=datetime.now(UTC))


async def test_the_tab_of_the_demo_is_about_naruto(demo_services: Services) -> None:
    (tab,) = [each for each in tabs() if each.title == "A binge that ends in time"]
    told = (await ask(demo_services, tab.query, **tab.variables))["bingeSchedule"]
    assert (told["title"]["name"], told["planned"]) == ("Naruto", 130)
    assert f"/api/titles/{tab.variables['title']}/binge" in DOCS.read_text()
