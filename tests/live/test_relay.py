"""Every event that committed is heard, once and in its place, whatever writers and servers do."""

import asyncio
import os
import random
import signal
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import text

from app import migrate
from app.database import open_database
from app.embedded import Postgres
from domain.db import Database, is_away
from domain.events import outbox, repo
from domain.events.values import START, WatchlistKind
from live import reader
from live.hub import Hub
from live.interest import Interest
from tests.live.listening import (
    TITLE,
    Ears,
    Words,
    add_profile,
    changed,
    emit,
    eventually,
    ringing,
    running,
    wished,
)
from tests.support.counting import statements

pytestmark = pytest.mark.anyio
TITLES = range(1, 6)


# A connection that was cut or given up says so when it is collected, as it should.
connections_are_lost = pytest.mark.filterwarnings(
    "ignore::pytest.PytestUnraisableExceptionWarning", "ignore::ResourceWarning"
)


class Oops(Exception):
    """What makes a transaction roll back."""


async def write(database: Database, writer: int, count: int, chance: random.Random) -> list[str]:
    """Write events, some slowly, some in vain; the notes of those that were acknowledged."""
    acknowledged: list[str] = []
    number = 0
    while number < count:
        number += 1
        note = f"{writer}-{number}"
        try:
            async with database.transaction() as session:
                connection = await session.connection()
                await outbox.add(session, [changed(chance.choice(TITLES))])
                await connection.execute(
                    text("UPDATE events SET source = :note WHERE id = lastval()"), {"note": note}
                )
                await asyncio.sleep(chance.choice([0, 0, 0.001, 0.02]))
                if chance.random() < 0.2:
                    raise Oops
        except Oops:
            continue
        except Exception as problem:
            if not is_away(problem):
                raise
            count += 1  # perhaps it committed, perhaps not: nobody was told
            await asyncio.sleep(0.05)
            continue
        acknowledged.append(note)
    return acknowledged


class Follower:
    """Somebody who comes back with their cursor, over and over, and writes down what they hear."""

    def __init__(self, chance: random.Random) -> None:
        self.chance = chance
        self.heard: dict[int, list[tuple[int, str]]] = defaultdict(list)
        self.cursors = dict.fromkeys(TITLES, START)

    async def follow(self, hub: Hub, done: asyncio.Event) -> None:
        while True:
            last = done.is_set()
            ears = {title: Ears() for title in TITLES}
            try:
                joined = [
                    await hub.subscribe(
                        Interest(title_id=title, country="US"), self.cursors[title], Notes(), each
                    )
                    for title, each in ears.items()
                ]
            except Exception as problem:
                if not is_away(problem):
                    raise
                joined = []
            await asyncio.sleep(0.5 if last else self.chance.random() * 0.2)
            for each in joined:
                each.close()
            for title, each in ears.items():
                assert each.told("Resync") == []
                self.heard[title] += [(cursor.position, said) for cursor, said in each.told()]
                self.cursors[title] = each.cursor or self.cursors[title]
            if last and joined:
                return


class Notes(Words):
    """Says what a writer noted."""

    async def render(self, update) -> bytes | None:
        note = getattr(update, "source", None) or getattr(update, "reason", "")
        return f"{type(update).__name__} {update.cursor} {note}".encode()


async def test_four_writers_and_every_subscriber_hears_everything_once(database: Database):
    await _everything_is_heard_once([ringing(database)], [])


async def test_two_processes_give_out_positions_without_a_gap_or_a_double(database: Database):
    await _everything_is_heard_once([ringing(database), ringing(database)], [])


