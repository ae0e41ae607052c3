"""An offer is over when its last day has ended in its country, and that is said once."""

import asyncio
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import text

from domain.availability import expiry
from domain.db import Database

NOW = datetime(2026, 11, 21, 4, 59, tzinfo=UTC)  # a minute before midnight in New York

SEEN = NOW - timedelta(days=30)
_OFFER = text("""
    WITH title AS (
        INSERT INTO titles (kind, name, name_key, maturity, source)
        VALUES ('movie', :name, :name, 0, 'test') RETURNING id
    ), place AS (
        INSERT INTO platforms (slug, name) VALUES ('netflix', 'Netflix')
        ON CONFLICT (slug) DO UPDATE SET name = excluded.name RETURNING id
    ), offer AS (
        INSERT INTO offers (title_id, platform_id, country, monetization, quality, expires_on,
                            source, confidence, first_seen_at, last_seen_at)
        SELECT title.id, place.id, 'US', 'subscription', 'hd', :expires_on, 'test', 0.6, :seen,
               :seen
        FROM title, place RETURNING id
    )
    INSERT INTO offer_beliefs (offer_id, there, expires_on, source, confidence, believed_from)
    SELECT id, true, :expires_on, 'test', 0.6, :seen FROM offer
""")
_STATE = text("""
    SELECT t.name, o.gone_at IS NOT NULL AS gone,
           array_agg(b.there ORDER BY b.believed_from) AS there,
           count(*) FILTER (WHERE b.believed_to IS NULL) AS open
    FROM offers o JOIN titles t ON t.id = o.title_id JOIN offer_beliefs b ON b.offer_id = o.id
    GROUP BY t.name, o.gone_at ORDER BY t.name
""")


async def offers(database: Database, *days: date | None) -> None:
    async with database.transaction() as session:
        connection = await session.connection()
        for day in days:
            said = {"name": f"until {day}", "expires_on": day, "seen": SEEN}
            await connection.execute(_OFFER, said)


async def state(database: Database) -> dict[str, tuple[bool, list[bool], int]]:
    async with database.read() as connection:
        rows = await connection.execute(_STATE)
        return {row.name: (row.gone, row.there, row.open) for row in rows}


async def position(database: Database) -> int:
    async with database.read() as connection:
        found = await connection.execute(text("SELECT position FROM availability_position"))
        return found.scalar_one_or_none() or 0


async def end_over(database: Database, now: datetime) -> int:
    async with database.transaction() as session:
        return await expiry.end_over(session, now)


@pytest.mark.anyio
async def test_what_is_over_is_gone_once_and_the_rest_stays(database: Database) -> None:
    await offers(database, None, date(2026, 11, 19), date(2026, 11, 20))
    before = await position(database)
    assert await end_over(database, NOW) == 1
    assert await state(database) == {
        "until 2026-11-19": (True, [True, False], 1),
        "until 2026-11-20": (False, [True], 1),
        "until None": (False, [True], 1),
    }
    assert await position(database) == before + 1
    assert await end_over(database, NOW) == 0
    assert await position(database) == before + 1
    assert await end_over(database, NOW + timedelta(minutes=1)) == 1
    assert await position(database) == before + 2


@pytest.mark.anyio
async def test_a_clock_behind_the_last_belief_leaves_no_belief_that_ends_before_it_begins(
    database: Database,
) -> None:
    await offers(database, date(2026, 10, 1))
    assert await end_over(database, SEEN - timedelta(hours=1)) == 1
    async with database.read() as connection:
        wrong = text("SELECT count(*) FROM offer_beliefs WHERE believed_to < believed_from")
        assert (await connection.execute(wrong)).scalar_one() == 0


@pytest.mark.anyio
async def test_each_end_is_told_once(database: Database) -> None:
    await offers(database, date(2026, 11, 19))
    await end_over(database, NOW)
    await end_over(database, NOW + timedelta(days=1))
    async with database.read() as connection:
        told = await connection.execute(
            text("SELECT kind, expires_on, previous_expires_on, source FROM events")
        )
        day = date(2026, 11, 19)
        assert [tuple(row) for row in told] == [("removed", day, day, "test")]


@pytest.mark.anyio
async def test_two_runs_at_once_end_an_offer_once(database: Database) -> None:
    await offers(database, *[date(2026, 11, day) for day in range(1, 20)])
    ended = await asyncio.gather(*[end_over(database, NOW) for _ in range(4)])
    assert sorted(ended) == [0, 0, 0, 19]
    assert await position(database) == 1


@pytest.mark.anyio
async def test_a_date_of_the_demo_that_passed_has_two_days_to_be_moved_on(
    database: Database,
) -> None:
    await offers(database, date(2026, 11, 19))
    async with database.transaction() as session:
        await (await session.connection()).execute(text("UPDATE offers SET source = 'demo'"))
    assert await end_over(database, NOW) == 0
    assert await end_over(database, NOW + timedelta(days=1)) == 0
    assert await end_over(database, NOW + timedelta(days=1, minutes=1)) == 1
