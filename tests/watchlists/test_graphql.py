"""The watchlist and the history in GraphQL: the whole way from a document to its answer."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from domain.accounts.viewer import Viewer
from domain.services import Services
from tests.accounts.people import HOSTILE
from tests.support.catalogue import On
from tests.support.counting import statements
from tests.support.graphql import ANYONE, SCHEMA, context_for, run
from tests.watchlists.homes import film, move_in, series

pytestmark = pytest.mark.anyio
TODAY = datetime.now(UTC).date()
# NUL and lone surrogates are refused for all fields alike, before any of them runs.
TEXTS = [
    each for each in HOSTILE if "\0" not in each and each == each.encode(errors="ignore").decode()
]

ITEM = """
fragment Item on WatchlistItem {
  id addedAt watchedAt note available expiresOn daysLeft warning
  platformPreference { slug } title { id name }
}
"""
ADD = (
    ITEM
    + """
mutation ($input: AddToWatchlistInput!) { done: addToWatchlist(input: $input) {
  ... on WatchlistItemAdded { item { ...Item } alreadyThere clientMutationId }
  ... on UserError { code message } } }
"""
)
REMOVE = (
    ITEM
    + """
mutation ($input: WatchlistTitleInput!) { done: removeFromWatchlist(input: $input) {
  ... on WatchlistItemRemoved { item { ...Item } clientMutationId }
  ... on UserError { code } } }
"""
)
UNDO = (
    ITEM
    + """
mutation ($input: WatchlistTitleInput!) { done: undoRemoveFromWatchlist(input: $input) {
  ... on WatchlistItemChanged { item { ...Item } changed clientMutationId }
  ... on UserError { code } } }
"""
)
UPDATE = (
    ITEM
    + """
mutation ($input: UpdateWatchlistItemInput!) { done: updateWatchlistItem(input: $input) {
  ... on WatchlistItemChanged { item { ...Item } changed clientMutationId }
  ... on UserError { code } } }
"""
)
MARK = """
mutation ($input: MarkWatchedInput!) { done: markWatched(input: $input) {
  ... on TitleMarked { title { id } item { watchedAt } changed clientMutationId }
  ... on UserError { code } } }
"""
UNMARK = """
mutation ($input: UnmarkWatchedInput!) { done: unmarkWatched(input: $input) {
  ... on TitleMarked { title { id } item { watchedAt } changed clientMutationId }
  ... on UserError { code } } }
"""
RECORD = """
mutation ($input: RecordWatchInput!) { done: recordWatch(input: $input) {
  ... on HistoryChanged {
    watch { id watchedAt source title { id } episode { id number } }
    item { watchedAt }
    clientMutationId
  }
  ... on UserError { code } } }
"""
FORGET = """
mutation ($input: RemoveWatchInput!) { done: removeWatch(input: $input) {
  ... on HistoryChanged { watch { id } item { watchedAt } clientMutationId }
  ... on UserError { code } } }
"""
EVERYTHING = [ADD, REMOVE, UNDO, UPDATE, MARK, UNMARK]
LIST = (
    ITEM
    + """
