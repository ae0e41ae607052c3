"""What is about to leave is counted down by the clock of its country, each step once."""

import asyncio
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from domain.availability import countdown, expiry
from domain.availability.values import OfferKey
from domain.availability.zones import day_in, zone_of
from domain.db import Database
from tests.availability.offers import DAY, NOW, add_title, ask, record, told, until

pytestmark = pytest.mark.anyio

TODAY = date(2026, 11, 21)


async def count_down(database: Database, now: datetime) -> int:
    async with database.transaction() as session:
        return await countdown.count_down(session, now)


async def leaving(database: Database, day: date, country: str = "US") -> OfferKey:
    """An offer that leaves on a day, as it was told months before."""
    key = await add_title(database, f"Until {day} in {country}", country)
    await record(database, until(day, key, observed_at=NOW - 90 * DAY), now=NOW - 90 * DAY)
    return key


async def counted(database: Database) -> list[tuple[str, int]]:
    return await ask(
        database, "SELECT country, days_left FROM events WHERE kind = 'countdown' ORDER BY id"
    )


async def test_thirty_seven_and_one_day_are_told_once_each(database: Database) -> None:
    await leaving(database, TODAY + 31 * DAY)
    said = {
        days: await count_down(database, NOW + days * DAY)
        + await count_down(database, NOW + days * DAY)
        for days in range(32)
    }
    assert {31 - days for days, number in said.items() if number} == {30, 7, 1}
    assert await counted(database) == [("US", 30), ("US", 7), ("US", 1)]


async def test_after_days_of_silence_only_the_nearest_step_is_told(database: Database) -> None:
    await leaving(database, TODAY + 5 * DAY)
    assert await count_down(database, NOW) == 1
    assert await counted(database) == [("US", 5)], "neither 30 nor 7, which would not be true"
    assert await count_down(database, NOW + DAY) == 0
    assert await count_down(database, NOW + 5 * DAY) == 1
    assert await counted(database) == [("US", 5), ("US", 0)], "today is the last day"
    assert await count_down(database, NOW + 6 * DAY) == 0


async def test_runs_at_the_same_time_tell_it_once(database: Database) -> None:
    for days in range(1, 20):
        await leaving(database, TODAY + days * DAY)
    said = await asyncio.gather(*[count_down(database, NOW) for _ in range(4)])
    assert sorted(said) == [0, 0, 0, 19]


async def test_what_was_told_when_the_date_became_known_is_not_told_again(
    database: Database,
) -> None:
    key = await add_title(database)
    await record(database, until(TODAY + 7 * DAY, key))
    assert await count_down(database, NOW) == 0
    await record(database, until(TODAY + 20 * DAY, key, observed_at=NOW + DAY), now=NOW + DAY)
    assert await count_down(database, NOW + DAY) == 0
    assert await count_down(database, NOW + 13 * DAY) == 1
    assert await told(database) == ["added", "date_moved", "countdown"]


async def test_that_somebody_else_confirms_a_date_takes_no_countdown_away(
    database: Database,
) -> None:
    key = await leaving(database, TODAY + 7 * DAY)
    price = {"priced": True, "price": Decimal(3), "currency": "USD"}
    assert (await record(database, until(TODAY + 7 * DAY, key, **price))).changed == 1
    assert await count_down(database, NOW) == 1
    assert await counted(database) == [("US", 7)]


@pytest.mark.parametrize(
    ("country", "midnight"),
    [
        ("KI", datetime(2026, 11, 20, 12, tzinfo=UTC)),  # +12:00
        ("NZ", datetime(2026, 11, 20, 11, tzinfo=UTC)),  # +13:00 in summer
        ("NP", datetime(2026, 11, 20, 18, 15, tzinfo=UTC)),  # +5:45
        ("IN", datetime(2026, 11, 20, 18, 30, tzinfo=UTC)),  # +5:30
        ("GB", datetime(2026, 11, 21, tzinfo=UTC)),
        ("US", datetime(2026, 11, 21, 5, tzinfo=UTC)),
        ("XK", datetime(2026, 11, 21, tzinfo=UTC)),  # in no list of zones
    ],
)
async def test_a_day_begins_and_ends_at_midnight_of_the_country(
    database: Database, country: str, midnight: datetime
) -> None:
    assert day_in(country, midnight) == TODAY
    await leaving(database, TODAY + 7 * DAY, country)
    await leaving(database, TODAY - DAY, country)
    before = midnight - timedelta(minutes=1)
    async with database.transaction() as session:
        assert await expiry.end_over(session, before) == 0
        assert await countdown.count_down(session, before) == 2, "0 and 8 days are left"
        assert await expiry.end_over(session, midnight) == 1
        assert await countdown.count_down(session, midnight) == 1
    kinds = await told(database, "kind, days_left")
    assert kinds[-2:] == [("removed", None), ("countdown", 7)]


@pytest.mark.parametrize(
    ("day", "midnight"),
    [
        (date(2026, 3, 8), datetime(2026, 3, 8, 5, tzinfo=UTC)),  # the day with 23 hours
        (date(2026, 3, 9), datetime(2026, 3, 9, 4, tzinfo=UTC)),
        (date(2026, 11, 1), datetime(2026, 11, 1, 4, tzinfo=UTC)),  # the one with 25
        (date(2026, 11, 2), datetime(2026, 11, 2, 5, tzinfo=UTC)),
        (date(2027, 1, 1), datetime(2027, 1, 1, 5, tzinfo=UTC)),
    ],
)
async def test_days_are_days_when_clocks_change_and_years_end(
    database: Database, day: date, midnight: datetime
) -> None:
    key = await add_title(database)
    long_ago = midnight - 100 * DAY
    await record(database, until(day + 7 * DAY, key, observed_at=long_ago), now=long_ago)
    assert await count_down(database, midnight - timedelta(seconds=1)) == 1, "eight days: of 30"
    assert await count_down(database, midnight) == 1
    assert [days for _, days in await counted(database)] == [8, 7]


def test_the_zone_of_a_country_is_that_of_most_of_its_people() -> None:
    zones = {country: zone_of(country).key for country in ("US", "AU", "BR", "CA", "RU", "DE")}
    assert zones == {
        "US": "America/New_York", "AU": "Australia/Sydney", "BR": "America/Sao_Paulo",
        "CA": "America/Toronto", "RU": "Europe/Moscow", "DE": "Europe/Berlin",
    }  # fmt: skip
    assert zone_of("ZZ").key == zone_of("../../etc").key == "UTC"
