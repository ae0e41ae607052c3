"""Deliveries are stored before they are answered, applied once, and never lost."""

import asyncio
import random
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import text

from domain.db import Database
from domain.services import Services
from domain.webhooks import deliveries, parked, payload
from jobs.apply_deliveries import apply_deliveries
from jobs.prune_deliveries import prune_deliveries
from tests.support.counting import statements
from tests.webhooks.sender import (
    NOW,
    UNTIL,
    add_film,
    add_netflix,
    event,
    minutes,
    offers,
    rows,
    webhook,
)

pytestmark = pytest.mark.anyio
LATER = NOW + timedelta(days=1)
STATE = "SELECT webhook_id, applied_at, attempts, duplicates, problem FROM webhook_deliveries"


@pytest.fixture
async def film(database: Database) -> int:
    async with database.transaction() as session:
        await add_netflix(session)
        return await add_film(session)


async def store(database: Database, body: bytes, webhook_id: str = "msg_1") -> int:
    """As far as a process gets that is killed right after it stored a delivery."""
    async with database.transaction() as session:
        return (await deliveries.store(session, webhook_id, body, NOW)).id


async def poison(database: Database) -> None:
    """Make recording of what is about France fail, and nothing else."""
    async with database.transaction() as session:
        connection = await session.connection()
        await connection.execute(
            text("ALTER TABLE offers ADD CONSTRAINT no_france CHECK (country <> 'FR')")
        )


async def cure(database: Database) -> None:
    async with database.transaction() as session:
        connection = await session.connection()
        await connection.execute(text("ALTER TABLE offers DROP CONSTRAINT no_france"))


async def test_a_delivery_is_stored_and_applied_at_once(database: Database, film: int) -> None:
    assert await deliveries.take(database, "msg_1", webhook(event()), NOW)
    assert await offers(database) == [(film, None, "US", UNTIL, True)]
    assert [tuple(row) for row in await rows(database, STATE)] == [("msg_1", NOW, 1, 0, None)]
    (source,) = await rows(database, "SELECT source, confidence FROM offers")
    assert tuple(source) == ("justwatch", 0.95)


async def test_the_same_id_again_is_counted_and_not_applied(database: Database, film: int) -> None:
    assert await deliveries.take(database, "msg_1", webhook(event()), NOW)
    events = await rows(database, "SELECT count(*) FROM events")
    other = webhook(event(available_to="2026-12-24", observed_at=minutes(1)))
    assert not await deliveries.take(database, "msg_1", webhook(event()), LATER)
    assert not await deliveries.take(database, "msg_1", other, LATER)
    assert await offers(database) == [(film, None, "US", UNTIL, True)]
    assert await rows(database, "SELECT count(*) FROM events") == events
    assert [tuple(row) for row in await rows(database, STATE)] == [("msg_1", NOW, 1, 2, None)]


async def test_of_twenty_at_the_same_moment_one_is_applied(database: Database, film: int) -> None:
    body = webhook(event())
    new = await asyncio.gather(*(deliveries.take(database, "msg_1", body, NOW) for _ in range(20)))
    assert sorted(new) == [False] * 19 + [True]
    assert [tuple(row) for row in await rows(database, STATE)] == [("msg_1", NOW, 1, 19, None)]
    assert len(await rows(database, "SELECT 1 FROM events")) == 1


async def test_killed_between_storing_and_applying_nothing_is_lost(
    services: Services, film: int
) -> None:
    database = services.database
    await store(database, webhook(event()))
    assert await offers(database) == []
    assert await apply_deliveries({"services": services}) == 1
    assert await offers(database) == [(film, None, "US", UNTIL, True)]
    assert await apply_deliveries({"services": services}) == 0


