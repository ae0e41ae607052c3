"""The demo, loaded: complete, and the same again."""

import pytest

from domain.db import Database
from tests.catalog.lists import DAY, NOON, ask, count, demo, state

pytestmark = pytest.mark.anyio


async def test_the_demo_fills_every_table(database: Database) -> None:
    report = await demo(database)

    assert report.titles.new == report.titles_total == await count(database, "titles")
    assert report.titles_total >= 500
    assert await count(database, "titles", "kind = 'series'") >= 150
    assert await count(database, "episodes") == report.episodes_total == report.episodes
    assert await count(database, "titles", "maturity IS NULL OR genres = '{}'") == 0
    assert await count(database, "offers") == await count(database, "offer_beliefs")
    assert await count(database, "offers", "source <> 'demo' OR confidence <> 0.3") == 0
    for table in ("title_moods", "people", "credits", "seasons", "platform_plans", "age_ratings"):
        assert await count(database, table) > 100 - 50 * (table == "platform_plans"), table
    for monetization in ("subscription", "free", "ads", "rent", "buy"):
        assert await count(database, "offers", f"monetization = '{monetization}'") > 0
    assert await count(database, "offers", "monetization = 'rent' AND price IS NULL") == 0
    assert report.timings.total_s < 10, "three seconds on a quiet machine"


async def test_what_everyone_looks_for_first_is_there(database: Database) -> None:
    await demo(database)
    assert await ask(
        database,
        "SELECT DISTINCT name FROM titles WHERE name IN ('Breaking Bad', 'The Office', 'Inception',"
        " 'Naruto') ORDER BY 1",
    ) == [("Breaking Bad",), ("Inception",), ("Naruto",), ("The Office",)]
    assert await ask(
        database,
        "SELECT t.name FROM titles t JOIN offers o ON o.title_id = t.id"
        " JOIN platforms p ON p.id = o.platform_id WHERE p.slug = 'netflix' AND o.country = 'US'"
        " AND t.name IN ('Breaking Bad', 'Inception') AND season_number IS NULL ORDER BY 1",
    ) == [("Breaking Bad",), ("Inception",)]
    assert await ask(
        database,
        "SELECT count(*), count(*) FILTER (WHERE filler = 'filler'), max(number_abs)"
        " FROM episodes e JOIN titles t ON t.id = e.title_id WHERE t.name = 'Naruto'",
    ) == [(220, 90, 220)]


async def test_loading_again_on_the_same_day_changes_nothing(database: Database) -> None:
    await demo(database)
    before = await state(database)
    report = await demo(database)

    assert await state(database) == before
    assert not report.offers.any
    assert (report.moods, report.episodes, report.credits) == (0, 0, 0)


async def test_on_a_later_day_the_passed_dates_move_on_and_beliefs_tell_so(
    database: Database,
) -> None:
    await demo(database)
    passed = await count(database, "offers", "expires_on < '2026-12-01'")
    old = await count(database, "offers", "available_from <= '2026-11-01'")
    both = await count(
        database, "offers", "expires_on < '2026-12-01' AND available_from <= '2026-11-01'"
    )
    report = await demo(database, days=10)

    assert (report.offers.gone, report.offers.new) == (0, 0)
    assert report.offers.changed == passed + old - both
    assert await count(database, "offers", "expires_on < '2026-12-01'") == 0
    assert await ask(
        database,
        "SELECT DISTINCT later.expires_on - earlier.expires_on, later.believed_from"
        " FROM offer_beliefs earlier JOIN offer_beliefs later"
        " ON later.offer_id = earlier.offer_id AND later.believed_from = earlier.believed_to"
        " WHERE later.expires_on <> earlier.expires_on",
    ) == [(60, NOON + 10 * DAY)], "it was leaving, it stayed"
    assert await ask(database, "SELECT kind, count(*) FROM events GROUP BY 1") == [
        ("date_moved", passed)
    ], "the first load was no news"


async def test_something_came_within_the_last_month_and_is_on(database: Database) -> None:
    await demo(database)
    came = await count(database, "offers", "available_from BETWEEN '2026-10-23' AND '2026-11-21'")
    assert came == await count(database, "offers", "available_from IS NOT NULL")
    included = await count(database, "offers", "price IS NULL")
    assert 0.04 < came / included < 0.08
