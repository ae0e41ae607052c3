"""What a title says of the profile that asks: to nobody else, and at one statement a question."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from domain.accounts.viewer import Viewer
from domain.history.models import Rating, Watch
from domain.services import Services
from domain.watchlists.models import WatchlistItem
from tests.support.counting import statements
from tests.support.graphql import ANYONE, run
from tests.watchlists.homes import film, move_in, series

pytestmark = pytest.mark.anyio
NOW = datetime(2026, 11, 20, 20, tzinfo=UTC)
MINE = "myWatchlistItem { id watchedAt note title { name } } myRating watchedAt"
TITLE = f"query ($id: ID!) {{ title(id: $id) {{ {MINE} }} }}"
NOTHING = {"myWatchlistItem": None, "myRating": None, "watchedAt": None}


async def say(services: Services, viewer: Viewer, title: int, *, watched: bool = True) -> None:
    assert viewer.profile_id is not None
    async with services.database.transaction() as session:
        mine: dict[str, Any] = {"profile_id": viewer.profile_id, "title_id": title}
        session.add(WatchlistItem(**mine, added_at=NOW, note="with Mum"))
        session.add(Rating(**mine, score=8, rated_at=NOW))
        for days in (3, 1) if watched else ():
            session.add(Watch(**mine, watched_at=NOW - timedelta(days), source="tests"))


async def told(services: Services, viewer: Viewer, title: int) -> dict[str, object]:
    return (await run(services, TITLE, viewer, id=f"title_{title}"))["title"]


async def test_a_title_says_how_one_stands_with_it(services: Services):
    ada = await move_in(services.database)
    title = await film(services.database)
    assert await told(services, ada, title) == NOTHING
    await say(services, ada, title)
    mine = await told(services, ada, title)
    item = mine["myWatchlistItem"]
    assert isinstance(item, dict)
    assert (item["note"], item["title"]) == ("with Mum", {"name": "Paddington 2"})
    assert (mine["myRating"], mine["watchedAt"]) == (8, (NOW - timedelta(1)).isoformat())


async def test_nobody_else_is_told(services: Services):
    ada = await move_in(services.database)
    sibling = await move_in(services.database, account_id=ada.account_id)
    stranger = await move_in(services.database)
    title = await film(services.database)
    await say(services, ada, title)
    for other in (sibling, stranger, ANYONE):
        assert await told(services, other, title) == NOTHING


async def test_an_episode_is_not_the_whole_and_a_wish_that_was_ticked_off_is(services: Services):
    ada = await move_in(services.database)
    assert ada.profile_id is not None
    title, episodes = await series(services.database, [[], ["canon"] * 2])
    async with services.database.transaction() as session:
        session.add(Watch(profile_id=ada.profile_id, title_id=title, episode_id=episodes[0],
                          watched_at=NOW, source="tests"))  # fmt: skip
    assert (await told(services, ada, title))["watchedAt"] is None
    async with services.database.transaction() as session:
        session.add(WatchlistItem(profile_id=ada.profile_id, title_id=title, added_at=NOW,
                                  watched_at=NOW))  # fmt: skip
    assert (await told(services, ada, title))["watchedAt"] == NOW.isoformat()


@pytest.mark.parametrize("many", [1, 25])
async def test_however_many_titles_there_are_it_takes_two_statements_more(
    services: Services, many: int
):
    ada = await move_in(services.database)
    for number in range(many):
        await say(services, ada, await film(services.database, f"Film {number}"))
    query = f"{{ titles(first: 50) {{ nodes {{ {MINE} }} }} }}"
    with statements(services.database) as sent:
        nodes = (await run(services, query, ada))["titles"]["nodes"]
    assert [each["myRating"] for each in nodes] == [8] * many
    assert len(sent) == 3  # titles; wishes; ratings and what was watched, which share one
    with statements(services.database) as sent:
        await run(services, query)
    assert len(sent) == 1  # a guest has nothing to look for


async def test_a_series_tells_its_seasons_without_their_episodes(services: Services):
    title, _ = await series(services.database, [["filler"], ["canon", "filler"], ["mixed"]])
    query = """query ($id: ID!, $numbers: [Int!]) { title(id: $id) {
        all: seasons { number fillers } some: seasons(numbers: $numbers) { episodes { number } }
    } }"""
    with statements(services.database) as sent:
        dark = (await run(services, query, id=f"title_{title}", numbers=[1, 7]))["title"]
    assert dark["all"] == [
        {"number": 0, "fillers": ["FILLER"]},
        {"number": 1, "fillers": ["CANON", "FILLER"]},
        {"number": 2, "fillers": ["MIXED"]},
    ]
    assert dark["some"] == [{"episodes": [{"number": 1}, {"number": 2}]}]
    assert len(sent) == 4  # title, seasons, fillers of all, episodes of one
