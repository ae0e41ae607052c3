"""What was missed is told once and in order, or a resync says that it can't be; never silence."""

import asyncio
import random
from collections.abc import AsyncIterator

import pytest
from sqlalchemy import text

from domain.db import Database
from domain.events.values import START, Cursor, WatchlistKind
from live import catchup, history
from live.hub import Hub
from live.interest import Interest
from live.updates import ResyncReason
from tests.live.listening import (
    TITLE,
    Ears,
    Words,
    add_profile,
    add_titles,
    changed,
    emit,
    eventually,
    ringing,
    running,
    wished,
)
from tests.support.counting import statements

pytestmark = pytest.mark.anyio


@pytest.fixture
def database(database: Database) -> Database:
    return ringing(database)


@pytest.fixture
async def hub(database: Database) -> AsyncIterator[Hub]:
    async with running(database) as hub:
        yield hub


@pytest.fixture
def short_memory(monkeypatch: pytest.MonkeyPatch) -> int:
    """A hub that keeps ten events in memory, and reads three at a time from Postgres."""
    monkeypatch.setattr(history.History.__init__, "__defaults__", (10,))
    monkeypatch.setattr(catchup, "_PAGE", 3)
    return 10


async def happen(database: Database, hub: Hub, count: int) -> None:
    before = hub.cursor.position
    await emit(database, *(changed() for _ in range(count)))
    await eventually(lambda: hub.cursor.position == before + count)


async def come_back(hub: Hub, after: Cursor, interest: Interest = TITLE) -> Ears:
    ears = Ears()
    await hub.subscribe(interest, after, Words(), ears)
    return ears


async def test_what_was_missed_comes_first_then_a_heartbeat_then_what_happens(
    database: Database, hub: Hub
):
    await hub.subscribe(TITLE, None, Words(), first := Ears())
    await happen(database, hub, 5)
    await eventually(lambda: len(first.positions) == 5)
    ears = await come_back(hub, first.told()[1][0])
    assert [each.split()[0] for each in ears.payloads] == [*[b"Event"] * 3, b"Heartbeat"]
    await happen(database, hub, 2)
    await eventually(lambda: ears.positions == [3, 4, 5, 6, 7])


async def test_from_memory_it_costs_no_statement(database: Database, hub: Hub):
    await happen(database, hub, 50)
    (cursor, _), *_ = (await come_back(hub, START)).told()
    with statements(database) as sent:
        ears = await come_back(hub, cursor)
    assert ears.positions == list(range(2, 51))
    assert sent == []


async def test_a_restarted_hub_has_the_last_events_in_memory(database: Database):
    async with running(database) as hub:
        await happen(database, hub, 20)
        (cursor, _), *_ = (await come_back(hub, START)).told()
    async with running(database) as hub:
        await eventually(lambda: hub.cursor.position == 20)
        with statements(database) as sent:
            ears = await come_back(hub, cursor)
    assert ears.positions == list(range(2, 21))
    assert sent == []


@pytest.mark.parametrize("back", range(24, 36))
async def test_over_the_edge_of_memory_nothing_is_missing(
    database: Database, short_memory: int, back: int
):
    async with running(database) as hub:
        await happen(database, hub, 3)
        for _ in range(33):  # one by one, so that memory is cut somewhere in between
            await emit(database, changed(), changed(2))
        await eventually(lambda: hub.cursor.position == 69)
        async with database.read() as connection:
            found = await connection.execute(text("SELECT position, mark FROM events ORDER BY 1"))
            cursors = [Cursor(*row) for row in found]
        expected = [
            each.position for each in cursors if each.position % 2 == 0 or each.position < 4
        ]
        after = cursors[back]
        ears = await come_back(hub, after)
        assert ears.positions == [each for each in expected if each > after.position]


