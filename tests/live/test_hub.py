"""The hub: who hears what, in which order, once, and what happens to those who can't."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from sqlalchemy import delete

from domain.db import Database
from domain.events.values import START, WatchlistKind
from domain.profiles.models import ProfilePlatform
from live.errors import HubClosed, SlowConsumer
from live.hub import Hub
from live.interest import Interest
from live.updates import Heartbeat, Update
from tests.live.listening import (
    TITLE,
    Ears,
    Words,
    add_profile,
    add_titles,
    changed,
    chose,
    emit,
    eventually,
    ringing,
    running,
    wished,
)
from tests.support.catalogue import add_platform
from tests.support.counting import statements

pytestmark = pytest.mark.anyio


@pytest.fixture
def database(database: Database) -> Database:
    return ringing(database)


@pytest.fixture
async def hub(database: Database) -> AsyncIterator[Hub]:
    async with running(database) as hub:
        yield hub


async def test_a_cursor_comes_before_the_first_event(database: Database, hub: Hub):
    ears = Ears()
    await hub.subscribe(TITLE, None, Words(), ears)
    assert ears.told("Heartbeat") == [(START, "")]
    await emit(database, changed())
    await eventually(lambda: ears.titles == [1])
    assert ears.cursor == hub.cursor


async def test_others_titles_countries_and_lists_are_not_heard(database: Database, hub: Hub):
    profile = await add_profile(database)
    ears, lists = Ears(), Ears()
    await hub.subscribe(TITLE, None, Words(), ears)
    await hub.subscribe(Interest(profile_id=profile), None, Words("lists"), lists)
    other = await add_profile(database)
    await emit(
        database,
        changed(2),
        changed(1, country="DE"),
        wished(other, WatchlistKind.ADDED, 1),
        wished(profile, WatchlistKind.CHANGED, 3),
        changed(1),
    )
    await eventually(lambda: ears.titles == [1] and lists.titles == [3])
    assert ears.positions == [5]


async def test_an_update_is_rendered_once_for_all_who_asked_the_same(database: Database, hub: Hub):
    words, listeners = Words(), [Ears() for _ in range(300)]
    everybody = (hub.subscribe(TITLE, None, Words("words"), each) for each in listeners[1:])
    await hub.subscribe(TITLE, None, words, listeners[0])
    await asyncio.gather(*everybody)
    before = words.rendered
    await emit(database, changed(), changed())
    await eventually(lambda: all(each.positions == [1, 2] for each in listeners))
    assert (before, words.rendered) == (1, 3)


async def test_one_audience_may_be_slow_and_no_other_notices(database: Database, hub: Hub):
    class Slow(Words):
        async def render(self, update: Update) -> bytes | None:
            await release.wait()
            return await super().render(update)

    release = asyncio.Event()
    release.set()
    slow, quick = Ears(), Ears()
    await hub.subscribe(TITLE, None, Slow("slow"), slow)
    await hub.subscribe(TITLE, None, Words("quick"), quick)
    release.clear()
    await emit(database, *(changed() for _ in range(20)))
    await eventually(lambda: len(quick.positions) == 20)
    assert slow.positions == []
    release.set()
    await eventually(lambda: slow.positions == list(range(1, 21)))


async def test_a_listener_that_takes_no_more_is_dropped_with_a_reason(database: Database, hub: Hub):
    slow, quick = Ears(most=3), Ears()
    await hub.subscribe(TITLE, None, Words(), slow)
    await hub.subscribe(TITLE, None, Words(), quick)
    await emit(database, *(changed() for _ in range(5)))
    await eventually(lambda: len(quick.positions) == 5)
    assert slow.positions == [1, 2]
    assert slow.ended is not None
    assert "slower" in slow.ended
    assert hub.subscribers == 1


async def test_a_listener_that_raises_hurts_nobody_else(database: Database, hub: Hub):
    class Broken(Ears):
        def deliver(self, payload: bytes) -> bool:
            if payload.startswith(b"Event"):
                raise RuntimeError("the socket is in a state nobody thought of")
            return super().deliver(payload)

        def end(self, reason: str) -> None:
            raise RuntimeError("and so it stays")

    ears = Ears()
    await hub.subscribe(TITLE, None, Words(), Broken())
    await hub.subscribe(TITLE, None, Words(), ears)
    await emit(database, changed(), changed())
    await eventually(lambda: ears.positions == [1, 2])
    assert hub.subscribers == 1


@pytest.mark.parametrize(
    ("problem", "sentence"),
    [
        (RuntimeError("a bug"), "went wrong on our side"),
        (ConnectionRefusedError(), "database doesn't answer"),
    ],
)
async def test_what_cannot_be_rendered_ends_its_audience_so_that_it_comes_back(
    database: Database, hub: Hub, problem: Exception, sentence: str
):
    def fail(update: Update) -> None:
        if not isinstance(update, Heartbeat):
            raise problem

    broken, other = Words("broken"), Ears()
    broken.before = fail
    ears = Ears()
    await hub.subscribe(TITLE, None, broken, ears)
    await hub.subscribe(TITLE, None, Words(), other)
    await emit(database, changed())
    await eventually(lambda: ears.ended and other.positions == [1])
    assert sentence in str(ears.ended)
    broken.before = lambda update: None
    await hub.subscribe(TITLE, ears.cursor, broken, again := Ears())
    assert again.positions == [1]


async def test_a_list_is_followed_from_event_to_event(database: Database, hub: Hub):
    one, two = await add_titles(database, 2)
    profile = await add_profile(database, one)
    here = Interest(watchlist_of=profile, country="US")
    ears = Ears()
    await hub.subscribe(here, None, Words(), ears)
    await emit(
        database,
        changed(one),  # 1: heard
        changed(two),
        wished(profile, WatchlistKind.ADDED, two),
        changed(two),  # 4: heard
        wished(profile, WatchlistKind.WATCHED, one),
        changed(one),
        wished(profile, WatchlistKind.UNWATCHED, one),
        changed(one),  # 8: heard
        wished(profile, WatchlistKind.CHANGED, one),
        wished(profile, WatchlistKind.REMOVED, two),
        changed(two),
        changed(one),  # 12: heard
    )
    await eventually(lambda: ears.positions == [1, 4, 8, 12])


async def test_a_list_is_as_it_was_at_the_cursor_and_not_as_it_is(database: Database, hub: Hub):
    """What is on the list by now, and has not been there yet at an event, is not heard."""
    one, two = await add_titles(database, 2)
    profile = await add_profile(database, two)  # as after the last event
    here = Interest(watchlist_of=profile, country="US")
    await emit(
        database,
        changed(one),  # 1: heard, it was on the list then
        changed(two),
        wished(profile, WatchlistKind.REMOVED, one),
        changed(one),
        wished(profile, WatchlistKind.ADDED, two),
        changed(two),  # 6: heard
    )
    await eventually(lambda: hub.cursor.position == 6)
    await hub.subscribe(here, START, Words(), ears := Ears())
    await emit(database, changed(one), changed(two))  # 8: heard
    await eventually(lambda: hub.cursor.position == 8 and len(ears.positions) == 3)
    assert ears.positions == [1, 6, 8]


async def test_platforms_are_read_anew_when_the_profile_chose_others(database: Database, hub: Hub):
    async with database.transaction() as session:
        first = await add_platform(session, "first")
        second = await add_platform(session, "second")
    profile = await add_profile(database, platforms=(first,))
    await hub.subscribe(Interest(platforms_of=profile, country="US"), None, Words(), ears := Ears())
    await emit(database, changed(1, first), changed(2, second))
    await eventually(lambda: hub.cursor.position == 2)
    async with database.transaction() as session:
        await session.exec(delete(ProfilePlatform))
        session.add(ProfilePlatform(profile_id=profile, platform_id=second))
    await emit(database, chose(profile), changed(3, first), changed(4, second))
    await eventually(lambda: ears.titles == [1, 4])
    await hub.subscribe(
        Interest(platforms_of=profile, country="US"), START, Words(), late := Ears()
    )
    assert late.titles == [2, 4], "of what was missed, what is on the platforms of now"


async def test_a_thousand_lists_are_loaded_with_few_statements(database: Database, hub: Hub):
    (title,) = await add_titles(database, 1)
    profiles = [await add_profile(database, title) for _ in range(30)]
    await emit(database, changed(title))
    await eventually(lambda: hub.cursor.position == 1)
    listeners = [Ears() for _ in range(1_000)]
    with statements(database) as sent:
        await asyncio.gather(
            *(
                hub.subscribe(
                    Interest(watchlist_of=profiles[number % 30], country="US"),
                    START if number % 2 else None,
                    Words(),
                    each,
                )
                for number, each in enumerate(listeners)
            )
        )
    assert len([each for each in sent if "watchlist_items" in each]) <= 2
    assert len([each for each in sent if "events.mark" in each and "title_id" not in each]) <= 2
    await emit(database, changed(title))
    await eventually(lambda: all(each.positions[-1:] == [2] for each in listeners))
    assert [len(each.positions) for each in listeners] == [1, 2] * 500


async def test_whoever_left_costs_nothing_more(database: Database, hub: Hub):
    titles = await add_titles(database, 3)
    profile = await add_profile(database, *titles)
    words, kept = Words(), Ears()
    here = Interest(watchlist_of=profile, country="US")
    subscriptions = [await hub.subscribe(here, None, words, Ears()) for _ in range(3)]
    await hub.subscribe(Interest(profile_id=profile), None, Words("list"), kept)
    for each in subscriptions:
        each.close()
        each.close()
    before = words.rendered
    await emit(database, changed(titles[0]), wished(profile, WatchlistKind.CHANGED, titles[0]))
    await eventually(lambda: kept.positions == [2])
    assert words.rendered == before
    assert hub.subscribers == 1
    index = hub._index
    assert (index.lists(), len(index._under), len(hub._lanes)) == ([], 1, 1)


async def test_a_heartbeat_carries_everybodys_cursor_forward(database: Database):
    async with running(database, heartbeat_s=0.05) as hub:
        words, listeners = Words(), [Ears() for _ in range(50)]
        for each in listeners:
            await hub.subscribe(TITLE, None, words, each)
        await emit(database, changed(2))
        await eventually(lambda: all((each.cursor or START).position == 1 for each in listeners))
        await eventually(lambda: all(len(each.payloads) > 5 for each in listeners))
        beats = max(len(each.payloads) for each in listeners)
        assert words.rendered <= beats + 1


async def test_a_hub_that_stops_tells_everybody(database: Database):
    async with running(database) as hub:
        await hub.subscribe(TITLE, None, Words(), ears := Ears())
    assert ears.ended is not None
    assert "last cursor" in ears.ended
    with pytest.raises(HubClosed):
        await hub.subscribe(TITLE, None, Words(), Ears())


async def test_updates_are_the_same_unrendered(database: Database, hub: Hub):
    await emit(database, changed())
    await eventually(lambda: hub.cursor.position == 1)
    updates = hub.updates(TITLE, START)
    assert (await anext(updates)).cursor.position == 1
    assert isinstance(await anext(updates), Heartbeat)
    await emit(database, changed())
    assert (await anext(updates)).cursor.position == 2
    await updates.aclose()  # type: ignore[attr-defined]
    assert hub.subscribers == 0


async def test_updates_that_nobody_takes_end(database: Database, hub: Hub):
    updates = hub.updates(TITLE, None, most=10)
    await anext(updates)
    await emit(database, *(changed() for _ in range(12)))
    await eventually(lambda: hub.subscribers == 0)
    taken = [(await anext(updates)).cursor.position for _ in range(10)]
    with pytest.raises(SlowConsumer):
        await anext(updates)
    assert taken == list(range(1, 11))


async def test_an_idle_second_costs_one_statement_a_poll(database: Database):
    async with running(database, poll_s=0.1) as hub:
        for number in range(20):
            await hub.subscribe(
                Interest(title_id=number, country="US"), None, Words(number), Ears()
            )
        await asyncio.sleep(0.2)
        with statements(database) as sent:
            await asyncio.sleep(1)
        assert 5 <= len(sent) <= 11