async def _everything_is_heard_once(databases: list[Database], disasters: list) -> None:
    done = asyncio.Event()
    followers = [Follower(random.Random(number)) for number in range(10)]
    hubs = [Hub(each, each.bell, poll_s=0.1) for each in databases]  # type: ignore[arg-type]
    for hub in hubs:
        await hub.start()
    following = [
        asyncio.create_task(each.follow(hubs[number % len(hubs)], done))
        for number, each in enumerate(followers)
    ]
    writers = [
        asyncio.create_task(
            write(databases[number % len(hubs)], number, 120, random.Random(number))
        )
        for number in range(4)
    ]
    for disaster in disasters:
        await asyncio.sleep(0.4)
        await asyncio.to_thread(disaster)
    acknowledged = {note for notes in await asyncio.gather(*writers) for note in notes}
    done.set()
    async with asyncio.timeout(60):
        await asyncio.gather(*following)
    for hub in hubs:
        await hub.stop()
    async with databases[0].read() as connection:
        rows = (
            await connection.execute(text("SELECT position, title_id, source FROM events"))
        ).all()
    committed = {row.source for row in rows}
    assert acknowledged <= committed
    assert len(acknowledged) > 100
    for each in followers:
        for title in TITLES:
            expected = sorted((row.position, row.source) for row in rows if row.title_id == title)
            assert each.heard[title] == expected
    heard_twice = Counter(row.position for row in rows)
    assert set(heard_twice.values()) == {1}


@pytest.fixture
def postgres(tmp_path: Path) -> Iterator[Postgres]:
    """A Postgres of the test's own, to be killed."""
    with Postgres(tmp_path / "postgres", durable=True) as server:
        yield server


async def _open(postgres: Postgres) -> Database:
    opened = open_database(postgres.url, application="tests")
    await migrate.upgrade(opened)
    return ringing(opened)


@connections_are_lost
async def test_postgres_killed_twice_loses_and_doubles_nothing(postgres: Postgres):
    database = await _open(postgres)

    def kill() -> None:
        assert postgres.pid is not None
        os.kill(postgres.pid, signal.SIGQUIT)  # as after a crash: no farewell to anybody
        while postgres.alive:
            pass
        postgres.start()

    await _everything_is_heard_once([database], [kill, kill])
    await database.engine.dispose()


async def test_a_hub_starts_without_postgres_and_reads_when_it_comes(postgres: Postgres):
    database = await _open(postgres)
    await emit(database, changed())
    await database.engine.dispose()
    assert postgres.pid is not None
    os.kill(postgres.pid, signal.SIGINT)
    await eventually(lambda: not postgres.alive)
    async with running(database, poll_s=0.1) as hub:
        subscribing = asyncio.create_task(hub.subscribe(TITLE, START, Words(), ears := Ears()))
        await asyncio.sleep(0.3)
        await asyncio.to_thread(postgres.start)
        await asyncio.wait_for(subscribing, 10)
        await eventually(lambda: ears.positions == [1])
    await database.engine.dispose()


