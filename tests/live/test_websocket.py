"""Live over sockets: who is told what, once for all who may share it, until it ends."""

import json
from collections.abc import AsyncIterator
from typing import Any

import pytest
from sqlalchemy import text

from app.graphql.audience import SharedAudience
from domain.accounts.demo import DEMOS, PASSWORD
from domain.events.values import Topic
from domain.services import Services
from tests.live.stage import OF_LIST, OF_TITLE, ON_LIST, Stage, staged
from tests.live.talk import begin, told, until
from tests.support.counting import statements
from tests.support.sockets import ask, hear, say, socket

pytestmark = pytest.mark.anyio


@pytest.fixture
async def stage(demo_services: Services) -> AsyncIterator[Stage]:
    async with staged(demo_services, live_connections_account=3) as running:
        yield running


async def test_a_change_of_a_title_is_told_to_anybody(stage: Stage) -> None:
    title = await stage.title()
    async with socket(stage.port) as opened:
        await begin(opened, "1", OF_TITLE, title=f"title_{title}")
        await stage.happen(title)
        event = await told(opened)
    assert event["kind"] == "LEAVING"
    assert event["country"] == "US"
    assert event["title"]["name"]


async def test_who_comes_back_with_a_cursor_is_told_what_was_missed_once(stage: Stage) -> None:
    title = await stage.title()
    names = {"title": f"title_{title}"}
    await stage.happen(title, "added")
    async with socket(stage.port) as opened:
        await ask(opened, "1", OF_TITLE, **names, after="0.00000000")
        first = await told(opened)
        assert first["kind"] == "ADDED"
    for kind in ("leaving", "date_moved", "renewed"):
        await stage.happen(title, kind)
    async with socket(stage.port) as opened:
        await ask(opened, "1", OF_TITLE, **names, after=first["cursor"])
        missed = [(await told(opened))["kind"] for _ in range(3)]
        assert missed == ["LEAVING", "DATE_MOVED", "RENEWED"]
        await stage.happen(title, "removed")
        assert (await told(opened))["kind"] == "REMOVED"


async def test_my_list_takes_an_account_and_shows_its_item(stage: Stage) -> None:
    async with socket(stage.port) as opened:
        for query in (OF_LIST, ON_LIST):
            await ask(opened, "1", query)
            said = await hear(opened)
            assert said["type"] == "error"
            assert said["payload"][0]["extensions"]["code"] == "UNAUTHENTICATED"
    viewer, cookie = await stage.sign_in()
    title = await stage.title()
    await stage.run("DELETE FROM watchlist_items WHERE profile_id = :p", p=viewer.profile_id)
    await stage.run(
        "INSERT INTO watchlist_items (profile_id, title_id, added_at, note)"
        " VALUES (:p, :t, now(), 'for Sunday')",
        p=viewer.profile_id,
        t=title,
    )
    async with socket(stage.port, headers=cookie) as opened:
        await begin(opened, "1", ON_LIST)
        mine = {"topic": Topic.WATCHLIST, "profile_id": viewer.profile_id}
        await stage.happen(title, "added", platform_id=None, country=None, **mine)
        event = await told(opened)
        assert (event["kind"], event["item"]) == ("ADDED", {"note": "for Sunday"})
        await stage.run("DELETE FROM watchlist_items WHERE profile_id = :p", p=viewer.profile_id)
        await stage.happen(title, "removed", platform_id=None, country=None, **mine)
        assert (await told(opened))["item"] is None


async def test_a_program_shows_its_token_in_the_first_message(stage: Stage) -> None:
    viewer, _ = await stage.sign_in()
    async with socket(stage.port, begun=False) as opened:
        token = await stage.token(viewer)
        await say(opened, type="connection_init", payload={"Authorization": f"Bearer {token}"})
        assert (await hear(opened))["type"] == "connection_ack"
        await ask(opened, "1", "{ me { email } }")
        assert (await hear(opened))["payload"]["data"] == {"me": {"email": DEMOS[0].email}}


