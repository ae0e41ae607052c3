"""Lists taken in: what becomes of a record, and who is the same."""

from pathlib import Path

import pytest

from domain.catalog.imports import import_catalog
from domain.catalog.reports import Progress
from domain.db import Database
from tests.catalog.lists import DAY, NOON, ask, count, films, load, record, state, write
from tests.support.counting import statements

pytestmark = pytest.mark.anyio


async def test_a_list_becomes_titles_with_all_they_are(database: Database, tmp_path: Path) -> None:
    report = await load(database, tmp_path, [record(84618, title="Taxi Driver", imdb_score="8.3")])

    assert (report.rows, report.titles.new, report.offers.new, report.moods) == (1, 1, 1, 1)
    assert await ask(
        database,
        "SELECT kind, name, name_key, year, runtime_min, maturity, genres, countries,"
        " audience_score, audience_votes, popularity, justwatch_id, source FROM titles",
    ) == [
        ("film", "Taxi Driver", "taxi driver", 1999, 100, 13, ["comedy", "drama"], ["US"],
         8.3, 1000, 12.5, "tm84618", "justwatch-csv"),
    ]  # fmt: skip
    assert await ask(database, "SELECT country, rating FROM age_ratings") == [("US", "PG-13")]
    assert await ask(database, "SELECT name, synopsis FROM title_texts") == [
        ("Taxi Driver", "The story of 84618.")
    ]
    assert await count(database, "title_moods") > 0
    assert await ask(
        database,
        "SELECT season_number, country, monetization, quality, confidence, expires_on FROM offers",
    ) == [(None, "US", "subscription", "unknown", 0.6, None)]


async def test_the_same_list_again_changes_nothing_but_when_it_was_seen(
    database: Database, tmp_path: Path
) -> None:
    await load(database, tmp_path, films(1, 2, 3))
    before = await state(database)

    with statements(database) as sent:
        report = await load(database, tmp_path, films(1, 2, 3), at=NOON + DAY)

    assert await state(database) == before
    written = [each.split()[2] for each in sent if each.split()[0] == "INSERT"]
    assert not {"offers", "offer_beliefs", "events"} & set(written)
    (seen,) = [each for each in sent if each.lstrip().startswith("UPDATE offers")]
    assert "expires_on" not in seen
    assert (report.titles.changed, report.moods, report.offers.kept) == (0, 0, 3)
    assert await ask(database, "SELECT DISTINCT last_seen_at FROM offers") == [(NOON + DAY,)]
    assert await ask(database, "SELECT position FROM availability_position") == [(1,)]


async def test_a_title_on_two_platforms_is_one_title_with_two_offers(
    database: Database, tmp_path: Path
) -> None:
    await load(database, tmp_path, films(1, 2))
    report = await load(database, tmp_path, films(2, 3), platform="hulu")

    assert report.titles.new == 1
    assert await count(database, "titles") == 3
    assert await ask(
        database,
        "SELECT p.slug FROM offers o JOIN platforms p ON p.id = o.platform_id"
        " JOIN titles t ON t.id = o.title_id WHERE t.justwatch_id = 'tm2' ORDER BY 1",
    ) == [("hulu",), ("netflix",)]


async def test_several_files_are_one_list(database: Database, tmp_path: Path) -> None:
    one, two = write(tmp_path / "1.csv", films(1, 2)), write(tmp_path / "2.csv", films(2, 3))
    seen: list[Progress] = []
    report = await import_catalog(
        database, [one, two], "netflix", "US", observed_at=NOON, progress=seen.append
    )

    assert (report.rows, report.offers.new) == (4, 3)
    assert [str(bad) for bad in report.bad.kept] == [
        f"{two}, line 2: tm2 was listed before, in line 3 of {one}"
    ]
    assert seen[-1].rows == 4


async def test_a_list_of_a_free_service_is_no_subscription(
    database: Database, tmp_path: Path
) -> None:
    await load(database, tmp_path, films(1), platform="tubi-tv")
    assert await ask(database, "SELECT monetization FROM offers") == [("ads",)]
