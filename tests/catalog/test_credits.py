"""Who plays in what, taken in from files."""

from pathlib import Path

import pytest

from domain.catalog.credits import import_credits
from domain.catalog.demo.load import load_demo
from domain.catalog.files import UnreadableFile
from domain.catalog.imports import import_catalog
from domain.db import Database
from tests.catalog.lists import DAY, NOON, ask, count, films, load, record, state

pytestmark = pytest.mark.anyio

HEADER = "person_id,id,name,character,role\n"


def file(folder: Path, *lines: str) -> list[Path]:
    path = folder / "credits.csv"
    path.write_text(HEADER + "\n".join(lines) + "\n", encoding="utf-8")
    return [path]


async def test_credits_of_titles_we_have_are_stored_in_their_order(
    database: Database, tmp_path: Path
) -> None:
    await load(database, tmp_path, films(1, 2))
    files = file(
        tmp_path,
        "3748,tm1,Robert De Niro,Travis Bickle,ACTOR",
        "14658,tm1,Jodie Foster,Iris,ACTOR",
        "14658,tm1,Jodie Foster,Iris again,ACTOR",
        "1032,tm1,Martin Scorsese,,DIRECTOR",
        "3748,tm2,Robert De Niro,,ACTOR",
        "3748,tm77,Robert De Niro,,ACTOR",
        "x,tm1,Nobody,,ACTOR",
        "5,tm1,,,ACTOR",
        "6,tm1,Somebody,,CATERER",
    )
    report = await import_credits(database, files)

    assert (report.rows, report.unknown, report.people_new, report.credits) == (9, 1, 3, 4)
    assert [bad.place.line for bad in report.bad.kept] == [8, 9, 10]
    assert await ask(
        database,
        'SELECT p.name, role, character, c."position" FROM credits c'
        " JOIN people p ON p.id = c.person_id JOIN titles t ON t.id = c.title_id"
        " WHERE t.justwatch_id = 'tm1' ORDER BY role, c.\"position\"",
    ) == [
        ("Robert De Niro", "actor", "Travis Bickle", 0),
        ("Jodie Foster", "actor", "Iris", 1),
        ("Martin Scorsese", "director", None, 0),
    ]
    before = await state(database)
    again = await import_credits(database, files)
    assert await state(database) == before
    assert (again.people_new, again.credits) == (0, 0)


async def test_the_demos_people_become_the_real_ones(database: Database, tmp_path: Path) -> None:
    await load_demo(database, NOON.date(), observed_at=NOON)
    inception = record(92641, title="Inception", release_year="2010", imdb_id="tt1375666")
    await load(database, tmp_path, [inception, *films(1)], at=NOON + DAY)
    people = await count(database, "people")

    report = await import_credits(
        database,
        file(
            tmp_path,
            "1,tm92641,Leonardo DiCaprio,Cobb,ACTOR",
            "2,tm92641,Ken Watanabe,Saito,ACTOR",
        ),
    )

    assert report.people_new <= 1, "DiCaprio was there"
    assert await count(database, "people") == people + report.people_new
    assert await ask(
        database,
        "SELECT p.name, role FROM credits c JOIN people p ON p.id = c.person_id"
        " JOIN titles t ON t.id = c.title_id WHERE t.justwatch_id = 'tm92641'"
        " ORDER BY role, c.position",
    ) == [
        ("Leonardo DiCaprio", "actor"),
        ("Ken Watanabe", "actor"),
        ("Christopher Nolan", "director"),
    ]
    before = await state(database)
    await load_demo(database, NOON.date(), observed_at=NOON + DAY)
    after = await state(database)
    assert after["people"] == before["people"]
    assert after["credits"] == before["credits"]


async def test_a_list_of_titles_is_no_list_of_credits(database: Database, tmp_path: Path) -> None:
    await load(database, tmp_path, films(1))
    with pytest.raises(UnreadableFile, match="has no column person_id, name, role"):
        await import_credits(database, [tmp_path / "list.csv"])


async def test_a_real_cast_list_is_taken_in(database: Database, data: Path) -> None:
    titles = data / "catalog_justwatch_2022" / "disney_titles.csv.gz"
    await import_catalog(database, [titles], "disney-plus", "US", observed_at=NOON)
    report = await import_credits(database, [data / "catalog_credits" / "disney_credits.csv.gz"])
    assert (report.rows, report.bad.count, report.unknown) == (26_412, 0, 0)
    assert await count(database, "credits") == 26_379