async def test_a_list_that_grew_meanwhile_is_followed_through_postgres(
    database: Database, short_memory: int
):
    one, two, three = await add_titles(database, 3)
    profile = await add_profile(database, one, three)
    here = Interest(watchlist_of=profile, country="US")
    async with running(database) as hub:
        for _ in range(4):
            await emit(database, changed(one), changed(two))  # 1 to 8, `one` is heard
        await emit(database, wished(profile, WatchlistKind.REMOVED, two))  # it was on it after all
        await emit(database, wished(profile, WatchlistKind.ADDED, three))
        for _ in range(20):
            await emit(database, changed(three))
        await eventually(lambda: hub.cursor.position == 30)
        ears = await come_back(hub, START, here)
    assert ears.titles == [one, two] * 4 + [three] * 20


async def test_what_was_watched_before_it_was_removed_was_not_followed_then(
    database: Database, short_memory: int
):
    one, two = await add_titles(database, 2)
    profile = await add_profile(database, one)
    here = Interest(watchlist_of=profile, country="US")
    async with running(database) as hub:
        await emit(database, wished(profile, WatchlistKind.ADDED, two), changed(two))  # 1, 2
        await emit(database, wished(profile, WatchlistKind.WATCHED, two), changed(two))  # 3, 4
        await emit(database, changed(one), wished(profile, WatchlistKind.REMOVED, two))  # 5, 6
        await emit(database, changed(two), changed(one))  # 7, 8
        await eventually(lambda: hub.cursor.position == 8)
        async with database.read() as connection:
            found = await connection.execute(text("SELECT position, mark FROM events ORDER BY 1"))
            cursors = {row.position: Cursor(*row) for row in found}
        heard = {at: (await come_back(hub, cursors[at], here)).positions for at in range(1, 8)}
    assert heard == {
        1: [2, 5, 8], 2: [5, 8], 3: [5, 8], 4: [5, 8], 5: [8], 6: [8], 7: [8]
    }  # fmt: skip


