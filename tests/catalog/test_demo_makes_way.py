"""The demo is out of the way of what is real, whichever of them comes first."""

from pathlib import Path

import pytest

from domain.db import Database
from tests.catalog.lists import DAY, NOON, ask, count, demo, films, load, record

pytestmark = pytest.mark.anyio

INCEPTION = {
    "title": "Inception", "release_year": "2010", "imdb_id": "tt1375666", "runtime": "148"
}  # fmt: skip


async def test_an_import_takes_a_title_over_by_its_imdb_id(
    database: Database, tmp_path: Path
) -> None:
    await demo(database)
    before = await count(database, "titles")
    report = await load(
        database, tmp_path, [record(92641, **(INCEPTION | {"title": "Inception 2"})), *films(1)]
    )

    assert (report.taken_over, report.titles.new) == (1, 1)
    assert await count(database, "titles") == before + 1
    assert await ask(
        database,
        "SELECT name, source, critics_score, tmdb_id FROM titles WHERE justwatch_id = 'tm92641'",
    ) == [("Inception 2", "justwatch-csv", 87, 27205)], "what the list leaves open stays"


async def test_an_import_takes_a_title_over_by_its_name_year_and_kind(
    database: Database, tmp_path: Path
) -> None:
    await demo(database)
    rows = [
        record(92641, **(INCEPTION | {"title": "INCEPTION!", "imdb_id": ""})),
        record(92642, **(INCEPTION | {"imdb_id": ""})),  # only one of two may have it
        record(92643, **(INCEPTION | {"imdb_id": "", "release_year": "1910"})),
    ]
    report = await load(database, tmp_path, rows)

    assert (report.taken_over, report.titles.new) == (1, 2)
    assert await ask(
        database, "SELECT imdb_id FROM titles WHERE justwatch_id IN ('tm92641', 'tm92642')"
    ) == [("tt1375666",), (None,)]


async def test_a_mistyped_imdb_id_does_not_make_one_title_of_two(
    database: Database, tmp_path: Path
) -> None:
    await demo(database)
    report = await load(database, tmp_path, [record(5, title="Else", imdb_id="tt1375666")])
    assert (report.taken_over, report.titles.new) == (0, 1)


async def test_a_real_list_replaces_the_invented_one_of_its_platform_and_country(
    database: Database, tmp_path: Path
) -> None:
    await demo(database)
    netflix_us = (
        "platform_id = (SELECT id FROM platforms WHERE slug = 'netflix') AND country = 'US'"
    )
    invented = await count(database, "offers", netflix_us)
    elsewhere = await count(database, "offers", f"NOT ({netflix_us})")

    report = await load(database, tmp_path, [record(92641, **INCEPTION), *films(1)], at=NOON + DAY)

    assert report.offers.gone == invented - 1
    assert await ask(
        database,
        f"SELECT quality IN ('hd', '4k'), source, confidence FROM offers WHERE {netflix_us}"
        " AND gone_at IS NULL AND title_id ="
        " (SELECT id FROM titles WHERE name = 'Inception' AND kind = 'film')",
    ) == [(True, "justwatch-csv", 0.6)], "one offer, not two"

    again = await demo(database, days=1)
    assert (again.recognised, again.titles.new) == (1, 0)
    assert (again.offers.new, again.offers.returned) == (0, 0)
    assert await count(database, "offers", f"{netflix_us} AND gone_at IS NULL") == 2
    assert await count(database, "offers", f"NOT ({netflix_us}) AND gone_at IS NULL") == elsewhere


async def test_the_demo_after_an_import_fills_in_only_what_is_open(
    database: Database, tmp_path: Path
) -> None:
    await load(database, tmp_path, [record(92641, **INCEPTION, tmdb_popularity="7")])
    report = await demo(database)

    assert report.recognised == 1
    assert await ask(
        database,
        "SELECT t.source, popularity, critics_score, synopsis, cardinality(keywords) > 0"
        " FROM titles t JOIN title_texts x ON x.title_id = t.id WHERE justwatch_id = 'tm92641'",
    ) == [("justwatch-csv", 7.0, 87, "The story of 92641.", True)]
