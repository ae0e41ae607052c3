"""Files that are taken in: all or nothing, once, and what is believed then."""

import json
from collections import Counter
from pathlib import Path

import pytest

from domain.accounts.viewer import Viewer
from domain.catalog.demo.load import load_demo
from domain.db import Database
from domain.filler.reading import Unreadable
from domain.filler.values import Report, ShowReport
from tests.filler.homes import NOW, believed, follow, hear, show, stale, verdicts, write
from tests.watchlists.homes import move_in, rows

pytestmark = pytest.mark.anyio
CSV = "name,year,verdict,episodes\n"


async def claims(database: Database, source: str | None = None) -> int:
    (row,) = await rows(
        database, "SELECT count(*) FROM filler_claims WHERE source = coalesce(:source, source)",
        source=source,
    )  # fmt: skip
    return row[0]


async def state(database: Database) -> list[tuple[object, ...]]:
    """Everything that an import may write."""
    said = await rows(database, "SELECT * FROM filler_claims ORDER BY episode_id, source")
    seen = await rows(
        database,
        "SELECT id, filler, filler_source, filler_confidence, xmin::text FROM episodes ORDER BY id",
    )
    return [*said, *seen]


def of(report: Report, name: str) -> ShowReport:
    (found,) = [each for each in report.shows if each.show == name]
    return found


async def test_a_file_is_believed_where_nobody_else_speaks(database: Database):
    title, _ = await show(database, 3, 3)
    report = await hear(database, CSV + "Naruto,2002,filler,2 S02E01\nNaruto,2002,mixed,5\n")
    assert await verdicts(database, title) == "ufufmu"
    assert (await believed(database, title))[1] == ("filler", "file:mine", 0.9)
    assert (report.written, report.removed, report.changed) == (3, 0, 3)
    told = of(report, "Naruto (2002)")
    assert (told.said, told.mapped, told.filler, told.problem) == (3, 3, 2, None)


async def test_the_same_file_again_changes_nothing(database: Database):
    await show(database, 3, 3)
    content = CSV + "Naruto,2002,filler,2 S02E01\n"
    await hear(database, content)
    before = await state(database)
    report = await hear(database, content)
    assert (report.written, report.removed, report.changed) == (0, 0, 0)
    assert await state(database) == before


async def test_a_new_version_of_a_source_replaces_its_old_claims_and_no_other_s(database: Database):
    title, _ = await show(database, 3)
    other, _ = await show(database, 2, name="Bleach")
    await hear(database, CSV + "Naruto,,filler,1-2\nBleach,,filler,1\n", "ours")
    await hear(database, CSV + "Naruto,,filler,3\n", "theirs")
    report = await hear(database, CSV + "Naruto,,filler,2\nNaruto,,canon,3\n", "ours")
    assert (report.written, report.removed) == (1, 2)
    assert [each[0] for each in await believed(database, title)] == ["unknown", "filler", "unknown"]
    assert (await believed(database, title))[2][1] == "file:ours, file:theirs disagree"
    assert await verdicts(database, other) == "uu", "what the file no longer speaks of is forgotten"


async def test_a_bad_row_leaves_everything_as_it_was(database: Database):
    await show(database, 3)
    await hear(database, CSV + "Naruto,,filler,1\n")
    before = await state(database)
    with pytest.raises(Unreadable, match="line 3"):
        await hear(database, CSV + "Naruto,,filler,2\nNaruto,,filler,two\n")
    assert await state(database) == before


async def test_a_show_that_we_do_not_have_is_told_and_the_others_are_taken(database: Database):
    title, _ = await show(database, 3)
    report = await hear(database, CSV + "Bleach,,filler,1\nNaruto,,filler,1 9\n")
    assert of(report, "Bleach").title_id is None
    assert "no series here" in (of(report, "Bleach").problem or "")
    assert (of(report, "Naruto").mapped, of(report, "Naruto").unplaced) == (1, 1)
    assert await verdicts(database, title) == "fuu"


async def test_a_film_of_that_name_is_no_series(database: Database):
    title, _ = await show(database, 1)
    await write(database, "UPDATE titles SET kind = 'film' WHERE id = :id", id=title)
    assert of(await hear(database, CSV + "Naruto,,filler,1\n"), "Naruto").title_id is None


