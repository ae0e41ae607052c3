"""Lists taken in: what cannot be used is told, and what is implausible refused."""

from pathlib import Path

import pytest

from domain.catalog.files import UnreadableFile
from domain.catalog.imports import ImplausibleList, OutdatedList, import_catalog
from domain.catalog.platforms import UnknownPlatform
from domain.db import Database
from domain.errors import InvalidInput
from tests.catalog.lists import DAY, NOON, ask, count, films, load, record, write

pytestmark = pytest.mark.anyio


async def test_bad_records_are_told_by_the_line_they_start_on_and_never_half_imported(
    database: Database, tmp_path: Path
) -> None:
    rows = [
        record(1, description='Three\nlines, "quoted"\nin one cell'),  # lines 2 to 4
        record(2, imdb_votes="many"),  # line 5
        record(3, title=" "),  # line 6
        record(4, description="Two\nlines", genres="drama"),  # lines 7 and 8
        record(1, title="Again"),  # line 9
        record(5, type="SONG"),
        record(6, release_year="12000"),
        record(7),
    ]
    report = await load(database, tmp_path, rows)

    assert [(bad.place.line, bad.reason) for bad in report.bad.kept] == [
        (5, "imdb_votes 'many' is not a number"),
        (6, "the title is missing"),
        (7, "genres 'drama' is not a list like ['drama', 'war']"),
        (9, "tm1 was listed before, in line 2"),
        (10, "the type 'SONG' is neither MOVIE nor SHOW"),
        (11, "release_year '12000' is not between 1870 and 2100"),
    ]
    assert await ask(database, "SELECT name FROM titles ORDER BY id") == [("Film 1",), ("Film 7",)]
    assert await count(database, "offers") == 2


async def test_at_most_a_thousand_bad_records_are_kept_and_all_are_counted(
    database: Database, tmp_path: Path
) -> None:
    rows = [record(number, title="") for number in range(1, 1_102)]
    report = await load(database, tmp_path, [*rows, record(9_999)])

    assert (report.bad.count, len(report.bad.kept)) == (1_101, 1_000)


async def test_a_damaged_file_changes_nothing(
    database: Database, tmp_path: Path, data: Path
) -> None:
    whole = (data / "catalog_justwatch_2022" / "disney_titles.csv.gz").read_bytes()
    cut = tmp_path / "cut.csv.gz"
    cut.write_bytes(whole[: len(whole) // 2])

    with pytest.raises(UnreadableFile, match="not downloaded to its end"):
        await import_catalog(database, [cut], "disney-plus", "US", observed_at=NOON)
    assert await count(database, "titles") == await count(database, "platforms") == 0


@pytest.mark.parametrize("rows", [[], films(1)], ids=["empty", "one of three"])
async def test_a_list_that_would_end_most_offers_is_refused_unless_that_is_meant(
    database: Database, tmp_path: Path, rows: list[dict[str, str]]
) -> None:
    await load(database, tmp_path, films(1, 2, 3))
    with pytest.raises(ImplausibleList, match=r"would end \d of the 3 offers"):
        await load(database, tmp_path, rows, at=NOON + DAY)
    assert await count(database, "offers", "gone_at IS NULL") == 3

    report = await load(database, tmp_path, rows, at=NOON + DAY, allow_mass_removal=True)
    assert report.offers.gone == 3 - len(rows)


async def test_a_list_older_than_the_last_one_is_refused(
    database: Database, tmp_path: Path
) -> None:
    await load(database, tmp_path, films(1, 2))
    with pytest.raises(OutdatedList, match="in the order in which they were made"):
        await load(database, tmp_path, films(1, 2), at=NOON - DAY)


@pytest.mark.parametrize(
    ("platform", "country", "problem"),
    [("netflux", "US", UnknownPlatform), ("netflix", "USA", InvalidInput)],
)
async def test_an_unknown_platform_or_country_is_refused(
    database: Database, tmp_path: Path, platform: str, country: str, problem: type[Exception]
) -> None:
    with pytest.raises(problem):
        await import_catalog(
            database, [write(tmp_path / "a.csv", films(1))], platform, country, observed_at=NOON
        )
