"""Letterboxd's export: each film told once, by the table that knows most."""

import gzip
from collections import Counter
from pathlib import Path

import pytest

from domain.imports.errors import UnknownExport
from domain.imports.values import Line, What
from tests.imports.formats import files

URI = "https://example.test/x"
FILMS = f"""\
Date,Name,Year,Letterboxd URI
2021-01-01,Orchid,1999,{URI}
2021-01-01,"Dusk, Lane",2004,{URI}
"""
DIARY = f"""\
Date,Name,Year,Letterboxd URI,Rating,Rewatch,Tags,Watched Date
2021-02-01,Orchid,1999,{URI},3.5,,,2001-05-06
2021-03-01,Orchid,1999,{URI},4,Yes,"a, b",2021-02-28
"""
RATINGS = f"Date,Name,Year,Letterboxd URI,Rating\n2021-03-02,Quiet Hill,2010,{URI},0.5\n"
REVIEWS = f"""\
Date,Name,Year,Letterboxd URI,Rating,Rewatch,Review,Tags,Watched Date
2021-03-01,Orchid,1999,{URI},4,Yes,"Better
than ""ever"", they say",,2021-02-28
"""


@pytest.fixture
def export(tmp_path: Path) -> Path:
    wish = f"Date,Name,Year,Letterboxd URI\n2022-01-01,Far Shore,,{URI}\n"
    liked = f"Date,Name,Year,Letterboxd URI\n2022-01-01,Old Song,1970,{URI}\n"
    return files.packed(
        tmp_path,
        {
            "profile.csv": "Date Joined,Username\n2020-01-01,ada\n",
            "watched.csv": FILMS,
            "diary.csv": DIARY,
            "ratings.csv": RATINGS,
            "reviews.csv": REVIEWS,
            "watchlist.csv": wish,
            "likes/films.csv": liked + f"2022-01-01,Orchid,1999,{URI}\n",
            "deleted/diary.csv": DIARY.replace("Orchid", "Deleted"),
            "orphaned/diary.csv": DIARY.replace("Orchid", "Orphaned"),
            "lists/best.csv": "Letterboxd list export v7\nDate,Name\n",
        },
    )


def test_the_diary_says_when_and_the_review_what_was_thought(export: Path) -> None:
    lines, passed = files.read(export)

    watches = {(files.title(line), f"{line.at:%F}"): line for line in lines
               if line.what is What.WATCH and line.at}  # fmt: skip
    assert set(watches) == {
        ("Orchid", "2001-05-06"),
        ("Orchid", "2021-02-28"),
        ("Dusk, Lane", "2021-01-01"),
    }
    assert watches["Orchid", "2021-02-28"].note == 'Better\nthan "ever", they say'
    assert not passed


def test_half_stars_double_the_last_ones_count_and_a_heart_alone_is_an_eight(export: Path) -> None:
    rated = [
        (files.title(line), line.score) for line in files.read(export)[0]
        if line.what is What.RATING
    ]  # fmt: skip

    assert sorted(rated) == [("Old Song", 8), ("Orchid", 8), ("Quiet Hill", 1)]


def test_the_watchlist_is_wishes(export: Path) -> None:
    (wish,) = [line for line in files.read(export)[0] if line.what is What.WISH]

    assert (files.title(wish), wish.readings[0].year, wish.file) == (
        "Far Shore", None, "watchlist.csv",
    )  # fmt: skip


def test_of_tables_with_the_same_columns_only_the_name_tells_which_it_is(tmp_path: Path) -> None:
    path = files.write(tmp_path, "upload.tmp", FILMS)

    kinds = [
        {line.what for line in files.opened(path, name).lines() if isinstance(line, Line)}
        for name in ("watched.csv", "watchlist (1).csv")
    ]
    assert kinds == [{What.WATCH}, {What.WISH}]
    with pytest.raises(UnknownExport, match=r"Call it watched\.csv or watchlist\.csv"):
        files.opened(path)


def test_a_real_export_is_read_whole(tmp_path: Path, data: Path) -> None:
    folder = data / "import_letterboxd"
    unpacked = {
        name: gzip.decompress((folder / f"{name}.gz").read_bytes())
        for name in ("watched.csv", "diary.csv")
    }
    for name in ("watchlist.csv", "ratings.csv"):
        unpacked[name] = (folder / name).read_bytes()
    path = files.packed(tmp_path, {f"letterboxd-x/{each}": unpacked[each] for each in unpacked})
    lines, passed = files.read(path)

    assert not passed
    counts = Counter(line.what for line in lines)
    assert (counts[What.WISH], counts[What.RATING]) == (805, 5)
    films = {(line.readings[0].name, line.readings[0].year) for line in lines
             if line.what is What.WATCH}  # fmt: skip
    rows = unpacked["watched.csv"].decode().splitlines()
    assert len(films) >= 0.99 * (len(rows) - 1)
    assert counts[What.WATCH] >= 2_604  # the diary has films again
