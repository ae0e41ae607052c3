"""The door to all formats: what is known by its content, how often it can be read, how large."""

import gzip
import json
from itertools import islice
from pathlib import Path

import pytest

from domain.imports import limits
from domain.imports.errors import DamagedExport, TooLarge, UnknownExport
from domain.imports.values import Line, Passed
from tests.imports.formats import files

HISTORY = "Title,Date\nOrchid,25/12/2023\nDusk Lane,24/12/2023\n"
TRAKT = [{"watched_at": "2020-01-01T00:00:00Z", "movie": {"title": "Orchid"}}]


@pytest.mark.parametrize(
    ("content", "source"),
    [
        (HISTORY, "netflix"),
        (HISTORY.upper(), "netflix"),
        ("Titel;Datum\nOrchid;25.12.2023\n", "netflix"),
        ("Profile Name,Start Time,Duration,Title\n", "netflix_gdpr"),
        ("Date,Name,Year,Letterboxd URI,Rating\n", "letterboxd"),
        ("Const,Your Rating,Date Rated,Title\n", "imdb"),
        (json.dumps(TRAKT), "trakt"),
        (json.dumps({"movies": [{"status": "completed", "movie": {"title": "Orchid"}}]}), "simkl"),
        ("SIMKL_ID,Title,Type\n", "simkl"),
        ("key,s_id,series_name\n", "tv_time"),
        ("<MyAnimeList><anime/></MyAnimeList>", "myanimelist"),
        ("media_id,source,media_type,title\n", "yamtrack"),
        ('{"format":"streaming-stack","version":1}\n', "streaming_stack"),
    ],
)
@pytest.mark.parametrize("name", ["x.pdf", "x.gz"])
def test_a_file_is_known_by_what_is_in_it_and_not_by_its_name(
    tmp_path: Path, content: str, source: str, name: str
) -> None:
    assert files.opened(files.write(tmp_path, name, content)).source == source
    inside = files.packed(tmp_path, {"a/b/" + name: content, "a/readme.txt": "Hello, you"})
    assert files.opened(inside).source == source


def test_an_unknown_file_is_told_what_it_is_and_what_would_be_understood(tmp_path: Path) -> None:
    path = files.write(tmp_path, "budget.csv", "Month,Income,Rent\n1,2,3\n")

    with pytest.raises(UnknownExport) as refused:
        files.opened(path)
    assert str(refused.value).startswith(
        "budget.csv is no export that is understood: its first line should name the columns, and"
        " has 'income', 'month', 'rent'."
    )
    assert "Letterboxd's export" in str(refused.value)


def test_an_export_can_be_read_again_and_left_in_the_middle(tmp_path: Path) -> None:
    export = files.opened(files.packed(tmp_path, {"history.csv": HISTORY}))

    assert len(list(islice(export.lines(), 1))) == 1
    assert list(export.lines()) == list(export.lines())
    assert len(list(export.lines())) == 2


def test_what_lies_in_the_future_is_passed_over(tmp_path: Path) -> None:
    future = [{**TRAKT[0], "watched_at": "2027-01-01T00:00:00Z"}, *TRAKT]
    lines, passed = files.read(files.write(tmp_path, "x", json.dumps(future)))

    assert len(lines) == 1
    assert passed == [Passed(1, "2027-01-01 lies in the future")]


def test_lines_of_several_files_say_which_file_they_stand_in(tmp_path: Path) -> None:
    other = [{"rated_at": "2020-01-01T00:00:00Z", "rating": 7, "movie": {"title": "Dusk Lane"}}]
    path = files.packed(tmp_path, {"a.json": json.dumps(TRAKT), "b.json": json.dumps(other)})

    assert [(line.n, line.file) for line in files.read(path)[0]] == [(1, "a.json"), (1, "b.json")]


def test_a_missing_file_and_one_that_is_too_large_are_refused_in_words(tmp_path: Path) -> None:
    with pytest.raises(DamagedExport, match="gone cannot be read: No such file"):
        files.opened(tmp_path / "gone")
    large = tmp_path / "large"
    with large.open("wb") as handle:
        handle.truncate(limits.FILE_SIZE + 1)
    with pytest.raises(TooLarge, match="exports of up to 64 MB are read"):
        files.opened(large)


def test_a_damaged_download_is_told_where_it_breaks_off(tmp_path: Path) -> None:
    rows = "".join(f"Orchid {number},{1 + number % 28:02}/05/2024\n" for number in range(90_000))
    packed = gzip.compress(("Title,Date\n" + rows).encode())
    export = files.opened(files.write(tmp_path, "cut", packed[: len(packed) // 2]))

    with pytest.raises(DamagedExport, match="Download it again"):
        list(export.lines())


def test_the_longest_honest_cells_are_taken(tmp_path: Path) -> None:
    review = "word \n" * 1_500
    path = files.write(
        tmp_path,
        "reviews.csv",
        "Date,Name,Year,Letterboxd URI,Rating,Rewatch,Review,Tags,Watched Date\n"
        f'2021-03-01,Orchid,1999,u,4,,"{review}",,2021-02-28\n'
        f'2021-03-01,Dusk Lane,1999,u,4,,"{review * 2}",,2021-02-28\n'
        "2021-03-01,Far Shore,1999,u,4,,short,,2021-02-28\n",
    )
    found = list(files.opened(path).lines())

    watches = [line for line in found if isinstance(line, Line) and line.score is None]
    assert [line.note and len(line.note) for line in watches] == [len(review) - 2, 5]
    assert [each for each in found if isinstance(each, Passed)] == [
        Passed(3, "one of its cells has more than 10,000 characters")
    ]
