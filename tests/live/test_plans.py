"""Who comes back with the same words is not judged anew, and is told the same as the first time."""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any, cast

import pytest
from starlette.routing import WebSocketRoute
from websockets.asyncio.client import ClientConnection

from app.graphql import guard
from app.graphql.http import GraphQLEndpoint
from app.graphql.operations import Operations
from app.graphql.protocol import Asked
from domain.services import Services
from tests.live.stage import OF_LIST, OF_TITLE, Stage, staged
from tests.support.counting import statements
from tests.support.sockets import ask, hear, say, socket

pytestmark = pytest.mark.anyio


@pytest.fixture
async def stage(demo_services: Services) -> AsyncIterator[Stage]:
    async with staged(demo_services) as running:
        yield running


@pytest.fixture
def judged(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """The variables of every operation that was judged."""
    seen: list[dict[str, Any]] = []
    judge = guard.Document.judge

    def noted(self: guard.Document, name: str | None, inputs: dict[str, Any]):
        seen.append(inputs)
        return judge(self, name, inputs)

    monkeypatch.setattr(guard.Document, "judge", noted)
    return seen


async def first(opened: ClientConnection, id: str, query: str, **variables: Any) -> dict[str, Any]:
    """The first message that an operation is answered with, without the operation's id."""
    await ask(opened, id, query, **variables)
    said = await hear(opened)
    assert said.pop("id") == id
    await say(opened, id=id, type="complete")
    return said


async def test_from_another_cursor_on_nothing_is_judged_again(
    stage: Stage, judged: list[dict[str, Any]]
) -> None:
    title = f"title_{await stage.title()}"
    async with socket(stage.port) as one, socket(stage.port) as two:
        fresh = await first(one, "a", OF_TITLE, title=title)
        assert await first(two, "b", OF_TITLE, title=title) == fresh
        assert len(judged) == 1
        (told,) = fresh["payload"]["data"].values()
        assert await first(one, "c", OF_TITLE, title=title, after=told["cursor"]) == fresh
        assert len(judged) == 2, "to say where to begin is another question"
        stale = await first(two, "d", OF_TITLE, title=title, after="99.00000000")
        assert len(judged) == 2
    (resync,) = stale["payload"]["data"].values()
    assert (resync["__typename"], resync["reason"]) == ("Resync", "UNKNOWN")


@pytest.mark.parametrize("after", ["nonsense", "", 7, ["1.00000000"], {"a": 1}, True])
async def test_a_bad_cursor_is_refused_in_the_same_words_the_second_time(
    stage: Stage, after: Any
) -> None:
    title = f"title_{await stage.title()}"
    async with socket(stage.port) as opened:
        cold = await first(opened, "a", OF_TITLE, title=title, after=after)
        assert cold["type"] == "error"
        await first(opened, "b", OF_TITLE, title=title, after="0.00000000")
        assert await first(opened, "c", OF_TITLE, title=title, after=after) == cold


async def test_other_variables_names_and_viewers_are_other_questions(
    stage: Stage, judged: list[dict[str, Any]]
) -> None:
    here, nowhere = f"title_{await stage.title()}", "title_999999999"
    two = f"{OF_TITLE} {OF_TITLE.replace('Live(', 'Other(')}"
    _, cookie = await stage.sign_in()
    async with socket(stage.port) as stranger, socket(stage.port, headers=cookie) as member:
        assert (await first(stranger, "a", OF_TITLE, title=here))["type"] == "next"
        missing = await first(stranger, "b", OF_TITLE, title=nowhere)
        assert missing["payload"][0]["extensions"]["code"] == "NOT_FOUND"
        assert await first(stranger, "c", OF_TITLE, title=nowhere) == missing
        # What was planned for a member is still refused to a stranger.
        assert (await first(member, "d", OF_LIST))["type"] == "next"
        refused = await first(stranger, "e", OF_LIST)
        assert refused["payload"][0]["extensions"]["code"] == "UNAUTHENTICATED"
        assert len(judged) == 3
        for _ in range(2):
            for name in ("Live", "Other"):
                payload = {"query": two, "variables": {"title": here}, "operationName": name}
                await say(stranger, id=name, type="subscribe", payload=payload)
                assert (await hear(stranger))["type"] == "next"
                await say(stranger, id=name, type="complete")
        assert len(judged) == 5


async def test_a_beginning_that_has_a_default_is_part_of_the_question(stage: Stage) -> None:
    title = await stage.title()
    query = OF_TITLE.replace("$after: Cursor", '$after: Cursor = "0.00000000"')
    await stage.happen(title)
    async with socket(stage.port) as opened:
        for id in ("a", "b"):  # from the beginning on, as the text says
            await ask(opened, id, query, title=f"title_{title}")
            event: dict[str, Any] = {}
            while event.get("__typename") != "AvailabilityEvent":
                (event,) = (await hear(opened))["payload"]["data"].values()
    async with socket(stage.port) as opened:
        said = await first(opened, "c", query, title=f"title_{title}", after=event["cursor"])
        assert json.dumps(said).count("Heartbeat") == 1


async def test_whether_titles_are_shown_is_asked_of_many_at_once(stage: Stage) -> None:
    hub, title = stage.live.hub, await stage.title()
    await stage.run("UPDATE titles SET maturity = 12 WHERE id = :id", id=title)
    asked = [(title, 18), (title, 12), (title, 11), (-5, 18)]
    with statements(stage.services.database) as sent:
        shown = await asyncio.gather(*(hub.shows(*each) for each in asked * 50))
    assert shown == [True, True, False, False] * 50
    assert sum("FROM titles" in each for each in sent) == 1


async def test_so_many_plans_are_kept_and_no_long_ones(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.graphql.plans._KEPT", 3)
    (route,) = (each for each in stage.app.routes if isinstance(each, WebSocketRoute))
    kept: Operations = cast(GraphQLEndpoint, route.endpoint).websocket.operations  # type: ignore[attr-defined]
    async with socket(stage.port) as opened:
        for number in range(8):
            await first(
                opened, str(number), OF_TITLE, title=f"title_{await stage.title()}", n=number
            )
    assert len(kept._plans._kept) == 3
    asked = Asked(OF_TITLE, {"title": "x" * 5_000}, None, None)
    document = guard.document(kept.schema._schema, OF_TITLE, kept.limits)
    plan = next(iter(kept._plans._kept.values()))
    kept._plans.keep(document, asked, plan)
    assert kept._plans.find(document, asked) is None, "long ones would fill the memory"
