"""One way for every report: offer, beliefs, claims, event and position, together and once."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import text

from domain.availability import service
from domain.availability.values import Observation, Recorded
from domain.db import Database
from tests.availability.offers import (
    DAY,
    LATER,
    NOW,
    SOON,
    add_title,
    ask,
    record,
    seen,
    told,
    until,
)
from tests.support.counting import statements

pytestmark = pytest.mark.anyio

CHANGED, CONFIRMED, OUTWEIGHED = Recorded(1), Recorded(0, 1), Recorded(0, 0, 1)


async def everything(database: Database) -> list[object]:
    return [
        await ask(database, f"SELECT x::text FROM {table} x ORDER BY 1")
        for table in ("offers", "offer_beliefs", "offer_claims", "events", "countdowns",
                      "availability_position")
    ]  # fmt: skip


async def test_an_offers_whole_life_is_told(database: Database) -> None:
    key = await add_title(database)
    life = [
        seen(key),
        until(SOON, key),
        until(LATER, key),
        until(None, key),
        until(None, key, priced=True, price=Decimal("2.50"), currency="USD"),
        until(None, key, there=False),
        seen(key, source="justwatch", signed=True),
    ]
    for days, said in enumerate(life):
        at = NOW + days * DAY
        assert await record(database, replace(said, observed_at=at), now=at) == CHANGED

    assert await told(database, "kind, expires_on, previous_expires_on, price, source") == [
        ("added", None, None, None, "feed"),
        ("leaving", SOON, None, None, "justwatch"),
        ("date_moved", LATER, SOON, None, "justwatch"),
        ("renewed", None, LATER, None, "justwatch"),
        ("changed", None, None, Decimal("2.50"), "justwatch"),
        ("removed", None, None, Decimal("2.50"), "justwatch"),
        ("added", None, None, Decimal("2.50"), "justwatch"),
    ]
    beliefs = await ask(
        database, "SELECT there, believed_from, believed_to FROM offer_beliefs ORDER BY id"
    )
    assert [there for there, _, _ in beliefs] == [True] * 5 + [False, True]
    assert [until for _, _, until in beliefs] == [since for _, since, _ in beliefs[1:]] + [None]
    assert await ask(database, "SELECT position FROM availability_position") == [(len(life),)]


async def test_the_losing_claim_is_kept_beside_what_is_believed(database: Database) -> None:
    key = await add_title(database)
    await record(database, until(SOON, key))
    contradicts = seen(key, dated=True, expires_on=LATER, observed_at=NOW + DAY)
    assert await record(database, contradicts, now=NOW + DAY) == OUTWEIGHED
    assert await ask(database, "SELECT source, expires_on FROM offer_claims ORDER BY source") == [
        ("feed", LATER),
        ("justwatch", SOON),
    ]
    assert await ask(database, "SELECT expires_on, source FROM offers") == [(SOON, "justwatch")]


async def test_a_replay_changes_nothing_at_all(database: Database) -> None:
    key = await add_title(database)
    said = [seen(key), until(SOON, key), until(LATER, key, observed_at=NOW - DAY)]
    for each in said:
        await record(database, each)
    before = await everything(database)
    for each in (*said, *reversed(said)):
        assert (await record(database, each)).changed == 0
    await record(database, *said)
    assert await everything(database) == before


async def test_a_late_observation_does_not_overwrite_a_newer_one(database: Database) -> None:
    key = await add_title(database)
    await record(database, until(SOON, key))
    late = until(None, key, there=False, observed_at=NOW - timedelta(seconds=1), url="https://old")
    assert await record(database, late) == OUTWEIGHED
    assert await record(database, until(LATER, key, observed_at=NOW - DAY)) == OUTWEIGHED
    assert await record(database, until(SOON, key)) == CONFIRMED
    assert await told(database) == ["added"]


async def test_that_an_unknown_offer_has_left_is_remembered_without_being_news(
    database: Database,
) -> None:
    key = await add_title(database)
    assert await record(database, until(None, key, there=False)) == CONFIRMED
    assert await record(database, until(SOON, key, observed_at=NOW - DAY)) == OUTWEIGHED
    assert await ask(database, "SELECT gone_at FROM offers") == [(NOW,)]
    assert await told(database) == []


async def test_several_of_one_offer_in_one_call_are_one_change(database: Database) -> None:
    key = await add_title(database)
    recorded = await record(
        database, until(LATER, key, observed_at=NOW - DAY), until(SOON, key), seen(key)
    )
    assert recorded == Recorded(changed=1, confirmed=1, outweighed=1)
    assert await told(database, "kind, expires_on") == [("added", SOON)]


async def test_a_quality_that_becomes_known_is_that_of_the_offer_we_had(
    database: Database,
) -> None:
    key = await add_title(database, quality="unknown")
    await record(database, seen(key))
    assert await record(database, seen(replace(key, quality="4k"))) == CHANGED
    assert await record(database, seen(key, source="csv")) == CONFIRMED
    assert await ask(database, "SELECT id, quality FROM offers") == [(1, "4k")]
    assert await told(database, "kind, quality, previous_quality") == [
        ("added", "unknown", None), ("changed", "4k", "unknown")
    ]  # fmt: skip
    assert await record(database, seen(replace(key, quality="hd"))) == CHANGED
    assert await ask(database, "SELECT quality FROM offers ORDER BY id") == [("4k",), ("hd",)]


async def test_what_is_said_without_a_quality_is_said_of_all_that_are_here(
    database: Database,
) -> None:
    key = await add_title(database)
    await record(database, seen(key), seen(replace(key, quality="4k")))
    unknown = replace(key, quality="unknown")
    priced = until(SOON, unknown, priced=True, price=Decimal(4), currency="USD")
    assert (await record(database, priced)).changed == 2
    assert await ask(database, "SELECT expires_on, price FROM offers") == [(SOON, None)] * 2


async def test_an_offer_from_before_claims_were_kept_has_one(database: Database) -> None:
    key = await add_title(database)
    await record(database, until(SOON, key))
    async with database.transaction() as session:
        await (await session.connection()).execute(text("DELETE FROM offer_claims"))
    later = NOW + 2 * DAY
    assert await record(database, seen(key, observed_at=later), now=later) == CONFIRMED
    assert await ask(database, "SELECT source, expires_on FROM offer_claims ORDER BY 1") == [
        ("feed", None), ("justwatch", SOON)
    ]  # fmt: skip
    assert await told(database) == ["added"]


async def test_it_came_on_the_day_it_was_seen_unless_somebody_says_another(
    database: Database,
) -> None:
    key, other = await add_title(database), await add_title(database, "Ronin")
    long_ago = SOON.replace(year=2020)
    await record(database, seen(key), until(None, other, available_from=long_ago))
    await record(database, seen(key, source="csv", observed_at=NOW + DAY), now=NOW + DAY)
    assert await ask(database, "SELECT available_from FROM offers ORDER BY id") == [
        (NOW.date(),), (long_ago,)
    ]  # fmt: skip


async def test_nothing_can_have_been_seen_in_the_future(database: Database) -> None:
    key = await add_title(database)
    await record(database, until(SOON, key, observed_at=NOW.replace(year=2999)))
    later = NOW + DAY
    assert await record(database, until(LATER, key, observed_at=later), now=later) == CHANGED


async def test_many_observations_take_as_many_statements_as_one(database: Database) -> None:
    keys = [await add_title(database, f"Film {number}") for number in range(60)]
    counts = []
    for some in (keys[:1], keys[1:5], keys[5:]):
        for making in (seen, lambda key: until(SOON, key), lambda key: seen(key, there=False)):
            with statements(database) as sent:
                await record(database, *map(making, some))
            counts.append(len(sent))
    assert counts[:3] == counts[3:6] == counts[6:]
    assert max(counts) <= 12


async def test_a_transaction_that_fails_leaves_nothing(database: Database) -> None:
    key = await add_title(database)
    before = await everything(database)

    async def fail() -> None:
        async with database.transaction() as session:
            await service.record(session, [until(SOON, key)], NOW)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        await fail()
    assert await everything(database) == before


async def test_writers_at_the_same_time_open_an_offer_once_and_lose_nothing(
    database: Database,
) -> None:
    keys = [await add_title(database, f"Film {number}") for number in range(20)]

    def said(source: int) -> list[Observation]:
        order = keys if source % 2 else keys[::-1]
        return [seen(key, source=f"feed-{source}") for key in order]

    recorded = await asyncio.gather(*[record(database, *said(source)) for source in range(6)])
    assert sum(each.changed for each in recorded) == 20
    assert sum(each.confirmed for each in recorded) == 100
    assert await told(database) == ["added"] * 20
    assert await ask(database, "SELECT count(*) FROM offer_claims") == [(120,)]
    assert await ask(database, "SELECT count(*) FROM offers") == [(20,)]