async def test_queries_and_mutations_work_but_none_that_sets_the_cookie(stage: Stage) -> None:
    _, cookie = await stage.sign_in()
    async with socket(stage.port, headers=cookie) as opened:
        changed = "mutation { updatePreferences(input: { moodPreferences: [COZY] })"
        await ask(opened, "1", changed + " { ... on ProfileChanged { profile { name } } } }")
        assert (await hear(opened))["payload"]["data"]["updatePreferences"]["profile"]["name"]
        assert (await hear(opened)) == {"id": "1", "type": "complete"}
        who = f'email: "{DEMOS[0].email}", password: "{PASSWORD}"'
        await ask(opened, "2", f"mutation {{ signIn(input: {{ {who} }}) {{ __typename }} }}")
        said = (await hear(opened))["payload"]["data"]["signIn"]
        assert said["__typename"] == "ForbiddenError", said


async def test_what_is_wrong_with_an_operation_ends_it_alone(stage: Stage) -> None:
    title = f"title_{await stage.title()}"
    wrong = {
        "subscription { availabilityChanged { nope } }": "Cannot query field",
        "subscription { availabilityChanged(scope: TITLE) { __typename } }": "needs a `titleId`",
        'subscription { availabilityChanged(titleId: "title_1") { __typename } }': "belongs to",
        'subscription { availabilityChanged(scope: TITLE, titleId: "x") { __typename } }': "'x'",
        'subscription { availabilityChanged(scope: TITLE, titleId: "title_0") { __typename } }': (
            "No title"
        ),
        'subscription { watchlistChanged(after: "x") { __typename } }': "not a cursor",
        "subscription { watchlistChanged(after: 5) { __typename } }": "cursor is a string",
        "subscription { __typename }": "introspection",
        "subscription { a: watchlistChanged { __typename } availabilityChanged { __typename } }": (
            "one top level field"
        ),
        "query A { platforms { slug } } query B { platforms { slug } }": "operationName",
        "fragment F on Query { platforms { slug } }": "",
        "{": "Syntax Error",
    }  # fmt: skip
    async with socket(stage.port) as opened:
        for number, (query, words) in enumerate(wrong.items()):
            await ask(opened, str(number), query)
            said = await hear(opened)
            assert said["type"] == "error", said
            assert words in said["payload"][0]["message"], said
        await begin(opened, "fine", OF_TITLE, title=title)


async def test_what_is_completed_is_told_nothing_more(stage: Stage) -> None:
    title = await stage.title()
    async with socket(stage.port) as opened:
        for id in ("stays", "goes"):
            await begin(opened, id, OF_TITLE, title=f"title_{title}")
        await say(opened, type="complete", id="goes")
        await say(opened, type="ping")
        await hear(opened)
        for _ in range(3):
            await stage.happen(title)
            assert (await hear(opened))["id"] == "stays"
    await until(lambda: stage.live.hub.subscribers == 0)


async def test_a_title_above_the_ceiling_is_neither_followed_nor_told(stage: Stage) -> None:
    viewer, _ = await stage.sign_in()
    adult = await stage.title("maturity >= 16")
    child = await stage.title("maturity <= 6")
    await stage.run("UPDATE profiles SET maturity_ceiling = 7 WHERE id = :p", p=viewer.profile_id)
    await stage.run(
        "INSERT INTO watchlist_items (profile_id, title_id, added_at)"
        " SELECT :p, id, now() FROM titles WHERE id IN (:a, :c) ON CONFLICT DO NOTHING",
        p=viewer.profile_id, a=adult, c=child,
    )  # fmt: skip
    await stage.services.cache.drop()
    async with socket(stage.port, headers=(await stage.sign_in())[1]) as opened:
        await ask(opened, "1", OF_TITLE, title=f"title_{adult}")
        assert "No title" in (await hear(opened))["payload"][0]["message"]
        await begin(opened, "2", OF_LIST)
        await stage.happen(adult)
        await stage.happen(child)
        async with stage.services.database.read() as connection:
            name = await connection.execute(
                text("SELECT name FROM titles WHERE id = :i"), {"i": child}
            )
            assert (await told(opened))["title"]["name"] == name.scalar_one()