async def test_killed_while_applying_nothing_has_happened(
    database: Database, film: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The transaction that applies is the one that notes it, so there is no half of it."""
    real = parked.hear

    async def killed(*given: Any) -> int:
        await real(*given)
        raise asyncio.CancelledError

    monkeypatch.setattr(parked, "hear", killed)
    with pytest.raises(asyncio.CancelledError):
        await deliveries.take(database, "msg_1", webhook(event()), NOW)
    monkeypatch.undo()
    assert await offers(database) == []
    assert await deliveries.apply_waiting(database, NOW) == 1
    assert await offers(database) == [(film, None, "US", UNTIL, True)]


async def test_a_poisonous_delivery_stops_no_other_and_keeps_its_problem(
    database: Database, film: int
) -> None:
    await poison(database)
    assert await deliveries.take(database, "msg_bad", webhook(event(), country="FR"), NOW)
    await store(database, webhook(event(country="US")), "msg_good")
    await store(database, b"\xff no JSON", "msg_broken")
    assert await deliveries.apply_waiting(database, NOW + timedelta(seconds=6)) == 1
    assert await offers(database) == [(film, None, "US", UNTIL, True)]
    state = {row.webhook_id: row for row in await rows(database, STATE)}
    assert state["msg_bad"].applied_at is None
    assert "no_france" in state["msg_bad"].problem
    assert state["msg_bad"].attempts == state["msg_broken"].attempts == 2

    await cure(database)
    assert await deliveries.apply_waiting(database, NOW + timedelta(seconds=16)) == 1
    state = {row.webhook_id: row for row in await rows(database, STATE)}
    assert state["msg_bad"].problem is None
    assert state["msg_bad"].applied_at == NOW + timedelta(seconds=16)


async def test_the_waits_double_and_nothing_is_ever_given_up(database: Database) -> None:
    await store(database, b"no JSON")
    tried: list[int] = []
    for second in range(0, 3_600, 5):
        before = (await rows(database, STATE))[0].attempts
        await deliveries.apply_waiting(database, NOW + timedelta(seconds=second))
        if (await rows(database, STATE))[0].attempts > before:
            tried.append(second)
    assert tried == [0, 5, 15, 35, 75, 155, 315, 635, 1275, 2555]
    async with database.transaction() as session:
        connection = await session.connection()
        await connection.execute(text("UPDATE webhook_deliveries SET attempts = 1000"))
        assert await deliveries.prune(session, NOW + timedelta(days=400)) == 0
    assert await deliveries.apply_waiting(database, NOW + timedelta(days=400)) == 0
    assert (await rows(database, STATE))[0].applied_at is None


async def test_whoever_is_at_a_delivery_is_left_alone(database: Database, film: int) -> None:
    delivery = await store(database, webhook(event()))
    async with database.transaction() as session:
        assert await deliveries.apply(session, delivery, NOW)
        assert await deliveries.apply_waiting(database, LATER) == 0
        assert not await deliveries.attempt(database, delivery, LATER, patience_s=0.2)
    assert [tuple(row) for row in await rows(database, STATE)] == [("msg_1", NOW, 1, 0, None)]


async def test_two_workers_apply_each_delivery_once(database: Database, film: int) -> None:
    for number in range(20):
        body = webhook(event(available_to=f"2026-12-{number + 1:02}", observed_at=minutes(-number)))
        await store(database, body, f"msg_{number}")
    done = await asyncio.gather(*(deliveries.apply_waiting(database, LATER) for _ in range(3)))
    assert sum(done) == 20
    assert await offers(database) == [(film, None, "US", date(2026, 12, 1), True)]


async def test_an_answer_does_not_wait_for_ever(
    database: Database, film: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An import may hold the offers for a while: the webhook is stored, and applied after it."""
    await deliveries.take(database, "msg_1", webhook(event()), NOW)
    monkeypatch.setattr(deliveries, "AT_ONCE_S", 0.2)
    later = webhook(event(available_to="2026-12-24", observed_at=minutes(1)))
    async with database.transaction() as session:
        connection = await session.connection()
        await connection.execute(text("SELECT 1 FROM offers FOR UPDATE"))
        async with asyncio.timeout(3):
            assert await deliveries.take(database, "msg_2", later, NOW + timedelta(minutes=2))
    state = {row.webhook_id: row for row in await rows(database, STATE)}
    assert state["msg_2"].problem.startswith("TimeoutError")
    assert await deliveries.apply_waiting(database, LATER) == 1
    assert await offers(database) == [(film, None, "US", date(2026, 12, 24), True)]


async def test_as_many_statements_for_three_hundred_events_as_for_three(
    database: Database,
) -> None:
    async with database.transaction() as session:
        await add_netflix(session)
        for number in range(300):
            await add_film(session, f"Film {number}", justwatch_id=f"tm{number}")
    counts: list[int] = []
    for webhook_id, nodes in (("msg_1", range(3)), ("msg_2", range(3, 300))):
        body = webhook(*(event(node_id=f"tm{node}") for node in nodes))
        with statements(database) as sent:
            await deliveries.take(database, webhook_id, body, NOW)
        counts.append(len(sent))
    assert len(await offers(database)) == 300
    assert counts[0] == counts[1]


async def test_applied_deliveries_are_forgotten_after_a_week(services: Services, film: int) -> None:
    database = services.database
    await deliveries.take(database, "msg_1", webhook(event()), NOW)
    await store(database, b"no JSON", "msg_2")
    async with database.transaction() as session:
        assert await deliveries.prune(session, NOW + timedelta(days=7)) == 0
        assert await deliveries.prune(session, NOW + timedelta(days=7, seconds=1)) == 1
    assert [row.webhook_id for row in await rows(database, STATE)] == ["msg_2"]
    assert await prune_deliveries({"services": services}) == 0


async def test_any_order_and_any_doubles_end_the_same(database: Database) -> None:
    """Three hundred webhooks over twelve films and two countries, against a model of the rule."""
    draw = random.Random(20261121)
    async with database.transaction() as session:
        await add_netflix(session)
        for number in range(12):
            await add_film(session, f"Film {number}", justwatch_id=f"tm{number}")
    sent: list[tuple[str, bytes]] = []
    history: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for number in range(300):
        told = event(
            node_id=f"tm{draw.randrange(12)}",
            change=draw.choice(["added", "expiring", "changed", "expired"]),
            observed_at=minutes(-number - 1),
            available_to=None,
        )
        if told["change"] in {"expiring", "changed"} and draw.random() < 0.8:
            told["available_to"] = f"2027-{draw.randrange(1, 12):02}-{draw.randrange(1, 28):02}"
        elif told["change"] == "changed":
            told["available_to"] = None
        country = draw.choice(["US", "DE"])
        history.setdefault((told["node_id"], country), []).append(told)
        sent.append((f"msg_{number}", webhook(told, country=country)))
    sent += draw.sample(sent, 90)
    draw.shuffle(sent)
    for start in range(0, len(sent), 6):
        await asyncio.gather(
            *(deliveries.take(database, *each, NOW) for each in sent[start : start + 6])
        )
    await deliveries.apply_waiting(database, LATER)

    found = await rows(
        database,
        "SELECT t.justwatch_id, o.country, o.gone_at IS NULL AS there, o.expires_on"
        " FROM offers o JOIN titles t ON t.id = o.title_id",
    )
    assert {(row[0], row[1]): (row.there, row.expires_on) for row in found} == {
        key: model(told) for key, told in history.items()
    }
    (counted,) = await rows(
        database, "SELECT count(*), sum(duplicates), count(applied_at) FROM webhook_deliveries"
    )
    assert tuple(counted) == (300, 90, 300)


def model(told: list[dict[str, Any]]) -> tuple[bool, date | None]:
    """The last word on whether it is there, and the last word on its last day."""
    in_order = sorted(told, key=lambda each: each["observed_at"])
    day: date | None = None
    for each in in_order:
        if each["change"] == "expired":
            day = None
        elif "available_to" in each:
            day = each["available_to"] and date.fromisoformat(each["available_to"])
    return in_order[-1]["change"] != "expired", day


def test_a_clock_that_is_fast_outranks_nobody() -> None:
    body = webhook(event(observed_at="2031-01-01T00:00:00Z"), event(observed_at=minutes(-1)))
    fast, right = payload.read(body).sightings(NOW)
    assert fast.observed_at == NOW
    assert right.observed_at == NOW - timedelta(minutes=1)
