"""What lists make people hear of: what came, left and returned, but not what the first has."""

import asyncio
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from domain.availability.service import record
from domain.availability.values import Observation, OfferKey
from domain.catalog import derived, titles_sync
from domain.catalog.demo.load import load_demo
from domain.db import Database
from tests.catalog.lists import DAY, NOON, ask, count, demo, films, load
from tests.support.counting import statements

pytestmark = pytest.mark.anyio

CHRISTMAS_EVE = date(2026, 12, 24)

EVENTS = (
    "SELECT e.kind, t.justwatch_id FROM events e JOIN titles t ON t.id = e.title_id ORDER BY e.id"
)


async def signed(database: Database, **said: object) -> OfferKey:
    """A signed word about an offer that the demo, or a list, has; its key."""
    found = await ask(
        database,
        "SELECT title_id, season_number, o.platform_id, country, monetization, quality"
        " FROM offers o JOIN platforms p ON p.id = o.platform_id"
        " WHERE slug = 'netflix' AND country = 'US' AND expires_on IS NULL ORDER BY o.id LIMIT 1",
    )
    told = Observation(
        OfferKey(*found[0]), there=True, source="justwatch", confidence=0.9, observed_at=NOON,
        signed=True,
    )  # fmt: skip
    async with database.transaction() as session:
        await record(session, [replace(told, **said)], NOON + DAY)  # pyright: ignore[reportArgumentType]
    return told.offer


async def test_the_first_list_is_no_news_and_later_ones_are(
    database: Database, tmp_path: Path
) -> None:
    await load(database, tmp_path, films(1, 2, 3))
    assert await ask(database, EVENTS) == []
    assert await count(database, "offers", "available_from IS NULL") == 3

    await load(database, tmp_path, films(2, 3, 4), at=NOON + DAY)
    await load(database, tmp_path, films(1, 2, 3, 4), at=NOON + 2 * DAY)
    assert sorted((await ask(database, EVENTS))[:2]) == [("added", "tm4"), ("removed", "tm1")]
    assert (await ask(database, EVENTS))[2:] == [("added", "tm1")]
    assert await ask(
        database,
        "SELECT justwatch_id, available_from FROM offers o JOIN titles t ON t.id = title_id"
        " ORDER BY 1",
    ) == [
        ("tm1", (NOON + 2 * DAY).date()), ("tm2", None), ("tm3", None),
        ("tm4", (NOON + DAY).date()),
    ]  # fmt: skip


async def test_the_first_list_is_no_news_though_a_webhook_or_the_demo_came_before(
    database: Database, tmp_path: Path
) -> None:
    await demo(database)
    await signed(database)
    await load(database, tmp_path, films(1, 2), at=NOON + DAY)
    assert await count(database, "events", "kind = 'added'") == 0


async def test_a_webhook_about_one_title_does_not_end_the_demo_of_its_platform(
    database: Database,
) -> None:
    await demo(database)
    here = await count(database, "offers", "gone_at IS NULL")
    key = await signed(database, there=False)
    report = await demo(database, days=1)
    assert (report.offers.gone, report.offers.new) == (0, 0)
    assert await count(database, "offers", "gone_at IS NULL") == here - 1
    assert await count(database, "offers", f"title_id = {key.title_id} AND gone_at IS NOT NULL") > 0


async def test_a_list_does_not_end_what_a_signed_webhook_has_just_said_is_there(
    database: Database, tmp_path: Path
) -> None:
    await load(database, tmp_path, films(1, 2, 3))
    await signed(database)
    report = await load(database, tmp_path, films(2, 3), at=NOON + DAY)
    assert (report.offers.gone, report.offers.kept) == (0, 2)
    report = await load(database, tmp_path, films(2, 3), at=NOON + 15 * DAY)
    assert report.offers.gone == 1, "by then the list has seen more"


async def test_a_list_made_before_a_webhook_was_sent_is_not_outdated(
    database: Database, tmp_path: Path
) -> None:
    await load(database, tmp_path, films(1, 2))
    await signed(database, observed_at=NOON + DAY)
    report = await load(database, tmp_path, films(1, 2, 3), at=NOON + DAY / 2)
    assert report.offers.new == 1


@pytest.mark.parametrize(
    ("module", "step"), [(derived, "refresh"), (titles_sync, "refresh_statistics")]
)
async def test_a_webhook_does_not_wait_for_the_long_steps_of_an_import(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, module: Any, step: str
) -> None:
    await load(database, tmp_path, films(1, 2))
    original = getattr(module, step)

    async def meanwhile(*arguments: Any) -> Any:
        async with asyncio.timeout(3):
            await signed(database, expires_on=CHRISTMAS_EVE)
        return await original(*arguments)

    monkeypatch.setattr(module, step, meanwhile)
    await load(database, tmp_path, films(1, 2, 3), at=NOON + DAY)
    assert ("leaving", "tm1") in await ask(database, EVENTS)


async def test_a_list_of_thousands_takes_as_many_statements_as_a_small_one(
    database: Database, tmp_path: Path
) -> None:
    sent: dict[int, int] = {}
    for number, platform in ((2, "netflix"), (900, "hulu")):
        rows = films(*range(number * 10_000, number * 10_000 + number))
        with statements(database) as seen:
            await load(database, tmp_path, rows, platform=platform)
        sent[number] = len(seen)
    # New statistics, in a transaction of their own.
    assert sent[900] == sent[2] + 3


async def test_the_demo_by_itself_tells_only_of_dates_that_move(database: Database) -> None:
    for days in (0, 1, 30):
        await load_demo(database, (NOON + days * DAY).date(), observed_at=NOON + days * DAY)
    kinds = {kind for (kind,) in await ask(database, "SELECT DISTINCT kind FROM events")}
    assert kinds == {"date_moved"}