query ($first: Int = 50, $after: String, $sort: WatchlistSort = LEAVING_FIRST) {
  watchlist(first: $first, after: $after, sort: $sort) {
    nodes { ...Item offers { platform { name } expiresOn } }
    pageInfo { hasNextPage endCursor }
  }
}
"""
)


@pytest.fixture
async def ada(services: Services) -> Viewer:
    return await move_in(services.database)


async def done(services: Services, viewer: Viewer, mutation: str, **input: Any) -> dict[str, Any]:
    return (await run(services, mutation, viewer, input=input))["done"]


async def items(services: Services, viewer: Viewer, **variables: Any) -> list[dict[str, Any]]:
    return (await run(services, LIST, viewer, **variables))["watchlist"]["nodes"]


async def test_a_wish_says_where_it_is_and_until_when(services: Services, ada: Viewer):
    until = TODAY + timedelta(days=5)
    offers = [On(expires_on=until), On("mubi"), On("netflix", monetization="rent")]
    title = f"title_{await film(services.database, offers=offers)}"
    added = await done(
        services, ada, ADD, titleId=title, platformPreference="mubi", note=" tonight\n",
        clientMutationId="1",
    )  # fmt: skip
    assert (added["alreadyThere"], added["clientMutationId"]) == (False, "1")
    (item,) = await items(services, ada)
    assert item.pop("offers") == [{"platform": {"name": "Netflix"}, "expiresOn": str(until)}]
    assert item == added["item"]
    assert item["title"] == {"id": title, "name": "Paddington 2"}
    assert (item["expiresOn"], item["daysLeft"], item["warning"]) == (str(until), 5, "SOON")
    assert (item["platformPreference"], item["note"]) == ({"slug": "mubi"}, "tonight")
    assert (item["available"], item["watchedAt"]) == (True, None)


async def test_each_change_of_one_document_answers_with_what_is_left_after_it(
    services: Services, ada: Viewer
):
    offers = [On(expires_on=TODAY + timedelta(days=5))]
    title, episodes = await series(services.database, [[], ["canon"] * 3], offers=offers)
    left = "item { finish { remainingEpisodes } }"
    add = f'add: addToWatchlist(input: {{titleId: "title_{title}"}})'
    steps = [f"{add} {{ ... on WatchlistItemAdded {{ {left} }} }}"]
    for each in episodes[:2]:
        record = f'e{each}: recordWatch(input: {{episodeId: "episode_{each}"}})'
        steps.append(f"{record} {{ ... on HistoryChanged {{ {left} }} }}")
    told = await run(services, f"mutation {{ {' '.join(steps)} }}", ada)
    found = [each["item"]["finish"]["remainingEpisodes"] for each in told.values()]
    assert found == [3, 2, 1]


async def test_every_change_and_its_undoing(services: Services, ada: Viewer):
    title = f"title_{await film(services.database)}"
    added = await done(services, ada, ADD, titleId=title)
    assert (await done(services, ada, ADD, titleId=title))["alreadyThere"]
    changed = await done(services, ada, UPDATE, titleId=title, note="x")
    assert (changed["changed"], changed["item"]["note"]) == (True, "x")
    same = await done(services, ada, UPDATE, titleId=title)
    assert (same["changed"], same["item"]["note"]) == (False, "x")
    assert (await done(services, ada, UPDATE, titleId=title, note=None))["item"]["note"] is None
    removed = await done(services, ada, REMOVE, titleId=title)
    assert removed["item"] == added["item"]
    assert (await done(services, ada, REMOVE, titleId=title))["code"] == "NOT_ON_THE_LIST"
    assert (await done(services, ada, UNDO, titleId=title))["item"] == added["item"]
    marked = await done(services, ada, MARK, titleId=title, watchedAt="2026-01-02T03:04:05+01:00")
    assert datetime.fromisoformat(marked["item"]["watchedAt"]) == datetime(
        2026, 1, 2, 2, 4, 5, tzinfo=UTC
    )
    unmarked = await done(services, ada, UNMARK, titleId=title)
    assert unmarked == {
        "title": {"id": title}, "item": {"watchedAt": None}, "changed": True,
        "clientMutationId": None,
    }  # fmt: skip


async def test_the_same_wish_has_the_same_id_and_nobody_else_has_it(
    services: Services, ada: Viewer
):
    eve, title = await move_in(services.database), f"title_{await film(services.database)}"
    own = (await done(services, ada, ADD, titleId=title))["item"]["id"]
    await done(services, ada, REMOVE, titleId=title)
    assert (await done(services, ada, ADD, titleId=title))["item"]["id"] == own
    assert (await done(services, eve, ADD, titleId=title))["item"]["id"] != own


async def test_history_line_by_line(services: Services, ada: Viewer):
    key, episodes = await series(services.database, [[], ["canon", "canon"]])
    await done(services, ada, ADD, titleId=f"title_{key}")
    _, made = [
        await done(
            services, ada, RECORD, episodeId=f"episode_{episode}", source="player",
            watchedAt=f"2026-01-0{place}T00:00:00Z", clientMutationId=f"e{place}",
        )
        for place, episode in enumerate(episodes, 1)
    ]  # fmt: skip
    assert made["watch"]["episode"] == {"id": f"episode_{episodes[1]}", "number": 2}
    assert made["item"]["watchedAt"].startswith("2026-01-02")
    query = """{ history(first: 1) { nodes { id title { name } episode { number } source }
        pageInfo { hasNextPage } } }"""
    told = (await run(services, query, ada))["history"]
    assert told["nodes"] == [
        {"id": made["watch"]["id"], "title": {"name": "Dark"}, "episode": {"number": 2},
         "source": "player"}
    ]  # fmt: skip
    assert told["pageInfo"] == {"hasNextPage": True}
    gone = await done(services, ada, FORGET, id=made["watch"]["id"], clientMutationId="f")
    assert gone["item"] == {"watchedAt": None}
    again = await done(services, ada, FORGET, id=made["watch"]["id"], clientMutationId="f")
    assert again == gone
    other = await done(services, ada, FORGET, id=made["watch"]["id"])
    assert other["code"] == "NOT_FOUND"


async def test_a_retry_answers_what_the_first_try_answered(services: Services, ada: Viewer):
    title = f"title_{await film(services.database)}"
    first = await done(services, ada, ADD, titleId=title, clientMutationId="k")
    await done(services, ada, REMOVE, titleId=title)
    assert await done(services, ada, ADD, titleId=title, clientMutationId="k") == first
    assert await items(services, ada) == []
    other = f"title_{await film(services.database, 'Other')}"
    refused = await done(services, ada, ADD, titleId=other, clientMutationId="k")
    assert refused["code"] == "IDEMPOTENCY_KEY_REUSED"


async def test_fifty_wishes_with_their_offers_take_three_statements(
    services: Services, ada: Viewer
):
    for number in range(50):
        title = await film(services.database, f"Film {number}", offers=[On(), On("hulu")])
        await done(services, ada, ADD, titleId=f"title_{title}")
    counts = []
    for first in (5, 50):
        with statements(services.database) as sent:
            found = await items(services, ada, first=first)
        assert len(found) == first
        assert all(len(each["offers"]) == 1 for each in found)
        counts.append(len(sent))
    assert counts == [3, 3]  # wishes with their titles, my platforms, offers


async def test_adding_takes_as_many_statements_on_a_long_list(services: Services, ada: Viewer):
    counts = []
    for number in range(12):
        title = f"title_{await film(services.database, f'Film {number}')}"
        with statements(services.database) as sent:
            await done(services, ada, ADD, titleId=title)
        counts.append(len(sent))
    assert set(counts) == {counts[0]}
    assert counts[0] <= 10


async def test_nobody_without_an_account_has_a_watchlist(services: Services):
    for field in ("watchlist", "history"):
        query = f"{{ {field} {{ nodes {{ id }} }} }}"
        result = await SCHEMA.execute(query, context_value=context_for(services, ANYONE))
        assert result.data == {field: None}
        assert result.errors
        assert "Sign in first" in result.errors[0].message
    for mutation in EVERYTHING:
        assert (await done(services, ANYONE, mutation, titleId="title_1"))["code"] == (
            "UNAUTHENTICATED"
        )


@pytest.mark.parametrize("given", [*TEXTS, "title_0", "title_9223372036854775808", "wish_1"])
async def test_a_title_that_cannot_be_is_not_found(services: Services, ada: Viewer, given: str):
    for mutation in EVERYTHING:
        assert (await done(services, ada, mutation, titleId=given))["code"] == "NOT_FOUND"
    assert (await done(services, ada, RECORD, episodeId=given))["code"] == "NOT_FOUND"
    assert (await done(services, ada, FORGET, id=given))["code"] == "NOT_FOUND"


@pytest.mark.parametrize("given", ["episode_1", "title_1", "", "episode_0"])
async def test_an_episode_that_cannot_be_is_not_found_by_the_name_of_its_input(
    services: Services, ada: Viewer, given: str
):
    title = f"title_{await film(services.database)}"
    mark, record = (
        mutation.replace("code }", "code ... on NotFoundError { field } }")
        for mutation in (MARK, RECORD)
    )
    marked = await done(services, ada, mark, titleId=title, episodes=[given])
    assert marked == {"code": "NOT_FOUND", "field": "episodes"}
    recorded = await done(services, ada, record, episodeId=given)
    assert recorded == {"code": "NOT_FOUND", "field": "episodeId"}


@pytest.mark.parametrize("given", TEXTS)
async def test_hostile_notes_platforms_sources_and_keys_are_kept_clean_or_refused(
    services: Services, ada: Viewer, given: str
):
    title = f"title_{await film(services.database)}"
    added = await done(services, ada, ADD, titleId=title, note=given)
    if "item" in added:
        assert len(added["item"]["note"] or "") <= 500
        assert "\x00" not in (added["item"]["note"] or "")
    else:
        assert added["code"] == "INVALID_INPUT"
    for more in ({"platformPreference": given}, {"clientMutationId": given}):
        code = (await done(services, ada, UPDATE, titleId=title, **more)).get("code")
        assert code in {None, "INVALID_INPUT", "NOT_ON_THE_LIST"}
    recorded = await done(services, ada, RECORD, titleId=title, source=given)
    assert recorded["code"] == "INVALID_INPUT"


async def test_a_child_sees_nothing_of_its_parents_list(services: Services, ada: Viewer):
    kid = await move_in(services.database, account_id=ada.account_id, ceiling=7)
    title = f"title_{await film(services.database, maturity=16)}"
    await done(services, ada, ADD, titleId=title)
    await done(services, ada, MARK, titleId=title)
    assert await items(services, kid) == []
    assert (await run(services, "{ history { nodes { id } } }", kid))["history"]["nodes"] == []
    for mutation in EVERYTHING:
        assert (await done(services, kid, mutation, titleId=title))["code"] == "NOT_FOUND"
    assert len(await items(services, ada)) == 1


async def test_dates_are_the_viewers_own(services: Services):
    viewer = await move_in(services.database)
    now = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)  # still the 21st in Los Angeles
    west = viewer.living_in("US", "America/Los_Angeles")
    title = await film(services.database, offers=[On(expires_on=date(2026, 11, 21))])
    await done(services, viewer, ADD, titleId=f"title_{title}")
    left = []
    for each in (viewer, west):
        result = await SCHEMA.execute(
            "{ watchlist { nodes { daysLeft available } } }",
            context_value=context_for(services, each, now),
        )
        assert result.data
        left += result.data["watchlist"]["nodes"]
    assert left == [{"daysLeft": None, "available": False}, {"daysLeft": 0, "available": True}]
