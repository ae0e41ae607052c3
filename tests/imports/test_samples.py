"""Real exports on the desk: a Letterboxd history and what Trakt answers."""

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import pytest

from domain.db import Database
from domain.imports import taking
from domain.imports.bringing import from_file, from_lines
from domain.imports.commit import commit
from domain.imports.desk import bring
from domain.imports.export import to_csv, to_json
from domain.imports.undo import undo
from domain.imports.values import Line
from tests.accounts.people import run
from tests.imports.exports import past_of
from tests.support.catalogue import add_platform
from tests.watchlists.homes import NOW, film, move_in

pytestmark = pytest.mark.anyio


async def test_a_real_letterboxd_history_comes_in_once_and_goes_again(
    database: Database, data: Path
):
    ada = await move_in(database)
    for name, year in (("Robin Hood", 2018), ("The Endless", 2017), ("Target", 2018)):
        await film(database, name, year=year)
    path = data / "import_letterboxd" / "watched.csv.gz"
    batch = await bring(database, ada, from_file(path, now=NOW), NOW)
    assert (batch.source, batch.counts.lines) == ("letterboxd", 2_604)
    assert batch.counts.matched == 3
    assert (await bring(database, ada, from_file(path, now=NOW), NOW)).id == batch.id
    done = await commit(database, ada, batch.id, NOW)
    assert done.counts.wrote == 3
    assert len((await past_of(database, ada))["watches"]) == 3
    await undo(database, ada, batch.id, NOW)
    assert (await past_of(database, ada))["watches"] == []


@pytest.mark.parametrize("name", ["sync__history.json", "sync__ratings.json"])
async def test_real_answers_of_trakt_come_in(database: Database, data: Path, name: str):
    ada = await move_in(database)
    batch = await bring(database, ada, from_file(data / "import_trakt_api" / name, now=NOW), NOW)
    assert batch.source == "trakt"
    assert batch.counts.lines == batch.counts.unknown + batch.counts.skipped > 0


@pytest.mark.parametrize("writer", [to_json, to_csv])
async def test_what_is_taken_along_comes_back_whole(
    database: Database, tmp_path: Path, writer: Callable[[Iterable[Line]], Iterator[str]]
):
    ada, tom = await move_in(database), await move_in(database)
    title = await film(database, "Up", year=2009)
    async with database.transaction() as session:
        platform = await add_platform(session, "disney-plus")
    await run(
        database,
        "INSERT INTO watches (profile_id, title_id, watched_at, source)"
        " VALUES (:p, :t, '2024-03-01 20:15:30.123456+00', 'manual')",
        p=ada.profile_id, t=title,
    )  # fmt: skip
    await run(
        database, "INSERT INTO ratings VALUES (:p, :t, 9, '2024-03-02 08:00+00')",
        p=ada.profile_id, t=title,
    )  # fmt: skip
    await run(
        database,
        "INSERT INTO watchlist_items (profile_id, title_id, added_at, note, platform_id)"
        " VALUES (:p, :t, '2024-03-03 08:00+00', '=again', :platform)",
        p=ada.profile_id, t=title, platform=platform,
    )  # fmt: skip
    path = tmp_path / "mine"
    path.write_text("".join(writer(await taking.everything(database, ada))))
    batch = await bring(database, tom, from_file(path, now=NOW), NOW)
    await commit(database, tom, batch.id, NOW)
    ours, theirs = await past_of(database, ada), await past_of(database, tom)
    assert theirs["ratings"] == ours["ratings"]
    assert theirs["watchlist_items"] == ours["watchlist_items"]
    assert [row[:3] for row in theirs["watches"]] == [row[:3] for row in ours["watches"]]
    await undo(database, tom, batch.id, NOW)
    assert not any((await past_of(database, tom)).values())


async def test_a_table_that_its_name_makes_another_is_another_import(
    database: Database, tmp_path: Path
):
    ada = await move_in(database)
    path = tmp_path / "export"
    path.write_text("Date,Name,Year,Letterboxd URI\n2024-03-01,Up,2009,https://boxd.it/abc1\n")
    batches = [
        await bring(database, ada, from_file(path, name, now=NOW), NOW)
        for name in ("watched.csv", "watchlist.csv", "my watched films.csv")
    ]
    assert [each.counts.wishes for each in batches] == [0, 1, 0]
    assert batches[2].id == batches[0].id


async def test_lines_that_a_program_fetched_are_known_by_what_they_say(database: Database):
    first, again = from_lines("trakt", "a", []), from_lines("trakt", "b", [])
    assert first.digest == again.digest != from_lines("simkl", "a", []).digest