async def test_an_event_is_read_and_rendered_once_for_all_who_may_share_it(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    rendered: list[object] = []
    render = SharedAudience.render

    async def counted(self: SharedAudience, update: Any) -> bytes | None:
        rendered.append(update)
        return await render(self, update)

    title = await stage.title()
    query = OF_TITLE.replace("kind title", "kind platform { name } title")
    async with socket(stage.port) as one, socket(stage.port) as two:
        for opened, id in ((one, "a"), (one, "b"), (two, "c")):
            await begin(opened, id, query, title=f"title_{title}")
        # Where one begins is no difference; here it is written in the text, and so it is one.
        other = query.replace("after: $after", "").replace(", $after: Cursor", "")
        await begin(two, "d", other, title=f"title_{title}")
        everybody = (one, one, two, two)
        await stage.happen(title)
        assert len([await hear(each) for each in everybody]) == 4
        monkeypatch.setattr(SharedAudience, "render", counted)
        with statements(stage.services.database) as sent:
            await stage.happen(title)
            heard = [await hear(each) for each in everybody]
        payloads = [json.dumps(said["payload"]) for said in heard]
        assert len(set(payloads)) == 1
        assert {said["id"] for said in heard} == {"a", "b", "c", "d"}
        assert len(rendered) == 2  # two texts
        # Whether anything else waits is asked once a second, come what may.
        written, *read = [each for each in sent if " AS waiting" not in each]
        assert written.startswith("INSERT INTO events ")
        # The lock, the places with their events, and the title for each text; of the platform it
        # is remembered for a minute.
        assert len(read) == 4
        assert sum("FROM titles" in each for each in read) == 2


async def test_what_is_one_profiles_own_is_not_shared(stage: Stage) -> None:
    title = await stage.title()
    asks = f'subscription {{ availabilityChanged(scope: TITLE, titleId: "title_{title}")'
    own = "fragment Own on AvailabilityEvent { title { finish { __typename } } }"
    for query, audiences in (
        (f"{asks} {{ ... on AvailabilityEvent {{ title {{ name }} }} }} }}", 1),
        (f"{asks} {{ ...Own }} }} {own}", 3),
    ):
        async with (
            socket(stage.port, headers=(await stage.sign_in())[1]) as one,
            socket(stage.port, headers=(await stage.sign_in(1))[1]) as two,
            socket(stage.port, headers=(await stage.sign_in(1))[1]) as again,
            socket(stage.port) as stranger,
        ):
            for opened in (one, two, again, stranger):
                await ask(opened, "1", query)
                assert (await hear(opened))["type"] == "next"
            assert len(stage.live.hub._lanes) == audiences
        await until(lambda: stage.live.hub.subscribers == 0)


async def test_viewers_who_see_different_things_do_not_share(stage: Stage) -> None:
    viewer, _ = await stage.sign_in()
    title = await stage.title("maturity <= 6")
    query = OF_TITLE.replace("title { name }", "title { name offers { country } }")
    await stage.run("UPDATE accounts SET country = 'DE' WHERE id = :a", a=viewer.account_id)
    async with socket(stage.port, headers=(await stage.sign_in())[1]) as german:
        async with socket(stage.port) as stranger:
            await begin(german, "1", query, title=f"title_{title}")
            await begin(stranger, "1", query, title=f"title_{title}")
            await stage.happen(title, country="DE")
            await stage.happen(title)
            event = await told(german)
            assert event["country"] == "DE"
            assert {offer["country"] for offer in event["title"]["offers"]} <= {"DE"}
            event = await told(stranger)
            assert event["country"] == "US"
            assert {offer["country"] for offer in event["title"]["offers"]} == {"US"}
