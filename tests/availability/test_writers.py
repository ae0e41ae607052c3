"""Writers at the same time: none waits for one who waits for it, and none overlooks another."""

import asyncio
from collections.abc import Awaitable
from dataclasses import replace

import pytest
from sqlalchemy import text

from domain.availability import service
from domain.availability.values import Observation, OfferKey, Recorded
from domain.db import Database
from tests.availability.offers import DAY, NOW, SOON, add_title, ask, record, seen, told, until

pytestmark = pytest.mark.anyio


async def blocked(database: Database) -> None:
    """Until somebody waits for a lock."""
    question = (
        "SELECT count(*) FROM pg_stat_activity"
        " WHERE datname = current_database() AND wait_event_type = 'Lock'"
    )
    async with asyncio.timeout(5):
        while await ask(database, question) == [(0,)]:  # noqa: ASYNC110
            await asyncio.sleep(0.01)


async def test_an_offer_that_somebody_is_just_opening_is_not_opened_a_second_time(
    database: Database,
) -> None:
    key = await add_title(database, quality="unknown")
    async with database.transaction() as session:
        await service.record(session, [seen(key)], NOW)
        second = asyncio.create_task(record(database, seen(replace(key, quality="4k"))))
        await blocked(database)
    assert await second == Recorded(changed=1)
    assert await ask(database, "SELECT quality FROM offers") == [("4k",)]
    assert await told(database) == ["added", "changed"]


async def test_a_list_that_takes_a_title_over_and_a_webhook_about_it_both_end(
    database: Database,
) -> None:
    key, taken_over = await add_title(database), await add_title(database, "Ronin")
    await record(database, seen(key))
    async with database.transaction() as session:
        connection = await session.connection()
        # What an import does between the titles and the offers takes seconds.
        sql = f"UPDATE titles SET justwatch_id = 'tm1' WHERE id = {taken_over.title_id}"
        await connection.execute(text(sql))
        webhook = asyncio.create_task(record(database, until(SOON, key), until(SOON, taken_over)))
        await blocked(database)
        await service.record(session, [seen(key, source="csv")], NOW)
    assert (await webhook).changed == 2


async def test_writers_of_different_places_do_not_wait_for_each_other(database: Database) -> None:
    key = await add_title(database)
    await record(database, seen(key), seen(replace(key, country="DE")))
    confirms = [seen(replace(key, country="DE"), source="csv")]
    async with database.transaction() as session:
        await service.record(session, [seen(key, source="csv")], NOW)
        async with asyncio.timeout(2):
            assert await record(database, *confirms) == Recorded(confirmed=1)


async def test_writers_of_many_offers_in_any_order_all_end(database: Database) -> None:
    film = [await add_title(database, f"Film {number}") for number in range(8)]
    keys = [
        replace(key, country=country, season_number=season)
        for key in film
        for country in ("DE", "US")
        for season in (None, 0, 1)
    ]
    orders = [keys, keys[::-1], keys[1::2] + keys[::2], keys[24:] + keys[:24]]

    def said(writer: int, order: list[OfferKey]) -> list[Observation]:
        at = NOW + writer * DAY
        return [seen(key, source=f"feed-{writer % 3}", observed_at=at) for key in order]

    writers: list[Awaitable[Recorded]] = [
        record(database, *said(writer, orders[writer % 4]), now=NOW + 20 * DAY)
        for writer in range(12)
    ]
    assert sum(each.changed for each in await asyncio.gather(*writers)) == len(keys)
    assert await ask(database, "SELECT count(*) FROM offers") == [(len(keys),)]
    assert await told(database) == ["added"] * len(keys)