async def test_more_than_anybody_wants_to_read_is_a_resync(
    database: Database, short_memory: int, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(catchup, "MOST_MISSED", 30)
    async with running(database) as hub:
        await happen(database, hub, 60)
        async with database.read() as connection:
            rows = await connection.execute(text("SELECT position, mark FROM events ORDER BY 1"))
            cursors = [Cursor(*row) for row in rows]
        all_of_it = await come_back(hub, cursors[29])
        too_much = await come_back(hub, cursors[28])
        assert all_of_it.positions == list(range(31, 61))
        assert too_much.told("Resync") == [(hub.cursor, ResyncReason.TOO_OLD)]
        assert too_much.positions == []


async def test_a_cursor_of_a_pruned_event_is_too_old(database: Database, short_memory: int):
    async with running(database) as hub:
        await happen(database, hub, 60)
        cursors = [cursor for cursor, _ in (await come_back(hub, START)).told()]
        async with database.transaction() as session:
            await session.exec(text("DELETE FROM events WHERE position <= 5"))  # type: ignore[call-overload]
        for gone in (START, *cursors[:5]):
            assert (await come_back(hub, gone)).told("Resync") == [(hub.cursor, "too_old")]
        ears = await come_back(hub, cursors[5])
        assert ears.positions == list(range(7, 61))
        await happen(database, hub, 1)
        await eventually(lambda: ears.positions[-1] == 61)


@pytest.mark.parametrize(
    "made_up",
    [Cursor(3, 1), Cursor(0, 1), Cursor(4, 0), Cursor(9, 9), Cursor(10**17, 5)],
    ids=str,
)
async def test_a_cursor_of_no_event_is_unknown(database: Database, hub: Hub, made_up: Cursor):
    await happen(database, hub, 4)
    ears = await come_back(hub, made_up)
    assert ears.told("Resync") == [(hub.cursor, ResyncReason.UNKNOWN)]
    await happen(database, hub, 1)
    await eventually(lambda: ears.positions == [5])


async def test_before_the_first_event_is_a_cursor_too(database: Database, hub: Hub):
    empty = await come_back(hub, START)
    assert empty.told("Resync") == []
    await happen(database, hub, 2)
    await eventually(lambda: empty.positions == [1, 2])
    assert (await come_back(hub, START)).positions == [1, 2]


async def test_a_database_that_was_restored_makes_everybody_read_anew(database: Database, hub: Hub):
    await happen(database, hub, 10)
    ears = await come_back(hub, hub.cursor)
    old = [cursor for cursor, _ in (await come_back(hub, START)).told()]
    async with database.transaction() as session:
        connection = await session.connection()
        await connection.execute(text("TRUNCATE events_last, events"))
    await emit(database, *(changed() for _ in range(4)))
    await eventually(lambda: ears.told("Resync"))
    await eventually(lambda: ears.positions[-1:] == [4] or hub.cursor.position == 4)
    assert (await come_back(hub, old[2])).told("Resync") == [(hub.cursor, "unknown")]
    assert (await come_back(hub, old[9])).told("Resync") == [(hub.cursor, "unknown")]
    await happen(database, hub, 1)
    await eventually(lambda: ears.positions[-1] == 5)


async def test_a_restored_database_that_went_further_is_noticed_too(database: Database):
    """The hub was away while another history overtook the place where it was."""
    async with running(database, poll_s=600) as hub:
        await happen(database, hub, 3)
        ears = await come_back(hub, hub.cursor)
        async with database.transaction() as session:
            await (await session.connection()).execute(text("TRUNCATE events_last, events"))
        quiet = ringing(database)
        await emit(quiet, *(changed() for _ in range(9)))
        async with running(quiet) as other:
            await eventually(lambda: other.cursor.position == 9)
        assert hub.cursor.position == 3
        await emit(database, changed())
        await eventually(lambda: ears.told("Resync"))
        await eventually(lambda: hub.cursor.position == 10)


async def test_an_event_that_went_with_its_profile_is_no_other_history(
    database: Database, hub: Hub
):
    profile = await add_profile(database)
    ears = await come_back(hub, START)
    await happen(database, hub, 2)
    await emit(database, wished(profile, WatchlistKind.ADDED, 1))
    await eventually(lambda: hub.cursor.position == 3)
    last = hub.cursor
    async with database.transaction() as session:
        await (await session.connection()).execute(text("DELETE FROM profiles"))
    await come_back(hub, last)
    await happen(database, hub, 1)
    await eventually(lambda: ears.positions == [1, 2, 4])
    assert ears.told("Resync") == []


async def test_a_cursor_from_a_process_that_is_ahead_is_waited_for(database: Database):
    """Somebody comes from another process, which has read what this one is about to read."""
    other = ringing(database)
    async with running(database, poll_s=0.5) as behind, running(other, poll_s=0.02) as ahead:
        await eventually(lambda: behind._history.number and ahead._history.number)
        await emit(other, changed(), changed())
        await eventually(lambda: ahead.cursor.position == 2)
        assert behind.cursor == START
        waiting = asyncio.create_task(come_back(behind, ahead.cursor))
        ears = await asyncio.wait_for(waiting, 10)
        assert ears.positions == []
        assert ears.told("Resync") == []
        await emit(database, changed())
        await eventually(lambda: ears.positions == [3])


async def test_subscribers_that_come_and_go_at_random_miss_nothing(
    database: Database, short_memory: int
):
    """Joining while events pour in, from memory and from Postgres, at every possible moment."""
    chance = random.Random(5)
    total = 600

    async def pour() -> None:
        for _ in range(total // 4):
            await emit(database, *(changed() for _ in range(4)))
            await asyncio.sleep(chance.random() * 0.004)

    async def follow(hub: Hub) -> list[int]:
        heard: list[int] = []
        after = START
        while len(heard) < total:
            ears = Ears()
            subscription = await hub.subscribe(TITLE, after, Words(), ears)
            await asyncio.sleep(chance.random() * 0.05)
            subscription.close()
            assert ears.told("Resync") == []
            heard += ears.positions
            after = ears.cursor or after
        return heard

    async with running(database) as hub:
        pouring = asyncio.create_task(pour())
        async with asyncio.timeout(60):
            everybody = await asyncio.gather(*(follow(hub) for _ in range(20)))
        await pouring
    assert everybody == [list(range(1, total + 1))] * 20