async def test_numbers_that_do_not_fit_our_numbering_are_left_alone(database: Database):
    await show(database, 3, mal_id=20)
    await show(database, 4, name="Bleach", mal_id=21, counted=False)
    report = await hear(database, '{"20": [2, 4], "21": [1]}')
    assert "numbered otherwise" in (of(report, "Naruto (mal 20)").problem or "")
    assert "no numbers" in (of(report, "Bleach (mal 21)").problem or "")
    assert await claims(database) == 0


async def test_what_a_list_leaves_out_belongs_up_to_its_last_number(database: Database):
    title, _ = await show(database, 6, mal_id=20)
    await hear(database, '{"20": [2, 4]}')
    assert await verdicts(database, title) == "cfcfuu"
    assert (await believed(database, title))[0] == ("canon", "mal", 0.4)


async def test_one_source_that_says_two_things_of_an_episode_says_nothing(database: Database):
    title, _ = await show(database, 3, mal_id=20)
    report = await hear(database, "mal_id,name,verdict,episodes\n20,,filler,1-2\n,Naruto,canon,2\n")
    assert await verdicts(database, title) == "fuu"
    assert report.written == 1


async def test_another_verdict_has_the_plans_that_are_followed_made_anew(database: Database):
    ada: Viewer = await move_in(database)
    _, profile = ada.require_profile()
    title, _ = await show(database, 3)
    other, _ = await show(database, 3, name="Bleach")
    for each in (title, other):
        await follow(database, profile, each)
    await hear(database, CSV + "Naruto,,filler,1\n")
    assert await stale(database) == [(profile, title)]
    await write(database, "UPDATE binge_plans SET stale_at = NULL")
    await hear(database, CSV + "Naruto,,filler,1\n", "again")
    assert await stale(database) == [], "it is surer now, and no other verdict"


async def test_the_real_list_agrees_with_the_demo_about_naruto(demo_database: Database, data: Path):
    content = (data / "tv_filler_mal/filler.json").read_bytes()
    report = await hear(demo_database, content)
    told = of(report, "Naruto (mal 20)")
    assert (told.said, told.mapped, told.filler, told.disputed) == (90, 90, 90, 0)
    (key,) = await rows(demo_database, "SELECT id FROM titles WHERE name = 'Naruto'")
    seen = await believed(demo_database, key[0])
    assert Counter(each[0] for each in seen) == {"filler": 90, "canon": 130}
    assert seen[25] == ("filler", "demo, mal", 0.98)
    assert seen[0] == ("canon", "demo, mal", 0.94)

    again = await hear(demo_database, content)
    assert (again.written, again.removed, again.changed) == (0, 0, 0)


async def test_where_the_real_list_and_the_demo_disagree_nobody_skips(
    demo_database: Database, data: Path
):
    await hear(demo_database, (data / "tv_filler_mal/filler.json").read_bytes())
    torn = await rows(
        demo_database,
        "SELECT t.name, e.number_abs, e.filler, e.filler_source FROM episodes e"
        " JOIN titles t ON t.id = e.title_id WHERE e.filler_source LIKE '%disagree'"
        " ORDER BY 1, 2",
    )
    assert [(name, number) for name, number, _, _ in torn if name == "Dragon Ball Z"] == [
        ("Dragon Ball Z", 9), ("Dragon Ball Z", 12), ("Dragon Ball Z", 15),
    ]  # fmt: skip
    assert {(verdict, source) for _, _, verdict, source in torn} == {
        ("unknown", "demo, mal disagree")
    }


async def test_the_demo_loaded_again_changes_nothing_that_others_said(
    demo_database: Database, data: Path
):
    await hear(demo_database, (data / "tv_filler_mal/filler.json").read_bytes())
    before = await state(demo_database)
    await load_demo(demo_database, NOW.date(), observed_at=NOW)
    assert await state(demo_database) == before


async def test_a_file_by_other_names_of_a_show_is_the_same_show(database: Database):
    title, _ = await show(database, 2, imdb_id="tt0409591", tmdb_id=46260, mal_id=20, trakt_id=7)
    for n, by in enumerate([{"imdb_id": "tt0409591"}, {"tmdb_id": 46260}, {"mal_id": 20},
                            {"trakt_id": 7}]):  # fmt: skip
        said = json.dumps([{**by, "filler": "1"}])
        assert (await hear(database, said, f"s{n}")).shows[0].title_id == title
    assert (await believed(database, title))[0][2] == 0.9999