@connections_are_lost
async def test_a_frozen_postgres_is_left_and_asked_again(
    postgres: Postgres, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(reader, "_ANSWER_S", 0.5)
    database = await _open(postgres)
    async with running(database, poll_s=0.05) as hub:
        await hub.subscribe(TITLE, None, Words(), ears := Ears())
        async with database.read() as connection:
            rows = await connection.execute(
                text("SELECT pid FROM pg_stat_activity WHERE backend_type = 'client backend'")
            )
            backends = rows.scalars().all()
        for pid in backends:
            os.kill(pid, signal.SIGSTOP)
        await asyncio.sleep(1)
        try:
            # Those connections are lost; others can be made.
            await emit(ringing(fresh := open_database(postgres.url)), changed())
            await fresh.engine.dispose()
            await eventually(lambda: ears.positions == [1], 20)
        finally:
            for pid in backends:
                os.kill(pid, signal.SIGCONT)
    await database.engine.dispose()


async def test_a_position_is_never_given_twice_though_its_event_is_gone(database: Database):
    profile = await add_profile(database)
    await emit(database, changed(), wished(profile, WatchlistKind.ADDED, 1))
    async with database.work() as connection:
        assert len((await repo.number(connection, 10)).events) == 2
    async with database.transaction() as session:
        await (await session.connection()).execute(text("DELETE FROM profiles"))
    async with database.read() as connection:
        assert (await repo.newest(connection)).position == 2
    await emit(database, changed())
    async with database.work() as connection:
        numbered = await repo.number(connection, 10)
    assert (numbered.before.position, [each.position for each in numbered.events]) == (2, [3])
    async with database.read() as connection:
        assert [each.position for each in await repo.after(connection, 0, 10)] == [1, 3]


async def test_an_event_that_is_being_deleted_holds_nobody_up(database: Database):
    profile = await add_profile(database)
    await emit(database, wished(profile, WatchlistKind.ADDED, 1), changed())
    async with database.transaction() as deleting:
        await (await deleting.connection()).execute(text("DELETE FROM profiles"))
        async with asyncio.timeout(2), database.work() as connection:
            assert len((await repo.number(connection, 10)).events) == 1
    async with database.read() as connection:
        assert [each.title_id for each in await repo.after(connection, 0, 10)] == [1]
        assert not (await repo.standing(connection)).waiting


async def test_one_long_transaction_holds_nobody_elses_events_up(database: Database):
    database = ringing(database)
    async with running(database) as hub:
        await hub.subscribe(TITLE, None, Words(), ears := Ears())
        async with database.transaction() as slow:
            await outbox.add(slow, [changed()])
            await emit(database, changed())
            await eventually(lambda: ears.positions == [1])
        await eventually(lambda: ears.positions == [1, 2])


async def test_a_thousand_events_cost_a_handful_of_statements(database: Database):
    database = ringing(database)
    async with running(database, poll_s=600) as hub:
        await hub.subscribe(TITLE, None, Words(), ears := Ears())
        await asyncio.sleep(0.1)
        await emit(ringing(database), *(changed() for _ in range(900)))  # another's bell
        with statements(database) as sent:
            assert database.bell is not None
            await database.bell.ring()
            await eventually(lambda: len(ears.positions) == 900)
        assert len(sent) == 2, "the lock, and the places with their events"


async def test_a_hub_whose_rival_was_quicker_reads_what_that_one_numbered(database: Database):
    database = ringing(database)
    async with running(database, poll_s=600) as hub:
        await hub.subscribe(TITLE, None, Words(), ears := Ears())
        await emit(quiet := ringing(database), changed(), changed())  # another's bell
        async with quiet.work() as connection:
            assert len((await repo.number(connection, 1)).events) == 1
        with statements(database) as sent:
            assert database.bell is not None
            await database.bell.ring()
            await eventually(lambda: ears.positions == [1, 2])
        assert len(sent) == 3, "the lock and the places, which are not right behind its own; a page"
        await database.bell.ring()  # for nothing
        await emit(database, changed())
        await eventually(lambda: ears.positions == [1, 2, 3])


async def test_numbered_events_are_told_as_they_were_written(database: Database):
    profile = await add_profile(database)
    written = [
        replace(
            changed(7, 3, "GB"), season_number=2, offer_id=9, monetization="rent", quality="4k",
            previous_quality="hd", expires_on=date(2026, 12, 24), price=Decimal("3.99"),
            previous_price=Decimal("4.99"), currency="GBP", days_left=7, source="ü", confidence=0.5,
        ),
        wished(profile, WatchlistKind.ADDED, 1),
    ]  # fmt: skip
    await emit(database, *written)
    async with database.work() as connection:
        numbered = await repo.number(connection, 10)
    assert numbered.before == START
    assert [replace(each, position=0, mark=0) for each in numbered.events] == written
    async with database.read() as connection:
        assert await repo.after(connection, 0, 10) == numbered.events
        assert await repo.newest(connection) == numbered.events[-1].cursor
    async with database.work() as connection:
        again = await repo.number(connection, 10)
    assert again == repo.Numbered(numbered.events[-1].cursor, [])
