"""Lists taken in: what came, what left, what returned, and what was believed when."""

from dataclasses import replace
from pathlib import Path

import pytest

from domain.availability.service import record
from domain.availability.values import Observation, OfferKey
from domain.catalog.imports import import_catalog
from domain.db import Database
from tests.catalog.lists import DAY, NOON, ask, count, films, load, write

pytestmark = pytest.mark.anyio


async def test_the_next_list_ends_what_is_gone_and_opens_what_came(
    database: Database, tmp_path: Path
) -> None:
    await load(database, tmp_path, films(1, 2, 3))
    report = await load(database, tmp_path, films(2, 3, 4), at=NOON + DAY)

    assert (report.offers.gone, report.offers.new, report.offers.kept) == (1, 1, 2)
    assert await beliefs(database, "tm1") == [
        (True, NOON, NOON + DAY),
        (False, NOON + DAY, None),
    ]
    assert await beliefs(database, "tm2") == [(True, NOON, None)]
    assert await ask(database, "SELECT position FROM availability_position") == [(2,)]


async def test_an_offer_that_returns_is_the_same_offer_with_a_new_belief(
    database: Database, tmp_path: Path
) -> None:
    await load(database, tmp_path, films(1, 2, 3))
    await load(database, tmp_path, films(2, 3), at=NOON + DAY)
    report = await load(database, tmp_path, films(1, 2, 3), at=NOON + 2 * DAY)

    assert (report.offers.returned, report.offers.new) == (1, 0)
    assert await count(database, "offers") == 3
    assert await count(database, "offers", "gone_at IS NOT NULL") == 0
    assert [there for there, _, _ in await beliefs(database, "tm1")] == [True, False, True]


async def test_a_list_of_another_platform_or_country_leaves_the_offers_alone(
    database: Database, tmp_path: Path
) -> None:
    await load(database, tmp_path, films(1, 2))
    await load(database, tmp_path, films(3), platform="hulu")
    await import_catalog(
        database, [write(tmp_path / "de.csv", films(3))], "netflix", "de", observed_at=NOON
    )

    assert await count(database, "offers", "gone_at IS NULL") == 4


async def test_an_expiry_that_passed_while_the_title_stayed_is_taken_back(
    database: Database, tmp_path: Path
) -> None:
    await load(database, tmp_path, films(1, 2))
    keys = await ask(
        database,
        "SELECT title_id, season_number, platform_id, country, monetization FROM offers ORDER BY 1",
    )
    async with database.transaction() as session:
        leaving = Observation(
            OfferKey(*keys[0]), there=True, source="feed", confidence=0.9, observed_at=NOON,
            dated=True, expires_on=(NOON + 4 * DAY).date(),
        )  # fmt: skip
        both = [replace(leaving, offer=OfferKey(*key)) for key in keys]
        await record(session, both, NOON)

    await load(database, tmp_path, films(1, 2), at=NOON + DAY)
    assert await count(database, "offers", "expires_on = '2026-11-25'") == 2, "it may still leave"

    report = await load(database, tmp_path, films(1, 2), at=NOON + 10 * DAY)
    assert report.offers.changed == 2
    assert await ask(
        database, "SELECT there, expires_on FROM offer_beliefs WHERE offer_id = 1 ORDER BY id"
    ) == [(True, None), (True, (NOON + 4 * DAY).date()), (True, None)]
    assert await ask(database, "SELECT kind FROM events WHERE offer_id = 1 ORDER BY id") == [
        ("leaving",),
        ("renewed",),
    ]


async def test_a_better_source_keeps_its_finer_offers_of_a_listed_title(
    database: Database, tmp_path: Path
) -> None:
    await load(database, tmp_path, films(1, 2))
    async with database.transaction() as session:
        await (await session.connection()).exec_driver_sql(
            "INSERT INTO offers (title_id, platform_id, country, monetization, quality, source,"
            " confidence, first_seen_at, last_seen_at) SELECT title_id, platform_id, country,"
            " m, '4k', 'justwatch', 0.9, first_seen_at, last_seen_at"
            " FROM offers, unnest(ARRAY['subscription', 'buy']) m WHERE title_id = 1"
        )
    report = await load(database, tmp_path, films(1, 2), at=NOON + DAY)

    assert report.offers.gone == report.offers.changed == 0
    assert await count(database, "offers", "source = 'justwatch' AND gone_at IS NULL") == 2


async def test_a_year_of_netflix_keeps_loses_and_gains_what_the_lists_say(
    database: Database, data: Path
) -> None:
    for year in (2022, 2023):
        file = data / f"catalog_justwatch_{year}" / "netflix_titles.csv.gz"
        at = NOON.replace(year=year)
        report = await import_catalog(database, [file], "netflix", "US", observed_at=at)

    # The lists themselves say 990 lost; one of those has no title in 2022 and never came in.
    assert (report.offers.kept, report.offers.gone, report.offers.new) == (4_816, 989, 1_321)
    assert await count(database, "offers", "gone_at IS NULL") == 6_137
    assert await count(database, "offer_beliefs") == 5_805 + 989 + 1_321
    assert await count(database, "offer_beliefs", "believed_to IS NULL") == 5_805 + 1_321
    assert await count(database, "title_texts") == await count(database, "titles") == 7_126


async def beliefs(database: Database, justwatch_id: str) -> list[tuple[object, ...]]:
    return await ask(
        database,
        "SELECT b.there, b.believed_from, b.believed_to FROM offer_beliefs b"
        " JOIN offers o ON o.id = b.offer_id JOIN titles t ON t.id = o.title_id"
        " WHERE t.justwatch_id = :id ORDER BY b.id",
        id=justwatch_id,
    )
